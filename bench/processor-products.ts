/** Products of the processor's kernels by themselves, on one core, by processor time. */
import { packCommands } from '../src/cpu/commands.ts';
import { openNodeCpu, nodeKernels } from '../src/cpu/node-threads.ts';
import { instantiate, WORK_BYTES, type KernelExports } from '../src/cpu/runner.ts';
import type { CpuStudio } from '../src/cpu/studio.ts';
import { matMulSizes } from '../src/graph/matmul.ts';
import { denseStrides } from '../src/plan/lower/matmul.ts';
import { productCalls } from '../src/plan/lower-wasm/matmul.ts';
import { processorTime } from './processor-time.ts';
import type { MatmulCase } from '../src/measure/matmul.ts';

/** Milliseconds of one call, repeated for about 20 ms; the best of five. */
export function timeOf(call: () => void): number {
  const of = (times: number): number => {
    const start = processorTime();
    for (let i = 0; i < times; i++) call();
    return processorTime() - start;
  };
  let times = 1;
  while (times < 1 << 16 && of(times) < 20) times *= 2;
  return Math.min(...Array.from({ length: 5 }, () => of(times) / times));
}

export interface ProductTime {
  milliseconds: number;
  /** GFLOP/s of one core. */
  speed: number;
  /** Milliseconds of reading both operands and writing the result, each once and in order. */
  memory: number;
  /** Kernels and their parts. */
  kernel: string;
}

export class ProcessorProducts {
  readonly studio: CpuStudio;
  readonly kernels: KernelExports;
  readonly relaxed: boolean;

  private constructor(studio: CpuStudio, kernels: KernelExports, relaxed: boolean) {
    this.studio = studio;
    this.kernels = kernels;
    this.relaxed = relaxed;
  }

  static async open(): Promise<ProcessorProducts> {
    const studio = await openNodeCpu(1);
    const { module, relaxed } = await nodeKernels();
    const kernels = instantiate(module, studio.space.memory);
    kernels.setWork(studio.space.allocate(WORK_BYTES));
    return new ProcessorProducts(studio, kernels, relaxed);
  }

  /** GFLOP/s of multiply-adds in registers: what a core can do at most. */
  peak(): number {
    const turns = 1e6;
    return (80 * turns) / timeOf(() => void this.kernels.peak(turns)) / 1e6;
  }

  /** Times one product. */
  time({ form, m, n, k }: MatmulCase): ProductTime {
    const { space, manifest } = this.studio;
    const [transA, transB] = [form === 'TN', form === 'NT'];
    const sizes = matMulSizes(transA ? [k, m] : [m, k], transB ? [n, k] : [k, n], {
      transA,
      transB,
      flattenK: false,
    });
    const operand = (value: string) => ({ value, access: 'read' as const });
    const operands = { a: operand('a'), b: operand('b'), y: operand('y') };
    const strides = denseStrides(sizes, transA, transB);
    const name = 'bench';
    const calls = productCalls({ ...sizes, transA, transB, alpha: 1, operands, strides, name });
    const bytes: Record<string, number> = { a: 4 * m * k, b: 4 * k * n, y: 4 * m * n, scratch: 2 ** 24 };
    const at = Object.fromEntries(Object.entries(bytes).map(([id, size]) => [id, space.allocate(size)]));
    for (const id of ['a', 'b'])
      // Ordinary values: denormals would time something else.
      new Float32Array(space.memory.buffer, at[id], bytes[id] / 4).forEach(
        (_, i, all) => (all[i] = Math.sin(i)),
      );
    const bind = (id: string) => ({ buffer: id, offset: 0, size: 0, access: 'read' as const });
    const { words } = packCommands(
      calls.map((call) => ({
        ...call,
        bindings: call.operands.map((o) => bind('value' in o ? o.value : 'scratch')),
      })),
      manifest,
      ({ buffer }) => at[buffer],
    );
    const commands = space.allocate(words.byteLength);
    new Int32Array(space.memory.buffer, commands, words.length).set(words);
    const milliseconds = timeOf(() => this.kernels.run(commands, commands + words.byteLength));
    const memory = timeOf(() => {
      this.kernels.reading(at.a, bytes.a & ~127);
      this.kernels.reading(at.b, bytes.b & ~127);
      this.kernels.writing(at.y, bytes.y);
    });
    for (const [id, size] of Object.entries(bytes)) space.release(at[id], size);
    space.release(commands, words.byteLength);
    return {
      milliseconds,
      speed: (2 * m * n * k) / milliseconds / 1e6,
      memory,
      kernel: calls.map(({ shader, workgroups }) => `${shader} ${workgroups[0]}`).join(', '),
    };
  }
}

/** What transformers of a width multiply, forward and backward, with 1,024 tokens, and with one. */
export function productsOf(hidden: number): [string, MatmulCase][] {
  const of = (
    name: string,
    form: MatmulCase['form'],
    m: number,
    n: number,
    k: number,
  ): [string, MatmulCase] => [name, { form, m, n, k }];
  return [
    of('projection', 'NN', 1024, hidden, hidden),
    of('ffn.in', 'NN', 1024, 4 * hidden, hidden),
    of('ffn.out', 'NN', 1024, hidden, 4 * hidden),
    of('dX', 'NT', 1024, hidden, 4 * hidden),
    of('dW', 'TN', hidden, 4 * hidden, 1024),
    of('LoRA A', 'NT', 1024, 8, hidden),
    of('LoRA B', 'NT', 1024, hidden, 8),
    of('dA', 'TN', 8, hidden, 1024),
    of('dB', 'TN', hidden, 8, 1024),
    of('dX of A', 'NN', 1024, hidden, 8),
    of('dX of B', 'NN', 1024, 8, hidden),
    of('pooler', 'NN', 16, hidden, hidden),
    of('pooler dX', 'NT', 16, hidden, hidden),
    of('one token', 'NN', 1, 4 * hidden, hidden),
  ];
}
