/** The plan: plain data that says everything a training or evaluation step does on the device. */
import type { Storage } from './precision.ts';

export const MEMORY_CATEGORIES = [
  'frozenWeights',
  'trainable',
  'gradients',
  'optimizer',
  'activations',
  'workspace',
  'batch',
] as const;
export type MemoryCategory = (typeof MEMORY_CATEGORIES)[number];

/** Bytes by category plus `total`, as in the `memory` event. */
export type MemoryBytes = Record<MemoryCategory | 'total', number>;

export interface PlanBuffer {
  id: string;
  category: MemoryCategory;
  bytes: number;
  /**
   * Shared buffers (frozen weights) exist once on a device, whoever plans them; the id says what is
   * in them. Others belong to the run.
   */
  shared: boolean;
}

export interface Binding {
  buffer: string;
  offset: number;
  size: number;
  /** `read` memory never changes while any plan runs (frozen weights, constants); see `gpu/pipelines`. */
  access: 'read' | 'read_write';
  /** How its numbers lie there, where they are halves. */
  storage?: Storage;
}

export interface Dispatch {
  label: string;
  shader: string;
  entry: string;
  constants: Record<string, number>;
  /** As of `KernelCall`, with the place of the uniform that holds them, in the order of their names. */
  sizes?: { values: Record<string, number>; buffer: string; offset: number };
  bindings: Binding[];
  workgroups: [number, number, number];
  /** As of `KernelCall`. */
  tunes?: string;
  /** Rough multiply-adds ×2, to bound the work of one submit. */
  flops: number;
}

/** A tensor at a place in a buffer. */
export interface Placement {
  name: string;
  buffer: string;
  offset: number;
  /** Bytes of data, without alignment padding. */
  bytes: number;
  shape: readonly number[];
  /** `f16` is written from numbers in single precision. */
  type: 'f32' | 'i32' | 'f16';
}

export interface Plan {
  buffers: PlanBuffer[];
  /** Forward, loss, backward of one micro-batch. Empty backward for evaluation plans. */
  compute: Dispatch[];
  /** Once an optimizer step: norm, clipping, update. Empty for evaluation plans. */
  update: Dispatch[];
  /** Added after `compute` when gradients accumulate over micro-batches. */
  accumulate: Dispatch[];
  /** Filled once: parameters and constants. */
  weights: Placement[];
  /** Filled per batch: host values, labels, weights, the step block (named `step`). */
  uploads: Placement[];
  /** Read back: `loss`, `logits`, `gradNorm`. */
  readbacks: Placement[];
  /** Trainable tensors, in order, with the place of tensor, gradient and optimizer moments. */
  trainables: {
    name: string;
    shape: readonly number[];
    tensor: Placement;
    gradient: Placement;
    moments: Placement[];
  }[];
  /** Memory of a delta's own that outlives steps, where it has some (after.ts). */
  states?: Placement[];
  memory: MemoryBytes;
}
