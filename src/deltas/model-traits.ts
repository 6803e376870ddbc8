/** What of a loaded model the default learning rates follow. */
import { floatsOf } from '../graph/tensor.ts';
import type { RateTraits } from './default-rates.ts';
import type { DeltaModel } from './delta.ts';

const WIDTH_KEYS = ['hidden_size', 'dim', 'd_model', 'n_embd'];

/** The traits of a model, from its configuration where that says them, else from its weights. */
export function rateTraits({ graph, roles, config, parameters }: DeltaModel): RateTraits {
  const encoderDecoder = graph.inputs.some(({ name }) => name === 'decoder_input_ids');
  const norms = roles.norms.map(({ weight, bias }) => ({ weight, bias }));
  const named = WIDTH_KEYS.map((key) => config[key]).find((value) => typeof value === 'number');
  const measured = roles.norms.map(({ weight }) => parameters.get(weight)?.dims.at(-1) ?? 0);
  return {
    kind: encoderDecoder ? 'encoderDecoder' : 'encoder',
    width: named ?? Math.max(0, ...measured),
    layers: roles.layers.encoder + roles.layers.decoder,
    pretrained: norms.length === 0 || norms.some((norm) => isTrained(graph, norm)),
  };
}

/** Every initialisation makes a norm's scale 1 and its shift 0; the first step of a training moves them. */
function isTrained(
  { initializers }: DeltaModel['graph'],
  { weight, bias }: { weight: string; bias?: string },
): boolean {
  const differs = (name: string | undefined, from: number): boolean => {
    const tensor = name === undefined ? undefined : initializers.get(name);
    return tensor !== undefined && floatsOf(tensor).some((value) => value !== from);
  };
  return differs(weight, 1) || differs(bias, 0);
}
