/** Refusals that a person can answer. */
import { StudioError } from '../../errors.ts';
import type { DataQuestion } from '../../question.ts';

/** The same refusal with the question that would mend it. */
export function asking(error: StudioError, question: DataQuestion): StudioError {
  return new StudioError(error.code, error.sentence, {
    ...(error.where !== undefined && { where: error.where }),
    details: error.details,
    question,
  });
}
