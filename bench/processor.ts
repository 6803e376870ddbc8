/**
 * The processor's kernels on one core, by processor time, which other work on the machine does not touch:
 * `npx tsx bench/processor.ts [--method full,lora] [--hidden 128] [--batch 16] [--length 64] [--by shader|label] [--matmul]`.
 * With `--matmul` the products of transformers beside what a loop of multiply-adds in registers reaches; else where the
 * time of a training step goes, each command repeated by itself.
 */
import { parseArgs } from 'node:util';
import type { CpuPreparedPlan } from '../src/cpu/executor.ts';
import { openNodeCpu, nodeKernels } from '../src/cpu/node-threads.ts';
import { packCommands } from '../src/cpu/commands.ts';
import { instantiate, WORK_BYTES } from '../src/cpu/runner.ts';
import { matMulSizes } from '../src/graph/matmul.ts';
import { denseStrides } from '../src/plan/lower/matmul.ts';
import { productCalls } from '../src/plan/lower-wasm/matmul.ts';
import { profiledStep } from './profiled-step.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    method: { type: 'string', default: 'full' },
    hidden: { type: 'string', default: '128' },
    batch: { type: 'string', default: '16' },
    length: { type: 'string', default: '64' },
    by: { type: 'string', default: 'shader' },
    matmul: { type: 'boolean', default: false },
  },
});

const studio = await openNodeCpu(1);
const { module, relaxed } = await nodeKernels();
const kernels = instantiate(module, studio.space.memory);
kernels.setWork(studio.space.allocate(WORK_BYTES));

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

/** Milliseconds of one call, repeated for about 20 ms; the best of five. */
function time(call: () => void): number {
  const of = (times: number): number => {
    const start = cpu();
    for (let i = 0; i < times; i++) call();
    return cpu() - start;
  };
  let times = 1;
  while (times < 1 << 16 && of(times) < 20) times *= 2;
  return Math.min(...Array.from({ length: 5 }, () => of(times) / times));
}

/** GFLOP/s of multiply-adds in registers. */
function peak(): number {
  const turns = 1e6;
  return (80 * turns) / time(() => void kernels.peak(turns)) / 1e6;
}

type Form = 'NN' | 'NT' | 'TN';
const PRODUCTS: [string, Form, number, number, number][] = [128, 256, 384, 768].flatMap(
  (hidden): [string, Form, number, number, number][] => [
    [`h${hidden} projection`, 'NN', 1024, hidden, hidden],
    [`h${hidden} ffn.in`, 'NN', 1024, 4 * hidden, hidden],
    [`h${hidden} ffn.out`, 'NN', 1024, hidden, 4 * hidden],
    [`h${hidden} dX`, 'NT', 1024, hidden, 4 * hidden],
    [`h${hidden} dW`, 'TN', hidden, 4 * hidden, 1024],
    [`h${hidden} LoRA A`, 'NN', 1024, 8, hidden],
    [`h${hidden} LoRA B`, 'NN', 1024, hidden, 8],
    [`h${hidden} dA`, 'TN', hidden, 8, 1024],
    [`h${hidden} dB`, 'TN', 8, hidden, 1024],
    [`h${hidden} dX of B`, 'NT', 1024, 8, hidden],
    [`h${hidden} pooler`, 'NN', 16, hidden, hidden],
    [`h${hidden} pooler dX`, 'NT', 16, hidden, hidden],
    [`h${hidden} one token`, 'NN', 1, 4 * hidden, hidden],
  ],
);

function benchProducts(): void {
  const most = peak();
  console.log(`${relaxed ? 'relaxed SIMD' : 'SIMD'}; multiply-adds in registers: ${most.toFixed(1)} GFLOP/s`);
  const rows = PRODUCTS.map(([name, form, m, n, k]) => {
    const [transA, transB] = [form === 'TN', form === 'NT'];
    const sizes = matMulSizes(transA ? [k, m] : [m, k], transB ? [n, k] : [k, n], {
      transA,
      transB,
      flattenK: false,
    });
    const operand = (value: string) => ({ value, access: 'read' as const });
    const operands = { a: operand('a'), b: operand('b'), y: operand('y') };
    const strides = denseStrides(sizes, transA, transB);
    const calls = productCalls({ ...sizes, transA, transB, alpha: 1, operands, strides, name });
    const bytes: Record<string, number> = { a: 4 * m * k, b: 4 * k * n, y: 4 * m * n, scratch: 2 ** 22 };
    const at = Object.fromEntries(
      Object.entries(bytes).map(([id, size]) => [id, studio.space.allocate(size)]),
    );
    const bind = (id: string) => ({ buffer: id, offset: 0, size: 0, access: 'read' as const });
    const { words } = packCommands(
      calls.map((call) => ({
        ...call,
        bindings: call.operands.map((o) => bind('value' in o ? o.value : 'scratch')),
      })),
      studio.manifest,
      ({ buffer }) => at[buffer],
    );
    const commands = studio.space.allocate(words.byteLength);
    new Int32Array(studio.space.memory.buffer, commands, words.length).set(words);
    const milliseconds = time(() => kernels.run(commands, commands + words.byteLength));
    for (const [id, size] of Object.entries(bytes)) studio.space.release(at[id], size);
    studio.space.release(commands, words.byteLength);
    const speed = (2 * m * n * k) / milliseconds / 1e6;
    return [
      name,
      form,
      `${m}×${n}×${k}`,
      calls.map(({ shader, workgroups }) => `${shader} ${workgroups[0]}`).join(', '),
      milliseconds.toFixed(3),
      speed.toFixed(1),
      `${((100 * speed) / most).toFixed(0)} %`,
    ];
  });
  console.log(table(['product', '', 'size', 'kernel, parts', 'ms', 'GFLOP/s', 'of peak'], rows));
}

interface Share {
  count: number;
  milliseconds: number;
  flops: number;
}

async function profileStep(name: string): Promise<void> {
  const { instance, step, what } = await profiledStep(studio, { ...options, method: name });
  for (let i = 0; i < 3; i++) await step();
  let whole = Infinity;
  for (let i = 0; i < 7; i++) {
    const start = cpu();
    await step();
    whole = Math.min(whole, cpu() - start);
  }
  const [shape] = instance['training'].values();
  const prepared = shape.prepared as CpuPreparedPlan;
  const shares = new Map<string, Share>();
  const known = new Map<string, number>();
  for (const phase of ['compute', 'update'] as const) {
    const { commands, last } = prepared.phases[phase];
    prepared.plan[phase].forEach(({ shader, label, constants, workgroups, flops }, i) => {
      // Layers are alike: the same kernel with the same constants takes the same time.
      const kind = JSON.stringify([shader, constants, workgroups]);
      const milliseconds = known.get(kind) ?? time(() => kernels.run(commands[i], commands[i + 1] ?? last));
      known.set(kind, milliseconds);
      const { m, n, k } = constants;
      const what = m === undefined ? label : `${label} ${m}×${n}×${k}`;
      const key = options.by === 'label' ? `${what} ${shader} ${workgroups[0]}` : shader;
      const share = shares.get(key) ?? { count: 0, milliseconds: 0, flops: 0 };
      shares.set(key, {
        count: share.count + 1,
        milliseconds: share.milliseconds + milliseconds,
        flops: share.flops + flops,
      });
    });
  }
  const sum = [...shares.values()].reduce((total, { milliseconds }) => total + milliseconds, 0);
  console.log(`${what}: a step ${whole.toFixed(1)} ms of processor, commands ${sum.toFixed(1)} ms`);
  console.log(
    table(
      [options.by, 'commands', 'ms', '%', 'GFLOP/s'],
      [...shares]
        .sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
        .map(([key, { count, milliseconds, flops }]) => [
          key,
          `${count}`,
          milliseconds.toFixed(2),
          ((100 * milliseconds) / sum).toFixed(1),
          (flops / milliseconds / 1e6).toFixed(2),
        ]),
    ),
  );
  instance.destroy();
}

if (options.matmul) benchProducts();
else for (const name of options.method.split(',')) await profileStep(name);
studio.destroy();
