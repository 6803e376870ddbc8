/** Options of bottleneck adapters; adapter.ts says what the placements compute. */

/** Activations an adapter may have, as ONNX spells them: a list of nodes and the value they give. */
export type AdapterActivation = 'silu' | 'relu' | 'gelu' | 'tanh';

export type AdapterPlacement = 'both' | 'ffn' | 'pfeiffer' | 'parallel' | 'scaledParallel';

export interface AdapterOptions {
  type: 'adapter';
  bottleneck: number;
  activation: AdapterActivation;
  placement: AdapterPlacement;
  learnedScale?: boolean;
}

export function isParallel({ placement }: Pick<AdapterOptions, 'placement'>): boolean {
  return placement === 'parallel' || placement === 'scaledParallel';
}
