/** The first batch of a run as the model will see it: every token, the padding, and what was cut off. */
import { bucketOf, bucketsUpTo } from '../batching/buckets.ts';
import { BatchOrder } from '../batching/order.ts';
import type { Dataset } from '../dataset.ts';
import { parseTemplate } from '../template.ts';
import { encodeTemplated } from '../templated.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export type TokenKind = 'special' | 'first' | 'second' | 'unknown';

export interface TokenView {
  /** As the vocabulary spells it. */
  text: string;
  kind: TokenKind;
}

export interface BatchRowView {
  /** Line of the file. */
  line: number;
  /** Class name, or number; null where a text is to be written. */
  label: string | null;
  tokens: TokenView[];
  /** Padding that fills the row up to the batch's length. */
  padding: number;
  /** Tokens that did not fit. */
  cut: number;
  /** What is to be written, and the tokens of it that did not fit; null where nothing is. */
  target: { tokens: TokenView[]; cut: number } | null;
}

export interface BatchView {
  rows: BatchRowView[];
  /** Tokens a row of the compiled shape. */
  length: number;
  /** Share of the batch that is padding. */
  paddingShare: number;
}

/** Rows given with all their tokens; a larger batch is counted but not spelled out. */
const SHOWN_ROWS = 16;

/** @param options as in the run spec: the batch is the one that step 1 trains on */
export function viewFirstBatch(
  data: Dataset,
  tokenizer: Tokenizer,
  options: { maxLength: number; maxTargetLength: number; batchSize: number; seed: number; template?: string },
): BatchView {
  const { maxLength, maxTargetLength, batchSize, seed, template } = options;
  const parts = template === undefined ? null : parseTemplate(template);
  const encode = (text: string, pair: string | null, most?: number) =>
    parts === null
      ? tokenizer.encode(text, pair, most)
      : encodeTemplated(tokenizer, parts, text, pair, most ?? Infinity);
  const order = new BatchOrder({ rows: data.rows, batchSize, shuffle: true, seed });
  const rows = order.rows(0).map((row) => {
    const pair = data.pairs?.[row] ?? null;
    const { ids, typeIds } = encode(data.texts[row], pair, maxLength);
    const whole = encode(data.texts[row], pair).ids.length;
    return {
      line: data.lines[row],
      label: labelAt(data, row),
      tokens: spell(tokenizer, ids, typeIds),
      cut: whole - ids.length,
      target: data.targets && targetOf(tokenizer, data.targets[row], maxTargetLength),
    };
  });
  const length = bucketOf(Math.max(...rows.map(({ tokens }) => tokens.length)), bucketsUpTo(maxLength));
  const real = rows.reduce((sum, { tokens }) => sum + tokens.length, 0);
  return {
    rows: rows.slice(0, SHOWN_ROWS).map((row) => ({ ...row, padding: length - row.tokens.length })),
    length,
    paddingShare: 1 - real / (rows.length * length),
  };
}

function spell(tokenizer: Tokenizer, ids: readonly number[], segments?: ArrayLike<number>): TokenView[] {
  const spelled = tokenizer.tokens(ids);
  return ids.map((id, i) => ({ text: spelled[i], kind: kindOf(tokenizer, id, segments?.[i] ?? 0) }));
}

function targetOf(
  tokenizer: Tokenizer,
  text: string,
  maxLength: number,
): NonNullable<BatchRowView['target']> {
  const { ids } = tokenizer.encodeTarget(text, maxLength);
  const whole = tokenizer.encodeTarget(text, Infinity).ids.length;
  return { tokens: spell(tokenizer, ids), cut: whole - ids.length };
}

function kindOf(tokenizer: Tokenizer, id: number, segment: number): TokenKind {
  if (id === tokenizer.unknownId) return 'unknown';
  if (tokenizer.isSpecial(id)) return 'special';
  return segment === 1 ? 'second' : 'first';
}

function labelAt(data: Dataset, row: number): string | null {
  if (data.targets !== null) return null;
  return data.labelSpace === null ? String(data.labels[row]) : data.labelSpace.names[data.labels[row]];
}
