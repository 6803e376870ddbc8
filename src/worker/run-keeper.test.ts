import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { MemoryFiles } from '../../tests/support/memory-files.ts';
import { storedComparison } from '../../tests/support/stored.ts';
import { openDatabase, type Database } from '../runs/storage/database.ts';
import { RunStore } from '../runs/storage/run-store.ts';
import { english } from '../sentence.ts';
import type { StagedCheckpoint } from '../train/checkpoint.ts';
import type { RunOutcome } from '../train/comparison.ts';
import type { EndEvent, RunEvent } from '../train/events.ts';
import { RunKeeper } from './run-keeper.ts';
import { StorageProblems } from './storage-problems.ts';
import { storageSentence } from './storage-sentences.ts';

const FULL = new DOMException('full', 'QuotaExceededError');
const comparison = storedComparison('one');
let count = 0;
let files: MemoryFiles;
let store: RunStore;
/** What the database throws at writes; null where it writes. */
let refusal: Error | null;
let told: (string | null)[];

/** A database that refuses to write, as one does that has no room. */
function refusing(database: Database): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const writes = name === 'put' || (name === 'transaction' && given[1] === 'readwrite');
        if (writes && refusal !== null) throw refusal;
        return (value as (...args: unknown[]) => unknown).apply(target, given);
      };
    },
  });
}

beforeEach(async () => {
  refusal = null;
  told = [];
  files = new MemoryFiles();
  store = new RunStore(refusing(await openDatabase(`keeper-${count++}`)), files);
});

function keeperOf(created = true): RunKeeper {
  return new RunKeeper({
    store,
    comparison,
    created,
    say: (problem) => told.push(problem && english(problem)),
    changed: () => {},
    retry: { first: 5, most: 10 },
  });
}

const step = (n: number): RunEvent => ({
  type: 'step',
  step: n,
  loss: 1 / n,
  learningRate: 0.1,
  gradNorm: 1,
  milliseconds: 1,
  tokens: 4,
});

const end: EndEvent = { type: 'end', reason: 'completed', step: 2, best: null, seconds: 1 };

function outcome(key: string, reason: EndEvent['reason'] = 'completed'): RunOutcome {
  return {
    key,
    spec: comparison.runs.find(({ run }) => run === key)!.spec,
    end: { ...end, reason },
    adapter: [{ name: 'w.safetensors', bytes: Uint8Array.of(1, 2) }],
    adapterStep: 2,
    predictions: { step: 2, logits: Float64Array.of(1, 0) },
  };
}

const checkpoint: StagedCheckpoint = {
  stage: 0,
  run: {
    step: 1,
    tensors: new Map([['w', Float32Array.of(1)]]),
    moments: new Map(),
    bestTensors: null,
    best: null,
    stale: 0,
    evaluatedAt: -1,
    milliseconds: 1,
  },
  earlier: [],
  steps: 0,
  seconds: 0,
  kept: 0,
};

it('tries the last write of a finished run again until it holds, and says what is not stored until it is', async () => {
  await store.create(comparison);
  const keeper = keeperOf();
  keeper.record('head', step(1));
  await keeper.settled();
  refusal = FULL;
  files.refusal = FULL;
  for (const event of [step(2), end]) keeper.record('head', event);
  keeper.ended(outcome('head'));
  await keeper.settled();
  let stored = false;
  const all = keeper.stored().then(() => (stored = true));
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(3));
  // Passes that find nothing to write of other runs are no success.
  expect(new Set(told)).toEqual(
    new Set([
      'The browser’s storage is full, so films (head) is not stored yet; it is tried again until it is: delete old comparisons in the history to make room, or download the results and leave this page open until then.',
    ]),
  );
  // Room for records, none for files.
  refusal = null;
  const heard = told.length;
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(heard + 1));
  expect([told.at(-1) === null, stored]).toEqual([false, false]);
  files.refusal = null;
  await all;
  expect(told.at(-1)).toBeNull();
  expect(told.filter((problem) => problem === null)).toHaveLength(1);
  const { runs } = await store.get('one');
  const head = runs.find(({ run }) => run === 'head')!;
  expect(head).toMatchObject({ phase: 'completed', summary: { steps: 2, reason: 'completed' } });
  expect(await store.adapter(head)).toEqual(outcome('head').adapter);
  expect(await store.predictions('one', 'head')).toEqual(outcome('head').predictions);
  expect(await store.events('one', 'head')).toEqual([step(1), step(2), end]);
});

it('a flush that had nothing to write is no success', async () => {
  await store.create(comparison);
  const keeper = keeperOf();
  keeper.record('lora', step(1));
  await keeper.settled();
  files.refusal = FULL;
  await keeper.checkpoints('lora').keep(checkpoint);
  for (let i = 0; i < 3; i++) await keeper.settled();
  keeper.record('head', step(1));
  await keeper.settled();
  expect(told).not.toContain(null);
  expect(told.at(-1)).toMatch(/films \(lora\) is not stored yet/);
  // What is not refused is written all the same.
  expect(await store.events('one', 'head')).toEqual([step(1)]);
  files.refusal = null;
  await keeper.settled();
  expect(told.at(-1)).toBeNull();
  expect((await store.get('one')).runs[0].checkpoint).toMatchObject({ step: 1, events: 1 });
});

it('keeps the last checkpoint of a run that was stopped; one that is finished needs none', async () => {
  await store.create(comparison);
  const keeper = keeperOf();
  files.refusal = FULL;
  for (const run of ['lora', 'head']) {
    keeper.record(run, step(1));
    await keeper.checkpoints(run).keep(checkpoint);
  }
  keeper.ended(outcome('lora', 'stopped'));
  keeper.ended(outcome('head'));
  await keeper.settled();
  files.refusal = null;
  await keeper.stored();
  const [lora, head] = (await store.get('one')).runs;
  expect(lora).toMatchObject({ phase: 'stopped', checkpoint: { step: 1 } });
  expect(head).toMatchObject({ phase: 'completed', checkpoint: null });
});

it('stores a comparison from its beginning where there was no room for its record at the start', async () => {
  refusal = FULL;
  const keeper = keeperOf(false);
  keeper.record('head', step(1));
  await keeper.settled();
  expect(told.at(-1)).toMatch(/films \(head\) is not stored yet/);
  refusal = null;
  keeper.ended(outcome('head'));
  await keeper.stored();
  expect(told.at(-1)).toBeNull();
  expect((await store.get('one')).runs[1]).toMatchObject({ run: 'head', phase: 'completed' });
});

it('tries no more once it is let go', async () => {
  await store.create(comparison);
  const keeper = keeperOf();
  refusal = FULL;
  keeper.record('head', step(1));
  await keeper.settled();
  const waiting = keeper.stored();
  await keeper.abandon();
  await waiting;
  expect(told.at(-1)).toBeNull();
  refusal = null;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await store.events('one', 'head')).toEqual([]);
});

it('says one thing of several comparisons, and when nothing is left to say', () => {
  const heard: [string | null, string[]][] = [];
  const problems = new StorageProblems((problem, of) => heard.push([problem && english(problem), of]));
  problems.report('a', null);
  for (const name of ['a', 'b']) problems.report(name, storageSentence(new Error('no'), name, []));
  problems.report('b', null);
  problems.report('a', null);
  const refused = (name: string): unknown =>
    expect.stringMatching(`^The browser refused to store ${name} \\(no\\);`);
  expect(heard).toEqual([
    [refused('a'), ['a']],
    [refused('b'), ['a', 'b']],
    [refused('a'), ['a']],
    [null, []],
  ]);
});
