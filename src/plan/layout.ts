/**
 * Where trained tensors live: packed into as few buffers as the binding limit allows, so that norm,
 * clipping and optimizer each are one dispatch a buffer. Tensors that learn at another rate or do not decay
 * get a buffer of their own kind. Gradients and optimizer moments mirror the
 * layout: the same offset in a buffer of their own.
 */
import type { TensorRate } from '../deltas/delta.ts';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { alignUp } from './pack.ts';

export interface TrainableSlot {
  name: string;
  shape: readonly number[];
  /** Index of the packed buffer. */
  group: number;
  /** Bytes from its start. */
  offset: number;
  bytes: number;
}

export interface TrainableLayout {
  slots: Map<string, TrainableSlot>;
  groups: TrainableGroup[];
}

/** A packed buffer: all in it learns alike. */
export interface TrainableGroup {
  bytes: number;
  rate: TensorRate;
  /** The task whose steps alone train it, and count for it; absent of what every step trains. */
  task?: number;
}

export const PLAIN_RATE: TensorRate = { scale: 1, decay: true };

/**
 * @param tensors name, shape, rate and task of f32 tensors, in the order they are to be listed
 * @param limit bytes one binding may have
 * @param most bytes a buffer may have: a tensor longer than a binding has one to itself, and kernels bind it in slices
 * @throws StudioError('device') when a single tensor exceeds that
 */
export function layoutTrainables(
  tensors: readonly { name: string; shape: readonly number[]; rate?: TensorRate; task?: number }[],
  limit: number,
  alignment: number,
  most = limit,
): TrainableLayout {
  const slots = new Map<string, TrainableSlot>();
  const groups: TrainableGroup[] = [];
  /** The open group of each kind, by index. */
  const open = new Map<string, number>();
  const used: number[] = [];
  for (const { name, shape, rate = PLAIN_RATE, task } of tensors) {
    const bytes = 4 * shape.reduce((n, d) => n * d, 1);
    checkWeight(name, bytes, most);
    const kind = `${rate.scale} ${rate.decay} ${task}`;
    let group = open.get(kind);
    if (group === undefined || alignUp(used[group], alignment) + bytes > limit) {
      group = groups.push({ bytes: 0, rate, ...(task !== undefined && { task }) }) - 1;
      used[group] = 0;
      open.set(kind, group);
    }
    const offset = alignUp(used[group], alignment);
    slots.set(name, { name, shape, group, offset, bytes });
    used[group] = offset + bytes;
    groups[group].bytes = alignUp(used[group], alignment);
  }
  return { slots, groups };
}

/**
 * A weight, or what of it a kernel must see at once, has its length however few rows a batch has.
 * @param limit bytes that the adapter binds at once, or that a buffer may have
 * @param halves whether it could be stored as halves and is not
 * @throws StudioError('device')
 */
export function checkWeight(name: string, bytes: number, limit: number, halves = false): void {
  if (bytes <= limit) return;
  const mebibytes = (count: number): string => (count / 2 ** 20).toFixed(1);
  const fits = halves && bytes / 2 <= limit;
  throw new StudioError(
    'device',
    fits
      ? say`The weight "${name}" takes ${mebibytes(bytes)} MiB but this GPU allows at most ${mebibytes(limit)} MiB in one piece, whatever the batch size; choose "f16-base" for ${field('training.precision')}, which halves it, or run it on the processor (the adapter wasm).`
      : say`The weight "${name}" takes ${mebibytes(bytes)} MiB but this GPU allows at most ${mebibytes(limit)} MiB in one piece, whatever the batch size; run it on the processor (the adapter wasm), or choose a model with a smaller vocabulary.`,
    { where: name },
  );
}

/** Buffer ids of group `i`. */
export const trainableBuffer = (i: number): string => `trainable.${i}`;
export const gradientBuffer = (i: number): string => `gradient.${i}`;
export const accumulatedBuffer = (i: number): string => `accumulated.${i}`;
export const momentBuffer = (moment: number, i: number): string => `moment${moment + 1}.${i}`;
