/** Offsets in bytes of the per-step block (src/plan/kernel-call.ts). */
export const SEED: usize = 0;
export const STEP: usize = 4;
export const FLAGS: usize = 12;
export const LEARNING_RATE: usize = 16;
export const BETA1_CORRECTION: usize = 20;
export const BETA2_CORRECTION: usize = 24;
export const LOSS_SCALE: usize = 28;
