/**
 * All methods that run by themselves on SST-2, TREC and CoLA with the built-in BERT, seed by seed, and the table of what
 * they score: `delta study performance` over data made here of the sets as they are published.
 *
 *   npx tsx bench/methods-study.ts --datasets FOLDER --out FOLDER [--seeds 6] [--adapter wasm]
 *   npx tsx bench/methods-study.ts --table
 *
 * FOLDER must hold sst2/train-4000.tsv and test-labeled.tsv, trec/train.txt and test.txt, cola/train.tsv and dev.tsv. What
 * bench/results/methods-study.jsonl has is not run again, and what has ended is added to it. Prints Markdown.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { StudyFolder } from '../cli/study/study-folder.ts';
import { METHOD_TYPES } from '../src/deltas/defaults.ts';
import { readRows, rowLine } from '../src/study/row.ts';
import { criticalDifference, friedman, meanRanks } from '../src/study/statistics/ranks.ts';
import type { Row } from '../src/study/study.ts';
import { writePublishedRows } from './published-rows.ts';
import { confidence95 } from './statistics.ts';

/** These need other runs, or several tasks. */
const NOT_ALONE = new Set(['fusion', 'ipt', 'multitaskPrompt']);
const METHODS = METHOD_TYPES.filter((type) => !NOT_ALONE.has(type));
/** The study's order: FT > LoRA > Adapter > Prefix > Prompt. */
const STUDY: readonly string[] = ['full', 'lora', 'adapter', 'prefix', 'prompt'];
const TASKS = [
  { name: 'sst2', title: 'SST-2, accuracy', metric: 'accuracy' },
  { name: 'trec', title: 'TREC, accuracy', metric: 'accuracy' },
  { name: 'cola', title: 'CoLA, Matthews', metric: 'matthews' },
] as const;
const KEPT = fileURLToPath(new URL('results/methods-study.jsonl', import.meta.url));
const ROWS = { train: 800, test: 400 };

const { values: options } = parseArgs({
  options: {
    datasets: { type: 'string' },
    out: { type: 'string' },
    seeds: { type: 'string', default: '6' },
    adapter: { type: 'string', default: 'wasm' },
    table: { type: 'boolean', default: false },
  },
});

/** One epoch of 800 rows, every method at its documented rate; nothing is chosen by what is held out. */
function specOf(metric: string): object {
  return {
    name: metric,
    models: ['builtin:bert-l4-h128'],
    datasets: TASKS.filter((task) => task.metric === metric).map(({ name }) => ({
      name,
      train: `data/${name}-train.tsv`,
      test: `data/${name}-test.tsv`,
      columns: { text: ['text'], label: 'label' },
      maxLength: 32,
    })),
    training: {
      steps: 100,
      batchSize: 8,
      seed: 1,
      evaluateEvery: 0,
      metric,
      schedule: { type: 'linear', warmupSteps: 10 },
    },
  };
}

const keptRows = (): Map<string, Row> =>
  existsSync(KEPT) ? readRows(readFileSync(KEPT, 'utf8')) : new Map<string, Row>();

/** Scores are enough to go on from, and for the table. */
function keepRows(rows: ReadonlyMap<string, Row>): void {
  const all = new Map([...keptRows(), ...rows]);
  const lines = [...all.values()].map(({ memory: _, ...row }) => rowLine({ ...row, curve: [] }));
  writeFileSync(KEPT, lines.join(''));
}

function run(datasets: string, out: string, seeds: number): void {
  mkdirSync(out, { recursive: true });
  const folder = StudyFolder.at(path.join(out, 'study'));
  folder.begin();
  const there = folder.rows();
  for (const [id, row] of keptRows()) if (!there.has(id)) folder.append(row);
  writePublishedRows(datasets, out, ROWS);
  const bin = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url));
  // Whole seeds first, so that what is there at any time can be compared.
  for (let seed = 1; seed <= seeds; seed++)
    for (const metric of new Set(TASKS.map((task) => task.metric))) {
      const spec = path.join(out, `${metric}.json`);
      writeFileSync(spec, JSON.stringify(specOf(metric), null, 2));
      const asked = ['--seeds', `${seed}`, '--methods', METHODS.join(','), '--adapter', options.adapter];
      const args = [bin, 'study', 'performance', '--spec', spec, '--out', folder.place, ...asked];
      const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      keepRows(folder.finalRows());
      if (status !== 0) throw new Error(`delta study ended with ${status}; run again to go on.`);
    }
}

function printTable(): void {
  const rows = [...keptRows().values()].filter(({ status }) => status === 'done');
  const scoresOf = (method: string, task: (typeof TASKS)[number]): number[] =>
    rows
      .filter(({ factors }) => factors.method === method && factors.data === task.name)
      .map(({ scores }) => 100 * scores.test![task.metric]);
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const whole = METHODS.filter((method) => TASKS.every((task) => scoresOf(method, task).length > 0));
  const means = TASKS.map((task) => whole.map((method) => meanOf(scoresOf(method, task))));
  const ranks = meanRanks(means);
  const cell = (values: readonly number[]): string => {
    if (values.length === 0) return '–';
    const { mean, half } = confidence95(values);
    return values.length === 1 ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${half.toFixed(1)}`;
  };
  const trained = (method: string): string =>
    rows.find(({ factors }) => factors.method === method)?.trainableParameters.toLocaleString('en') ?? '–';
  const counts = TASKS.map((task) => METHODS.map((method) => scoresOf(method, task).length));
  console.log(`Seeds a cell: ${Math.min(...counts.flat())} to ${Math.max(...counts.flat())}.\n`);
  console.log(`| method | study | ${TASKS.map(({ title }) => title).join(' | ')} | mean rank | trained |`);
  console.log(`| --- | --- | ${TASKS.map(() => '---').join(' | ')} | --- | --- |`);
  const rankOf = (method: (typeof METHODS)[number]): number => ranks[whole.indexOf(method)] ?? Infinity;
  for (const method of [...METHODS].sort((a, b) => rankOf(a) - rankOf(b))) {
    const order = STUDY.indexOf(method);
    const place = Number.isFinite(rankOf(method)) ? rankOf(method).toFixed(2) : '–';
    const scores = TASKS.map((task) => cell(scoresOf(method, task)));
    console.log(
      `| \`${method}\` | ${order < 0 ? '–' : order + 1} | ${scores.join(' | ')} | ${place} | ${trained(method)} |`,
    );
  }
  const critical = criticalDifference(whole.length, TASKS.length);
  const test = friedman(means);
  console.log(
    `\n${whole.length} methods over ${TASKS.length} tasks: critical difference of mean ranks (Nemenyi, 5 %) ${critical?.toFixed(2) ?? '–'}; Friedman's test p ${test?.p.toFixed(4) ?? '–'}.`,
  );
}

if (!options.table) {
  if (options.datasets === undefined || options.out === undefined)
    throw new Error('Give --datasets and --out, or --table.');
  run(options.datasets, path.resolve(options.out), Number(options.seeds));
}
printTable();
