/** The refusal of an adapter whose folder says what is not read. */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';

/** @param unread part of a sentence, as `unreadField` gives it */
export function unreadable(where: string, unread: Sentence): StudioError {
  return new StudioError(
    'adapter-file',
    say`${where} ${unread}; merge the adapter into its base model in PEFT, or start from one without it`,
    { where },
  );
}
