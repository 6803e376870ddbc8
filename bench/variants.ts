/**
 * `npx tsx bench/variants.ts [--adapter NAME] [CLASS ...]`: every variant that the adapter is offered of classes of shapes, as
 * a tuner would time it, beside the usual one, and how far its results lie from that one's. On software adapters, too, these are the kernels for real GPUs.
 */
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import { callsOf } from '../src/gpu/representative.ts';
import { openStudio } from '../src/gpu/studio.ts';
import { resultsOf } from '../src/gpu/time-calls.ts';
import { shareOff } from '../src/gpu/tuner.ts';
import { timerOf } from '../src/measure/timer.ts';
import { classOf } from '../src/plan/kernel-choices.ts';
import { variantsOf } from '../src/plan/lower/variants.ts';
import { processorTime } from './processor-time.ts';

/** BERT-base's of 8 × 128, and its attention of long texts. */
const CLASSES = [
  'matmul NN 1 1024 1024 1024',
  'matmul NT 1 1024 4096 1024',
  'matmul TN 1 1024 1024 1024',
  'attention 128 64 128 128',
  'attention-grad 128 64 128 128',
  'attention 128 64 512 512',
  'attention-grad 128 64 512 512',
];

/** Operations of a class: of attention its two products, and backward those five that none counts twice. */
function operationsOf(key: string): number {
  const shape = classOf(key);
  if (shape.family === 'matmul') return 2 * shape.batch * shape.m * shape.n * shape.k;
  if (shape.family === 'rows') return shape.rows * shape.columns;
  const products = shape.family === 'attention' ? 2 : 5;
  return products * 2 * shape.heads * shape.queries * shape.keys * shape.dim;
}

const args = process.argv.slice(2);
const at = args.indexOf('--adapter');
const [adapter] = at >= 0 ? args.splice(at, 2).slice(1) : [undefined];
const node = await openNodeGpu(adapter);
const studio = await openStudio(node.gpu, nodeShaders, { adapter: node.adapter });
const profile = { ...studio.profile, software: false };
const time = timerOf(studio, { processorTime });
console.log(`variants on ${profile.description}`);
for (const key of args.length > 0 ? args : CLASSES) {
  console.log(key);
  const usual = callsOf(key, undefined, profile);
  const right = await resultsOf(studio, usual.program, usual.calls);
  for (const variant of [undefined, ...variantsOf(classOf(key), profile)]) {
    const { program, calls } = callsOf(key, variant, profile);
    const { best } = await time(program, calls);
    const rate = operationsOf(key) / best / 1e6;
    const off = shareOff(right, await resultsOf(studio, program, calls));
    console.log(
      `  ${(variant ?? 'usual').padEnd(26)} ${best.toFixed(3).padStart(9)} ms ${rate.toFixed(1).padStart(9)} GFLOP/s, off by ${off.toExponential(1)}`,
    );
  }
}
studio.destroy();
