/** Options of bottleneck adapters; adapter.ts says what the placements compute. */
import type { AdapterActivation } from './nodes.ts';

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
