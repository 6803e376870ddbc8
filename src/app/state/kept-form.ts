/**
 * The form across reloads: what is typed in local storage, and the model, data and saved adapters it is about. Files are kept in
 * a database of this browser where they are small enough; else they are named, to be chosen again.
 */
import { openDB, type IDBPDatabase } from 'idb';
import type { ReadingChoices } from '../../data/reading.ts';
import { METHOD_TYPES } from '../../deltas/defaults.ts';
import type { Columns, DataSource, FolderFile, ModelSource } from '../../protocol/messages.ts';
import type { Task } from '../../runs/spec.ts';
import { inputBytes, MOST_INPUT_BYTES } from '../../runs/storage/inputs.ts';
import type { Combination } from './combinations.ts';
import { keptStarts } from './draft-starts.ts';
import { defaultForm, freshDraft, type Form, type MethodDraft } from './form.ts';

const KEY = 'delta-studio.form';
const DATABASE = 'delta-studio-form';
const STORE = 'sources';

/** How data were read. */
export interface KeptData {
  source: DataSource;
  task: Task;
  columns: Columns;
  reading: ReadingChoices;
}

/** A saved adapter that methods of the form read. */
export interface KeptAdapter {
  /** What the form calls it. */
  name: string;
  files: readonly FolderFile[];
}

/** What the page opens with. */
export interface Kept {
  form: Form | null;
  model: ModelSource | null;
  data: KeptData | null;
  adapters: readonly KeptAdapter[];
  /** Names of files that were in use and are not kept. */
  again: { model: string | null; data: string | null };
}

export const NOTHING_KEPT: Kept = {
  form: null,
  model: null,
  data: null,
  adapters: [],
  again: { model: null, data: null },
};

/** Where something comes from that has no bytes of its own: it is kept beside the form, at once. */
interface LightSources {
  model?: ModelSource;
  data?: KeptData;
}

function holdsFiles({ kind, more = [] }: DataSource): boolean {
  return kind === 'files' || more.some(({ source }) => source.kind === 'files');
}

/** What of a source is told in words. */
function nameOf(source: ModelSource | DataSource): string {
  if (source.kind !== 'files') return '';
  return 'train' in source ? source.train.name : source.name;
}

/**
 * A kept form, with what it lacks or has too much put right; null for what is no form.
 * @param adapters names of the saved adapters that are there
 */
function readForm(value: unknown, adapters: ReadonlySet<string>): Form | null {
  if (typeof value !== 'object' || value === null) return null;
  const kept = value as Partial<Record<keyof Form, unknown>>;
  const plain = defaultForm();
  const drafts = Array.isArray(kept.methods) ? kept.methods.flatMap((one) => draftOf(one, adapters)) : [];
  // Every method once, copies behind the first of their type.
  const methods = plain.methods.flatMap((own) => {
    const mine = drafts.filter(({ type }) => type === own.type);
    return mine.some(({ id }) => id === own.type) ? mine : [{ ...own, enabled: false }];
  });
  if (drafts.length === 0) return null;
  const ids = new Set(methods.map(({ id }) => id));
  return {
    ...plain,
    methods,
    combinations: Array.isArray(kept.combinations)
      ? kept.combinations.filter((one): one is Combination => isCombination(one, ids))
      : [],
    training: { ...plain.training, ...texts(kept.training, Object.keys(plain.training)) },
    template: typeof kept.template === 'string' ? kept.template : null,
    words: texts(kept.words),
    tasks: taskWords(kept.tasks),
    json: typeof kept.json === 'string' ? kept.json : null,
  };
}

function draftOf(value: unknown, adapters: ReadonlySet<string>): MethodDraft[] {
  const { id, type, enabled, fields } = (value ?? {}) as Partial<MethodDraft>;
  if (typeof id !== 'string' || type === undefined || !METHOD_TYPES.includes(type)) return [];
  const fresh = freshDraft(type, id, enabled === true);
  const starts = keptStarts(value as object, adapters);
  return [{ ...fresh, ...starts, fields: { ...fresh.fields, ...texts(fields, Object.keys(fresh.fields)) } }];
}

function isCombination(value: unknown, ids: ReadonlySet<string>): boolean {
  const { id, stages, learningRate } = (value ?? {}) as Partial<Combination>;
  const named = (stage: unknown): boolean =>
    Array.isArray(stage) && stage.length > 0 && stage.every((one) => ids.has(one as string));
  return (
    typeof id === 'string' &&
    typeof learningRate === 'string' &&
    Array.isArray(stages) &&
    stages.length > 0 &&
    stages.every(named)
  );
}

function taskWords(value: unknown): Form['tasks'] {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).map(([name, one]: [string, unknown]) => {
    const { template, words } = (one ?? {}) as { template?: unknown; words?: unknown };
    return [name, { template: typeof template === 'string' ? template : null, words: texts(words) }] as const;
  });
  return Object.fromEntries(entries);
}

function texts(value: unknown, names?: readonly string[]): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    ([name, text]) => typeof text === 'string' && (names === undefined || names.includes(name)),
  );
  return Object.fromEntries(entries);
}

async function database(): Promise<IDBPDatabase> {
  return openDB(DATABASE, 1, { upgrade: (db) => void db.createObjectStore(STORE) });
}

/** What was kept; nothing where storage is forbidden. */
export async function readKept(): Promise<Kept> {
  try {
    const text = JSON.parse(localStorage.getItem(KEY) ?? 'null') as {
      form?: unknown;
      files?: unknown;
      sources?: LightSources;
    } | null;
    const { model, data, adapters } = await readStored();
    const form = readForm(text?.form, new Set(adapters.map(({ name }) => name)));
    if (form === null) return NOTHING_KEPT;
    const light = text?.sources ?? {};
    const again = texts(text?.files);
    const kept = { model: light.model ?? model, data: light.data ?? data };
    return {
      form,
      ...kept,
      adapters,
      again: {
        model: kept.model === null ? (again.model ?? null) : null,
        data: kept.data === null ? (again.data ?? null) : null,
      },
    };
  } catch {
    return NOTHING_KEPT;
  }
}

/** What the database holds; nothing where it cannot be read. */
async function readStored(): Promise<Pick<Kept, 'model' | 'data' | 'adapters'>> {
  try {
    const db = await database();
    const stored = (name: string): Promise<unknown> => db.get(STORE, name);
    const [model, data, adapters] = await Promise.all([stored('model'), stored('data'), stored('adapters')]);
    db.close();
    return {
      model: (model as ModelSource | undefined) ?? null,
      data: (data as KeptData | undefined) ?? null,
      adapters: (adapters as KeptAdapter[] | undefined) ?? [],
    };
  } catch {
    return { model: null, data: null, adapters: [] };
  }
}

/**
 * Keeps what is typed, the names of the files it is about, and what it is about that is no file.
 * @param data null before any were read: then `dataSource` is what was asked for
 */
export function keepForm(
  form: Form,
  { model, data, dataSource }: { model: ModelSource; data: KeptData | null; dataSource: DataSource },
): void {
  const files = { model: nameOf(model), data: nameOf(data?.source ?? dataSource) };
  const named = Object.fromEntries(Object.entries(files).filter(([, name]) => name !== ''));
  const sources: LightSources = {
    ...(model.kind !== 'files' && { model }),
    ...(data !== null && !holdsFiles(data.source) && { data }),
  };
  try {
    localStorage.setItem(KEY, JSON.stringify({ form, files: named, sources }));
  } catch {
    // Without storage the form lasts as long as the page.
  }
}

/** Data of the person's own for a study, as they were kept. */
export async function readKeptStudyData(): Promise<unknown> {
  try {
    const db = await database();
    const value: unknown = await db.get(STORE, 'study');
    db.close();
    return value;
  } catch {
    return undefined;
  }
}

/** Keeps a model, data or adapters, or forgets what was kept where it is too large. */
export async function keepSource(
  key: 'model' | 'data' | 'adapters' | 'study',
  source: object,
): Promise<void> {
  try {
    const db = await database();
    if (inputBytes(source) > MOST_INPUT_BYTES) await db.delete(STORE, key);
    else await db.put(STORE, source, key).catch(() => db.delete(STORE, key));
    db.close();
  } catch {
    // Then it is named, and chosen again.
  }
}
