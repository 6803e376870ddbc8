/** The model as every method of a comparison starts from: nothing trained, a fresh head where it brings none. */
import { evaluationLengths, type BatchShape } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { Dataset } from '../data/dataset.ts';
import { floatsOf } from '../graph/tensor.ts';
import type { RunSpec } from '../runs/spec.ts';
import { compileRun } from './compile.ts';
import type { GenerationSource } from './generate/generator.ts';
import { DeviceInstance } from './device-instance.ts';
import type { Prepared } from './prepared.ts';
import type { ReopenedRun, ReopenedTexts } from './reopen.ts';
import { encodeForTask } from './task.ts';
import { TextGenerator } from './text-generator.ts';
import { precisionOfUse } from '../plan/precision.ts';
import type { Studio } from '../plan/studio.ts';

/**
 * Opens the untuned model for rows to come.
 * @param spec of any run of the comparison
 * @throws StudioError('device') when its memory cannot be had
 */
export async function openUntuned(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  dataset: Dataset | EncodedDataset,
): Promise<ReopenedRun & Pick<ReopenedTexts, 'instance'>> {
  const { model, deltaModel, tokenizer, outputs } = prepared;
  const data = 'ids' in dataset ? dataset : encodeForTask(dataset, tokenizer, spec, model.config);
  const { batchSize, seed, optimizer } = spec.training;
  const shape: BatchShape = { batchSize, inputs: model.graph.inputs.map(({ name }) => name) };
  const lengths = evaluationLengths(data, shape);
  const compiled = compileRun({
    model: deltaModel,
    modelKey: model.hash,
    method: { type: 'head' },
    loss: spec.model.task === 'regression' ? 'meanSquared' : 'crossEntropy',
    seed,
    dropout: 0,
    optimizer: { ...optimizer, maxGradNorm: 0, accumulation: 1 },
    // The head's plan is the smallest there is; only its evaluation runs.
    training: { batchSize: 1, lengths: lengths.slice(0, 1) },
    evaluation: { batchSize, lengths },
    adapter: studio.profile,
    precision: precisionOfUse(spec.training.precision),
  });
  const instance = await DeviceInstance.create(studio, compiled, deltaModel, { seed, forwardOnly: true });
  return { instance, data, shape, outputs };
}

/** Texts of the untuned model, which writes with the head it came with. */
export function untunedTexts(
  studio: Studio,
  { model, tokenizer }: Prepared,
  spec: RunSpec,
  dataset: Dataset | EncodedDataset,
): TextGenerator {
  const { graph, parameters, config, hash } = model;
  const source: GenerationSource = {
    graph,
    parameters,
    config,
    modelKey: hash,
    layout: { slots: new Map(), groups: [] },
    precision: precisionOfUse(spec.training.precision),
    weights: (name) => floatsOf(graph.initializers.get(name)!),
  };
  const encoded = 'ids' in dataset;
  const data = encoded ? dataset : encodeForTask(dataset, tokenizer, spec, config);
  const batchSize = encoded ? spec.training.batchSize : 1;
  return new TextGenerator(studio, source, data, tokenizer, { ...spec.generation!, batchSize });
}
