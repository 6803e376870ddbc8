/** What the page does with each file that is dropped anywhere on it. */
import type { FolderFile } from '../../protocol/messages.ts';

/** What becomes of a file; `unused` says why by its reason. */
export type DropUse =
  | 'training'
  | 'validation'
  | 'test'
  | 'model'
  | 'settings'
  | 'runs'
  | 'anotherTable'
  | 'leftOut'
  | 'noModelFile'
  | 'notOnnx'
  | 'adapter'
  | 'busy'
  | 'unknown';

export interface DroppedFile {
  path: string;
  use: DropUse;
}

export interface SortedDrop {
  told: DroppedFile[];
  data: { train: File; validation: File | null; test: File | null } | null;
  model: FolderFile[];
  /** A run spec, which fills the form. */
  settings: File | null;
  /** Saved runs, for the history. */
  runs: File[];
  /** Every table, with the part that it was taken for: the person may see it otherwise. */
  tables: { path: string; file: File; part: TablePart | null }[];
}

/** Tables of one's own that are loaded. */
export interface Loaded {
  train: File;
  validation: File | null;
  test?: File | null;
}

export const TABLE_PARTS = ['training', 'validation', 'test'] as const;
export type TablePart = (typeof TABLE_PARTS)[number];

/** The data of tables whose parts are said; null while none has the training rows. */
export function dataOfTables(tables: SortedDrop['tables']): SortedDrop['data'] {
  const fileOf = (part: TablePart): File | null => tables.find((one) => one.part === part)?.file ?? null;
  const train = fileOf('training');
  return train && { train, validation: fileOf('validation'), test: fileOf('test') };
}

/** The same with one table taken for another part; what was taken for that is not used any more. */
export function withPart(
  tables: SortedDrop['tables'],
  path: string,
  part: TablePart | null,
): SortedDrop['tables'] {
  return tables.map((one) =>
    one.path === path ? { ...one, part } : one.part === part ? { ...one, part: null } : one,
  );
}

const TABLE = /\.(csv|tsv|tab|jsonl|ndjson|parquet)$/i;
const TEXT = /\.txt$/i;
const VOCABULARY = /(^|\/)(vocab|merges|spiece|added_tokens).*\.(txt|json|model)$/i;
const ONNX = /\.onnx(_data|\.data)?$|\.onnx_data_\d+$/i;
const ONNX_MODEL = /\.onnx$/i;
const WEIGHTS = /\.(safetensors|bin|pt|pth|ckpt|h5|gguf)$/i;
const ADAPTER = /(^|\/)(adapter_config\.json|adapter_model\.\w+)$/i;
const MODEL_JSON =
  /(^|\/)(config|tokenizer|tokenizer_config|special_tokens_map|generation_config|quantize_config|vocab)\.json$/i;
const VALIDATION = /dev|valid/i;
const TEST = /test/i;

/** Longest `.json` that is looked into. */
const MOST_JSON = 2 ** 20;

type Kind = 'table' | 'model' | 'weights' | 'adapter' | 'settings' | 'runs' | 'unknown';

async function kindOf({ path, file }: FolderFile): Promise<Kind> {
  if (ADAPTER.test(path)) return 'adapter';
  if (ONNX.test(path) || MODEL_JSON.test(path) || VOCABULARY.test(path)) return 'model';
  if (TABLE.test(path) || TEXT.test(path)) return 'table';
  if (WEIGHTS.test(path)) return 'weights';
  if (/\.zip$/i.test(path)) return 'runs';
  if (/\.json$/i.test(path)) return jsonKind(file);
  return 'unknown';
}

/** Of a `.json`: a run spec, or a table. */
async function jsonKind(file: File): Promise<Kind> {
  if (file.size > MOST_JSON) return 'table';
  try {
    const value: unknown = JSON.parse(await file.text());
    const spec = typeof value === 'object' && value !== null && 'model' in value && 'data' in value;
    return spec ? 'settings' : 'table';
  } catch {
    // What is wrong with it is said where tables are read.
    return 'table';
  }
}

/**
 * @param busy runs train: nothing is taken
 * @param own files that are loaded: a table dropped alone that is called one to test or validate joins them
 */
export async function sortDrop(
  files: readonly FolderFile[],
  busy: boolean,
  own: Loaded | null = null,
): Promise<SortedDrop> {
  const none: SortedDrop = { told: [], data: null, model: [], settings: null, runs: [], tables: [] };
  if (busy) return { ...none, told: files.map(({ path }) => ({ path, use: 'busy' })) };
  const kinds = await Promise.all(files.map(async (file) => ({ file, kind: await kindOf(file) })));
  const of = (kind: Kind): FolderFile[] => kinds.flatMap((one) => (one.kind === kind ? one.file : []));
  const tables = of('table');
  const joining = own === null ? null : partBeside(tables);
  const parts = joining ?? partsOf(tables);
  const modelFiles = of('model');
  const whole = modelFiles.some(({ path }) => ONNX_MODEL.test(path));
  const [settings] = of('settings');
  const useOf = (file: FolderFile, kind: Kind): DropUse => {
    switch (kind) {
      case 'table':
        return parts.get(file) ?? 'anotherTable';
      case 'model':
        return whole ? 'model' : 'noModelFile';
      case 'weights':
        return 'notOnnx';
      case 'settings':
        return file === settings ? 'settings' : 'unknown';
      default:
        return kind;
    }
  };
  const dropped = tables.map((file) => ({ ...file, part: parts.get(file) ?? null }));
  const taken = new Set(parts.values());
  const tablesOf = joining === null ? dropped : [...loadedTables(own!, taken), ...dropped];
  return {
    told: kinds.map(({ file, kind }) => ({ path: file.path, use: useOf(file, kind) })),
    data: dataOfTables(tablesOf),
    model: whole ? modelFiles : [],
    settings: settings?.file ?? null,
    runs: of('runs').map(({ file }) => file),
    tables: tablesOf,
  };
}

/** The part of a single table that its name says is not for training; null where that says nothing. */
function partBeside(tables: readonly FolderFile[]): Map<FolderFile, TablePart> | null {
  const [file] = tables;
  if (tables.length !== 1) return null;
  const name = nameOf(file);
  if (/train/i.test(name)) return null;
  if (VALIDATION.test(name)) return new Map([[file, 'validation']]);
  return TEST.test(name) ? new Map([[file, 'test']]) : null;
}

/** Loaded files, but for the part that another one takes. */
function loadedTables(
  { train, validation, test }: Loaded,
  taken: ReadonlySet<TablePart>,
): SortedDrop['tables'] {
  const files = { training: train, validation, test: test ?? null };
  return TABLE_PARTS.flatMap((part) => {
    const file = files[part];
    return file === null || taken.has(part) ? [] : [{ path: file.name, file, part }];
  });
}

function nameOf({ path }: FolderFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Of several tables one validates and one tests, by their names. The name that is looked at is the file's own:
 * a folder may be called anything.
 */
export function partsOf(tables: readonly FolderFile[]): Map<FolderFile, TablePart> {
  const parts = new Map<FolderFile, TablePart>();
  if (tables.length > 1) {
    const validation = tables.find((file) => VALIDATION.test(nameOf(file)));
    const test = tables.find((file) => file !== validation && TEST.test(nameOf(file)));
    const named = [validation, test].filter((file) => file !== undefined);
    if (named.length < tables.length) {
      // Two files, of which one is called test: it validates, as there is nothing else to.
      if (validation !== undefined) parts.set(validation, 'validation');
      if (test !== undefined) parts.set(test, validation === undefined ? 'validation' : 'test');
    }
  }
  const train =
    tables.find((file) => !parts.has(file) && /train/i.test(nameOf(file))) ??
    tables.find((file) => !parts.has(file));
  if (train !== undefined) parts.set(train, 'training');
  return parts;
}
