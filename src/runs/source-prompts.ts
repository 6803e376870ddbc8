/**
 * The prompts of earlier runs that span the subspace of intrinsic prompt tuning: those that prompt tuning and P-tuning
 * left, and every task's of a multitask prompt. They must be of one length, one width and one base model.
 */
import {
  DECODER,
  DECODER_PLACES,
  USUAL_DIMENSION,
  VECTOR,
  VECTOR_PLACE,
  type IptOptions,
} from '../deltas/ipt.ts';
import { COLUMNS_FILE, ROWS_FILE, SHARED_FILE } from '../deltas/multitask-prompt.ts';
import { promptSubspace, spanOf, type PromptSpan, type PromptSubspace } from '../deltas/prompt-subspace.ts';
import { StudioError } from '../errors.ts';
import type { Initializer } from '../graph/source.ts';
import { floatsOf } from '../graph/tensor.ts';
import type { ReadableFolder } from '../models/files.ts';
import { readTorchFile } from '../onnx/torch-file.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { checkBase } from './adapter-base.ts';
import { describeFolder } from './adapter-layouts.ts';
import { ADAPTER_WEIGHTS, BASE_HASH, ENCODER_WEIGHTS, PICKLED_WEIGHTS } from './adapter-names.ts';
import { openWeights } from './weights-file.ts';

type Folder = ReadableFolder;

/** `peft_type` of what holds one prompt. */
const PROMPTS = ['PROMPT_TUNING', 'P_TUNING'];
const SEVERAL = 'MULTITASK_PROMPT_TUNING';

interface SourcePrompts {
  virtualTokens: number;
  width: number;
  span: PromptSpan;
}

/**
 * The method with what its folders say: how long the prompt is, and how many numbers train.
 * A folder that is not there leaves it as it is; who starts the run says so.
 * @throws StudioError('adapter-file') for prompts that make no subspace, ('spec') for options that they contradict
 */
export async function startOfIpt<Method extends Partial<IptOptions> & { init?: unknown }>(
  method: Method,
  open: (path: string) => Folder,
): Promise<Method> {
  const { prompts, init } = method;
  if (prompts === undefined)
    return typeof init === 'string' ? startOfSaved(method, init, open(init)) : method;
  for (const folder of prompts) if ((await describeFolder(open(folder), folder)) === null) return method;
  const { virtualTokens, span } = await readPrompts(method, prompts, open);
  return {
    ...method,
    virtualTokens,
    dimension: method.dimension ?? Math.min(USUAL_DIMENSION, span.basis.length),
  };
}

/** A run that goes on in the subspace of an earlier one has its sizes. */
async function startOfSaved<Method extends Partial<IptOptions>>(
  method: Method,
  init: string,
  folder: Folder,
): Promise<Method> {
  const about = await describeFolder(folder, init);
  if (about === null) return method;
  const tensors = (await openWeights(folder, ENCODER_WEIGHTS, `${init}/${ENCODER_WEIGHTS}`))?.tensors;
  const inner = tensors?.get(DECODER_PLACES.inWeight.name);
  const vector = tensors?.get(VECTOR_PLACE.name);
  if (inner === undefined || vector === undefined)
    throw new StudioError(
      'adapter-file',
      say`${field('method.init')}: ${init} holds no decoder of prompts; start from a run of "ipt", or name prompts in ${field('method.prompts')}.`,
      { where: 'method.init' },
    );
  return {
    ...method,
    virtualTokens: method.virtualTokens ?? Number(about.config['num_virtual_tokens']),
    dimension: method.dimension ?? vector.dims[1],
    decoderHiddenSize: inner.dims[0],
  };
}

/**
 * The decoder that a run starts from, by names in the graph, and the vector.
 * @param method with the sizes that the delta has
 * @param width of the model's embeddings
 * @param base SHA-256 of the model's weights; `force` takes prompts of another model too
 * @throws StudioError as `startOfIpt`
 */
export async function loadSubspace(
  method: IptOptions & Required<Pick<IptOptions, 'dimension' | 'virtualTokens'>>,
  prompts: readonly string[],
  open: (path: string) => Folder,
  { width, seed, base }: { width: number; seed: number; base: { hash: string; force: boolean } },
): Promise<Map<string, Float32Array>> {
  const found = await readPrompts(method, prompts, open, base);
  if (found.width !== width)
    throw misfit(
      prompts[0],
      say`has a prompt of width ${found.width}, and the model's embeddings have ${width}`,
    );
  const options = { dimension: method.dimension, hidden: method.decoderHiddenSize, seed };
  const subspace = promptSubspace(found.span, options);
  const parts = Object.entries(DECODER) as [keyof typeof DECODER & keyof PromptSubspace, string][];
  return new Map([
    [VECTOR, subspace.start],
    ...parts.map(([part, name]): [string, Float32Array] => [name, subspace[part]]),
  ]);
}

async function readPrompts(
  { dimension, virtualTokens }: Partial<IptOptions>,
  folders: readonly string[],
  open: (path: string) => Folder,
  base?: { hash: string; force: boolean },
): Promise<SourcePrompts> {
  const all: SourcePrompt[] = [];
  for (const folder of folders) all.push(...(await promptsOf(open(folder), folder, base)));
  const [first, ...others] = all;
  if (others.length === 0)
    throw new StudioError(
      'adapter-file',
      say`${field('method.prompts')}: ${first.from} holds one prompt, and a subspace needs two or more; name prompts of several tasks, or of several seeds.`,
      { where: 'method.prompts' },
    );
  const [tokens, width] = first.rows;
  for (const { from, rows, base: other } of others) {
    if (rows[0] !== tokens)
      throw misfit(from, say`has a prompt of ${rows[0]} tokens where ${first.from} has ${tokens}`);
    if (rows[1] !== width)
      throw misfit(from, say`has a prompt of width ${rows[1]} where ${first.from} has ${width}`);
    if (base?.force !== true && other !== undefined && first.base !== undefined && other !== first.base)
      throw misfit(from, say`was trained on another base model than ${first.from}`);
  }
  if (virtualTokens !== undefined && virtualTokens !== tokens)
    throw misfit(
      first.from,
      say`has a prompt of ${tokens} tokens where ${field('method.virtualTokens')} is ${virtualTokens}`,
    );
  const span = spanOf(all.map(({ values }) => values));
  const most = span.basis.length;
  if (most === 0)
    throw new StudioError(
      'adapter-file',
      say`${field('method.prompts')}: all ${all.length} prompts are the same, so they span nothing; name prompts of several tasks, or of several seeds.`,
      { where: 'method.prompts' },
    );
  if (dimension !== undefined && dimension > most)
    throw new StudioError(
      'spec',
      say`${field('method.dimension')}: got ${dimension}, and the ${all.length} prompts span ${most} around their mean; choose at most that, or name more prompts.`,
      { where: 'method.dimension' },
    );
  return { virtualTokens: tokens, width, span };
}

interface SourcePrompt {
  from: string;
  /** Tokens and width. */
  rows: readonly [number, number];
  values: Float32Array;
  /** Hash of the base model, where the file says it. */
  base?: string;
}

/** All prompts of a folder. @throws StudioError('adapter-file') */
async function promptsOf(
  folder: Folder,
  from: string,
  base: { hash: string; force: boolean } | undefined,
): Promise<SourcePrompt[]> {
  const about = await describeFolder(folder, from);
  if (about === null)
    throw new StudioError(
      'adapter-file',
      say`${field('method.prompts')}: ${from} holds no prompt; name the adapter folders of runs of "prompt", "ptuning", "multitaskPrompt" or "ipt".`,
      { where: 'method.prompts' },
    );
  const type = String(about.config['peft_type']);
  if (about.layout !== 'peft' || (!PROMPTS.includes(type) && type !== SEVERAL))
    throw misfit(from, say`is no prompt`);
  const { tensors, metadata, where } = await weightsOf(folder, from);
  checkBase(metadata[BASE_HASH], base, where);
  const shared = tensors.get(SHARED_FILE);
  if (shared === undefined || shared.dims.length !== 2) throw misfit(where, say`has no ${SHARED_FILE}`);
  const width = shared.dims[1];
  // PEFT writes a T5's prompt twice, for its decoder too.
  const tokens = Math.min(shared.dims[0], Number(about.config['num_virtual_tokens'] ?? shared.dims[0]));
  const rows = [tokens, width] as const;
  const own = Float32Array.from(floatsOf(shared).subarray(0, tokens * width));
  const bad = own.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw misfit(where, say`has ${own[bad]} in ${SHARED_FILE}`);
  const one = { from, rows, ...(metadata[BASE_HASH] !== undefined && { base: metadata[BASE_HASH] }) };
  if (type !== SEVERAL) return [{ ...one, values: own }];
  const [columns, factors] = [tensors.get(COLUMNS_FILE), tensors.get(ROWS_FILE)];
  if (columns?.dims[1] !== tokens || factors?.dims[2] !== width || columns.dims[2] !== factors.dims[1])
    throw misfit(where, say`has no ${COLUMNS_FILE} and ${ROWS_FILE} that fit its prompt`);
  return Array.from({ length: columns.dims[0] }, (_, task) => ({
    ...one,
    values: promptOfTask(own, floatsOf(columns), floatsOf(factors), {
      task,
      tokens,
      width,
      rank: columns.dims[2],
    }),
  }));
}

/** shared ⊙ (columns·rows) of one task */
function promptOfTask(
  shared: Float32Array,
  columns: Float32Array,
  rows: Float32Array,
  { task, tokens, width, rank }: { task: number; tokens: number; width: number; rank: number },
): Float32Array {
  return shared.map((value, i) => {
    const [token, at] = [Math.floor(i / width), i % width];
    let sum = 0;
    for (let r = 0; r < rank; r++)
      sum += columns[(task * tokens + token) * rank + r] * rows[(task * rank + r) * width + at];
    return value * sum;
  });
}

async function weightsOf(
  folder: Folder,
  from: string,
): Promise<{
  tensors: ReadonlyMap<string, Initializer>;
  metadata: Readonly<Record<string, string>>;
  where: string;
}> {
  const where = `${from}/${ADAPTER_WEIGHTS}`;
  const read = await openWeights(folder, ADAPTER_WEIGHTS, where);
  if (read !== undefined) return { ...read, where };
  const pickled = await folder.read(PICKLED_WEIGHTS);
  if (pickled === undefined) throw misfit(from, say`has no ${ADAPTER_WEIGHTS}`);
  const old = `${from}/${PICKLED_WEIGHTS}`;
  return { tensors: readTorchFile(pickled, old), metadata: {}, where: old };
}

/** @param what of a folder's prompt does not fit, part of a sentence */
function misfit(from: string, what: Sentence): StudioError {
  return new StudioError(
    'adapter-file',
    say`${field('method.prompts')}: ${from} ${what}; name prompts of one length, trained on this model.`,
    { where: 'method.prompts' },
  );
}
