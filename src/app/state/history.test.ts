import 'fake-indexeddb/auto';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../tests/support/memory-files.ts';
import { comparisonSpecs, readSpec, runMethod } from '../../runs/spec.ts';
import { openDatabase } from '../../runs/storage/database.ts';
import { RunStore } from '../../runs/storage/run-store.ts';
import { STORE_FORMAT, type StoredComparison } from '../../runs/storage/stored.ts';
import { canContinue, entryState } from './entry-state.ts';
import { createHistory, type History } from './history.ts';
import { pageAction } from './sheets.ts';

const spec = readSpec({
  model: { source: 'builtin:bert' },
  data: { train: 'train.tsv' },
  compare: [{ method: { type: 'lora' } }, { method: { type: 'head' } }],
});
const comparison: StoredComparison = {
  format: STORE_FORMAT,
  id: 'one',
  name: 'films',
  created: '2026-01-01T00:00:00Z',
  spec,
  environment: {
    studio: '0',
    runtime: 'test',
    adapter: { vendor: '', architecture: '', description: '', software: true },
  },
  model: { source: 'builtin:bert', hash: 'aa', parameters: 1 },
  labels: null,
  columns: { text: ['text'], label: 'label' },
  notes: [],
  dataHash: 'bb',
  inputs: { model: 'm', data: 'd' },
  runs: comparisonSpecs(spec).map((run) => ({
    run: run.key,
    method: runMethod(run.spec),
    steps: run.spec.training.steps,
    spec: run.spec,
  })),
};

let store: RunStore;
let history: History;
let count = 0;

beforeEach(async () => {
  store = new RunStore(await openDatabase(`history-${count++}`), new MemoryFiles());
  await store.create(comparison);
  history = createHistory({ openStore: async () => store, locks: undefined, storage: undefined });
});

const entries = () => history.store.getState().entries;

describe('the history', () => {
  it('says how a comparison stands', async () => {
    await history.refresh();
    const [entry] = entries();
    expect(entryState(entry, new Set(['one']))).toBe('training');
    expect(entryState(entry, new Set())).toBe('interrupted');
    for (const run of ['lora', 'head']) await store.update('one', run, { phase: 'completed' });
    await history.refresh();
    expect(entryState(entries()[0], new Set())).toBe('done');
    expect(canContinue(entries()[0])).toBe(false);
    await store.update('one', 'head', { phase: 'stopped' });
    await history.refresh();
    expect([entryState(entries()[0], new Set()), canContinue(entries()[0])]).toEqual(['stopped', true]);
  });

  it('takes in a zip that it has saved, beside what is there, and refuses others in a sentence', async () => {
    await store.append('one', 'lora', 0, [
      { type: 'end', reason: 'stopped', step: 0, best: null, seconds: 1 },
    ]);
    await store.saveAdapter('one', 'lora', 4, [{ name: 'a.safetensors', bytes: Uint8Array.of(7) }]);
    await history.refresh();
    const files: Record<string, Uint8Array> = {};
    for await (const { name, bytes } of history.archive(entries()[0])) files[name] = bytes;
    const id = await history.importZip(new File([zipSync(files)], 'films.zip'));
    expect(entries()).toHaveLength(2);
    const imported = await store.get(id!);
    expect(imported.comparison).toMatchObject({ name: 'films', imported: { from: 'films.zip' } });
    expect(await store.events(id!, 'lora')).toEqual(await store.events('one', 'lora'));
    expect(await store.adapter(imported.runs[0])).toEqual([
      { name: 'a.safetensors', bytes: Uint8Array.of(7) },
    ]);
    expect(canContinue(imported)).toBe(false);

    expect(await history.importZip(new File(['no zip'], 'notes.zip'))).toBeNull();
    expect(history.store.getState().problem).toEqual({
      message: 'notes.zip cannot be opened: it is no zip, or not a whole one; save or download it again.',
      internal: false,
    });
    expect(entries()).toHaveLength(2);
  });

  it('renames and deletes', async () => {
    await history.rename('one', 'better');
    expect(entries()[0].comparison.name).toBe('better');
    await history.remove('one');
    expect(entries()).toEqual([]);
  });
});

it('has keys of its own, but none while something is typed', () => {
  const press = (key: string, target: object = {}, ctrlKey = false) =>
    pageAction({ key, ctrlKey, metaKey: false, altKey: false, target: target as EventTarget });
  expect([press('?'), press('h'), press('T'), press('x')]).toEqual(['help', 'history', 'theme', null]);
  expect(press('h', { tagName: 'INPUT', type: 'text' })).toBeNull();
  expect(press('h', { tagName: 'INPUT', type: 'checkbox' })).toBe('history');
  expect(press('h', {}, true)).toBeNull();
});
