/** Errors on their way to the page. */
import { StudioError } from '../errors.ts';
import type { ErrorReply } from './messages.ts';

/** The message for whatever was thrown: our sentences as they are, anything else marked as a defect. */
export function errorReply(error: unknown, id: number | null): ErrorReply {
  if (error instanceof StudioError) {
    const { message, sentence, code, where = null, details } = error;
    const said = { message, sentence, code, where };
    return {
      type: 'error',
      id,
      ...said,
      ...(details.length > 0 && { details: [...details] }),
      ...(error.question && { question: error.question }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'error', id, message, code: 'internal', where: null };
}
