/** Attention and its gradient: one call forward; backward one for dq, dk and dv and one for the bias, where wanted. */
import type { OpAttributes, Program } from '../../graph/program.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { KernelCall, Lowering, Operand } from '../kernel-call.ts';
import { denseStrides } from '../lower/strides.ts';
import { dropoutConstants } from '../lower/random.ts';
import { read, shapeOf, write, writeOrDrop } from '../lower/support.ts';
import { kernel, STEP } from './support.ts';

/** Most queries whose scores are there at once: eight groups of six rows. */
const MOST_QUERIES = 48;
/** Enough parts for eight threads. */
const ENOUGH_PARTS = 16;
/** Floats of a thread's memory (WORK_BYTES) behind what products pack: see kernels/attention/tile.ts. */
const TILE_FLOATS = 2 ** 18 - 64 - 320 * (32 + 96);

const padded = (count: number): number => Math.ceil(count / 8) * 8;

interface Sizes {
  batch: number;
  heads: number;
  queries: number;
  keys: number;
  /** Queries at once. */
  block: number;
  constants: Record<string, number>;
}

/** @throws StudioError('device') where the scores of one query exceed a thread's memory */
function sizesOf(
  program: Program,
  { heads, scale, dropout, dropoutId }: OpAttributes['Attention'],
  [q, k, bias]: readonly [string, string, string | undefined],
  tilesAQuery: number,
  where: string,
): Sizes {
  const [batch, queries, width] = shapeOf(program, q);
  const keys = shapeOf(program, k)[1];
  const dim = width / heads;
  const free = TILE_FLOATS - 96 * padded(dim) - keys - 64 - padded(MOST_QUERIES);
  const block = Math.min(
    MOST_QUERIES,
    queries,
    Math.floor(free / (tilesAQuery * padded(keys) + padded(dim))),
  );
  if (block < 1)
    throw new StudioError(
      'device',
      say`The attention ${where} has ${keys} keys, too many for the processor's kernels: choose a smaller maximum length, or a GPU.`,
      { where },
    );
  const { threshold, scale: keep } = dropoutConstants(dropout);
  return {
    batch,
    heads,
    queries,
    keys,
    block,
    constants: {
      heads,
      dim,
      queries,
      keys,
      scale,
      hasBias: bias ? 1 : 0,
      ...biasSteps(bias ? shapeOf(program, bias) : []),
      threshold,
      keep,
      stream: dropoutId,
    },
  };
}

/** Steps of a bias along [batch, heads, queries, keys]: 0 where it is broadcast. */
function biasSteps(shape: readonly number[]): Record<string, number> {
  const full = [1, 1, 1, 1, ...shape].slice(-4);
  const dense = denseStrides(full);
  const [biasBatch, biasHead, biasQuery, biasKey] = full.map((length, axis) =>
    length === 1 ? 0 : dense[axis],
  );
  return { biasBatch, biasHead, biasQuery, biasKey };
}

/** @throws StudioError('device') for sequences that are too long */
export const lowerAttention: Lowering<'Attention'> = (node, program) => {
  const [q, k, v, bias] = node.inputs;
  const [y, lse] = node.outputs;
  const where = node.sources[0] ?? y;
  const { batch, heads, queries, block, constants } = sizesOf(
    program,
    node.attributes,
    [q, k, bias],
    1,
    where,
  );
  const pieces = Math.min(Math.ceil(queries / block), Math.ceil(ENOUGH_PARTS / (batch * heads)));
  const queriesEach = Math.ceil(queries / pieces / block) * block;
  return [
    kernel(
      'attention/forward',
      batch * heads * Math.ceil(queries / queriesEach),
      [
        read(q),
        read(k),
        read(v),
        read(bias || q),
        write(y),
        writeOrDrop(lse, 'lse', batch * heads * queries),
        STEP,
      ],
      { ...constants, queriesEach, block },
    ),
  ];
};

/** @throws StudioError('device') for sequences that are too long */
export const lowerAttentionGrad: Lowering<'AttentionGrad'> = (node, program) => {
  const [dy, q, k, v, bias, y, lse] = node.inputs;
  const [dq, dk, dv, dbias] = node.outputs;
  const where = node.sources[0] ?? dy;
  const { batch, heads, queries, block, constants } = sizesOf(
    program,
    node.attributes,
    [q, k, bias],
    2,
    where,
  );
  const shared: Operand[] = [dy, q, k, v, bias || q, y, lse].map(read);
  const calls: KernelCall[] = [];
  const any = dq || dk || dv;
  if (any)
    calls.push(
      kernel(
        'attention/backward',
        batch * heads,
        [...shared, write(dq || any), write(dk || any), write(dv || any), STEP],
        { ...constants, block, wanted: (dq ? 1 : 0) + (dk ? 2 : 0) + (dv ? 4 : 0) },
      ),
    );
  if (dbias) {
    const [ownBatch, ownHeads] = shapeOf(program, dbias);
    calls.push(
      kernel(
        'attention/backwardBias',
        ownBatch * ownHeads * Math.ceil(queries / block),
        [...shared, write(dbias), STEP],
        { ...constants, block, batches: batch, ownBatch, ownHeads },
      ),
    );
  }
  return calls;
};
