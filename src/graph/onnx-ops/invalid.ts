import { english, type Sentence } from '../../sentence.ts';

/** What is wrong with an operator's inputs or attributes; callers add the node. */
export class InvalidNode extends Error {
  override readonly name = 'InvalidNode';
  readonly sentence: Sentence;

  constructor(sentence: Sentence) {
    super(english(sentence));
    this.sentence = sentence;
  }
}
