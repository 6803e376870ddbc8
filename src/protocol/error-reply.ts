/** Errors on their way to the page. */
import { StudioError } from '../errors.ts';
import type { ErrorReply } from './messages.ts';

/** The message for whatever was thrown: our sentences as they are, anything else marked as a defect. */
export function errorReply(error: unknown, id: number | null): ErrorReply {
  if (error instanceof StudioError) {
    return { type: 'error', id, message: error.message, code: error.code, where: error.where ?? null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'error', id, message, code: 'internal', where: null };
}
