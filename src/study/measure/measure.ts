/** What is measured of trained deltas beside their scores: the loss around them, angles between them, what they forget. */
import type { ReadableFolder } from '../../models/files.ts';
import { floatsOf } from '../../graph/tensor.ts';
import type { Studio } from '../../plan/studio.ts';
import { ADAPTER_WEIGHTS } from '../../runs/adapter-names.ts';
import { loadStage } from '../../runs/adapter-folder.ts';
import { stageRuns } from '../../runs/spec.ts';
import { evaluate, predict } from '../../train/evaluate.ts';
import { openInstance, type OpenedInstance } from '../../train/open-run.ts';
import { batchShape, preparedFor } from '../../train/prepare.ts';
import type { Prepared } from '../../train/prepared.ts';
import { finalSets, validationSets } from '../../train/scored-sets.ts';
import { logitTask } from '../../train/task.ts';
import type { RunControl } from '../../train/control.ts';
import { emptyRow } from '../row-of-run.ts';
import type { Angles, Cell, Row, Surface } from '../study.ts';
import { columnBasis, principalCosines } from './angles.ts';
import { along, between, randomLike, type Trainable } from './directions.ts';
import { crossEntropy, maskedTokens } from './masked-tokens.ts';
import { openWeights } from '../../runs/weights-file.ts';

export type AdapterFiles = ReadableFolder;

/** Places of a picture of the loss, in lengths of the delta: 0 is the start, 1 what was learned. */
const ALONG = [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];
const ACROSS = [-1, -0.5, 0, 0.5, 1];

/**
 * @param prepared with the model and rows of the cell's spec
 * @param adapters of the trainings that it is a measure of, in their order
 * @returns its row; null where it was stopped before its end
 */
export async function measureCell(
  studio: Studio,
  prepared: Prepared,
  cell: Cell,
  adapters: readonly AdapterFiles[],
  control: RunControl,
): Promise<Row | null> {
  const began = performance.now();
  const row = emptyRow(cell, new Date().toISOString());
  const own = preparedFor(prepared, cell.spec);
  const measured = await measuredOf(studio, own, cell, adapters, control);
  if (measured === null) return null;
  return { ...row, ...measured, seconds: (performance.now() - began) / 1000 };
}

type Measured = Pick<Row, 'surface' | 'angles' | 'maskedTokenLoss'>;

async function measuredOf(
  studio: Studio,
  prepared: Prepared,
  cell: Cell,
  adapters: readonly AdapterFiles[],
  control: RunControl,
): Promise<Measured | null> {
  if (cell.measure === 'angles') return { angles: await anglesOf(adapters) };
  if (cell.measure === 'surface') {
    const surface = await opened(studio, prepared, cell, (instance) =>
      surfaceOf(instance, prepared, cell, adapters[0], control),
    );
    return surface && { surface };
  }
  const masked = maskedTokens(prepared, cell.spec);
  const maskedTokenLoss = await opened(studio, masked, cell, async (one) => {
    if (adapters.length > 0) one.instance.write(await trained(one, masked, adapters[0]));
    const data = masked.validation!;
    const logits = await predict(one.instance, data, batchShape(masked, cell.spec), masked.outputs);
    return crossEntropy(logits, data.labels);
  });
  return { maskedTokenLoss };
}

async function opened<T>(
  studio: Studio,
  prepared: Prepared,
  { spec }: Cell,
  work: (opened: OpenedInstance) => Promise<T>,
): Promise<T> {
  const [stage] = stageRuns(spec);
  const one = await openInstance(studio, prepared, spec, stage, 0, {});
  try {
    return await work(one);
  } finally {
    one.instance.destroy();
  }
}

function trained(
  { layout }: OpenedInstance,
  { model }: Prepared,
  adapter: AdapterFiles,
): Promise<Map<string, Float32Array>> {
  return loadStage(adapter, 'adapter', layout, { hash: model.hash, force: false });
}

/** Null where it was stopped. */
async function surfaceOf(
  opened: OpenedInstance,
  prepared: Prepared,
  { spec }: Cell,
  adapter: AdapterFiles,
  control: RunControl,
): Promise<Surface | null> {
  const { instance } = opened;
  const [set] = [...validationSets(prepared, spec), ...finalSets(prepared, spec)];
  const start = await instance.read();
  const delta = between(start, await trained(opened, prepared, adapter));
  const { parameters } = prepared.model;
  const random = randomLike(
    delta,
    instance.trainables.map(({ name, shape }): Trainable => {
      const parameter = parameters.get(name);
      return { name, dims: parameter?.dims ?? shape, transposed: parameter?.transposed ?? false };
    }),
  );
  const shape = batchShape(prepared, spec);
  const losses: number[][] = [];
  for (const b of ACROSS) {
    const line: number[] = [];
    for (const a of ALONG) {
      if (control.stopped) return null;
      instance.write(along(start, delta, a, random, b));
      const { metrics } = await evaluate(instance, set.data, shape, logitTask(spec), prepared.outputs);
      line.push(metrics.loss);
    }
    losses.push(line);
  }
  return { along: ALONG, across: ACROSS, losses };
}

/**
 * Between what two LoRAs add to the outputs of each layer: the columns of B. Their A start alike where the seed is the
 * same, so rows would tell of the start.
 */
async function anglesOf(adapters: readonly AdapterFiles[]): Promise<Angles> {
  const [one, other] = await Promise.all(adapters.map(basesOf));
  const modules = [...one.keys()].filter((name) => other.has(name));
  const cosines = modules.map((name) => principalCosines(one.get(name)!, other.get(name)!));
  const squares = cosines.flat().map((value) => value ** 2);
  return {
    modules: modules.length,
    smallest: degrees(meanOf(cosines.map(([first]) => first))),
    overlap: meanOf(squares),
    // Of random subspaces: each vector of the one has its share of dimensions in the other.
    byChance: meanOf(modules.map((name) => other.get(name)!.length / one.get(name)![0].length)),
  };
}

/** By module an orthonormal basis of B's columns. */
async function basesOf(adapter: AdapterFiles): Promise<Map<string, Float64Array[]>> {
  const read = await openWeights(adapter, ADAPTER_WEIGHTS, ADAPTER_WEIGHTS);
  if (read === undefined) throw new Error('internal: angles are measured between LoRAs');
  const found = [...read.tensors].flatMap(([name, tensor]): [string, Float64Array[]][] => {
    if (!name.endsWith('.lora_B.weight')) return [];
    const [rows, columns] = tensor.dims;
    const basis = columnBasis({ rows, columns, data: floatsOf(tensor) });
    return basis.length === 0 ? [] : [[name, basis]];
  });
  return new Map(found);
}

const degrees = (cosine: number): number => (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
