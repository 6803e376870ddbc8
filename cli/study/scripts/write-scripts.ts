/**
 * The cells of a study as Python scripts with PEFT and Accelerate, for a machine with CUDA: each with the weights, the
 * rows, their order and the start that it has here, so that its losses are the same up to rounding. Beside them lie a
 * check that the curves agree, and the driver that runs the headless commands on a Ray cluster.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { lengthOf, type EncodedDataset } from '../../../src/data/batching/encoded.ts';
import { StudioError } from '../../../src/errors.ts';
import { floatsOf } from '../../../src/graph/tensor.ts';
import type { Model } from '../../../src/models/model.ts';
import type { Studio } from '../../../src/plan/studio.ts';
import { MODEL_WEIGHTS, type SavedFile, savedInParts } from '../../../src/runs/adapter-names.ts';
import { saveRunAdapter } from '../../../src/runs/adapter-folder.ts';
import { packAdapter } from '../../../src/runs/adapter-save.ts';
import { stageRuns } from '../../../src/runs/spec.ts';
import { english, say, type Sentence } from '../../../src/sentence.ts';
import { cellName } from '../../../src/study/stored.ts';
import type { Cell } from '../../../src/study/study.ts';
import type { Estimates } from '../../../src/study/work/estimate.ts';
import type { StudyMaterials } from '../../../src/study/work/materials.ts';
import { openInstance } from '../../../src/train/open-run.ts';
import { preparedFor, runBatches } from '../../../src/train/prepare.ts';
import type { Prepared } from '../../../src/train/prepared.ts';
import { writeFolder, writeWhole, writing } from '../../whole-file.ts';
import { isPeft, scriptText, withoutScript, type CellFiles } from './script-text.ts';
import { readmeText } from './readme-text.ts';

const HERE = import.meta.dirname;
const SHARED = ['delta_cells.py', 'check_curves.py', 'ray_cells.py'];

interface ScriptOptions {
  studio: Studio;
  materials: StudyMaterials;
  estimates: Estimates;
  /** What the driver of Ray is to do, as it reads it. */
  job: unknown;
}

/** What was written, and what was not. */
interface WrittenScripts {
  scripts: number;
  without: { cell: Cell; why: Sentence }[];
}

/**
 * @param folder an empty or a new one
 * @throws StudioError('storage')
 */
export async function writeScripts(
  cells: readonly Cell[],
  folder: string,
  options: ScriptOptions,
): Promise<WrittenScripts> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new StudioError(
      'storage',
      say`${folder} is not empty; choose an empty or a new folder for the scripts`,
      {
        where: 'export-scripts',
      },
    );
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  const files = new SharedFiles(folder);
  const written: Cell[] = [];
  const without: WrittenScripts['without'] = [];
  for (const cell of cells) {
    const refused = options.estimates.refused.get(cell.id);
    const why = withoutScript(cell) ?? (refused && say`it cannot run`);
    if (why !== undefined) {
      without.push({ cell, why });
      continue;
    }
    await writeCell(cell, folder, files, options);
    written.push(cell);
  }
  for (const name of SHARED)
    writing(folder, () => copyFileSync(path.join(HERE, name), path.join(folder, name)));
  writeWhole(path.join(folder, 'ray_job.json'), `${JSON.stringify(options.job, null, 2)}\n`);
  const missing = without.map(({ cell, why }) => ({ name: cellName(cell), why: english(why) }));
  writeWhole(path.join(folder, 'README.md'), readmeText(written, missing));
  return { scripts: written.length, without };
}

async function writeCell(
  cell: Cell,
  folder: string,
  files: SharedFiles,
  { studio, materials }: ScriptOptions,
): Promise<void> {
  const { spec, id } = cell;
  const prepared = preparedFor(await materials.prepared(cell), spec);
  const batches = runBatches(prepared, spec);
  const order = Array.from({ length: spec.training.steps }, (_, i) =>
    batches.step(i + 1).map(({ indices }) => indices),
  );
  const start = `starts/${id}`;
  const { files: started, headParameters } = await startOf(studio, prepared, cell);
  writeFolder(path.join(folder, start), started, false);
  const places: CellFiles = {
    model: files.model(prepared.base),
    data: files.json('data', rowsOf(prepared)),
    order: files.json('orders', order),
    start,
  };
  const { freshHead } = prepared.model;
  const text = scriptText(cell, places, {
    ownHead: freshHead === undefined,
    outputs: prepared.outputs,
    headParameters,
    classWeights: prepared.classWeights,
  });
  writeWhole(path.join(folder, `cell-${id}.py`), text);
}

/** Files that several cells share, each written once under the hash of what it holds. */
class SharedFiles {
  readonly #folder: string;
  readonly #models = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns its path in the folder */
  json(kind: 'data' | 'orders', value: unknown): string {
    const text = `${JSON.stringify(value)}\n`;
    const name = `${kind}/${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`;
    const file = path.join(this.#folder, name);
    if (!existsSync(file)) {
      writing(file, () => mkdirSync(path.dirname(file), { recursive: true }));
      writeWhole(file, text);
    }
    return name;
  }

  model(base: Model): string {
    const name = `models/${base.hash.slice(0, 16)}`;
    if (!this.#models.has(name)) writeFolder(path.join(this.#folder, name), modelFiles(base), false);
    this.#models.add(name);
    return name;
  }
}

/** The weights as transformers reads them, with their configuration. */
function modelFiles({ graph, parameters, config, hash, source }: Model): SavedFile[] {
  const layout = [...parameters.values()].map(({ name, dims, transposed }) => ({
    name,
    dims,
    file: { name, transposed },
  }));
  const values = new Map(layout.map(({ name }) => [name, floatsOf(graph.initializers.get(name)!)]));
  return [
    savedInParts(MODEL_WEIGHTS, packAdapter(layout, values, { hash, source })),
    { name: 'config.json', bytes: bytesOfText(`${JSON.stringify(config, null, 2)}\n`) },
  ];
}

/** What a cell's delta and head are before the first step. */
async function startOf(
  studio: Studio,
  prepared: Prepared,
  { spec }: Cell,
): Promise<{ files: SavedFile[]; headParameters: string[] }> {
  const [stage] = stageRuns(spec);
  const { instance, layout } = await openInstance(studio, prepared, spec, stage, 0, {});
  try {
    const tensors = await instance.read();
    const { hash, task, head } = prepared.model;
    const base = { hash, source: spec.model.source };
    const ofHead = layout.parts[0].filter(({ name }) => head.includes(name));
    const headParameters = ofHead.map(({ file }) => file.name);
    if (isPeft(spec))
      return { files: saveRunAdapter([{ ...layout, tensors }], false, { base, task }), headParameters };
    const trained = layout.parts[0].map(({ file }) => file.name);
    return {
      files: [
        // What lies in the model already is not written again.
        savedInParts(MODEL_WEIGHTS, packAdapter(ofHead, tensors, base)),
        { name: 'trained.json', bytes: bytesOfText(`${JSON.stringify(trained)}\n`) },
      ],
      headParameters,
    };
  } finally {
    instance.destroy();
  }
}

/** Token ids, segments where the model reads them, and labels. */
function rowsOf({ train, validation, test, model }: Prepared) {
  const types = model.graph.inputs.some(({ name }) => name === 'token_type_ids');
  const rows = (data: EncodedDataset | null) =>
    data === null
      ? []
      : Array.from({ length: data.rows }, (_, row) => {
          const [from, to] = [data.offsets[row], data.offsets[row] + lengthOf(data, row)];
          return {
            ids: [...data.ids.subarray(from, to)],
            ...(types && { types: [...data.typeIds.subarray(from, to)] }),
            label: data.labels[row],
          };
        });
  return { train: rows(train), validation: rows(validation), test: rows(test) };
}

function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
