/** Words that stand for labels, as tokens of a model's vocabulary. */
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { listOf } from './table/error.ts';
import type { Verbalizer } from './dataset.ts';
import type { LabelSpace } from './labels.ts';
import { parseTemplate } from './template.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

/** Words that studies use for labels; those that are one token of the vocabulary are suggested. */
const COMMON = {
  latin: ['good', 'bad', 'great', 'terrible', 'yes', 'no', 'maybe', 'true', 'false', 'positive', 'negative'],
  han: ['好', '差', '是', '否', '对', '错', '有', '无'],
} as const;
const SUGGESTIONS = 4;

/**
 * The token of each label's word where a template masks it: one token each.
 * @param space the classes, in the order of the model's outputs
 * @throws StudioError('spec') naming the label whose word is several tokens, unknown, or another label's token
 */
export function labelWordIds(
  tokenizer: Tokenizer,
  template: string,
  verbalizer: Verbalizer,
  space: LabelSpace,
): number[] {
  const gap = wordGap(template);
  const ids = space.names.map((label) => {
    const word = verbalizer[label];
    const pieces = tokenizer.pieces(gap + word.trim());
    if (pieces.length === 0 || pieces.includes(tokenizer.unknownId ?? -1))
      throw wordError(tokenizer, gap, label, word, say`the vocabulary does not know`);
    if (pieces.length > 1) {
      const shown = tokenizer.tokens(pieces).join(' ');
      throw wordError(
        tokenizer,
        gap,
        label,
        word,
        say`is ${pieces.length} tokens of the vocabulary (${shown})`,
      );
    }
    return pieces[0];
  });
  const twice = ids.findIndex((id, i) => ids.indexOf(id) !== i);
  if (twice >= 0) {
    const label = space.names[twice];
    const why = say`is the same token as the word of "${space.names[ids.indexOf(ids[twice])]}"`;
    throw wordError(tokenizer, gap, label, verbalizer[label], why);
  }
  return ids;
}

/** A word after a blank is another token to byte-level vocabularies than a word without. */
function wordGap(template: string): string {
  const parts = parseTemplate(template);
  const before = parts[parts.findIndex((part) => part.kind === 'slot' && part.slot === 'mask') - 1];
  return before?.kind === 'literal' && /\s$/.test(before.text) ? ' ' : '';
}

/** Words a model writes may be of several tokens, but all of them must be known. @throws StudioError('spec') */
export function checkWrittenWords(tokenizer: Tokenizer, verbalizer: Verbalizer): void {
  for (const [label, word] of Object.entries(verbalizer)) {
    const pieces = tokenizer.pieces(word);
    if (pieces.length === 0 || pieces.includes(tokenizer.unknownId ?? -1))
      throw wordError(tokenizer, '', label, word, say`holds what the vocabulary does not know`);
  }
}

function wordError(
  tokenizer: Tokenizer,
  gap: string,
  label: string,
  word: string,
  why: Sentence,
): StudioError {
  const common: readonly string[] = /\p{Script=Han}/u.test(word) ? COMMON.han : COMMON.latin;
  const single = common.filter((other) => {
    const pieces = tokenizer.pieces(gap + other);
    return pieces.length === 1 && pieces[0] !== tokenizer.unknownId;
  });
  const where = `data.verbalizer.${label}`;
  const problem = say`${field(where)}: got "${word}", which ${why}`;
  return new StudioError(
    'spec',
    single.length > 0
      ? say`${problem}; choose a word that is one token such as ${listOf(single.slice(0, SUGGESTIONS))}.`
      : say`${problem}; choose a word that is one token.`,
    { where },
  );
}
