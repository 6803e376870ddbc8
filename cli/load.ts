/** Reads what a spec's paths name, relative to the spec file. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readTableFile, type ReadOptions } from '../src/data/table/read-table.ts';
import type { Table } from '../src/data/table/table.ts';
import type { DeltaModel } from '../src/deltas/delta.ts';
import { rateTraits } from '../src/deltas/model-traits.ts';
import { StudioError } from '../src/errors.ts';
import { say } from '../src/sentence.ts';
import type { ReadableFolder } from '../src/models/files.ts';
import { loadModel } from '../src/models/load.ts';
import type { Model } from '../src/models/model.ts';
import { withModelRates } from '../src/runs/model-rates.ts';
import { readingOf } from '../src/runs/spec-data.ts';
import { withSavedStarts } from '../src/runs/adapter-start.ts';
import { openFused } from '../src/runs/fusion-adapters.ts';
import { methodsOf, parseSpec, type ComparisonRun, type RunSpec, type SpecInput } from '../src/runs/spec.ts';
import { builtinDataPlace } from './builtin-data.ts';
import { taskView } from '../src/runs/spec-tasks.ts';
import type { DataTables, Materials } from '../src/train/prepare.ts';
import { partsOfFile } from './file-parts.ts';
import { sourceFiles } from './files.ts';
import { hubOptions } from './hub.ts';
import { openHubData, parseHubData, type DataPart } from '../src/models/hub/hub-data.ts';

export interface LoadedSpec {
  input: SpecInput;
  /** Folder that the spec's paths are relative to, absolute. */
  base: string;
}

/** @throws StudioError('spec') when the file is missing or refused */
export async function loadSpec(file: string): Promise<LoadedSpec> {
  const place = path.resolve(file);
  if (!existsSync(place) || !statSync(place).isFile()) {
    throw new StudioError('spec', say`there is no spec file ${file}; check --spec`, { where: 'spec' });
  }
  return { input: parseSpec(await readFile(place, 'utf8')), base: path.dirname(place) };
}

/**
 * A data file as a table.
 * @param field what names it, for messages: `data.train`, `--data`
 * @param options how it is read; names of columns that will be asked for tell a header from a row
 * @throws StudioError('data')
 */
export async function loadTable(
  file: string,
  base: string,
  field: string,
  options: ReadOptions = {},
): Promise<Table> {
  const hub = parseHubData(file);
  if (hub !== null) return openHubData(hub, { ...hubOptions(), part: partOf(field), reading: options });
  const place = builtinDataPlace(file) ?? path.resolve(base, file);
  if (!existsSync(place) || !statSync(place).isFile()) {
    throw new StudioError(
      'data',
      say`${field}: there is no file ${file} in ${path.resolve(base)}; check the path`,
      {
        where: field,
      },
    );
  }
  return readTableFile(new Uint8Array(await readFile(place)), file, options);
}

/** What a field's data are for, where a hub's reference names no split. */
function partOf(field: string): DataPart {
  if (field.endsWith('train')) return 'train';
  return field.endsWith('validation') ? 'validation' : 'test';
}

/**
 * Model and tables that a spec's runs share.
 * @param model where it is loaded already
 */
export async function loadMaterials(spec: RunSpec, base: string, model?: Model): Promise<Materials> {
  const loaded = model ?? (await loadModel(await sourceFiles(spec.model.source, base), spec.model.source));
  if (spec.tasks === undefined) return { model: loaded, ...(await loadTables(spec, base, 'data')) };
  const tasks: DataTables[] = [];
  for (const i of spec.tasks.keys()) tasks.push(await loadTables(taskView(spec, i), base, `tasks[${i}]`));
  return { model: loaded, ...tasks[0], tasks };
}

/** @param where what names the files, for messages */
async function loadTables({ data, training }: RunSpec, base: string, where: string): Promise<DataTables> {
  const { text = [], label, target } = data.columns;
  const columns = [...text, ...[label, target].filter((name) => name !== undefined)];
  const options = { columns, ...readingOf(data) };
  const { train, validation, test } = data;
  return {
    train: await loadTable(train, base, `${where}.train`, options),
    validation:
      typeof validation === 'string' && training.evaluateEvery > 0
        ? await loadTable(validation, base, `${where}.validation`, options)
        : null,
    test: typeof test === 'string' ? await loadTable(test, base, `${where}.test`, options) : null,
  };
}

/**
 * Runs as they begin on a model: with the default rates for it, and with what the adapters say that they start
 * from (`method.init`).
 * @throws StudioError('adapter-file')
 */
export function startedRuns(
  runs: readonly ComparisonRun[],
  model: DeltaModel,
  base: string,
): Promise<ComparisonRun[]> {
  const open = (folder: string) => openFolder(path.resolve(base, folder));
  const traits = rateTraits(model);
  return Promise.all(
    runs.map(async ({ key, spec }) => ({
      key,
      spec: withModelRates(await withSavedStarts(spec, model, open), traits),
    })),
  );
}

/** Opens the adapters that fusions of runs are built of, for a session that has what the runs start from. */
export async function openFusedRuns(
  runs: readonly ComparisonRun[],
  model: DeltaModel,
  base: string,
): Promise<void> {
  await openFused(methodsOf(runs), model, (folder) => openFolder(path.resolve(base, folder)));
}

/** The files of a folder, read when asked for. */
export function openFolder(folder: string): ReadableFolder {
  return {
    open: (name) => Promise.resolve(partsOfFile(path.join(folder, name))),
    read: async (name) => {
      const file = path.join(folder, name);
      return existsSync(file) && statSync(file).isFile() ? new Uint8Array(await readFile(file)) : undefined;
    },
  };
}
