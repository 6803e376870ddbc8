/**
 * The processor's kernels on one core, by processor time, which other work on the machine does not touch:
 * `npx tsx bench/processor.ts [--method full,lora] [--hidden 128] [--layers 4] [--batch 16] [--length 64] [--by shader|label] [--matmul]`.
 * With `--matmul` the products of transformers beside what a loop of multiply-adds in registers reaches and what reading
 * their operands and writing their result takes alone; else where the
 * time of a training step goes, each command repeated by itself.
 */
import { parseArgs } from 'node:util';
import type { CpuPreparedPlan } from '../src/cpu/executor.ts';
import { ProcessorProducts, productsOf, timeOf } from './processor-products.ts';
import { processorTime } from './processor-time.ts';
import { profiledStep } from './profiled-step.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    method: { type: 'string', default: 'full' },
    hidden: { type: 'string', default: '128' },
    layers: { type: 'string', default: '4' },
    batch: { type: 'string', default: '16' },
    length: { type: 'string', default: '64' },
    by: { type: 'string', default: 'shader' },
    matmul: { type: 'boolean', default: false },
  },
});

const products = await ProcessorProducts.open();
const { studio, kernels } = products;

function benchProducts(): void {
  const most = products.peak();
  const build = products.relaxed ? 'relaxed SIMD' : 'SIMD';
  console.log(`${build}; multiply-adds in registers: ${most.toFixed(1)} GFLOP/s`);
  const rows = options.hidden.split(',').flatMap((hidden) =>
    productsOf(Number(hidden)).map(([name, product]) => {
      const { form, m, n, k } = product;
      const { milliseconds, speed, memory, kernel } = products.time(product);
      return [
        `h${hidden} ${name}`,
        form,
        `${m}×${n}×${k}`,
        kernel,
        milliseconds.toFixed(3),
        speed.toFixed(1),
        `${((100 * speed) / most).toFixed(0)} %`,
        `${((100 * memory) / milliseconds).toFixed(0)} %`,
      ];
    }),
  );
  console.log(
    table(['product', '', 'size', 'kernel, parts', 'ms', 'GFLOP/s', 'of peak', 'memory, of its time'], rows),
  );
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
    const start = processorTime();
    await step();
    whole = Math.min(whole, processorTime() - start);
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
      const milliseconds = known.get(kind) ?? timeOf(() => kernels.run(commands[i], commands[i + 1] ?? last));
      known.set(kind, milliseconds);
      const { m, n, k } = constants;
      const place = label.replace(/layer\.\d+/, 'layer');
      const what = m === undefined ? place : `${place} ${m}×${n}×${k}`;
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
