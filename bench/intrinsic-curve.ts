/**
 * In how few dimensions a task can be learned: score against the dimension of `said`, on SST-2 and TREC.
 *
 *   npx tsx bench/intrinsic-curve.ts --datasets FOLDER --out FOLDER --task sst2|trec [--model builtin:t5-l3-h128|FOLDER]
 *       [--dimensions 10,100,1000,10000] [--factors 0.1,0.3,1] [--steps 400] [--seeds 3] [--adapter wasm]
 *   npx tsx bench/intrinsic-curve.ts --table
 *
 * Every dimension, full fine-tuning and the head get a rate of their own first: their default times each factor, with the
 * first seed, the best by the validation rows. Then the other seeds run at that rate. Test rows choose nothing. The head
 * beside a vector learns at the head's default, whatever the vector's rate (`headRate`; rows without it had one rate for
 * both, and the table has them apart). A T5 answers in words and has no head. Rows go to bench/results/intrinsic.jsonl,
 * and what is there is not run again. Without --model it is the built-in BERT.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultRate, type RateTraits } from '../src/deltas/default-rates.ts';
import { dimensionFor, SOLVED } from '../src/study/statistics/intrinsic.ts';
import { writePublishedRows } from './published-rows.ts';
import { confidence95 } from './statistics.ts';

const KEPT = fileURLToPath(new URL('results/intrinsic.jsonl', import.meta.url));
const BIN = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url));
const BUILTIN = 'builtin:bert-l4-h128';
const BUILTIN_FOLDER = fileURLToPath(new URL('../public/models/', import.meta.url));
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

/** What a T5 reads and writes in the place of a class, in the form of its pretraining. */
const WORDS: Record<string, { template: string; verbalizer: Record<string, string> }> = {
  sst2: {
    template: '{text} It was <extra_id_0>',
    verbalizer: { 0: '<extra_id_0> terrible', 1: '<extra_id_0> great' },
  },
  trec: {
    template: '{text} The answer is a <extra_id_0>',
    verbalizer: {
      ABBR: '<extra_id_0> word',
      DESC: '<extra_id_0> reason',
      ENTY: '<extra_id_0> thing',
      HUM: '<extra_id_0> person',
      LOC: '<extra_id_0> place',
      NUM: '<extra_id_0> number',
    },
  },
};

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
  /** Of the head beside a vector, where it has its own. */
  headRate?: number;
  seed: number;
  validation: number;
  test: number;
  /** The test score of what takes no training: the largest class, or the untuned model. */
  untrained?: number;
}

interface Summary {
  /** On the rows that judge, which are the test's; null for an untuned model whose head is fresh. */
  reference: { largestClass: number; untuned: number | null };
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

const NAMES: Record<string, string> = { [BUILTIN]: 'built-in BERT', 'builtin:t5-l3-h128': 'built-in T5' };
const shortName = (model: string): string => NAMES[model] ?? path.basename(model);

/** Rows of a place; of vectors on a model with a head those whose head has its own rate. */
const keptOf = ({ model, task, steps, traits }: Place): Kept[] =>
  keptRows().filter(
    (kept) =>
      kept.model === shortName(model) &&
      kept.task === task &&
      kept.steps === steps &&
      (kept.dimension === null || (kept.headRate !== undefined) === hasHead(traits)),
  );

const hasHead = ({ kind }: RateTraits): boolean => kind === 'encoder';

function traitsOf(model: string): RateTraits {
  const folder = model.startsWith('builtin:') ? BUILTIN_FOLDER + model.slice('builtin:'.length) : model;
  const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<string, number>;
  const common = { width: config.hidden_size ?? config.d_model, pretrained: true };
  return config.is_encoder_decoder
    ? { ...common, kind: 'encoderDecoder', layers: config.num_layers + config.num_decoder_layers }
    : { ...common, kind: 'encoder', layers: config.num_hidden_layers };
}

function rateOf({ traits }: Place, { method, dimension, factor }: Asked): number {
  const own = dimension === null ? { type: method } : { type: method, dimension };
  return Number((defaultRate(own, traits) * factor).toPrecision(2));
}

/** Of the head beside a vector. */
const headRateOf = ({ traits }: Place, { dimension }: Asked): { headRate?: number } =>
  dimension === null || !hasHead(traits) ? {} : { headRate: defaultRate({ type: 'head' }, traits) };

const nameOf = ({ method, dimension, factor }: Asked): string => `${method}-${dimension ?? 'all'}-x${factor}`;

function optimizerOf(place: Place, one: Asked): object {
  const { headRate } = headRateOf(place, one);
  return {
    learningRate: rateOf(place, one),
    ...(headRate !== undefined && { headLearningRate: headRate }),
  };
}

function specOf(place: Place, asked: readonly Asked[], seeds: readonly number[]): object {
  const words = hasHead(place.traits) ? undefined : { ...WORDS[place.task], maxTargetLength: 8 };
  return {
    model: { source: place.model, ...(words && { task: 'text2text' }) },
    ...(words && { generation: { rows: 0 } }),
    data: {
      train: `data/${place.task}-train.tsv`,
      validation: 0.1,
      test: `data/${place.task}-test.tsv`,
      columns: { text: ['text'], label: 'label' },
      maxLength: 32,
      ...words,
    },
    training: { steps: place.steps, batchSize: 16, evaluateEvery: place.steps / 4, metric: 'accuracy' },
    seeds,
    compareOrder: 'oneAfterAnother',
    compare: asked.map((one) => ({
      name: nameOf(one),
      method: one.dimension === null ? { type: one.method } : { type: one.method, dimension: one.dimension },
      training: { optimizer: optimizerOf(place, one) },
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
        ...headRateOf(place, one),
        seed,
        validation: scores.validation[at],
        test: scores.test[at],
        untrained: Math.max(summary.reference.largestClass, summary.reference.untuned ?? 0),
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
    ...(hasHead(place.traits) ? [{ method: 'head' as const, dimension: null }] : []),
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
  const placeOf = ({ model, task, steps }: Kept): string => `${model}, ${task}, ${steps} steps`;
  for (const place of new Set(rows.map(placeOf)))
    printPlace(
      place,
      rows.filter((row) => placeOf(row) === place),
    );
}

/** The lines of one model and task: rows whose head has its own rate before those of one rate for both. */
function printPlace(place: string, own: readonly Kept[]): void {
  const whole = (method: string): Kept[] => chosen(own.filter((one) => one.method === method));
  const scoreOf = (kept: readonly Kept[]): number => mean(kept.map(({ test }) => test));
  const full = scoreOf(whole('full'));
  console.log(`\n${place}\n\n| trains | rate | test accuracy, % | of full |\n| --- | --- | --- | --- |`);
  const line = (name: string, kept: readonly Kept[]): void => {
    if (kept.length === 0) return;
    const scores = kept.map(({ test }) => 100 * test);
    const { half } = confidence95(scores);
    const shown = `${mean(scores).toFixed(1)}${scores.length > 1 ? ` ± ${half.toFixed(1)}` : ''}`;
    console.log(`| ${name} | ${kept[0].rate} | ${shown} | ${(mean(scores) / full).toFixed(1)} % |`);
  };
  const untrained = own.find((one) => one.untrained !== undefined)?.untrained;
  if (untrained !== undefined)
    console.log(
      `| nothing | – | ${(100 * untrained).toFixed(1)} | ${((100 * untrained) / full).toFixed(1)} % |`,
    );
  line('head', whole('head'));
  const found: string[] = [];
  for (const apart of [true, false]) {
    const vectors = own.filter((one) => one.dimension !== null && (one.headRate !== undefined) === apart);
    const dimensions = [...new Set(vectors.map(({ dimension }) => dimension!))].sort((a, b) => a - b);
    const of = (dimension: number): Kept[] => chosen(vectors.filter((one) => one.dimension === dimension));
    const kind = kindOf(apart, whole('head').length > 0);
    for (const dimension of dimensions) line(`${dimension}${kind}`, of(dimension));
    if (dimensions.length === 0) continue;
    const points = dimensions.map((dimension) => ({ dimension, score: scoreOf(of(dimension)) }));
    const least = dimensionFor(points, SOLVED * full);
    found.push(`90 % of full${kind}: ${least === null ? 'at none of them' : Math.round(least)}`);
  }
  line('full', whole('full'));
  console.log(`\n${found.join('\n')}`);
}

/** What is said beside a dimension of the head's rate; nothing where there is no head. */
function kindOf(apart: boolean, headed: boolean): string {
  if (apart) return ', the head at its own rate';
  return headed ? ', one rate for both' : '';
}

if (!options.table) {
  const { datasets, out, task, model, steps } = options;
  if (datasets === undefined || out === undefined || task === undefined)
    throw new Error('Give --datasets, --out and --task, or --table.');
  measure(datasets, {
    out: path.resolve(out),
    task,
    model: model.startsWith('builtin:') ? model : path.resolve(model),
    steps: Number(steps),
    traits: traitsOf(model),
  });
}
printTable();
