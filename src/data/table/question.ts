/** Refusals that a person can answer: the question travels beside the sentence, so that a page can offer the answers. */
import { StudioError } from '../../errors.ts';

/** What is asked, as plain data. */
export type DataQuestion =
  /** The likeliest encodings, each with a few words as it has them. */
  | { kind: 'encoding'; candidates: { encoding: string; sample: string }[] }
  /** Whether the cells of the first row are names. */
  | { kind: 'header'; cells: string[] }
  /** Whether rows with these labels are to be left out or are a class. */
  | { kind: 'missing'; labels: string[] };

/** A data error with the question that would mend it. */
export class AskingError extends StudioError {
  readonly question: DataQuestion;

  constructor(error: StudioError, question: DataQuestion) {
    super(error.code, error.sentence, { where: error.where, details: error.details });
    this.question = question;
  }
}
