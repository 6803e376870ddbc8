/** A loaded model as the methods see it: with its roles found. */
import type { DeltaModel } from '../deltas/delta.ts';
import { analyse } from '../graph/analyse.ts';
import type { Model } from '../models/model.ts';

/**
 * @param place of the task that it answers, of several
 * @throws StudioError('unsupported') for an op without a kernel, by name
 */
export function deltaModelOf(model: Model, place?: DeltaModel['place']): DeltaModel {
  const { graph, parameters, config, head, languageModelHead, freshHead, hash, adapters } = model;
  return {
    graph,
    parameters,
    roles: analyse(graph, parameters, config),
    head,
    languageModelHead,
    config,
    hash,
    ...(adapters && { adapters }),
    freshHead,
    ...(place && { place: { index: place.index, count: place.count } }),
  };
}
