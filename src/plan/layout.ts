/**
 * Where trained tensors live: packed into as few buffers as the binding limit allows, so that norm,
 * clipping and optimizer each are one dispatch a buffer. Gradients and optimizer moments mirror the
 * layout: the same offset in a buffer of their own.
 */
import { StudioError } from '../errors.ts';
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
  /** Bytes of every packed buffer. */
  groups: number[];
}

/**
 * @param tensors name and shape of f32 tensors, in the order they are to be listed
 * @param limit bytes one binding may have
 * @throws StudioError('device') when a single tensor exceeds the limit
 */
export function layoutTrainables(
  tensors: readonly { name: string; shape: readonly number[] }[],
  limit: number,
  alignment: number,
): TrainableLayout {
  const slots = new Map<string, TrainableSlot>();
  const groups: number[] = [];
  let used = Infinity;
  for (const { name, shape } of tensors) {
    const bytes = 4 * shape.reduce((n, d) => n * d, 1);
    if (bytes > limit)
      throw new StudioError(
        'device',
        `The tensor "${name}" takes ${bytes} bytes but this GPU binds at most ${limit} at once; train it with a method that leaves it frozen, or use another GPU.`,
        { where: name },
      );
    let offset = alignUp(used, alignment);
    if (offset + bytes > limit) {
      groups.push(0);
      offset = 0;
    }
    slots.set(name, { name, shape, group: groups.length - 1, offset, bytes });
    used = offset + bytes;
    groups[groups.length - 1] = alignUp(used, alignment);
  }
  return { slots, groups };
}

/** Buffer ids of group `i`. */
export const trainableBuffer = (i: number): string => `trainable.${i}`;
export const gradientBuffer = (i: number): string => `gradient.${i}`;
export const accumulatedBuffer = (i: number): string => `accumulated.${i}`;
export const momentBuffer = (moment: number, i: number): string => `moment${moment + 1}.${i}`;
