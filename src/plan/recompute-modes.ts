/** `training.recompute`: what the backward pass makes anew of the forward pass rather than keep (recompute.ts). */
export const RECOMPUTE_MODES = ['none', 'cheap', 'layers'] as const;
export type RecomputeMode = (typeof RECOMPUTE_MODES)[number];
