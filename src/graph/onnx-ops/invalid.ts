import { english, type Sentence } from '../../sentence.ts';

/** What is wrong with an operator's inputs or attributes; callers add the node. */
export class InvalidNode extends Error {
  declare protected readonly nominal: true;
  override readonly name = 'InvalidNode';
  readonly sentence: Sentence;

  constructor(sentence: Sentence) {
    super(english(sentence));
    this.sentence = sentence;
  }
}
