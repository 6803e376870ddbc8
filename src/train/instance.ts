/**
 * An instance: one model, rewritten by one method, on one device, ready to step and to evaluate.
 * This interface is what the training loop knows; `src/train/compile.ts` makes instances from plans.
 */
import type { Batch } from '../data/batch.ts';
import type { MemoryEvent } from './events.ts';

export interface StepSettings {
  /** Optimizer step, from 1. */
  optimizerStep: number;
  learningRate: number;
  /** Of several tasks, for what that of the batches alone trains: its own count of steps, and the rate at that. */
  task?: { optimizerStep: number; learningRate: number };
}

export interface StepResult {
  /** Mean over the real rows (target tokens, for text to text) of all micro-batches, by their weights, before the update. */
  loss: number;
  /** What the delta's penalties add to it, where it has some; the gradient is that of the sum. */
  penalty?: number;
  /** Global norm of the gradients before clipping. */
  gradNorm: number;
}

export interface TrainableTensor {
  name: string;
  shape: readonly number[];
}

export interface Instance {
  readonly trainables: readonly TrainableTensor[];
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** Dispatches of one training step: without and with the optimizer. */
  readonly dispatches: { compute: number; update: number };
  /**
   * Enqueue one optimizer step over micro-batches (one, unless gradients accumulate). Resolves when
   * loss and norm have been read back; callers keep a few in flight rather than awaiting each.
   * A non-finite norm leaves the weights as they were.
   */
  step(batches: readonly Batch[], settings: StepSettings): Promise<StepResult>;
  /** Logits of a batch, row-major [batch.size, outputs]; no dropout. */
  forward(batch: Batch): Promise<Float32Array>;
  /**
   * For text to text: the negative log-likelihood of every target token given those before it, row-major
   * [batch.size, batch.targetLength], 0 for padding; no dropout.
   */
  tokenLosses?(batch: Batch): Promise<Float32Array>;
  /** Trained tensors by name, as stored in the graph, and frozen ones that were written. */
  read(): Promise<Map<string, Float32Array>>;
  /** Overwrite trained tensors, and frozen ones that come with what the run starts from (all or some). @throws if a name or length is unknown. */
  write(tensors: ReadonlyMap<string, Float32Array>): void;
  /** Whether the delta does something to tensors after a step (deltas/rules.ts), and null where it does not. */
  eventsAfter?(step: number): { forgetsBest: boolean } | null;
  /** Does it; nothing may be in flight. */
  applyEvents?(step: number): Promise<void>;
  /** Optimizer moments, for checkpoints: name → one array a moment; the delta's states too. */
  readMoments(): Promise<Map<string, Float32Array[]>>;
  writeMoments(moments: ReadonlyMap<string, readonly Float32Array[]>): void;
  /** Takes up random streams and schedules after so many micro-batches and steps, for a run that is resumed. */
  seek(microBatches: number, optimizerStep: number): void;
  memory(): Omit<MemoryEvent, 'type' | 'stage'>;
  destroy(): void;
}
