/**
 * Throughput of the products of our kernels at BERT shapes, NN (forward), NT (dX) and TN (dW), through the product's own
 * lowering. `npx tsx bench/matmul-rates.ts [--adapter NAME] [--quick]` prints them.
 */
import type { Program, ProgramNode } from '../graph/program.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { lowerNode } from '../plan/lower/index.ts';
import type { TimeCalls } from './timer.ts';

export type MatmulForm = 'NN' | 'NT' | 'TN';

export interface MatmulCase {
  form: MatmulForm;
  m: number;
  n: number;
  k: number;
}

export interface MatmulResult extends MatmulCase {
  kernel: string;
  /** Best and median of the repetitions. */
  gflops: number;
  medianGflops: number;
  milliseconds: number;
  /**
   * Operations per second of processor time, best repetition: on a software adapter what one core does, however busy
   * the machine is. Means nothing on a GPU.
   */
  gflopsPerCore: number;
}

/** Tokens × (hidden, hidden), (hidden, 4 hidden), (4 hidden, hidden), and the low-rank products of LoRA. */
export function bertCases(tokens: readonly number[] = [512, 2048]): MatmulCase[] {
  const cases: MatmulCase[] = [];
  for (const rows of tokens) {
    for (const hidden of [128, 256]) {
      for (const [n, k] of [
        [hidden, hidden],
        [4 * hidden, hidden],
        [hidden, 4 * hidden],
      ]) {
        cases.push({ form: 'NN', m: rows, n, k }, { form: 'NT', m: rows, n: k, k: n });
        cases.push({ form: 'TN', m: k, n, k: rows });
      }
    }
    cases.push({ form: 'NT', m: rows, n: 8, k: 256 }, { form: 'NT', m: rows, n: 256, k: 8 });
    cases.push({ form: 'TN', m: 8, n: 256, k: rows }, { form: 'TN', m: 256, n: 8, k: rows });
  }
  return cases;
}

function nodeOf({ form, m, n, k }: MatmulCase): { program: Program; node: ProgramNode<'MatMul'> } {
  const [transA, transB] = [form[0] === 'T', form[1] === 'T'];
  const shapes = { a: transA ? [k, m] : [m, k], b: transB ? [n, k] : [k, n], y: [m, n] };
  const values: Program['values'] = new Map();
  for (const [id, shape] of Object.entries(shapes))
    values.set(id, { id, shape, type: 'f32', kind: id === 'b' ? 'parameter' : 'node' });
  const node: ProgramNode<'MatMul'> = {
    op: 'MatMul',
    inputs: ['a', 'b'],
    outputs: ['y'],
    attributes: { transA, transB, flattenK: form === 'TN', alpha: 1 },
    sources: ['bench'],
    phase: 'forward',
  };
  return { program: { values, nodes: [{ ...node, op: 'MatMul' }], outputs: ['y'] }, node };
}

/** Times one case; see `timeCalls`. */
export async function timeMatmul(
  time: TimeCalls,
  adapter: AdapterProfile,
  c: MatmulCase,
): Promise<MatmulResult> {
  const { program, node } = nodeOf(c);
  const calls = lowerNode(node, program, adapter);
  const { best, median, cpu } = await time(program, calls);
  const flops = 2 * c.m * c.n * c.k;
  return {
    ...c,
    kernel: calls.map(({ shader }) => shader).join(' + '),
    gflops: flops / best / 1e6,
    medianGflops: flops / median / 1e6,
    milliseconds: best,
    gflopsPerCore: flops / cpu / 1e6,
  };
}
