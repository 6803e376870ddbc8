/** What the update plan has to know of an optimizer. Learning rates come with each step. */

interface CommonSettings {
  weightDecay: number;
  /** 0: the norm is measured but nothing is clipped. */
  maxGradNorm: number;
  /** Micro-batches an optimizer step; 1 accumulates nothing. */
  accumulation: number;
}

export interface AdamWSettings extends CommonSettings {
  type: 'adamw';
  betas: readonly [number, number];
  epsilon: number;
}

/** As Hugging Face's `Adafactor`. */
export interface AdafactorSettings extends CommonSettings {
  type: 'adafactor';
  scaleParameter: boolean;
  clipThreshold: number;
  /** 1 − β₂ at step t is t^decayRate. */
  decayRate: number;
  beta1?: number;
  epsilon: readonly [number, number];
}

export type OptimizerSettings = AdamWSettings | AdafactorSettings;

/** The corrections of the step block at an optimizer step, from 1: AdamW's 1 − βₙᵗ, Adafactor's 1 − β₂(t). */
export function correctionsAt(settings: OptimizerSettings, step: number): [number, number] {
  if (settings.type === 'adafactor') return [1, step ** settings.decayRate];
  return [1 - settings.betas[0] ** step, 1 - settings.betas[1] ** step];
}
