/** A finished run made ready to evaluate and predict: base model, method and saved adapter, no training. */
import type { BatchLengths } from '../data/batch.ts';
import { evaluationLengths, type BatchShape } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { ReadableFolder } from '../models/files.ts';
import type { Model } from '../models/model.ts';
import {
  loadStage,
  openStageParts,
  stageAdapter,
  stageLayout,
  type BaseCheck,
  type StageLayout,
} from '../runs/adapter-folder.ts';
import type { StoredRun } from '../runs/record.ts';
import { stageRuns } from '../runs/spec.ts';
import { compileRun, type CompiledRun } from './compile.ts';
import { deltaModelOf } from './delta-model.ts';
import { foldWeights } from '../deltas/bake.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { freezeDelta } from '../deltas/freeze.ts';
import { floatInitializer } from '../graph/tensor.ts';
import type { ForwardModel } from './forward.ts';
import type { GenerationSource } from './generate/generator.ts';
import { generationSource } from './generate/source.ts';
import { DeviceInstance } from './device-instance.ts';
import type { Instance } from './instance.ts';
import { tokenizerOf } from './prepare.ts';
import { encodeForTask, modelForTask, outputsOf } from './task.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { precisionOfUse } from '../plan/precision.ts';
import type { Studio } from '../plan/studio.ts';

export interface ReopenedRun {
  instance: Instance;
  data: EncodedDataset;
  shape: BatchShape;
  /** Columns of the logits. */
  outputs: number;
}

/** An adapter's folder, and how messages name it. */
export interface SavedAdapter {
  folder: ReadableFolder;
  label: string;
}

/** A finished run that writes texts too. */
export interface ReopenedTexts extends Omit<ReopenedRun, 'instance'> {
  instance: DeviceInstance;
  tokenizer: Tokenizer;
  /** What its texts are generated from. */
  source: GenerationSource;
  /** Tensors of another adapter that was saved like the run's, as `Instance.write` takes them. */
  tensorsOf: (adapter: SavedAdapter) => Promise<Map<string, Float32Array>>;
  /** The whole model with its trained tensors in it. */
  trained: ForwardModel;
}

/**
 * @param base the run's base model, as loaded
 * @param adapter the run's adapter folder, and how messages name it
 * @param dataset the rows to come; their lengths decide what is compiled
 * @param options `force` takes a base model or adapter whose weights are not the run's
 * @throws StudioError('model') when the base is not the run's, ('adapter-file') when the adapter does not fit
 */
export async function reopenRun(
  studio: Studio,
  stored: StoredRun,
  base: Model,
  adapter: SavedAdapter,
  dataset: Dataset,
  { batchSize = stored.spec.training.batchSize, force = false }: { batchSize?: number; force?: boolean } = {},
): Promise<ReopenedTexts> {
  checkBase(stored, base, force);
  const { model: wanted, training } = stored.spec;
  const tokenizer = tokenizerOf(base);
  const model = modelForTask(base, stored.spec, stored.labels, tokenizer);
  const data = encodeForTask(dataset, tokenizer, stored.spec, model.config);
  const shape = { batchSize, inputs: model.graph.inputs.map(({ name }) => name) };
  // Texts to come have no targets: texts are generated, and the least of an evaluation holds the weights.
  const writes = wanted.task === 'text2text' && data.targets === null;
  const lengths = writes ? [{ length: 8, targetLength: 4 }] : evaluationLengths(data, shape);
  const check = { hash: base.hash, force };
  const { compiled, tensors, before, layout } = await restoreStages(stored, model, adapter, {
    batchSize: writes ? 1 : batchSize,
    lengths,
    profile: studio.profile,
    check,
  });
  const instance = await DeviceInstance.create(studio, compiled, before, {
    seed: training.seed,
    forwardOnly: true,
  });
  instance.write(tensors);
  const source = generationSource(compiled, before, instance);
  const trained = trainedModel(compiled, tensors);
  return {
    instance,
    data,
    shape,
    outputs: outputsOf(stored.spec, stored.labels),
    tensorsOf: ({ folder, label }) => loadStage(folder, label, layout, check),
    tokenizer,
    source,
    trained,
  };
}

/** @throws StudioError('model') when the base is not the run's */
export function checkBase(stored: StoredRun, base: Model, force: boolean): void {
  if (base.hash === stored.model.hash || force) return;
  throw new StudioError(
    'model',
    say`${stored.model.source} is not the model this run was trained on: its weights differ; put that model back, or take this one all the same with --force.`,
    { where: 'model.source' },
  );
}

/** The last stage of a run that has one saved, compiled for use, on the stages before it. */
export interface RestoredStage {
  compiled: CompiledRun;
  /** What it trained. */
  tensors: Map<string, Float32Array>;
  /** How its files hold that. */
  layout: StageLayout;
  /** The model it was attached to: with the earlier stages in it. */
  before: DeltaModel;
}

/**
 * Puts the saved stages of a run onto its base model, one after the other.
 * @param model the base with the output of the run's task
 * @param options what to compile the stages for
 * @throws StudioError('adapter-file') when the adapter does not fit, or holds no stage
 */
export async function restoreStages(
  stored: StoredRun,
  model: Model,
  adapter: SavedAdapter,
  options: { batchSize: number; lengths: readonly BatchLengths[]; profile: AdapterProfile; check: BaseCheck },
): Promise<RestoredStage> {
  const { model: wanted, training, stages } = stored.spec;
  const { batchSize, lengths, profile, check } = options;
  let before = deltaModelOf(model, stored.place);
  let last: Omit<RestoredStage, 'before'> | undefined;
  for (const [index, { method }] of stageRuns(stored.spec).entries()) {
    const place = await stageAdapter(adapter.folder, stages !== undefined, index);
    if (place === null) break;
    if (last) before = freezeDelta(before, last.compiled.delta, last.tensors, index);
    const label = place.name === '' ? adapter.label : `${adapter.label}/${place.name}`;
    await openStageParts(method, before, place.folder, label);
    const compiled = compileRun({
      model: before,
      modelKey: model.hash,
      method,
      loss: wanted.task === 'regression' ? 'meanSquared' : 'crossEntropy',
      seed: training.seed,
      dropout: 0,
      baked: true,
      optimizer: { ...training.optimizer, maxGradNorm: 0, accumulation: 1 },
      // What is trained is known from a training program; one row of the shortest length is the least of it.
      training: { batchSize: 1, lengths: lengths.slice(0, 1) },
      evaluation: { batchSize, lengths },
      adapter: profile,
      precision: precisionOfUse(training.precision),
    });
    const heads = stored.task === undefined ? [] : [{ task: stored.task, tensors: model.head }];
    const layout: StageLayout = stageLayout(
      method,
      compiled.delta,
      compiled.trainables,
      model.parameters,
      heads,
    );
    last = { compiled, layout, tensors: await loadStage(place.folder, label, layout, check) };
  }
  if (!last)
    throw new StudioError('adapter-file', say`${adapter.label} holds no stage of this run; train again.`, {
      where: 'run',
    });
  return { ...last, before };
}

function trainedModel(
  { delta, model, modelKey }: CompiledRun,
  tensors: ReadonlyMap<string, Float32Array>,
): ForwardModel {
  const initializers = new Map(delta.graph.initializers);
  for (const [name, values] of tensors)
    initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, values));
  return {
    graph: foldWeights({ ...delta.graph, initializers }, delta.folds),
    parameters: model.parameters,
    modelKey: `${modelKey}.trained`,
  };
}
