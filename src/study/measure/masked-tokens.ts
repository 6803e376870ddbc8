/**
 * Masked-token loss: how well a model still guesses words of a text with what it was tuned by, the loss that it was
 * pretrained on. One token of each row is masked, the same ones for every method.
 */
import type { EncodedDataset } from '../../data/batching/encoded.ts';
import { FlatRows } from '../../data/batching/flat-rows.ts';
import type { LabelSpace } from '../../data/labels.ts';
import type { Tokenizer } from '../../data/tokenizer/tokenizer.ts';
import { labelWordIds } from '../../data/verbalizer.ts';
import { StudioError } from '../../errors.ts';
import { PhiloxStream } from '../../graph/philox.ts';
import { withWordHead } from '../../models/word-head.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { say } from '../../sentence.ts';
import { deltaModelOf } from '../../train/delta-model.ts';
import type { Prepared } from '../../train/prepared.ts';

const SEED = 20_215;
/** The vocabulary's logits of all rows are held at once. */
const MOST_ROWS = 200;

/**
 * The held-out rows with their answers filled in and another token masked; its id is the label, and all tokens of the
 * vocabulary are the classes.
 * @throws StudioError('data') where no row has a word to mask
 */
export function maskedTokens(prepared: Prepared, { data: { template, verbalizer } }: RunSpec): Prepared {
  const { base, tokenizer, labelSpace } = prepared;
  const from = prepared.validation ?? prepared.test ?? prepared.trainSample;
  const words = labelWordIds(tokenizer, template!, verbalizer!, labelSpace!);
  const rows = maskedRows(from, tokenizer, words);
  if (rows.rows === 0)
    throw new StudioError('data', say`${from.dataset.name} has no word that could be masked; leave it out`);
  const ids = Array.from({ length: vocabularyOf(prepared) }, (_, id) => id);
  // Tokens have no names here: none is told.
  const model = withWordHead(base, { maskId: tokenizer.maskId!, wordIds: ids, labels: [] });
  const space: LabelSpace = { names: ids.map(String), source: 'sorted' };
  return {
    ...prepared,
    model,
    deltaModel: deltaModelOf(model),
    labelSpace: space,
    outputs: ids.length,
    train: rows,
    trainSample: rows,
    validation: rows,
    test: null,
  };
}

/** Rows of the output embedding. */
function vocabularyOf({ base, deltaModel }: Prepared): number {
  const { graph } = base;
  const logits = graph.outputs.find(({ name }) => name === 'logits')!.dims.at(-1);
  if (typeof logits === 'number') return logits;
  const size = deltaModel.config.vocab_size;
  if (typeof size === 'number') return size;
  throw new Error('internal: a model that fills in masks and does not say its vocabulary');
}

function maskedRows(from: EncodedDataset, tokenizer: Tokenizer, words: readonly number[]): EncodedDataset {
  const { maskId } = tokenizer;
  const special = new Set([...tokenizer.encode('', null, 8).ids, maskId, tokenizer.unknownId, from.padId]);
  const count = Math.min(from.rows, MOST_ROWS);
  const tokens = new FlatRows(count, 32);
  const labels: number[] = [];
  for (let row = 0; row < count; row++) {
    const [start, end] = [from.offsets[row], from.offsets[row + 1]];
    const ids = [...from.ids.subarray(start, end)];
    const open = ids.flatMap((id, i) => (special.has(id) ? [] : [i]));
    if (open.length === 0) continue;
    const answer = ids.indexOf(maskId!);
    if (answer >= 0) ids[answer] = words[from.labels[row]];
    const at = open[new PhiloxStream(SEED, row).below(open.length)];
    labels.push(ids[at]);
    ids[at] = maskId!;
    tokens.add(ids, [...from.typeIds.subarray(start, end)]);
  }
  return {
    ...from,
    rows: labels.length,
    ...tokens.arrays(),
    labels: Int32Array.from(labels),
    longest: tokens.longest,
  };
}

/** Mean of −log p of the labels. @param logits row-major [rows, outputs] */
export function crossEntropy(logits: Float64Array, labels: ArrayLike<number>): number {
  const outputs = logits.length / labels.length;
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const own = logits.subarray(row * outputs, (row + 1) * outputs);
    let most = -Infinity;
    for (const value of own) most = Math.max(most, value);
    let total = 0;
    for (const value of own) total += Math.exp(value - most);
    sum += most + Math.log(total) - own[labels[row]];
  }
  return sum / labels.length;
}
