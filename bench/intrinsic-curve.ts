/**
 * In how few dimensions a task can be learned: score against the dimension of `said`, on SST-2 and TREC.
 *
 *   npx tsx bench/intrinsic-curve.ts --datasets FOLDER --out FOLDER --task sst2|trec [--model FOLDER]
 *       [--dimensions 10,100,1000,10000] [--factors 0.1,0.3,1] [--steps 400] [--seeds 3] [--adapter wasm]
 *   npx tsx bench/intrinsic-curve.ts --table
 *
 * Every dimension, full fine-tuning and the head get a rate of their own first: their default times each factor, with the
 * first seed, the best by the validation rows. Then the other seeds run at that rate. Test rows choose nothing. Rows go to
 * bench/results/intrinsic.jsonl, and what is there is not run again. Without --model it is the built-in BERT.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BUILTIN_TRAITS, defaultRate, type RateTraits } from '../src/deltas/default-rates.ts';
import { dimensionFor, SOLVED } from '../src/study/statistics/intrinsic.ts';
import { writePublishedRows } from './published-rows.ts';
import { confidence95 } from './statistics.ts';

const KEPT = fileURLToPath(new URL('results/intrinsic.jsonl', import.meta.url));
const BIN = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url));
const BUILTIN = 'builtin:bert-l4-h128';
const ROWS = { train: 2000, test: 500 };

const { values: options } = parseArgs({
  options: {
    datasets: { type: 'string' },
    out: { type: 'string' },
    model: { type: 'string', default: BUILTIN },
    task: { type: 'string' },
    dimensions: { type: 'string', default: '10,100,1000,10000' },
    factors: { type: 'string', default: '0.1,0.3,1' },
    steps: { type: 'string', default: '400' },
    seeds: { type: 'string', default: '3' },
    adapter: { type: 'string', default: 'wasm' },
    table: { type: 'boolean', default: false },
  },
});

/** What is trained: `said` where there is a dimension. */
interface Asked {
  method: 'said' | 'full' | 'head';
  dimension: number | null;
  /** What the default rate is multiplied by. */
  factor: number;
}

/** A run that has ended; scores are shares of right answers. */
interface Kept extends Asked {
  model: string;
  task: string;
  steps: number;
  rate: number;
  seed: number;
  validation: number;
  test: number;
}

interface Summary {
  methods: { name: string; scores: { validation: number[]; test: number[] } }[];
}

interface Place {
  out: string;
  task: string;
  model: string;
  steps: number;
  traits: RateTraits;
}

const numbers = (text: string): number[] => text.split(',').map(Number);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const keptRows = (): Kept[] =>
  existsSync(KEPT)
    ? readFileSync(KEPT, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Kept)
    : [];

const same = (a: Asked, b: Asked): boolean =>
  a.method === b.method && a.dimension === b.dimension && a.factor === b.factor;

const shortName = (model: string): string => (model === BUILTIN ? 'built-in BERT' : path.basename(model));

const keptOf = ({ model, task, steps }: Place): Kept[] =>
  keptRows().filter((kept) => kept.model === shortName(model) && kept.task === task && kept.steps === steps);

function traitsOf(model: string): RateTraits {
  if (model === BUILTIN) return BUILTIN_TRAITS;
  const config = JSON.parse(readFileSync(path.join(model, 'config.json'), 'utf8')) as {
    hidden_size: number;
    num_hidden_layers: number;
  };
  return { kind: 'encoder', width: config.hidden_size, layers: config.num_hidden_layers, pretrained: true };
}

function rateOf({ traits }: Place, { method, dimension, factor }: Asked): number {
  const own = dimension === null ? { type: method } : { type: method, dimension };
  return Number((defaultRate(own, traits) * factor).toPrecision(2));
}

const nameOf = ({ method, dimension, factor }: Asked): string => `${method}-${dimension ?? 'all'}-x${factor}`;

function specOf(place: Place, asked: readonly Asked[], seeds: readonly number[]): object {
  return {
    model: { source: place.model },
    data: {
      train: `data/${place.task}-train.tsv`,
      validation: 0.1,
      test: `data/${place.task}-test.tsv`,
      columns: { text: ['text'], label: 'label' },
      maxLength: 32,
    },
    training: { steps: place.steps, batchSize: 16, evaluateEvery: place.steps / 4, metric: 'accuracy' },
    seeds,
    compareOrder: 'oneAfterAnother',
    compare: asked.map((one) => ({
      name: nameOf(one),
      method: one.dimension === null ? { type: one.method } : { type: one.method, dimension: one.dimension },
      training: { optimizer: { learningRate: rateOf(place, one) } },
    })),
  };
}

/** Runs what is missing as one comparison, and keeps its rows. */
function run(place: Place, all: readonly Asked[], seeds: readonly number[]): void {
  const there = keptOf(place);
  const asked = all.filter((one) =>
    seeds.some((seed) => !there.some((kept) => kept.seed === seed && same(kept, one))),
  );
  if (asked.length === 0) return;
  const spec = path.join(place.out, `${place.task}.json`);
  writeFileSync(spec, JSON.stringify(specOf(place, asked, seeds), null, 2));
  const folder = path.join(place.out, `compare-${place.task}`);
  rmSync(folder, { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [BIN, 'compare', '--spec', spec, '--adapter', options.adapter, '--out', folder],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) throw new Error(`delta compare ended with ${status}; run again.`);
  const summary = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as Summary;
  for (const one of asked) {
    const { scores } = summary.methods.find(({ name }) => name === nameOf(one))!;
    seeds.forEach((seed, at) => {
      const kept: Kept = {
        model: shortName(place.model),
        task: place.task,
        steps: place.steps,
        ...one,
        rate: rateOf(place, one),
        seed,
        validation: scores.validation[at],
        test: scores.test[at],
      };
      appendFileSync(KEPT, `${JSON.stringify(kept)}\n`);
    });
  }
}

/** Of the factors that were tried, the one whose first seed scores best on the validation rows. */
function chosen(kept: readonly Kept[]): Kept[] {
  const [best] = kept.filter(({ seed }) => seed === 1).sort((a, b) => b.validation - a.validation);
  return best === undefined ? [] : kept.filter((one) => one.factor === best.factor);
}

function measure(datasets: string, place: Place): void {
  mkdirSync(place.out, { recursive: true });
  writePublishedRows(datasets, place.out, ROWS);
  const kinds: Omit<Asked, 'factor'>[] = [
    { method: 'head', dimension: null },
    { method: 'full', dimension: null },
    ...numbers(options.dimensions).map((dimension) => ({ method: 'said' as const, dimension })),
  ];
  run(
    place,
    kinds.flatMap((kind) => numbers(options.factors).map((factor) => ({ ...kind, factor }))),
    [1],
  );
  const best = kinds.map((kind) => {
    const tried = keptOf(place).filter((kept) => same({ ...kept, factor: 1 }, { ...kind, factor: 1 }));
    return { ...kind, factor: chosen(tried)[0].factor };
  });
  run(
    place,
    best,
    Array.from({ length: Number(options.seeds) - 1 }, (_, at) => at + 2),
  );
}

function printTable(): void {
  const rows = keptRows();
  const places = [...new Set(rows.map(({ model, task, steps }) => `${model}, ${task}, ${steps} steps`))];
  for (const place of places) {
    const own = rows.filter(({ model, task, steps }) => `${model}, ${task}, ${steps} steps` === place);
    const of = (method: string, dimension: number | null): Kept[] =>
      chosen(own.filter((one) => one.method === method && one.dimension === dimension));
    const dimensions = [...new Set(own.flatMap(({ dimension }) => dimension ?? []))].sort((a, b) => a - b);
    const full = mean(of('full', null).map(({ test }) => test));
    console.log(`\n${place}\n\n| trains | rate | test accuracy, % | of full |\n| --- | --- | --- | --- |`);
    const line = (name: string, kept: readonly Kept[]): void => {
      const scores = kept.map(({ test }) => 100 * test);
      const { half } = confidence95(scores);
      const shown = `${mean(scores).toFixed(1)}${scores.length > 1 ? ` ± ${half.toFixed(1)}` : ''}`;
      console.log(`| ${name} | ${kept[0].rate} | ${shown} | ${(mean(scores) / full).toFixed(1)} % |`);
    };
    line('head', of('head', null));
    for (const dimension of dimensions) line(`${dimension}`, of('said', dimension));
    line('full', of('full', null));
    const points = dimensions.map((dimension) => ({
      dimension,
      score: mean(of('said', dimension).map(({ test }) => test)),
    }));
    const found = dimensionFor(points, SOLVED * full);
    console.log(`\n90 % of full: ${found === null ? 'at none of them' : Math.round(found)}`);
  }
}

if (!options.table) {
  const { datasets, out, task, model, steps } = options;
  if (datasets === undefined || out === undefined || task === undefined)
    throw new Error('Give --datasets, --out and --task, or --table.');
  measure(datasets, {
    out: path.resolve(out),
    task,
    model: model === BUILTIN ? model : path.resolve(model),
    steps: Number(steps),
    traits: traitsOf(model),
  });
}
printTable();
