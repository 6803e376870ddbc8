/**
 * Attention and its gradient → kernels: one dispatch forward; backward one for the per-query statistics,
 * one for dq, one for dk and dv together and one for the bias, each only where wanted. Software adapters with subgroups have
 * forms of their own (`-quad`): less to load, and much less to compile. GPUs have those in tiles beside them, which a tuner
 * chooses (variants.ts) and which alone take heads that are no multiple of 4 wide (`-ones`).
 */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { OpAttributes, Program } from '../../graph/program.ts';
import type { AdapterProfile, KernelCall, Lowering, Operand } from '../kernel-call.ts';
import { chosen, classKey } from '../kernel-choices.ts';
import { tilesOf, type Owner } from './attention-tiles.ts';
import { ATTENTION_TILES, ATTENTION_VARIANTS } from './variants.ts';

interface Sizes {
  batch: number;
  queries: number;
  keys: number;
  dim: number;
  /** Where it stands in the model, for messages. */
  where: string;
  /** The class of its shapes, on a real GPU. */
  tunes?: string;
  constants: Record<string, number>;
}

/**
 * Scores of a tile, 8 rows of so many in workgroup memory. Of two sizes, so that few pipelines serve all lengths;
 * workgroup memory starts out zero, which costs, so not more than that.
 */
const tileOf = (length: number): number => (length <= 32 ? 32 : 64);

function shapeOf(program: Program, id: string): readonly number[] {
  const value = program.values.get(id);
  if (!value) throw new Error(`internal: Attention reads ${id}, which the program lacks`);
  return value.shape;
}

/** Along which of [batch, heads, queries, keys] a bias of up to four axes differs; it is broadcast along the others. */
function biasAxes(shape: readonly number[]): Record<string, number> {
  const full = [1, 1, 1, 1, ...shape].slice(-4);
  const names = ['BIAS_BATCH', 'BIAS_HEAD', 'BIAS_QUERY', 'BIAS_KEY'];
  return Object.fromEntries(names.map((name, axis) => [name, full[axis] === 1 ? 0 : 1]));
}

/** The kernel for this adapter. */
const formOf = (shader: string, { software, subgroups }: AdapterProfile): string =>
  software && subgroups ? `${shader}-quad` : shader;

/** Invocations of a workgroup: one SIMD register on software adapters, where a barrier costs most. */
function lanesOf(adapter: AdapterProfile): number {
  if (!adapter.software) return 32;
  return adapter.architecture === 'swiftshader' ? 4 : 8;
}

function sizesOf(
  family: 'attention' | 'attention-grad',
  program: Program,
  attributes: OpAttributes['Attention'],
  [q, k, bias]: readonly [string, string, string | undefined],
  adapter: AdapterProfile,
  where: string,
): Sizes {
  const [batch, queries, width] = shapeOf(program, q);
  const keys = shapeOf(program, k)[1];
  const { heads, scale, dropout, dropoutId } = attributes;
  const dim = width / heads;
  return {
    batch,
    queries,
    keys,
    dim,
    where,
    // Software adapters have forms of their own.
    ...(!adapter.software && {
      tunes: classKey({ family, heads: batch * heads, dim, queries, keys }),
    }),
    constants: {
      HEADS: heads,
      DIM: dim,
      SCALE: scale,
      BIAS: bias ? 1 : 0,
      ...(bias ? biasAxes(shapeOf(program, bias)) : {}),
      DROPOUT: dropout,
      STREAM: dropoutId,
    },
  };
}

/** Of a kernel whose heads may be bound in fours or one by one. */
const boundOf = (shader: string, dim: number): string => (dim % 4 === 0 ? shader : `${shader}-ones`);

/** One of the three kernels of which there are forms: its text and constants, and how many tokens a workgroup owns. */
interface Form {
  shader: string;
  constants: Record<string, number>;
  own: number;
}

/**
 * The form that was chosen for a class, where the device holds it, else the usual one.
 * @param streamed how many tokens a workgroup streams over
 * @throws StudioError('unsupported') for heads that are no multiple of 4 wide and too wide for the device's workgroups
 */
function kernelOf(
  kernel: 'forward' | 'backward-query' | 'backward-key-value',
  streamed: number,
  { dim, tunes, where, constants }: Sizes,
  adapter: AdapterProfile,
): Form {
  const variant = tunes === undefined ? undefined : chosen(tunes, ATTENTION_VARIANTS, adapter);
  const owner: Owner = kernel === 'backward-key-value' ? 'keys' : 'queries';
  const some = variant && 'own' in variant ? [variant] : [];
  for (const one of dim % 4 === 0 ? some : [...some, ...Object.values(ATTENTION_TILES)]) {
    const tiles = tilesOf(owner, one, dim, adapter);
    if (!tiles) continue;
    const subgroups = kernel === 'forward' && adapter.subgroups;
    return {
      shader: boundOf(`attention/${kernel}-tiled`, dim) + (subgroups ? '-subgroups' : ''),
      constants: {
        ...constants,
        ...tiles,
        // A subgroup has four invocations at least.
        ...(subgroups && { NEIGHBOURS: Math.min(one.along, adapter.smallestSubgroup ?? 4) }),
      },
      own: one.own,
    };
  }
  if (dim % 4 !== 0) {
    throw new StudioError(
      'unsupported',
      say`The attention ${where} has heads of ${dim} values, and this GPU takes so many in multiples of 4 only: run it on the processor (the adapter wasm).`,
      { where },
    );
  }
  const eight = variant && 'lanes' in variant ? variant : { lanes: lanesOf(adapter), tile: tileOf(streamed) };
  return {
    shader: formOf(`attention/${kernel}`, adapter),
    constants: { ...constants, LANES: eight.lanes, TILE: eight.tile },
    own: 8,
  };
}

const read = (value: string): Operand => ({ value, access: 'read' });
const write = (value: string): Operand => ({ value, access: 'write' });

/** @throws StudioError('unsupported') for heads that the device's kernels cannot take */
export const lowerAttention: Lowering<'Attention'> = (node, program, adapter) => {
  const [q, k, v, bias] = node.inputs;
  const [y, lse] = node.outputs;
  const sizes = sizesOf('attention', program, node.attributes, [q, k, bias], adapter, node.sources[0] ?? y);
  const { batch, queries, keys, tunes } = sizes;
  const rows = batch * node.attributes.heads * queries;
  const { shader, constants, own } = kernelOf('forward', keys, sizes, adapter);
  return [
    {
      shader,
      entry: 'main',
      constants,
      ...(tunes !== undefined && { tunes }),
      operands: [
        read(q),
        read(k),
        read(v),
        // Not touched without a bias: any array of numbers does.
        bias ? read(bias) : lseOperand(lse, rows),
        write(y),
        lseOperand(lse, rows),
        { step: true, access: 'read' },
      ],
      workgroups: [Math.ceil(queries / own), node.attributes.heads, batch],
    },
  ];
};

/** A forward-only program does not want lse; the kernel writes it to scratch then. */
function lseOperand(lse: string | undefined, rows: number): Operand {
  return lse ? write(lse) : { scratch: 'lse', bytes: 4 * rows, access: 'write' };
}

/** @throws StudioError('unsupported') for heads that the device's kernels cannot take */
export const lowerAttentionGrad: Lowering<'AttentionGrad'> = (node, program, adapter) => {
  const [dy, q, k, v, bias, y, lse] = node.inputs;
  const [dq, dk, dv, dbias] = node.outputs;
  const { heads } = node.attributes;
  const sizes = sizesOf(
    'attention-grad',
    program,
    node.attributes,
    [q, k, bias],
    adapter,
    node.sources[0] ?? dy,
  );
  const { batch, queries, keys, dim, tunes } = sizes;
  const rows = batch * heads * queries;
  const stats = { scratch: 'stats', bytes: 4 * (2 + 2 * rows) };
  const groups = Math.ceil(rows / 64);
  const shared: Operand[] = [
    read(dy),
    read(q),
    read(k),
    read(v),
    read(bias || q),
    { ...stats, access: 'read' },
  ];
  // Of the five products of the backward pass (flops.ts) each counts once; the two that every kernel makes anew,
  // scores and gradients of weights, are shared by those that run.
  const product = 2 * rows * keys * dim;
  const recomputed = (2 * product) / Math.max(1, [dq, dk || dv, dbias].filter(Boolean).length);
  const calls: KernelCall[] = [
    {
      shader: boundOf('attention/backward-stats', dim),
      entry: 'main',
      flops: 2 * rows * dim,
      constants: { HEADS: heads, DIM: dim, BATCH: batch },
      operands: [read(dy), read(y), read(lse), { step: true, access: 'read' }, { ...stats, access: 'write' }],
      workgroups: [Math.min(groups, 65535), Math.ceil(groups / 65535), 1],
    },
  ];
  const tuned = tunes !== undefined && { tunes };
  if (dq) {
    const { own, ...form } = kernelOf('backward-query', keys, sizes, adapter);
    calls.push({
      ...form,
      ...tuned,
      entry: 'main',
      flops: recomputed + product,
      operands: [...shared, write(dq)],
      workgroups: [Math.ceil(queries / own), heads, batch],
    });
  }
  if (dk || dv) {
    const { own, constants, ...form } = kernelOf('backward-key-value', queries, sizes, adapter);
    calls.push({
      ...form,
      ...tuned,
      entry: 'main',
      flops: recomputed + (dk ? product : 0) + (dv ? product : 0),
      constants: { ...constants, WANT_KEY: dk ? 1 : 0, WANT_VALUE: dv ? 1 : 0 },
      operands: [...shared, write(dk || dv), write(dv || dk)],
      workgroups: [Math.ceil(keys / own), heads, batch],
    });
  }
  if (dbias) {
    const [ownBatch, ownHeads] = shapeOf(program, dbias);
    const items = ownBatch * ownHeads * queries * Math.ceil(keys / 4);
    const biasGroups = Math.ceil(items / 64);
    calls.push({
      shader: boundOf('attention/backward-bias', dim),
      entry: 'main',
      flops: recomputed + rows * keys,
      constants: {
        ...sizes.constants,
        BATCH: batch,
        SUM_BATCH: ownBatch < batch ? 1 : 0,
        SUM_HEADS: ownHeads < heads ? 1 : 0,
      },
      operands: [...shared, write(dbias)],
      workgroups: [Math.min(biasGroups, 65535), Math.ceil(biasGroups / 65535), 1],
    });
  }
  return calls;
};
