import { english, type Sentence } from '../sentence.ts';

/** Why a file is not what it should be, as a part of a sentence; callers add the file. */
export class Unreadable extends Error {
  declare protected readonly nominal: true;
  override readonly name = 'Unreadable';
  readonly sentence: Sentence;

  constructor(sentence: Sentence) {
    super(english(sentence));
    this.sentence = sentence;
  }
}
