/**
 * `npm run bench -- --adapter wasm [--only products,steps,memory,threads,methods] [--hidden 128,256,384,768] [--methods full,lora]
 * [--cost said,mask] [--engines PyTorch,lavapipe] [--python PATH] [--threads 1] [--quick]`: the processor's kernels beside PyTorch (of the
 * Python that is named, by tools/torch-peer.py), our own WebGPU kernels on lavapipe and SwiftShader, TensorFlow.js on
 * WebAssembly and WebGPU (lavapipe), onnxruntime-web and jax-js, all with the same threads (one unless asked), by processor time, each in its turn
 * in every round; and what every method costs, or those after `--cost`, beside full fine-tuning. Writes bench/results/wasm.json and prints tables.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { METHOD_TYPES } from '../src/deltas/defaults.ts';
import { PROCESSOR_METHODS, type ProcessorMethod } from '../src/measure/methods.ts';
import type { StackCase } from './peers/cases.ts';
import type { MethodCalls } from './peers/methods.ts';
import type { JaxCalls } from './peers/jax.ts';
import type { TfjsCalls } from './peers/tfjs.ts';
import { benchMemory, benchThreads } from './processor-memory.ts';
import { openEngines, ourEngine, peer, torchPeer } from './processor-engines.ts';
import { ProcessorProducts, productsOf } from './processor-products.ts';
import { ENGINES, named, processorReport, type ProcessorResults } from './processor-results.ts';
import { benchSteps } from './processor-steps.ts';

const { values: options } = parseArgs({
  options: {
    adapter: { type: 'string' },
    only: { type: 'string', default: 'products,steps,memory,threads,methods' },
    hidden: { type: 'string', default: '128,256,384,768' },
    methods: { type: 'string', default: PROCESSOR_METHODS.join(',') },
    cost: { type: 'string' },
    engines: { type: 'string', default: ENGINES.join(',') },
    python: { type: 'string' },
    threads: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
  },
});
const { quick, python } = options;
const threads = Number(options.threads);
// Ours, onnxruntime-web and PyTorch take it from here.
process.env.DELTA_THREADS = options.threads;
const widths = options.hidden.split(',').map(Number);
const methods = options.methods.split(',').map((name) => {
  const method = PROCESSOR_METHODS.find((known) => known === name);
  if (!method) throw new Error(`--methods takes ${PROCESSOR_METHODS.join(', ')}, not "${name}".`);
  return method;
});
const costed = options.cost?.split(',').map((name) => {
  const method = METHOD_TYPES.find((known) => known === name);
  if (!method) throw new Error(`--cost takes ${METHOD_TYPES.join(', ')}, not "${name}".`);
  return method;
});
const wanted = ENGINES.filter((name) => options.engines.split(',').includes(name));

/** The built-in model's shape, a wider one, MiniLM's and BERT-base's; the widest with few tokens. */
function stackOf(hidden: number): StackCase {
  if (quick) return { hidden, layers: 2, batchSize: 4, length: 32 };
  if (hidden < 384) return { hidden, layers: 4, batchSize: 16, length: 64 };
  if (hidden < 768) return { hidden, layers: 6, batchSize: 8, length: 64 };
  return { hidden, layers: 12, batchSize: 4, length: 32 };
}

const say = (text: string): void => console.error(text);
const folder = fileURLToPath(new URL('./results/', import.meta.url));
mkdirSync(folder, { recursive: true });
const file = `${folder}wasm${quick ? '-quick' : ''}.json`;

const ours = await ProcessorProducts.open();
const versionOf = (name: string): string =>
  (
    JSON.parse(
      readFileSync(fileURLToPath(new URL(`../node_modules/${name}/package.json`, import.meta.url)), 'utf8'),
    ) as { version: string }
  ).version;
const empty: ProcessorResults = {
  machine: { cpus: cpus()[0].model, cores: cpus().length },
  versions: {},
  peak: 0,
  relaxed: ours.relaxed,
  products: [],
  steps: [],
  memory: [],
  threads: [],
  methods: [],
  measured: {},
};
const results: ProcessorResults = existsSync(file)
  ? { ...empty, ...(JSON.parse(readFileSync(file, 'utf8')) as ProcessorResults) }
  : empty;
Object.assign(results.versions, {
  node: process.version,
  tfjs: versionOf('@tensorflow/tfjs-core'),
  'onnxruntime-web': versionOf('onnxruntime-web'),
  jax: versionOf('@jax-js/jax'),
});
results.peak = ours.peak();

const save = (): void => writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);

async function section(what: string, measure: () => Promise<void>): Promise<void> {
  if (!options.only.split(',').includes(what)) return;
  const loadBefore = loadavg()[0];
  await measure();
  results.measured[what] = { date: new Date().toISOString(), loadBefore, loadAfter: loadavg()[0] };
  save();
}

/** Replaces what was measured of the same thing before, and keeps the rest. */
function put<Row>(rows: Row[], row: Row, same: (a: Row, b: Row) => boolean): Row[] {
  return [...rows.filter((other) => !same(other, row)), row];
}
const sameStack = (a: StackCase, b: StackCase): boolean => named(a) === named(b);

await section('products', async () => {
  const tfjs = peer<TfjsCalls>('tfjs', 'wasm');
  const jax = peer<JaxCalls>('jax', 'wasm');
  const torch = python === undefined ? undefined : torchPeer(python, 1);
  if (torch) Object.assign(results.versions, await torch.call('about'));
  for (const hidden of widths)
    for (const [name, product] of productsOf(hidden)) {
      const work = (2 * product.m * product.n * product.k) / 1e6;
      const asked = { ...product, milliseconds: 20 };
      const { speed, kernel } = ours.time(product);
      const row = {
        ...{ hidden, name, ...product, kernel, ours: speed, share: speed / results.peak },
        peers: {
          'TF.js wasm': work / (await tfjs.call('matmul', asked)).cpu,
          'jax-js wasm': work / (await jax.call('matmul', asked)).cpu,
          ...(torch && { PyTorch: work / ((await torch.call('matmul', asked)) as { cpu: number }).cpu }),
        },
      };
      results.products = put(results.products, row, (a, b) => a.hidden === b.hidden && a.name === b.name);
      say(`h${hidden} ${name}: ${speed.toFixed(1)} GFLOP/s`);
    }
  for (const process of [tfjs, jax, torch]) process?.close();
});

await section('steps', async () => {
  const engines = openEngines(wanted, python, threads);
  const mine = ourEngine('wasm');
  const limits = quick ? { rounds: 3, seconds: 5 } : { rounds: 7, seconds: 12 };
  for (const hidden of widths) {
    const stack = stackOf(hidden);
    for (const method of [...methods, 'forward'] as (ProcessorMethod | 'forward')[]) {
      const row = await benchSteps(mine, engines, { stack, method }, limits);
      results.steps = put(results.steps, row, (a, b) => sameStack(a.stack, b.stack) && a.method === b.method);
      save();
      const ratios = Object.entries(row.peers).map(([name, { ratio }]) => `${name} ${ratio.cpu.toFixed(2)}`);
      say(`${named(stack)} ${method}: ${row.ours.cpu.toFixed(1)} ms; theirs to ours: ${ratios.join(', ')}`);
    }
  }
  for (const engine of [mine, ...engines.values()]) engine.end();
});

await section('memory', async () => {
  for (const hidden of widths)
    for (const method of methods.filter((name) => name === 'full' || name === 'lora')) {
      const row = await benchMemory({ ...stackOf(hidden), method });
      results.memory = put(
        results.memory,
        row,
        (a, b) => sameStack(a.stack, b.stack) && a.method === b.method,
      );
      save();
    }
});

await section('threads', async () => {
  for (const hidden of widths)
    for (const row of await benchThreads({ ...stackOf(hidden), method: 'lora' }, [1, 2]))
      results.threads = put(
        results.threads,
        row,
        (a, b) => sameStack(a.stack, b.stack) && a.method === b.method && a.threads === b.threads,
      );
});

await section('methods', async () => {
  const costs = peer<MethodCalls>('methods', 'wasm');
  const shape = { hidden: 128, ...(quick ? { layers: 2, length: 16 } : { layers: 4, length: 64 }) };
  const measured = quick ? { batchSizes: [4], rounds: 2 } : { batchSizes: [1, 16], rounds: 7 };
  const measureTo = Math.max(...measured.batchSizes);
  const rows = await costs.call('costs', { ...shape, ...measured, measureTo, methods: costed });
  for (const row of rows)
    results.methods = put(
      results.methods,
      row,
      (a, b) => a.method === b.method && a.batchSize === b.batchSize && a.length === b.length,
    );
  costs.close();
});

save();
ours.studio.destroy();
console.log(processorReport(results));
say(`written to ${file}`);
