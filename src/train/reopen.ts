/** A finished run made ready to evaluate and predict: base model, method and saved adapter, no training. */
import { evaluationLengths, type BatchShape } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { ModelFiles } from '../models/files.ts';
import type { Model } from '../models/model.ts';
import { loadStage, stageAdapter, stageLayout, type StageLayout } from '../runs/adapter-folder.ts';
import type { StoredRun } from '../runs/record.ts';
import { stageRuns } from '../runs/spec.ts';
import { compileRun, type CompiledRun } from './compile.ts';
import { deltaModelOf } from './delta-model.ts';
import { foldWeights } from '../deltas/bake.ts';
import { freezeDelta } from '../deltas/freeze.ts';
import { floatInitializer } from '../graph/tensor.ts';
import type { ForwardModel } from './forward.ts';
import type { GenerationSource } from './generate/generator.ts';
import { generationSource } from './generate/source.ts';
import { DeviceInstance } from './device-instance.ts';
import type { Instance } from './instance.ts';
import { tokenizerOf } from './prepare.ts';
import { encodeForTask, modelForTask, outputsOf } from './task.ts';
import type { Studio } from '../plan/studio.ts';

export interface ReopenedRun {
  instance: Instance;
  data: EncodedDataset;
  shape: BatchShape;
  /** Columns of the logits. */
  outputs: number;
}

/** A finished run that writes texts too. */
export interface ReopenedTexts extends Omit<ReopenedRun, 'instance'> {
  instance: DeviceInstance;
  tokenizer: Tokenizer;
  /** What its texts are generated from. */
  source: GenerationSource;
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
  adapter: { folder: Pick<ModelFiles, 'read'>; label: string },
  dataset: Dataset,
  { batchSize = stored.spec.training.batchSize, force = false }: { batchSize?: number; force?: boolean } = {},
): Promise<ReopenedTexts> {
  if (base.hash !== stored.model.hash && !force) {
    throw new StudioError(
      'model',
      say`${stored.model.source} is not the model this run was trained on: its weights differ; put that model back, or take this one all the same with --force.`,
      { where: 'model.source' },
    );
  }
  const { model: wanted, training, stages } = stored.spec;
  const tokenizer = tokenizerOf(base);
  const model = modelForTask(base, stored.spec, stored.labels, tokenizer);
  let deltaModel = deltaModelOf(model);
  const data = encodeForTask(dataset, tokenizer, stored.spec, model.config);
  const shape = { batchSize, inputs: model.graph.inputs.map(({ name }) => name) };
  // Texts to come have no targets: texts are generated, and the least of an evaluation holds the weights.
  const writes = wanted.task === 'text2text' && data.targets === null;
  const lengths = writes ? [{ length: 8, targetLength: 4 }] : evaluationLengths(data, shape);
  const check = { hash: base.hash, force };
  let last: { compiled: CompiledRun; tensors: Map<string, Float32Array> } | undefined;
  for (const [index, { method }] of stageRuns(stored.spec).entries()) {
    const place = await stageAdapter(adapter.folder, stages !== undefined, index);
    if (place === null) break;
    if (last) deltaModel = freezeDelta(deltaModel, last.compiled.delta, last.tensors, index);
    const compiled = compileRun({
      model: deltaModel,
      modelKey: model.hash,
      method,
      loss: wanted.task === 'regression' ? 'meanSquared' : 'crossEntropy',
      seed: training.seed,
      dropout: 0,
      baked: true,
      optimizer: { ...training.optimizer, maxGradNorm: 0, accumulation: 1 },
      // What is trained is known from a training program; one row of the shortest length is the least of it.
      training: { batchSize: 1, lengths: lengths.slice(0, 1) },
      evaluation: { batchSize: writes ? 1 : batchSize, lengths },
      adapter: studio.profile,
    });
    const layout: StageLayout = stageLayout(method, compiled.delta, compiled.trainables, model.parameters);
    const label = place.name === '' ? adapter.label : `${adapter.label}/${place.name}`;
    last = { compiled, tensors: await loadStage(place.folder, label, layout, check) };
  }
  if (!last)
    throw new StudioError('adapter-file', say`${adapter.label} holds no stage of this run; train again.`, {
      where: 'run',
    });
  const instance = await DeviceInstance.create(studio, last.compiled, deltaModel, {
    seed: training.seed,
    forwardOnly: true,
  });
  instance.write(last.tensors);
  const source = generationSource(last.compiled, deltaModel, instance);
  const trained = trainedModel(last.compiled, last.tensors);
  return {
    instance,
    data,
    shape,
    outputs: outputsOf(stored.spec, stored.labels),
    tokenizer,
    source,
    trained,
  };
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
