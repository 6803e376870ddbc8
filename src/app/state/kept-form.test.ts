import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { defaultForm } from './form.ts';
import { keepForm, keepSource, readKept, type KeptData } from './kept-form.ts';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  return () => vi.unstubAllGlobals();
});

const MODEL = { kind: 'builtin', name: 'bert' } as const;
const read = (source: KeptData['source']): KeptData => ({
  source,
  task: 'classification',
  columns: { text: ['text'], label: 'label' },
  reading: {},
});
const file = (name: string) => new File(['text,label\na,b\n'], name);
const ofHub = read({ kind: 'hub', reference: 'hub:lab/texts', endpoint: '' });

it('opens with what is no file the moment it was kept, whatever the database still has', async () => {
  await keepSource('data', read({ kind: 'files', train: file('old.csv'), validation: null }));
  keepForm(defaultForm(), { model: MODEL, data: ofHub, dataSource: ofHub.source });
  expect(await readKept()).toMatchObject({ model: MODEL, data: ofHub, again: { model: null, data: null } });
});

it('takes files from the database, and names those that it has not', async () => {
  const files = read({ kind: 'files', train: file('own.csv'), validation: null });
  await keepSource('data', files);
  const model = { kind: 'files', name: 'large', files: [] } as const;
  keepForm(defaultForm(), { model: { ...model, files: [] }, data: files, dataSource: files.source });
  expect(await readKept()).toMatchObject({
    model: null,
    data: { columns: files.columns },
    again: { model: 'large', data: null },
  });
});

it('leaves a task whose data are files to the database', () => {
  const more = [
    { name: 'second', source: { kind: 'files', train: file('b.csv'), validation: null }, columns: null },
  ];
  const source = { kind: 'builtin', name: 'demo', more } as const;
  keepForm(defaultForm(), { model: MODEL, data: read(source as never), dataSource: source as never });
  const { sources } = JSON.parse(localStorage.getItem('delta-studio.form')!) as { sources: object };
  expect(sources).toEqual({ model: MODEL });
});

it('keeps the saved adapters that methods read, and drops the starts of those that are not there', async () => {
  const files = [{ path: 'adapter_config.json', file: file('adapter_config.json') }];
  const form = defaultForm();
  const methods = form.methods.map((draft) =>
    draft.type === 'fusion' ? { ...draft, adapters: ['one', 'two', 'gone'] } : draft,
  );
  await keepSource('adapters', [
    { name: 'one', files },
    { name: 'two', files },
  ]);
  keepForm({ ...form, methods }, { model: MODEL, data: ofHub, dataSource: ofHub.source });
  const kept = await readKept();
  expect(kept.adapters.map(({ name, files: [first] }) => [name, first.path])).toEqual([
    ['one', 'adapter_config.json'],
    ['two', 'adapter_config.json'],
  ]);
  expect(kept.form!.methods.find(({ type }) => type === 'fusion')!.adapters).toEqual(['one', 'two']);
});
