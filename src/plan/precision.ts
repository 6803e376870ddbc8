/**
 * `training.precision`: how a run's values are stored. Whatever the storage, kernels compute and sum in f32; trained
 * tensors, their gradients and moments, and whatever is not of a batch's activations stay f32.
 *
 *   f16-base  the frozen weights of the base model with two axes or more
 *   f16       these, and activations with their gradients (Micikevicius et al., "Mixed Precision Training", 2018)
 */
import { StudioError } from '../errors.ts';
import type { AnyNode, OpName, Program } from '../graph/program.ts';
import { field, say } from '../sentence.ts';
import type { AdapterProfile } from './kernel-call.ts';
import type { PlannedCall } from './lifetimes.ts';
import type { Precision } from './precisions.ts';

/**
 * How a binding's numbers lie in memory; left out, as words of 32 bits. `f16` halves, for adapters with `shader-f16`;
 * `packed` two halves a word, which any adapter reads and none writes.
 */
export type Storage = 'f16' | 'packed';

/** What one number takes in bytes. */
export const bytesEach = (storage: Storage | undefined): number => (storage === undefined ? 4 : 2);

/**
 * How an adapter stores what is stored as halves.
 * @throws StudioError('device') where it cannot
 */
function storageOf(precision: Precision, adapter: AdapterProfile): Storage | undefined {
  if (precision === 'f32') return undefined;
  if (adapter.kind === 'webgpu' && adapter.f16) return 'f16';
  if (precision === 'f16-base') return 'packed';
  throw new StudioError(
    'device',
    say`${field('training.precision')}: "f16" needs a GPU that computes with half precision (shader-f16), and "${adapter.description}" does not; choose "f16-base", which any device takes, or "f32".`,
    { where: 'training.precision' },
  );
}

/** What a run's precision is where nothing is trained: activations are few there, and stay as they are. */
export const precisionOfUse = (precision: Precision = 'f32'): Precision =>
  precision === 'f32' ? 'f32' : 'f16-base';

/** Of one row's loss: far above the smallest half, and far below the largest. */
const ROW_SCALE = 2 ** 10;

/**
 * What a loss that is a mean over so many rows is multiplied by, so that no row's gradients fall below the smallest
 * half: a power of two, which changes no digit of a float.
 */
export const lossScaleFor = (rows: number): number => ROW_SCALE * 2 ** Math.ceil(Math.log2(rows));

/** Outputs of one number a row, of which sums and exponentials are made. */
const ONLY_FIRST: ReadonlySet<OpName> = new Set(['LayerNorm', 'RmsNorm', 'Attention']);
/** What sums over the batch: gradients of weights, and the loss. */
const OF_WEIGHTS: ReadonlySet<OpName> = new Set([
  'LayerNormParamGrad',
  'RmsNormParamGrad',
  'GatherGrad',
  'SparseMatMulGrad',
  'FastfoodGrad',
  'LinearCrossEntropy',
  'CrossEntropy',
  'MeanSquared',
]);

function sumsOverBatch(node: AnyNode): boolean {
  if (node.op === 'MatMul') return node.attributes.flattenK;
  if (node.op === 'Reduce') return node.attributes.axes.includes(0);
  return OF_WEIGHTS.has(node.op);
}

/** Computed values that are of a batch's texts rather than of the weights. */
function activationsOf(program: Program): Set<string> {
  const found = new Set<string>();
  const ofBatch = (value: string): boolean => found.has(value) || program.values.get(value)?.kind === 'host';
  for (const node of program.nodes) {
    if (sumsOverBatch(node) || !node.inputs.some(ofBatch)) continue;
    const outputs = ONLY_FIRST.has(node.op) ? node.outputs.slice(0, 1) : node.outputs;
    // Of the loss's fused form only what goes on to the layers below is one.
    for (const value of node.op === 'LinearCrossEntropyGrad' ? node.outputs.slice(0, 1) : outputs)
      if (value) found.add(value);
  }
  return found;
}

interface HalvesRequest {
  program: Program;
  calls: readonly PlannedCall[];
  precision: Precision;
  adapter: AdapterProfile;
  root: (value: string) => string;
  /** Values with a place of their own or that are read back: they stay as they are. */
  kept: ReadonlySet<string>;
  /** Whether a parameter is a frozen weight of the base. */
  isBase: (parameter: string) => boolean;
}

/**
 * Which values, by the ones whose memory they are, are stored as halves, and how.
 * @throws StudioError('device') as `storageOf`
 */
export function halvesOf(request: HalvesRequest): Map<string, Storage> {
  const { program, calls, precision, adapter, root, kept, isBase } = request;
  const storage = storageOf(precision, adapter);
  const halves = new Map<string, Storage>();
  if (!storage) return halves;
  const activations = precision === 'f16' ? activationsOf(program) : new Set<string>();
  // A view may be an activation and its root not, or the other way round: all of a memory's names must agree.
  const computed = new Map<string, boolean>();
  for (const { outputs } of program.nodes)
    for (const value of outputs) {
      if (!value) continue;
      const name = root(value);
      computed.set(name, (computed.get(name) ?? true) && activations.has(value));
    }
  for (const [name, { kind, type, shape }] of program.values) {
    if (type !== 'f32' || root(name) !== name || kept.has(name)) continue;
    // Memory is bound and copied by words.
    if (shape.reduce((n, d) => n * d, 1) % 2 !== 0) continue;
    const base = kind === 'parameter' && shape.length >= 2 && isBase(name);
    if (base || (kind === 'node' && computed.get(name) === true)) halves.set(name, storage);
  }
  // Slices begin where bindings may.
  for (const { call } of calls)
    for (const operand of call.operands)
      if ('value' in operand && operand.part) {
        const misplaced = (operand.part.offset / 2) % adapter.limits.minStorageBufferOffsetAlignment !== 0;
        if (misplaced || (operand.part.bytes / 4) % 2 !== 0) halves.delete(root(operand.value));
      }
  return halves;
}
