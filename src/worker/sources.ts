/** Files behind the page's choices: picked ones, and what ships with the page. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import { builtinFiles } from '../models/builtin.ts';
import { filesFromList, filesFromUrl, type ModelFiles } from '../models/files.ts';
import { MAX_BYTES, wholeElements, wholeRows } from '../data/table/head-of-file.ts';
import { readTable, readTableFile } from '../data/table/read-table.ts';
import type { ReadingChoices } from '../data/reading.ts';
import { Table } from '../data/table/table.ts';
import { parseHubData } from '../models/hub/hub-data.ts';
import type { ModelSource, TableSource } from '../protocol/messages.ts';
import type { HubSource } from '../protocol/sources.ts';

/** A model's files, and its name in a run spec. */
export function modelSource(
  source: Exclude<ModelSource, { kind: 'hub' }>,
  base: string,
): { files: ModelFiles; name: string } {
  return source.kind === 'builtin'
    ? {
        files: filesFromUrl(new URL(`models/${source.name}/`, base).href, builtinFiles(source.name)),
        name: `builtin:${source.name}`,
      }
    : { files: filesFromList(source.files), name: source.name };
}

/** A dataset's tables. */
export interface Tables {
  /** Short name. */
  name: string;
  train: Table;
  /** Null when validation rows are to be cut from the training table. */
  validation: Table | null;
  /** Null where there is no test file: such rows may be cut from the training table too. */
  test: Table | null;
}

/** Reads what lies elsewhere: a file of the person's, or a data set of a hub. */
export type TableReader = (from: File | HubSource, reading: ReadingChoices) => Promise<Table>;

/**
 * @param readFile how files of the person's and hubs' data sets are read; what ships with the page is read right here
 * @throws StudioError('data') naming file and line; ('storage') when a built-in file cannot be fetched, or
 * what was dropped cannot be read
 */
export async function readTables(
  source: TableSource,
  base: string,
  reading: ReadingChoices = {},
  readFile: TableReader = withoutHub,
): Promise<Tables> {
  if (source.kind === 'files') {
    return {
      name: source.train.name.replace(/\.[^.]*$/, ''),
      train: await readFile(source.train, reading),
      validation: source.validation && (await readFile(source.validation, reading)),
      test: source.test ? await readFile(source.test, reading) : null,
    };
  }
  if (source.kind === 'hub') {
    // Its other splits are asked for by their own references; validation rows are cut from this one.
    const train = await readFile(source, reading);
    const named = new Table({ ...train.parts(), name: source.reference });
    return { name: hubName(source.reference), train: named, validation: null, test: null };
  }
  const folder = new URL(`data/${source.name}/`, base);
  // As a spec names the files of a built-in task; the demonstrations have no name there.
  const [, task] = /^tasks\/(.+)$/.exec(source.name) ?? [];
  const read = (file: string): Promise<Table> =>
    urlTable(new URL(file, folder), task === undefined ? file : `builtin:${task}/${file}`);
  return {
    name: task ?? source.name,
    train: await read('train.tsv'),
    validation: await read('validation.tsv'),
    test: null,
  };
}

function withoutHub(from: File | HubSource, reading: ReadingChoices): Promise<Table> {
  if (from instanceof File) return fileTable(from, reading);
  throw new Error('internal: no hub is asked here');
}

/** `hub:owner/name/config:split` is name. */
function hubName(reference: string): string {
  return parseHubData(reference)!.id.name.split('/')[1];
}

/** A table out of a picked file, or out of its beginning where it is large. @throws StudioError */
export async function fileTable(file: File, reading: ReadingChoices): Promise<Table> {
  const whole = file.size <= MAX_BYTES;
  if (!whole && /\.parquet$/i.test(file.name)) throw tooLarge(file);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.slice(0, MAX_BYTES).arrayBuffer());
  } catch (cause) {
    throw new StudioError(
      'storage',
      say`${file.name} cannot be read; it may have been moved or changed since, so choose it again.`,
      { where: file.name, cause },
    );
  }
  if (whole) return readTableFile(bytes, file.name, reading);
  const elements = /\.(json|jsonl|ndjson)$/i.test(file.name) ? wholeElements(bytes) : null;
  const rows = elements ?? wholeRows(bytes, /\.csv$/i.test(file.name));
  if (rows.length === 0) throw tooLarge(file);
  const table = await readTableFile(rows, file.name, reading);
  return table.withNote(
    say`The file has ${megabytes(file.size)} MB: its first ${megabytes(rows.length)} MB are read, ${table.rows.toLocaleString('en-US')} rows, and the rest is left out.`,
  );
}

function tooLarge(file: File): StudioError {
  return new StudioError(
    'data',
    say`${file.name} has ${megabytes(file.size)} MB and a page reads up to ${megabytes(MAX_BYTES)} MB of it in whole rows, which this file does not allow; cut it into smaller files, or use the command line.`,
    { where: file.name },
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

async function urlTable(url: URL, name: string): Promise<Table> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new StudioError(
      'storage',
      say`${url.href} answered ${response.status} ${response.statusText}; check the connection and reload the page.`,
    );
  }
  return readTable(new Uint8Array(await response.arrayBuffer()), name);
}
