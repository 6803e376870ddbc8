import { english, say } from '../../sentence.ts';
import { StudioError } from '../../errors.ts';
import 'fake-indexeddb/auto';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryFiles } from '../../../tests/support/memory-files.ts';
import { storedComparison } from '../../../tests/support/stored.ts';
import { openDatabase, type Database } from '../../runs/storage/database.ts';
import { entryOrDamage, isDamaged, readEntry } from '../../runs/storage/entry.ts';
import { RunStore } from '../../runs/storage/run-store.ts';
import { ReadingRoom } from '../../worker/reading/room.ts';
import { canContinue, entryState } from './entry-state.ts';
import { createHistory, type History } from './history.ts';
import { pageAction } from './sheets.ts';

let store: RunStore;
let files: MemoryFiles;
let database: Database;
let history: History;
/** Reads right here, as nothing else could in a test. */
const room = new ReadingRoom({ start: undefined, locks: undefined });
let count = 0;

beforeEach(async () => {
  files = new MemoryFiles();
  database = await openDatabase(`history-${count++}`);
  store = new RunStore(database, files);
  await store.create(storedComparison('one'));
  history = createHistory({ openStore: async () => store, locks: undefined, storage: undefined, room });
});

/** A list in a list in a list. */
const deep = (depth: number): unknown => {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
};
const entries = () => history.store.getState().entries.map(readEntry);

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
    const saved: Record<string, Uint8Array> = {};
    for await (const { name, bytes } of history.archive(entries()[0])) saved[name] = bytes;
    const id = await history.importZip(new File([zipSync(saved)], 'films.zip'));
    expect(entries()).toHaveLength(2);
    const imported = await store.get(id!);
    expect(imported.comparison).toMatchObject({ name: 'films', imported: { from: 'films.zip' } });
    expect(await store.events(id!, 'lora')).toEqual(await store.events('one', 'lora'));
    expect(await store.adapter(imported.runs[0])).toEqual([
      { name: 'a.safetensors', bytes: Uint8Array.of(7) },
    ]);
    expect(canContinue(imported)).toBe(false);

    expect(await history.importZip(new File(['no zip'], 'notes.zip'))).toBeNull();
    const { message, internal } = history.store.getState().problem!;
    expect(english(message)).toBe(
      'notes.zip cannot be opened: it is no zip, or not a whole one; save or download it again.',
    );
    expect(internal).toBe(false);
    expect(entries()).toHaveLength(2);
  });

  it('reads a zip where it is told to, and says why that was ended', async () => {
    const why = say`films.zip was being read for 20 seconds without an end`;
    const asked: unknown[] = [];
    const ending = createHistory({
      openStore: async () => store,
      locks: undefined,
      storage: undefined,
      room: {
        read: (task) => {
          asked.push(task.kind);
          return Promise.reject(new StudioError('storage', why));
        },
        release: () => void asked.push('release'),
      },
    });
    expect(await ending.importZip(new File(['a bomb'], 'films.zip'))).toBeNull();
    expect(asked).toEqual(['archive', 'release']);
    expect(ending.store.getState().problem).toMatchObject({ message: why, internal: false });
    await ending.refresh();
    expect(ending.store.getState().entries).toHaveLength(1);
  });

  it('keeps nothing of a zip that does not fit', async () => {
    await store.saveAdapter('one', 'lora', 4, [{ name: 'a.safetensors', bytes: Uint8Array.of(7) }]);
    await history.refresh();
    const saved: Record<string, Uint8Array> = {};
    for await (const { name, bytes } of history.archive(entries()[0])) saved[name] = bytes;
    files.refusal = new DOMException('full', 'QuotaExceededError');
    expect(await history.importZip(new File([zipSync(saved)], 'films.zip'))).toBeNull();
    expect(history.store.getState().problem?.message).toMatch(/storage is full/);
    expect(entries()).toHaveLength(1);
    expect(await database.count('events')).toBe(0);
  });

  it('shows what cannot be read, gives it as a file and deletes it, while the others work', async () => {
    await database.put('comparisons', { id: 'bad', name: 'poison', created: 7, deep: deep(500) } as never);
    await history.refresh();
    const { entries: raw } = history.store.getState();
    expect(raw.map(({ id }) => id)).toEqual(['one', 'bad']);
    expect(raw.map(entryOrDamage).map(isDamaged)).toEqual([false, true]);
    await history.rename('one', 'still works');
    const file = JSON.parse(await (await history.rescue('bad'))!.text()) as { comparison: object };
    expect(file.comparison).toMatchObject({ id: 'bad', name: 'poison', created: 7 });
    await history.remove('bad');
    expect(entries().map(({ comparison }) => comparison.name)).toEqual(['still works']);
  });

  it('opens with two reads however much is stored, none of them of curves, predictions or files', async () => {
    for (let i = 0; i < 50; i++) await store.create(storedComparison(`c${i}`));
    const reads: string[] = [];
    const counted = new Proxy(database, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          reads.push([name, given[0]].flat().join(' '));
          return (value as (...args: unknown[]) => unknown).apply(target, given);
        };
      },
    });
    const read = vi.spyOn(files, 'read');
    const opened = new RunStore(counted, files);
    const other = createHistory({
      openStore: async () => opened,
      locks: undefined,
      storage: undefined,
      room,
    });
    await other.refresh();
    expect(other.store.getState().entries).toHaveLength(51);
    expect(reads).toEqual(['transaction comparisons', 'transaction runs']);
    expect(read).not.toHaveBeenCalled();
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
