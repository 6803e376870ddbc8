/**
 * `npm run bench [-- --adapter gpu|swiftshader|lavapipe] [--quick] [--only matmul,stacks,forecasts,preparation,t5,methods] [--hidden 128,256]`:
 * every figure in one run, with TensorFlow.js's WebGPU back end and jax-js beside us. Writes
 * bench/results/<adapter>.json and prints tables. See bench/NOTES.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge } from './aims.ts';
import { bertCases, type MatmulCase } from '../src/measure/matmul.ts';
import type { Spent, StackCase } from './peers/cases.ts';
import type { DeltaCalls } from './peers/delta.ts';
import type { JaxCalls } from './peers/jax.ts';
import type { MethodCalls } from './peers/methods.ts';
import type { PreparationCalls } from './peers/preparation.ts';
import { Peer, type Calls } from './peers/protocol.ts';
import type { T5Calls } from './peers/t5.ts';
import type { TfjsCalls } from './peers/tfjs.ts';
import { report } from './report.ts';
import { SECTIONS, type BenchResults, type ForecastRow, type MatmulRow, type Section } from './results.ts';
import { benchStack } from './stacks.ts';

const { values: options } = parseArgs({
  options: {
    adapter: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: SECTIONS.join(',') },
    hidden: { type: 'string', default: '128,256' },
  },
});
const { quick } = options;
const sections = options.only.split(',') as Section[];
for (const section of sections)
  if (!SECTIONS.includes(section)) throw new Error(`--only takes ${SECTIONS.join(', ')}, not "${section}".`);
const widths = options.hidden.split(',').map(Number);
if (!widths.every((width) => Number.isInteger(width) && width > 0 && width % 32 === 0))
  throw new Error(`--hidden takes widths that are multiples of 32, not "${options.hidden}".`);
const wanted = options.adapter ?? process.env.DELTA_ADAPTER ?? '';

function peer<C extends Calls>(name: string, adapter: string): Peer<C> {
  return new Peer<C>(new URL(`./peers/${name}.ts`, import.meta.url), adapter);
}

/** Widths of a small T5 and of T5-small, in as many layers as a software adapter gets through. */
const T5_SHAPES = [
  { hidden: 128, layers: 4 },
  { hidden: 512, layers: 2 },
];

const say = (text: string): void => console.error(text);

async function benchMatmuls(
  delta: Peer<DeltaCalls>,
  tfjs: Peer<TfjsCalls>,
  jax: Peer<JaxCalls>,
  cases: readonly MatmulCase[],
): Promise<MatmulRow[]> {
  const rows: MatmulRow[] = [];
  const milliseconds = 60;
  for (const matmul of cases) {
    const work = (2 * matmul.m * matmul.n * matmul.k) / 1e6;
    const rate = ({ wall, cpu }: Spent): Spent => ({ wall: work / wall, cpu: work / cpu });
    const ours = await delta.call('matmul', matmul);
    rows.push({
      ...matmul,
      kernel: ours.kernel,
      delta: { wall: ours.gflops, cpu: ours.gflopsPerCore },
      tfjs: rate(await tfjs.call('matmul', { ...matmul, milliseconds })),
      jax: rate(await jax.call('matmul', { ...matmul, milliseconds })),
    });
    say(`matmul ${matmul.form} ${matmul.m}×${matmul.n}×${matmul.k}: ${ours.gflops.toFixed(1)} GFLOP/s`);
  }
  return rows;
}

function stackCases(): StackCase[] {
  if (quick) return [{ hidden: 128, layers: 2, batchSize: 4, length: 32 }];
  return widths.flatMap((hidden) =>
    [32, 128].map((length) => ({ hidden, layers: 4, batchSize: 16, length })),
  );
}

async function benchForecasts(delta: Peer<DeltaCalls>): Promise<ForecastRow[]> {
  const sizes = [8, 64].map((batchSize) => ({ batchSize, length: 128 }));
  const rows: ForecastRow[] = [];
  for (const hidden of [128, 256]) {
    const forecasts = await delta.call('forecast', { hidden, layers: 4, sizes });
    rows.push(...forecasts.map((row) => ({ hidden, ...row })));
  }
  return rows;
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versionOf = (path: string): string =>
    (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
  return {
    delta: (require('../package.json') as { version: string }).version,
    node: process.version,
    webgpu: versionOf(`${modules}webgpu/package.json`),
    tfjs: versionOf(`${modules}@tensorflow/tfjs-core/package.json`),
    jax: versionOf(`${modules}@jax-js/jax/package.json`),
  };
}

const delta = peer<DeltaCalls>('delta', wanted);
const { name, profile } = await delta.call('about', undefined);
say(`${profile.description}${quick ? ', quick' : ''}`);

const folder = fileURLToPath(new URL('./results/', import.meta.url));
mkdirSync(folder, { recursive: true });
const file = `${folder}${name}${quick ? '-quick' : ''}.json`;
const whole = sections.length === SECTIONS.length;
const results: BenchResults = {
  matmul: [],
  stacks: [],
  forecasts: [],
  preparation: [],
  t5Steps: [],
  generation: [],
  lossMemory: [],
  methods: [],
  measured: {},
  ...(!whole && existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as BenchResults)),
  adapter: { name, vendor: profile.vendor, description: profile.description, software: profile.software },
  versions: versions(),
  machine: { cpus: cpus()[0].model, cores: cpus().length },
  aims: [],
};

function save(): void {
  results.aims = judge(results);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

async function section(what: Section, measure: () => Promise<void>): Promise<void> {
  if (!sections.includes(what)) return;
  const loadBefore = loadavg()[0];
  await measure();
  results.measured[what] = { date: new Date().toISOString(), loadBefore, loadAfter: loadavg()[0] };
  // After every section, so that a run cut short leaves what it has.
  save();
}

const tfjs = peer<TfjsCalls>('tfjs', name);
await section('matmul', async () => {
  const jax = peer<JaxCalls>('jax', name);
  const cases = bertCases(quick ? [512] : undefined).filter((c) => !quick || Math.max(c.m, c.n, c.k) <= 512);
  results.matmul = await benchMatmuls(delta, tfjs, jax, cases);
  jax.close();
});
await section('stacks', async () => {
  const limits = quick ? { rounds: 3, seconds: 5 } : { rounds: 15, seconds: 60 };
  const same = (a: StackCase, b: StackCase): boolean =>
    (['hidden', 'layers', 'batchSize', 'length'] as const).every((key) => a[key] === b[key]);
  for (const stack of stackCases()) {
    const row = await benchStack(delta, tfjs, stack, limits);
    results.stacks = [...results.stacks.filter((other) => !same(other.stack, stack)), row];
    // A step of a slow peer takes minutes: what is measured is kept at once.
    save();
    const { wall, cpu } = row.step.ratio;
    const ratios = `${wall.toFixed(2)} times TensorFlow.js (processor time ${cpu.toFixed(2)})`;
    say(`stack h${stack.hidden} ${stack.batchSize}×${stack.length}: ${ratios}`);
  }
});
await section('forecasts', async () => {
  results.forecasts = await benchForecasts(delta);
});
delta.close();
tfjs.close();
await section('preparation', async () => {
  const process = peer<PreparationCalls>('preparation', name);
  results.preparation = await process.call('prepare', [16, 24, 32]);
  process.close();
});
await section('t5', async () => {
  const process = peer<T5Calls>('t5', name);
  const shapes = quick ? [{ hidden: 64, layers: 2 }] : [{ hidden: 128, layers: 4 }];
  results.t5Steps = [];
  for (const { hidden, layers } of quick ? shapes : T5_SHAPES) {
    const size = { hidden, layers, heads: hidden / 32, inner: 2 * hidden, vocabulary: 8192 };
    const rows = quick
      ? { batchSize: 2, length: 16, targetLength: 8, rounds: 2 }
      : { batchSize: 8, length: 128, targetLength: 32, rounds: 5 };
    results.t5Steps.push(await process.call('steps', { ...size, ...rows }));
    say(`T5 step h${hidden}`);
    save();
  }
  const texts = { vocabulary: 8192, batchSize: 4, length: 32, newTokens: 64, rounds: quick ? 2 : 3 };
  results.generation = [];
  for (const { hidden, layers } of shapes) {
    const size = { hidden, layers, heads: hidden / 32, inner: 2 * hidden };
    results.generation.push(await process.call('generation', { ...size, ...texts }));
  }
  const sizes = [8192, 32768, 65536].map((vocabulary) => ({ hidden: 512, rows: 8 * 32, vocabulary }));
  results.lossMemory = await process.call('loss', sizes);
  process.close();
});
await section('methods', async () => {
  const process = peer<MethodCalls>('methods', name);
  const batchSizes = [1, 8, 32, 64];
  const shape = quick ? { hidden: 128, layers: 2, length: 16 } : { hidden: 128, layers: 4, length: 64 };
  const measured = quick ? { measureTo: 1, rounds: 2 } : { measureTo: 32, rounds: 9 };
  results.methods = await process.call('costs', { ...shape, batchSizes, ...measured });
  process.close();
});
console.log(report(results));
say(`written to ${file}`);
