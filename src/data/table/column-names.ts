/** What columns of texts, labels and targets are usually called. */

export const LABEL_NAME =
  /^(gold[_ -]?)?(labels?|class|category|target|score|rating|sentiment|quality|intent|topic|y)$/i;
export const TEXT_NAME =
  /^(text|sentence|review|content|document|question|query|premise|title|comment|utterance|#?\d? ?string)$/i;
/** Two texts: `sentence1` and `sentence2`, `#1 String` and `#2 String`, premise and hypothesis. */
export const PAIR_NAMES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(text|sentence|question)_?(1|a)$/i, /^(text|sentence|question)_?(2|b)$/i],
  [/^#1 string$/i, /^#2 string$/i],
  [/^premise$/i, /^hypothesis$/i],
  [/^question$/i, /^(sentence|passage|answer)$/i],
];
/** Texts to write, and what they are written from. */
export const TARGET_NAME =
  /^(targets?|summary|summaries|outputs?|answer|response|completion|translation|highlights|headline|reference|tldr)$/i;
export const SOURCE_NAME =
  /^(source|inputs?|article|abstract|passage|context|prompt|instruction|dialogue|src)$/i;

/** Names of columns beside those. */
const OTHER_NAME =
  /^(id|idx|index|no|nr|name|date|time|timestamp|user(name)?|author|lang(uage)?|source|url|split|v\d+|message|tweet|body|label[_ ]?(text|name|id)?|text[_ ]?label|unnamed: \d+)$/i;

const NAMES = [LABEL_NAME, TEXT_NAME, TARGET_NAME, SOURCE_NAME, OTHER_NAME, ...PAIR_NAMES.flat()];

/** Is this what a column is often called? */
export function isColumnName(cell: string): boolean {
  return NAMES.some((name) => name.test(cell.trim()));
}
