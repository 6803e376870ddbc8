/**
 * The comparison of the delta tuning study on three small tasks: `delta compare` over nine methods on SST-2,
 * TREC and STS-B with the built-in BERT, several seeds each, every method at its documented learning rate.
 *
 *   npx tsx bench/study.ts --datasets FOLDER --out FOLDER [--seeds 1,2,3] [--steps 100] [--adapter lavapipe]
 *
 * FOLDER must hold sst2/train-4000.tsv (shuffled rows) and dev.tsv, trec/train.txt and test.txt, stsb/train.tsv and dev.tsv as they
 * are published. What has been run is not run again, so an interrupted comparison goes on where it was.
 * `--rate full=1e-3` gives a method another rate. Prints means with 95 % intervals (Student's t over the seeds) as Markdown. `--rates 0.3,1,3` instead runs
 * every method on one task (`--task trec`) at multiples of its default rate.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_LEARNING_RATES, type MethodType } from '../src/deltas/defaults.ts';
import { confidence95 } from './statistics.ts';

const METHODS: readonly MethodType[] = [
  'full',
  'lora',
  'adapter',
  'prefix',
  'prompt',
  'bitfit',
  'ia3',
  'lastLayer',
  'head',
];

interface Task {
  name: string;
  task: 'classification' | 'regression';
  metric: 'accuracy' | 'pearson';
  train: string;
  validation: string;
  columns: { text: string[]; label: string };
}

/** TREC's lines are `LABEL:fine question` in Latin-1; the coarse label is the class. */
function trecTable(from: string, to: string): string {
  const lines = readFileSync(from, 'latin1').split(/\r?\n/).filter(Boolean);
  const rows = lines.map((line) => {
    const space = line.indexOf(' ');
    return `${line.slice(0, space).split(':')[0]}\t${line.slice(space + 1).replaceAll('\t', ' ')}`;
  });
  writeFileSync(to, `label\ttext\n${rows.join('\n')}\n`);
  return to;
}

/** A table of at most so many rows, taken evenly from the whole of another: files are often sorted. */
function thinned(from: string, to: string, rows: number): string {
  const [header, ...lines] = readFileSync(from, 'utf8').split(/\r?\n/).filter(Boolean);
  const kept = Array.from(
    { length: Math.min(rows, lines.length) },
    (_, i) => lines[Math.floor((i * lines.length) / Math.min(rows, lines.length))],
  );
  writeFileSync(to, `${[header, ...kept].join('\n')}\n`);
  return to;
}

function tasks(datasets: string, out: string, rows: number): Task[] {
  const at = (...parts: string[]): string => path.resolve(datasets, ...parts);
  const own = path.join(out, 'data');
  const some = (from: string, name: string): string => thinned(from, path.join(own, name), rows);
  mkdirSync(own, { recursive: true });
  return [
    {
      name: 'sst2',
      task: 'classification',
      metric: 'accuracy',
      train: at('sst2', 'train-4000.tsv'),
      validation: some(at('sst2', 'dev.tsv'), 'sst2-dev.tsv'),
      columns: { text: ['sentence'], label: 'label' },
    },
    {
      name: 'trec',
      task: 'classification',
      metric: 'accuracy',
      train: trecTable(at('trec', 'train.txt'), path.join(own, 'trec-train.tsv')),
      validation: some(trecTable(at('trec', 'test.txt'), path.join(own, 'trec-all.tsv')), 'trec-dev.tsv'),
      columns: { text: ['text'], label: 'label' },
    },
    {
      name: 'stsb',
      task: 'regression',
      metric: 'pearson',
      train: at('stsb', 'train.tsv'),
      validation: some(at('stsb', 'dev.tsv'), 'stsb-dev.tsv'),
      columns: { text: ['sentence1', 'sentence2'], label: 'score' },
    },
  ];
}

interface Budget {
  steps: number;
  batchSize: number;
  maxLength: number;
}

interface Entry {
  name: string;
  method: { type: MethodType };
  training?: object;
}

/** A result a method: the validation metric at the end of its run, or null where it failed. */
type Results = Record<string, number | null>;

/** Runs one comparison unless it has been; reads its summary. */
function runCompare(
  task: Task,
  seed: number,
  entries: readonly Entry[],
  budget: Budget,
  out: string,
): Results {
  const folder = path.join(out, `${task.name}-${seed}`);
  const summary = path.join(folder, 'summary.json');
  if (!existsSync(summary)) {
    mkdirSync(folder, { recursive: true });
    const spec = {
      model: { source: 'builtin:bert-l4-h128', task: task.task },
      data: {
        train: task.train,
        validation: task.validation,
        columns: task.columns,
        maxLength: budget.maxLength,
      },
      training: {
        steps: budget.steps,
        batchSize: budget.batchSize,
        seed,
        schedule: { type: 'linear', warmupSteps: Math.round(budget.steps / 10) },
        evaluateEvery: budget.steps,
      },
      compare: entries,
      compareOrder: 'oneAfterAnother',
    };
    const file = path.join(folder, 'spec.json');
    writeFileSync(file, JSON.stringify(spec, null, 2));
    const bin = path.join(import.meta.dirname, '..', 'cli', 'bin.mjs');
    const adapter = options.adapter === undefined ? [] : ['--adapter', options.adapter];
    const started = performance.now();
    const args = [bin, 'compare', '--spec', file, '--out', folder, '--json', ...adapter];
    const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const seconds = Math.round((performance.now() - started) / 1000);
    console.error(`${task.name}, seed ${seed}: exit status ${status} after ${seconds} s`);
  }
  const { runs } = JSON.parse(readFileSync(summary, 'utf8')) as {
    runs: { key: string; last: { metrics: Record<string, number> } | null }[];
  };
  // The best step may be step 0 where nothing was learned, and would hide it.
  return Object.fromEntries(runs.map(({ key, last }) => [key, last?.metrics[task.metric] ?? null]));
}

/** Mean ± half the 95 % interval, in percent. */
function cell(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const { mean, half } = confidence95(values.map((value) => value * 100));
  return values.length === 1 ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${half.toFixed(1)}`;
}

function table(results: ReadonlyMap<string, Results[]>, names: readonly string[]): string {
  const columns = [...results.keys()];
  const rows = names.map((name) => {
    const all = columns.map((column) =>
      results
        .get(column)!
        .map((one) => one[name])
        .filter((value) => typeof value === 'number'),
    );
    const means = all.map((values) => values.reduce((a, b) => a + b, 0) / values.length);
    const average = (100 * means.reduce((a, b) => a + b, 0)) / means.length;
    return { average, line: `| ${name} | ${all.map(cell).join(' | ')} | ${average.toFixed(1)} |` };
  });
  rows.sort((a, b) => b.average - a.average);
  const head = `| method | ${columns.join(' | ')} | average |\n|${' --- |'.repeat(columns.length + 2)}`;
  return [head, ...rows.map(({ line }) => line)].join('\n');
}

const { values: options } = parseArgs({
  options: {
    datasets: { type: 'string' },
    out: { type: 'string' },
    adapter: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    steps: { type: 'string', default: '100' },
    rows: { type: 'string', default: '400' },
    rates: { type: 'string' },
    task: { type: 'string', default: 'trec' },
    methods: { type: 'string' },
    rate: { type: 'string', multiple: true, default: [] },
  },
});
if (options.datasets === undefined || options.out === undefined)
  throw new Error('usage: npx tsx bench/study.ts --datasets FOLDER --out FOLDER');
const out = path.resolve(options.out);
const budget: Budget = {
  steps: Number(options.steps),
  batchSize: 16,
  maxLength: 32,
};
const all = tasks(options.datasets, out, Number(options.rows));
const chosen = (options.methods?.split(',') as MethodType[] | undefined) ?? METHODS;

const ownRates = new Map(options.rate.map((text) => text.split('=') as [string, string]));

/** At its documented rate, or at that of `--rate TYPE=RATE`. */
function entryOf(type: MethodType): Entry {
  const rate = ownRates.get(type);
  const training = rate === undefined ? {} : { training: { optimizer: { learningRate: Number(rate) } } };
  return { name: type, method: { type }, ...training };
}

if (options.rates === undefined) {
  const results = new Map<string, Results[]>(all.map(({ name }) => [name, []]));
  for (const seed of options.seeds.split(',').map(Number))
    for (const task of all)
      results.get(task.name)!.push(runCompare(task, seed, chosen.map(entryOf), budget, out));
  console.log(table(results, chosen));
} else {
  const entries = chosen.flatMap((type) =>
    options.rates!.split(',').map((factor): Entry => {
      const learningRate = Number((DEFAULT_LEARNING_RATES[type] * Number(factor)).toPrecision(2));
      return { name: `${type}-${learningRate}`, method: { type }, training: { optimizer: { learningRate } } };
    }),
  );
  const task = all.find(({ name }) => name === options.task);
  if (!task)
    throw new Error(
      `--task: there is no "${options.task}"; choose from ${all.map(({ name }) => name).join(', ')}`,
    );
  const results = runCompare(task, 1, entries, budget, out);
  console.log(
    table(
      new Map([[task.name, [results]]]),
      entries.map(({ name }) => name),
    ),
  );
}
