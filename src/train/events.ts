/** The events of a run, one a line in `metrics.jsonl`, the same in page and worker. */
import type { MemoryBytes } from '../plan/plan.ts';

export interface StartEvent {
  type: 'start';
  /** ISO 8601. */
  time: string;
  adapter: { vendor: string; description: string };
  trainableParameters: number;
  totalParameters: number;
}
export interface MemoryEvent {
  type: 'memory';
  predicted: MemoryBytes;
  allocated: MemoryBytes;
}
export interface StepEvent {
  type: 'step';
  /** From 1. */
  step: number;
  loss: number;
  learningRate: number;
  gradNorm: number;
  milliseconds: number;
  /** Real tokens of the step. */
  tokens: number;
}
export interface EvaluateEvent {
  type: 'evaluate';
  step: number;
  split: 'validation' | 'train' | 'test';
  metrics: Record<string, number>;
}
export interface EndEvent {
  type: 'end';
  reason: 'completed' | 'stopped' | 'earlyStopped' | 'nonFinite' | 'deviceLost' | 'failed';
  /** Steps whose loss is known. */
  step?: number;
  best: { step: number; metric: string; value: number } | null;
  seconds: number;
  /** One sentence, for reasons that need one. */
  message?: string;
}
export type RunEvent = StartEvent | MemoryEvent | StepEvent | EvaluateEvent | EndEvent;
