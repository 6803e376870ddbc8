/**
 * Data sets of a hub by their ids. The hub keeps every open data set as Parquet files on a branch of its own
 * (`refs/convert/parquet`, written by its dataset server), by configuration and split; at another revision the
 * repository's own Parquet files are taken.
 */
import { joinTables } from '../../data/table/join-tables.ts';
import { readTableFile, type ReadOptions } from '../../data/table/read-table.ts';
import type { Table } from '../../data/table/table.ts';
import { StudioError } from '../../errors.ts';
import { field, say, type Sentence } from '../../sentence.ts';
import { fetchFile } from './download.ts';
import { placeOf, type HubOptions } from './hub-files.ts';
import type { HubId } from './hub-id.ts';
import { listRepository } from './listing.ts';
import type { HubFile, HubListing } from './place.ts';

/** What `hub:owner/name[@revision][/config][:split]` says. */
export interface HubData {
  id: HubId;
  config?: string;
  split?: string;
}

export type DataPart = 'train' | 'validation' | 'test';

const PREFIX = 'hub:';
const REFERENCE = /^hub:([\w][\w.-]*\/[\w][\w.-]*)(?:@([\w.%-]+))?(?:\/([^/:\s]+))?(?::([^/:\s]+))?$/;
const CONVERTED = 'refs/convert/parquet';

/** Bytes of Parquet files that are read of a split; what is beyond is left out, and said. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What splits of a part are called, where none is named. */
const SPLITS: Record<DataPart, readonly string[]> = {
  train: ['train'],
  validation: ['validation', 'valid', 'dev', 'val'],
  test: ['test'],
};

/**
 * Null for what does not begin with `hub:`.
 * @throws StudioError('spec') for what does and is no reference
 */
export function parseHubData(text: string): HubData | null {
  if (!text.startsWith(PREFIX)) return null;
  const match = REFERENCE.exec(text.trim());
  if (match === null)
    throw new StudioError(
      'spec',
      say`"${text}" is no data set of a hub; write hub:owner/name, with @revision, /config and :split where they are meant`,
      { where: 'data.train' },
    );
  const [, name, revision, config, split] = match;
  return {
    id: {
      name,
      revision: revision === undefined ? CONVERTED : decodeURIComponent(revision),
      type: 'dataset',
    },
    ...(config !== undefined && { config }),
    ...(split !== undefined && { split }),
  };
}

export interface HubDataOptions extends HubOptions {
  /** What it is for, where no split is named. */
  part: DataPart;
  /** How its files are read. */
  reading?: ReadOptions;
}

/** A table of a data set. @throws StudioError('data') for what is not there, ('storage') for a connection that fails */
export function openHubData(data: HubData, options: HubDataOptions): Promise<Table> {
  return asData(async () => {
    const place = placeOf(data.id, options);
    const { listing, offline } = await listRepository(place);
    const { config, split, files, partial } = chosen(data, listing, options.part);
    const taken = upTo(files, MOST_BYTES);
    const tables: Table[] = [];
    for (const file of taken) {
      const kept = await fetchFile(place, listing.commit, file, options.progress ?? (() => {}));
      tables.push(await readTableFile(await place.store.read(kept), file.path, options.reading));
    }
    const notes: Sentence[] = [
      ...(offline ? [say`The hub cannot be reached; ${data.id.name} is taken as it was kept before.`] : []),
      ...(taken.length < files.length || partial
        ? [
            say`Of ${data.id.name} the first ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows are read, and the rest is left out.`,
          ]
        : []),
    ];
    const whole = joinTables(tables, `${data.id.name}/${config}/${split}.parquet`);
    return notes.reduce((table, note) => table.withNote(note), whole);
  });
}

/** The commit of a data set: its files never change there. @throws as `openHubData` */
export function hubDataCommit(data: HubData, options: HubOptions): Promise<string> {
  return asData(async () => (await listRepository(placeOf(data.id, options))).listing.commit);
}

interface Split {
  config: string;
  split: string;
  files: HubFile[];
  /** Has the hub converted its beginning alone? */
  partial: boolean;
}

/** The files of a configuration and a split. @throws StudioError('data') that lists what there is */
function chosen({ id, config, split }: HubData, { files }: HubListing, part: DataPart): Split {
  const splits = splitsOf(files);
  if (splits.length === 0)
    throw refusal(
      say`${id.name} has no Parquet files at revision ${id.revision}; name another revision, or download it and give its files`,
    );
  const configs = [...new Set(splits.map((one) => one.config))];
  const wanted = config ?? (configs.length === 1 ? configs[0] : configs.find((one) => one === 'default'));
  if (wanted === undefined || !configs.includes(wanted))
    throw refusal(
      wanted === undefined
        ? say`${id.name} has several configurations (${some(configs)}); name one, as in hub:${id.name}/${configs[0]}`
        : say`${id.name} has no configuration ${wanted}; it has ${some(configs)}`,
    );
  const own = splits.filter((one) => one.config === wanted);
  const names = split === undefined ? SPLITS[part] : [split];
  const found = own.find((one) => names.includes(one.split));
  if (found !== undefined) return found;
  throw refusal(
    say`${id.name} has no split ${names[0]}; it has ${some(own.map((one) => one.split))}: name one as in hub:${id.name}:${own[0].split}, or give ${field(`data.${part}`)} as a share`,
  );
}

/** `config/split/0000.parquet` as the hub converts, `[config/]train-00000-of-00002.parquet` as repositories have it. */
function splitsOf(files: readonly HubFile[]): Split[] {
  const splits = new Map<string, Split>();
  for (const file of files) {
    const converted = /^([^/]+)\/(partial-)?([^/]+)\/\d+\.parquet$/.exec(file.path);
    const own = /^(?:([^/]+)\/)?([^/]+?)(?:-\d+-of-\d+)?\.parquet$/.exec(file.path);
    const match = converted ?? own;
    if (match === null) continue;
    const config =
      match[1] === undefined || (converted === null && match[1] === 'data') ? 'default' : match[1];
    const split = converted === null ? match[2] : match[3];
    const key = `${config}/${split}`;
    const known = splits.get(key) ?? { config, split, files: [], partial: false };
    known.files.push(file);
    known.partial ||= converted?.[2] !== undefined;
    splits.set(key, known);
  }
  for (const { files: own } of splits.values()) own.sort((a, b) => (a.path < b.path ? -1 : 1));
  return [...splits.values()];
}

/** The first files, as many as stay within a number of bytes. @throws StudioError('data') where the first does not */
function upTo(files: readonly HubFile[], bytes: number): HubFile[] {
  let sum = 0;
  const taken = files.filter(({ size }) => (sum += size) <= bytes);
  if (taken.length > 0) return taken;
  throw refusal(
    say`${files[0].path} has ${Math.round(files[0].size / 1e6)} MB, and at most ${Math.round(bytes / 1e6)} MB of a split are read; name another split, or download it and give a part of it`,
  );
}

/** A few names, for a sentence. */
function some(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, …` : names.join(', ');
}

function refusal(sentence: Sentence): StudioError {
  return new StudioError('data', sentence, { where: 'data.train' });
}

/** What is wrong with a repository of data is no problem of a model. */
async function asData<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof StudioError) || cause.where !== 'model.source') throw cause;
    const code = cause.code === 'model' ? 'data' : cause.code;
    throw new StudioError(code, cause.sentence, { where: 'data.train', cause });
  }
}
