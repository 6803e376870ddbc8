/** A study in the page's engine: planned, chained, kept across engines, shared by two, refused beside a comparison. */
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { FolderFile } from '../../src/protocol/messages.ts';
import { english } from '../../src/sentence.ts';
import type { StudyAsked, StudyPlan, StudyProgress } from '../../src/protocol/study.ts';
import { CellStore } from '../../src/study/storage/cell-store.ts';
import { Bench } from '../support/engine-bench.ts';
import { MemoryFiles } from '../support/memory-files.ts';

const MODEL = path.join(import.meta.dirname, '../oracle/bert-label-words');
const WORDS = ['the', 'film', 'was', 'good', 'bad', 'it', 'day', 'sun', 'rain', 'cold'];
const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS];

const folder: FolderFile[] = [
  ...['model.onnx', 'config.json'].map((name) => ({
    path: name,
    file: new File([readFileSync(path.join(MODEL, name))], name),
  })),
  {
    path: 'vocab.txt',
    file: new File([`${VOCABULARY.join('\n')}\n`], 'vocab.txt'),
  },
];

function table(words: readonly [string, string]): File {
  const rows = Array.from({ length: 24 }, (_, i) => `the ${words[i % 2]} ${WORDS[i % 7]} day\t${i % 2}`);
  return new File([`text\tlabel\n${rows.join('\n')}\n`], 'train.tsv');
}

const dataset = (name: string) => ({
  name,
  train: `${name}/train.tsv`,
  validation: 0.2,
  test: 0.3,
  template: '{text} it was {mask}',
  verbalizer: { 0: 'bad', 1: 'good' },
  maxLength: 12,
});

const asked = (experiment: StudyAsked['experiment'], patch: object = {}): StudyAsked => ({
  experiment,
  spec: JSON.stringify({
    models: ['tiny'],
    datasets: [dataset('one'), dataset('two')],
    compare: [{ method: { type: 'lora', rank: 2 } }],
    training: { steps: 4, batchSize: 4, evaluateEvery: 2, seed: 1 },
    seeds: [1],
    ...patch,
  }),
  files: { 'one/train.tsv': table(['cold', 'sun']), 'two/train.tsv': table(['rain', 'film']) },
  models: { tiny: { kind: 'files', name: 'tiny', files: folder } },
  endpoint: '',
});

const kept = new MemoryFiles();
async function open(): Promise<Bench> {
  const bench = new Bench({ openCells: () => CellStore.open(kept, 'study-test') });
  await bench.engine.receive({ type: 'open', base: 'http://localhost/' });
  return bench;
}

async function run(bench: Bench, of: StudyAsked): Promise<StudyPlan> {
  const { plan, stopped } = await bench.ask('studyEnded', { type: 'study', what: 'start', asked: of });
  expect(stopped).toBe(false);
  return plan;
}

const states = ({ cells }: StudyPlan): string[] => cells.map(({ state }) => state);
const events = (bench: Bench): StudyProgress[] =>
  bench.replies.flatMap((reply) => (reply.type === 'studyEvent' ? [reply.event] : []));

it('passes deltas from cell to cell, keeps the rows, and trains nothing twice', async () => {
  const bench = await open();
  const { plan } = await bench.ask('studyPlan', { type: 'study', what: 'plan', asked: asked('transfer') });
  // Two trainings, and each task's delta on the other: as it is and as a start.
  expect(states(plan)).toEqual(Array.from({ length: 6 }, () => 'toDo'));
  expect(plan.totals).toMatchObject({ cells: 6, runs: 6, done: 0 });
  expect(plan.totals.bytes).toBe(Math.max(...plan.cells.map(({ bytes }) => bytes!)));
  const after = await run(bench, asked('transfer'));
  expect(states(after)).toEqual(Array.from({ length: 6 }, () => 'done'));
  expect(after.results.figures.map(({ id }) => id)).toContain('kinds');
  expect(events(bench).filter(({ type }) => type === 'ended')).toHaveLength(6);

  // Another engine finds them, in another experiment too; other contents under the same names are other cells.
  const other = await open();
  const again = await other.ask('studyPlan', { type: 'study', what: 'plan', asked: asked('transfer') });
  expect(again.plan.totals).toMatchObject({ cells: 6, runs: 0, done: 6 });
  for (const { score } of again.plan.cells) expect(score).toMatchObject({ metric: 'accuracy' });
  const changed = {
    ...asked('transfer'),
    files: { ...asked('transfer').files, 'two/train.tsv': table(['sun', 'bad']) },
  };
  const fresh = await other.ask('studyPlan', { type: 'study', what: 'plan', asked: changed });
  expect(fresh.plan.totals.done).toBe(1);
  const { rows } = await other.ask('studyRows', { type: 'study', what: 'rows', asked: asked('transfer') });
  expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'done'));

  const forgotten = await other.ask('studyPlan', { type: 'study', what: 'forget', asked: asked('transfer') });
  expect(forgotten.plan.totals).toMatchObject({ done: 0, runs: 6 });
});

it('plans memory without training, and a failed cell does not end the others', async () => {
  const bench = await open();
  const memory = await run(bench, asked('memory', { study: { batchSizes: [1, 2] } }));
  expect(states(memory).every((state) => state === 'done')).toBe(true);
  expect(events(bench).some(({ type }) => type === 'step')).toBe(false);
  const wild = { method: { type: 'full' }, training: { maxGradNorm: 0, optimizer: { learningRate: 1e30 } } };
  const plan = await run(
    bench,
    asked('performance', { compare: [wild, { method: { type: 'head' } }], datasets: [dataset('one')] }),
  );
  expect(states(plan)).toEqual(['diverged', 'done']);
  expect(plan.results.failed).toHaveLength(1);
});

it('says which data sets hold the same rows', async () => {
  const bench = await open();
  const of = asked('performance');
  const rows = table(['cold', 'sun']);
  const same = { ...of, files: { 'one/train.tsv': rows, 'two/train.tsv': rows } };
  const { plan } = await bench.ask('studyPlan', { type: 'study', what: 'plan', asked: same });
  expect(plan.cells.map(({ name }) => english(name))).toEqual(['tiny · one · lora · seed 1']);
  expect(plan.results.same!.map(english)).toEqual([
    'two holds the same rows as one and is read in the same way: the two count as one data set, one.',
  ]);
  const other = await bench.ask('studyPlan', { type: 'study', what: 'plan', asked: of });
  expect(other.plan.results.same).toBeUndefined();
});

it('says before the first run what cannot be, by cell and with a remedy', async () => {
  const bench = await open();
  const ask = async (of: StudyAsked) =>
    (await bench.ask('studyPlan', { type: 'study', what: 'plan', asked: of })).plan;
  const refusal = (of: StudyAsked, what: 'plan' | 'start' = 'plan') =>
    bench.refusal({ type: 'study', what, asked: of });
  // A method that does not fit: what fits could begin, and all of it only without that method.
  const unfit = asked('performance', {
    datasets: [dataset('one')],
    // Nothing of it was done by another test.
    seeds: [5],
    compare: [{ method: { type: 'head' } }, { method: { type: 'lora', targets: ['nowhere'] } }],
  });
  const plan = await ask(unfit);
  expect(states(plan)).toEqual(['toDo', 'refused']);
  expect(plan.totals).toMatchObject({ cells: 2, runs: 1, refused: 1 });
  expect(english(plan.cells[1].why!)).toContain('"nowhere" matches no linear layer of this model');
  expect(await refusal(unfit, 'start')).toMatch(
    /^tiny · one · lora · seed 5 cannot run; leave it out of the study, or: .*"nowhere"/,
  );
  // No template for an experiment with templates, and labels of another kind for a transfer.
  const { template: _, verbalizer: __, ...bare } = dataset('two');
  expect(await refusal(asked('combination', { datasets: [bare] }))).toMatch(
    /^two: this experiment puts texts into a template, .* add both, or leave the template out/,
  );
  expect(await refusal(asked('transfer', { datasets: [dataset('one'), bare] }))).toMatch(
    /^two has a head of its own for its labels, .* or leave it out$/,
  );
  // Data that is not there costs its cells, and those that start from them.
  const gone = asked('transfer', {
    seeds: [5],
    datasets: [dataset('one'), { ...dataset('two'), train: 'two/gone.tsv' }],
  });
  expect(states(await ask(gone))).toEqual(['toDo', ...Array<string>(5).fill('refused')]);
});

it('is stopped between steps and goes on; nothing else trains beside it', async () => {
  const bench = await open();
  const long = asked('performance', {
    datasets: [dataset('one')],
    training: { steps: 400, batchSize: 4, evaluateEvery: 20, seed: 1 },
  });
  const ended = bench.ask('studyEnded', { type: 'study', what: 'start', asked: long });
  await bench.next((reply) => reply.type === 'studyEvent' && reply.event.type === 'step');
  expect(await bench.refusal({ type: 'study', what: 'start', asked: long })).toMatch(/^A study is running/);
  await bench.engine.receive({ type: 'controlStudy', act: 'pause' });
  await bench.engine.receive({ type: 'controlStudy', act: 'stop' });
  expect((await ended).stopped).toBe(true);
  expect(states((await ended).plan)).toEqual(['toDo']);
  const store = await CellStore.open(kept, 'study-test');
  const [{ id }] = (await ended).plan.cells;
  const from = (await store.kept(id))!.state.run.step;
  expect(from).toBeGreaterThan(0);
  bench.replies.length = 0;
  expect(states(await run(bench, long))).toEqual(['done']);
  // It went on from where it was kept.
  const steps = events(bench).flatMap((event) => (event.type === 'step' ? [event.step] : []));
  expect(Math.min(...steps)).toBeGreaterThan(from);
});
