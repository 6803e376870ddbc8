/** Models and data of a study in the page: what ships with it, files of the person's, and hubs. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { readTableFile, type ReadOptions } from '../../data/table/read-table.ts';
import type { Table } from '../../data/table/table.ts';
import { StudioError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { parseHubData, type DataPart } from '../../models/hub/hub-data.ts';
import { loadModel } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import type { StudyAsked } from '../../protocol/study.ts';
import { readingOf } from '../../runs/spec-data.ts';
import { taskView } from '../../runs/spec-tasks.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { say } from '../../sentence.ts';
import type { StudySources } from '../../study/work/materials.ts';
import type { DataTables } from '../../train/prepare.ts';
import type { HubDownloads } from '../hub.ts';
import { fileTable, modelSource } from '../sources.ts';

export interface PageSourcesOptions {
  /** The page's address. */
  base: string;
  hub: HubDownloads;
  /** Another part of the work begins. */
  goesOn: () => void;
}

type Given = Pick<StudyAsked, 'files' | 'models' | 'endpoint'>;

/**
 * What a study reads in a page: the visitor's files and models, those that come along, and the hub's.
 * @throws StudioError from its members, for what is not there or cannot be read
 */
export function pageSources(
  { files, models, endpoint }: Given,
  options: PageSourcesOptions,
): Omit<StudySources, 'folder'> {
  const { base, goesOn } = options;
  const bytesOf = async (name: string): Promise<Uint8Array<ArrayBuffer> | null> => {
    const file = files[name];
    if (file !== undefined) return new Uint8Array(await file.arrayBuffer());
    const place = builtinAddress(name, base);
    return place && fetched(place);
  };
  const table = async (name: string, part: DataPart, how: ReadOptions): Promise<Table> => {
    goesOn();
    const hub = parseHubData(name);
    if (hub !== null) return options.hub.table(hub, { part, reading: how, endpoint });
    const file = files[name];
    if (file !== undefined) return fileTable(file, how);
    const bytes = await bytesOf(name);
    if (bytes !== null) return readTableFile(bytes, name, how);
    throw new StudioError(
      'data',
      say`${name} is no data file of this page; choose it under the data of your own, or take a built-in task.`,
      { where: 'datasets' },
    );
  };
  const tables = async (spec: RunSpec): Promise<DataTables> => {
    const { data, training } = spec;
    const { text = [], label, target } = data.columns;
    const columns = [...text, ...[label, target].filter((name) => name !== undefined)];
    const how = { columns, ...readingOf(data) };
    const { train, validation, test } = data;
    return {
      train: await table(train, 'train', how),
      validation:
        typeof validation === 'string' && training.evaluateEvery > 0
          ? await table(validation, 'validation', how)
          : null,
      test: typeof test === 'string' ? await table(test, 'test', how) : null,
    };
  };
  return {
    model: async (source): Promise<Model> => {
      goesOn();
      const given = models[source];
      if (given?.kind === 'hub') {
        const { files: hubFiles } = await options.hub.open(given);
        return loadModel(hubFiles, source);
      }
      const name = /^builtin:(.+)$/.exec(source)?.[1];
      if (given === undefined && name === undefined)
        throw new StudioError(
          'model',
          say`The model ${source} is not open here; take a built-in one, or open it under Model of the comparison first.`,
          { where: 'models' },
        );
      return loadModel(modelSource(given ?? { kind: 'builtin', name: name! }, base).files, source);
    },
    tables: async (spec, model) => {
      if (spec.tasks === undefined) return { model, ...(await tables(spec)) };
      const tasks: DataTables[] = [];
      for (const i of spec.tasks.keys()) tasks.push(await tables(taskView(spec, i)));
      return { model, ...tasks[0], tasks };
    },
    hash: async (name) => {
      const hub = parseHubData(name);
      if (hub !== null) return options.hub.commit(hub, endpoint);
      const bytes = await bytesOf(name);
      return bytes && bytesToHex(sha256(bytes));
    },
  };
}

/** What the card of a built-in task says. @throws StudioError('data') where there is none of that name */
export async function builtinCard(name: string, base: string): Promise<unknown> {
  const bytes = await fetched(new URL(`data/tasks/${name}/task.json`, base));
  if (bytes !== null) return parseJson(new TextDecoder().decode(bytes));
  throw new StudioError(
    'data',
    say`There is no built-in task ${name}; choose one of those that are listed.`,
    {
      where: 'datasets',
    },
  );
}

/** `builtin:scenes/train.tsv`; null for other names. */
function builtinAddress(file: string, base: string): URL | null {
  const [, task, name] = /^builtin:([\w-]+)\/([\w-][\w.-]*)$/.exec(file) ?? [];
  return task === undefined ? null : new URL(`data/tasks/${task}/${name}`, base);
}

/** Null where there is no such file. @throws StudioError('storage') where the page's server does not answer */
async function fetched(address: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch(address);
  // Some servers answer with the page itself where there is no file.
  const page = response.headers.get('content-type')?.includes('text/html') === true;
  if (response.status === 404 || page) return null;
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new StudioError(
    'storage',
    say`${address.href} answered ${response.status} ${response.statusText}; check the connection and reload the page.`,
  );
}
