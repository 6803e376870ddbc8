/** A run as generation reads it: its rewritten model, and its trained tensors where the run keeps them. */
import type { DeltaModel } from '../../deltas/delta.ts';
import { precisionOfUse } from '../../plan/precision.ts';
import type { CompiledRun } from '../compile.ts';
import { initialValues } from '../device-instance.ts';
import type { DeviceInstance } from '../device-instance.ts';
import type { GenerationSource } from './generator.ts';

/**
 * @param model what the run was compiled for
 * @param instance the run on its device; texts come from its tensors as they are when they are generated
 */
export function generationSource(
  compiled: CompiledRun,
  model: DeltaModel,
  instance: DeviceInstance,
): GenerationSource {
  const { delta, modelKey, layout } = compiled;
  return {
    graph: delta.graph,
    parameters: compiled.model.parameters,
    config: model.config,
    modelKey,
    own: compiled.model.own,
    layout,
    precision: precisionOfUse(compiled.precision),
    weights: (name) => initialValues(delta.graph, model, name),
    lender: instance.memoryToLend,
  };
}
