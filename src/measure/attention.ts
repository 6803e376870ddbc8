/**
 * Throughput of the attention kernels at BERT shapes, through the product's own lowering, each kernel by itself.
 * `npx tsx bench/attention-rates.ts [--adapter NAME]` prints it.
 */
import type { OpAttributes, Program, ProgramNode } from '../graph/program.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { lowerNode } from '../plan/lower/index.ts';
import type { TimeCalls } from './timer.ts';

export interface AttentionCase {
  batch: number;
  tokens: number;
  heads: number;
  dim: number;
  dropout: number;
}

export interface AttentionResult extends AttentionCase {
  kernel: string;
  milliseconds: number;
  gflops: number;
  /** As in matmul.ts. */
  gflopsPerCore: number;
}

export const ATTENTION_CASES: readonly AttentionCase[] = [
  { batch: 16, tokens: 32, heads: 2, dim: 64, dropout: 0 },
  { batch: 16, tokens: 128, heads: 4, dim: 64, dropout: 0 },
  { batch: 16, tokens: 128, heads: 4, dim: 64, dropout: 0.1 },
  { batch: 16, tokens: 64, heads: 4, dim: 32, dropout: 0 },
];

/** Products of 2·batch·heads·tokens²·dim operations in each kernel, recomputed ones included. */
const PRODUCTS: Readonly<Record<string, number>> = {
  'attention/forward': 2,
  'attention/backward-query': 3,
  'attention/backward-key-value': 4,
  // The processor's, all gradients in one.
  'attention/backward': 5,
};

/** Each kernel of forward and backward of one case. */
export async function timeAttention(
  time: TimeCalls,
  adapter: AdapterProfile,
  c: AttentionCase,
): Promise<AttentionResult[]> {
  const { batch, tokens, heads, dim, dropout } = c;
  const shape = [batch, tokens, heads * dim];
  const values: Program['values'] = new Map();
  const declare = (id: string, of: readonly number[]): void => {
    values.set(id, { id, shape: of, type: 'f32', kind: id === 'bias' ? 'parameter' : 'node' });
  };
  for (const id of ['q', 'k', 'v', 'y', 'dy', 'dq', 'dk', 'dv']) declare(id, shape);
  declare('bias', [batch, 1, 1, tokens]);
  declare('lse', [batch, heads, tokens]);
  const program: Program = { values, nodes: [], outputs: [] };
  const attributes: OpAttributes['Attention'] = { heads, scale: dim ** -0.5, dropout, dropoutId: 0 };
  const common = { attributes, sources: ['bench'] };
  const forward: ProgramNode<'Attention'> = {
    ...common,
    op: 'Attention',
    inputs: ['q', 'k', 'v', 'bias'],
    outputs: ['y', 'lse'],
    phase: 'forward',
  };
  const backward: ProgramNode<'AttentionGrad'> = {
    ...common,
    op: 'AttentionGrad',
    inputs: ['dy', 'q', 'k', 'v', 'bias', 'y', 'lse'],
    outputs: ['dq', 'dk', 'dv'],
    phase: 'backward',
  };
  const calls = [...lowerNode(forward, program, adapter), ...lowerNode(backward, program, adapter)];
  const results: AttentionResult[] = [];
  for (const call of calls) {
    const { best, cpu } = await time(program, [call]);
    const flops =
      (PRODUCTS[call.shader.replace(/(-quad|-tiled|-ones|-subgroups)+$/, '')] ?? 0) *
      2 *
      batch *
      heads *
      tokens *
      tokens *
      dim;
    results.push({
      ...c,
      kernel: call.shader,
      milliseconds: best,
      gflops: flops / best / 1e6,
      gflopsPerCore: flops / cpu / 1e6,
    });
  }
  return results;
}
