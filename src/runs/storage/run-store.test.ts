import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../train/events.ts';
import type { StagedCheckpoint } from '../../train/checkpoint.ts';
import { MemoryFiles } from '../../../tests/support/memory-files.ts';
import { storedComparison } from '../../../tests/support/stored.ts';
import { english } from '../../sentence.ts';
import { comparisonSpecs, readSpec } from '../spec.ts';
import { openDatabase, type Database } from './database.ts';
import { entryOrDamage, isDamaged, readEntry } from './entry.ts';
import { RunStore } from './run-store.ts';
import { canResume } from './stored.ts';

let count = 0;

async function freshStore(): Promise<{ store: RunStore; files: MemoryFiles; database: Database }> {
  const files = new MemoryFiles();
  const database = await openDatabase(`test-${count++}`);
  return { store: new RunStore(database, files), files, database };
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

function checkpoint(at: number): StagedCheckpoint {
  const tensors = new Map([['w', Float32Array.of(at, 0.1)]]);
  const moments = new Map([['w', [Float32Array.of(1, 2), Float32Array.of(3, 4)]]]);
  const run = { step: at, tensors, moments, bestTensors: null, best: null, stale: 0, evaluatedAt: -1 };
  return {
    stage: 0,
    run: { ...run, milliseconds: 5 },
    earlier: [],
    steps: 0,
    seconds: 0,
    kept: 0,
  };
}

describe('the store', () => {
  it('lists comparisons, newest first, with their runs in order', async () => {
    const { store } = await freshStore();
    await store.create(storedComparison('old', '2026-01-01T00:00:00Z'));
    await store.create(storedComparison('new', '2026-02-01T00:00:00Z'));
    const list = (await store.list()).map(readEntry);
    expect(list.map((entry) => entry.comparison.id)).toEqual(['new', 'old']);
    expect(list[0].runs.map(({ run, phase }) => [run, phase])).toEqual([
      ['lora', 'waiting'],
      ['head', 'waiting'],
    ]);
    expect(list[0].runs.every(canResume)).toBe(true);
  });

  it('gives back a comparison of several tasks as it was', async () => {
    const { store } = await freshStore();
    const plain = storedComparison('tasks', '2026-01-01T00:00:00Z');
    const { data, ...rest } = plain.spec;
    const tasks = ['one', 'two'].map((name) => ({ ...data!, name }));
    const spec = readSpec({ ...rest, tasks, training: { evaluateEvery: 0 } });
    const specs = comparisonSpecs(spec);
    const stored = { ...plain, spec, runs: plain.runs.map((run, i) => ({ ...run, spec: specs[i].spec })) };
    await store.create(stored);
    const { comparison } = readEntry((await store.list())[0]);
    expect(comparison.runs[0].spec.tasks?.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(comparison.runs[0].spec).toEqual(specs[0].spec);
  });

  it('keeps the events of each run apart, in order, and cuts them back', async () => {
    const { store } = await freshStore();
    await store.create(storedComparison('a', '2026-01-01T00:00:00Z'));
    await store.append('a', 'lora', 0, [step(1), step(2)]);
    await store.append('a', 'head', 0, [step(7)]);
    await store.append('a', 'lora', 2, [step(3), step(4)]);
    const steps = async (run: string) =>
      (await store.events('a', run)).map((event) => event.type === 'step' && event.step);
    expect(await steps('lora')).toEqual([1, 2, 3, 4]);
    await store.truncate('a', 'lora', 3);
    expect(await steps('lora')).toEqual([1, 2, 3]);
    await store.append('a', 'lora', 3, [step(4)]);
    expect(await steps('lora')).toEqual([1, 2, 3, 4]);
    expect(await steps('head')).toEqual([7]);
  });

  it('keeps checkpoints in two places in turn, so a write that fails leaves the one before', async () => {
    const { store, files } = await freshStore();
    await store.create(storedComparison('a', '2026-01-01T00:00:00Z'));
    const state = async () => (await store.get('a')).runs[0];
    expect(await store.checkpoint(await state())).toBeNull();
    await store.saveCheckpoint('a', 'lora', 10, checkpoint(5));
    expect(await store.checkpoint(await state())).toEqual(checkpoint(5));
    files.refusal = new DOMException('full', 'QuotaExceededError');
    await expect(store.saveCheckpoint('a', 'lora', 20, checkpoint(6))).rejects.toThrow('full');
    expect((await state()).checkpoint).toMatchObject({ step: 5, events: 10 });
    expect(await store.checkpoint(await state())).toEqual(checkpoint(5));
    files.refusal = null;
    await store.saveCheckpoint('a', 'lora', 20, checkpoint(7));
    expect(await store.checkpoint(await state())).toEqual(checkpoint(7));
    await store.dropCheckpoint('a', 'lora');
    expect(files.files.size).toBe(0);
  });

  it('takes a file that is not whole for absent', async () => {
    const { store, files } = await freshStore();
    await store.create(storedComparison('a', '2026-01-01T00:00:00Z'));
    await store.saveAdapter('a', 'lora', 3, [{ name: '0-lora/x.json', bytes: new Uint8Array(8) }]);
    const [run] = (await store.get('a')).runs;
    expect(await store.adapter(run)).toEqual([{ name: '0-lora/x.json', bytes: new Uint8Array(8) }]);
    files.files.set('runs/a/lora/adapter/0-lora/x.json', new Uint8Array(3));
    expect(await store.adapter(run)).toBeNull();
  });

  it('renames, and deletes with everything but what others use', async () => {
    const { store, files } = await freshStore();
    await store.create(storedComparison('a', '2026-01-01T00:00:00Z'));
    await store.create({
      ...storedComparison('b', '2026-01-01T00:00:00Z'),
      inputs: { model: 'model:aa', data: 'data:other' },
    });
    await store.append('a', 'lora', 0, [step(1)]);
    await store.append('b', 'lora', 0, [step(2)]);
    await store.saveAdapter('a', 'lora', 1, [{ name: 'x', bytes: new Uint8Array(1) }]);
    for (const key of ['model:aa', 'data:bb']) await store.keepInput({ key, source: key, bytes: 1 });
    await store.rename('b', 'better');
    await store.remove('a');
    expect((await store.list()).map((raw) => readEntry(raw).comparison.name)).toEqual(['better']);
    expect(await store.events('a', 'lora')).toEqual([]);
    expect(await store.events('b', 'lora')).toHaveLength(1);
    expect(files.files.size).toBe(0);
    expect(await store.input('model:aa')).not.toBeNull();
    expect(await store.input('data:bb')).toBeNull();
    await expect(store.get('a')).rejects.toThrow('no longer stored');
    // A run that is still training in a deleted comparison does not bring it back.
    await store.update('a', 'lora', { phase: 'completed' });
    expect(await store.list()).toHaveLength(1);
  });

  it('lists what cannot be read beside what can, offers all of it, and deletes it', async () => {
    const { store, database } = await freshStore();
    await store.create(storedComparison('good', '2026-01-01T00:00:00Z'));
    await store.create(storedComparison('bad', '2026-02-01T00:00:00Z'));
    await store.append('bad', 'lora', 0, [step(1)]);
    await database.put('comparisons', {
      ...storedComparison('bad', '2026-02-01T00:00:00Z'),
      spec: undefined,
      inputs: null,
    } as never);
    await database.put('comparisons', { id: 'empty' } as never);
    const state = (await database.get('runs', ['good', 'lora']))!;
    await store.create(storedComparison('state', '2026-01-02T00:00:00Z'));
    await database.put('runs', { ...state, comparison: 'state', phase: 'flying' } as never);

    const list = (await store.list()).map(entryOrDamage);
    expect(list.map((entry) => (isDamaged(entry) ? english(entry.damage) : entry.comparison.id))).toEqual([
      expect.stringMatching(
        /^The stored comparison films cannot be read: spec does not read \(the spec: missing; expected an object with the fields version, name, .+\); save it as a file or delete it in the history\.$/,
      ),
      'The stored comparison films cannot be read: of a run phase is missing or not as the studio writes it; save it as a file or delete it in the history.',
      'good',
      'The stored comparison empty cannot be read: format is missing or not as the studio writes it; save it as a file or delete it in the history.',
    ]);
    await expect(store.get('bad')).rejects.toThrow(/films cannot be read/);
    expect(await store.everything('bad')).toMatchObject({
      comparison: { id: 'bad', name: 'films' },
      runs: [{ run: 'head' }, { run: 'lora' }],
      events: [{ events: [{ step: 1 }] }],
    });
    for (const id of ['bad', 'state', 'empty']) await store.remove(id);
    expect((await store.list()).map(({ id }) => id)).toEqual(['good']);
    expect(await store.events('bad', 'lora')).toEqual([]);
  });

  it('reads one by one where the browser refuses to read all at once', async () => {
    const { store, database } = await freshStore();
    for (const id of ['a', 'b', 'c']) await store.create(storedComparison(id, '2026-01-01T00:00:00Z'));
    // As a browser does when the file it keeps a large value in is gone.
    const gone = new DOMException('Failed to read large IndexedDB value', 'DataError');
    const unreadable = new Proxy(database, {
      get(target, name) {
        if (name === 'transaction')
          return (store: 'comparisons') => {
            const work = target.transaction(store);
            return {
              store: {
                getAllKeys: (range?: string) => work.store.getAllKeys(range),
                getAll: () => Promise.reject(gone),
              },
            };
          };
        if (name === 'get')
          return async (store: 'comparisons', key: string) => {
            if (key === 'b') throw gone;
            return target.get(store, key);
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const list = (await new RunStore(unreadable, new MemoryFiles()).list()).map(entryOrDamage);
    expect(list.filter(isDamaged).map(({ id }) => id)).toEqual(['b']);
    expect(list).toHaveLength(3);
    expect((await store.list()).map(entryOrDamage).filter(isDamaged)).toEqual([]);
  });

  it('finds predictions where the first version of the database kept them', async () => {
    const { store, database } = await freshStore();
    await store.create(storedComparison('a', '2026-01-01T00:00:00Z'));
    const predictions = { step: 3, logits: Float64Array.of(1, 2) };
    const state = (await database.get('runs', ['a', 'lora']))!;
    await database.put('runs', { ...state, predictions } as never);
    expect((await store.get('a')).runs[0]).toEqual(state);
    expect(await store.predictions('a', 'lora')).toEqual(predictions);
    await store.savePredictions('a', 'lora', { ...predictions, step: 4 });
    expect(await store.predictions('a', 'lora')).toMatchObject({ step: 4 });
    await store.remove('a');
    expect(await store.predictions('a', 'lora')).toBeNull();
  });
});
