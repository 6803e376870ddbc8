/** `training.precision`: how weights and activations are stored (precision.ts). */
export const PRECISIONS = ['f32', 'f16-base', 'f16'] as const;
export type Precision = (typeof PRECISIONS)[number];
