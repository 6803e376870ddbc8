/** Trained adapters for a fusion, without a run that trained them. */
import { adapter } from '../../src/deltas/adapter.ts';
import type { AdapterOptions } from '../../src/deltas/adapter-options.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { FusionOptions } from '../../src/deltas/fusion.ts';
import type { OpenedAdapter } from '../../src/deltas/opened-adapter.ts';

/** An adapter of the model whose every number is something. */
export function trainedAdapter(
  model: DeltaModel,
  name: string,
  options: Partial<AdapterOptions> = {},
): OpenedAdapter {
  const shape: AdapterOptions = {
    type: 'adapter',
    bottleneck: 4,
    activation: 'relu',
    placement: 'pfeiffer',
    ...options,
  };
  const delta = adapter(model, shape, 1);
  const tensors = delta.tensors.map((tensor) => ({
    ...tensor,
    data: tensor.data.map((_, i) => 0.2 * Math.sin(i + name.length + tensor.name.length)),
  }));
  return { name, options: shape, tensors, hubConfig: delta.hubConfig! };
}

/** The model with two adapters open, and the fusion of them. */
export function withTwoAdapters(model: DeltaModel): { model: DeltaModel; method: FusionOptions } {
  const adapters = new Map(
    ['one', 'two'].map((name, i) => [name, trainedAdapter(model, name, { bottleneck: 4 + 2 * i })]),
  );
  return {
    model: { ...model, adapters },
    method: { type: 'fusion', adapters: ['one', 'two'], penalty: 0.01 },
  };
}
