/**
 * Adafactor's part of the update plan: its moments and its kernel calls. The second moment of a matrix is kept
 * as a row and a column, so optimizer memory is next to nothing; a first moment, where asked for, mirrors the
 * tensors as AdamW's does.
 */
import type { AdapterProfile, KernelCall, Operand } from './kernel-call.ts';
import { checkWeight, momentBuffer, trainableBuffer } from './layout.ts';
import type { TrainableLayout, TrainableSlot } from './layout.ts';
import { updateKernels } from './lower/update-kernels.ts';
import type { AdafactorSettings } from './optimizer-settings.ts';
import { alignUp } from './pack.ts';
import type { Placement } from './plan.ts';

export interface MomentPlan {
  /** Moment buffers, each of a group of trained tensors. */
  buffers: { id: string; bytes: number; group: number }[];
  calls: { call: KernelCall; group: number }[];
  /** Where the moments of a tensor lie. */
  momentsOf: (slot: TrainableSlot) => Placement[];
}

/** Rows and columns over the last axis; vectors, and matrices of one row in all but name, keep all of their moment. */
function factorsOf(shape: readonly number[]): { rows?: number; columns: number } {
  const columns = shape.at(-1) ?? 1;
  if (shape.length < 2) return { columns };
  return { rows: shape.slice(0, -1).reduce((n, d) => n * d, 1), columns };
}

/**
 * @param summed buffer of the gradients of a group
 * @param norm value that the norm is written to
 */
export function planAdafactor(
  settings: AdafactorSettings,
  layout: TrainableLayout,
  summed: (group: number) => string,
  norm: string,
  adapter: AdapterProfile,
): MomentPlan {
  const alignment = adapter.limits.minStorageBufferOffsetAlignment;
  const used = layout.groups.map(() => 0);
  const places = new Map<string, Placement[]>();
  for (const slot of layout.slots.values()) {
    // Its row and column factors are of the whole tensor.
    checkWeight(slot.name, slot.bytes, adapter.limits.maxStorageBufferBindingSize);
    const { rows, columns } = factorsOf(slot.shape);
    const sizes = rows === undefined ? [columns] : [rows, columns];
    const moments = sizes.map((size): Placement => {
      const offset = alignUp(used[slot.group], alignment);
      used[slot.group] = offset + 4 * size;
      return {
        name: slot.name,
        buffer: momentBuffer(0, slot.group),
        offset,
        bytes: 4 * size,
        shape: [size],
        type: 'f32',
      };
    });
    if (settings.beta1 !== undefined) {
      const { name, offset, bytes, shape } = slot;
      moments.push({ name, buffer: momentBuffer(1, slot.group), offset, bytes, shape, type: 'f32' });
    }
    places.set(slot.name, moments);
  }
  const momentsOf = (slot: TrainableSlot): Placement[] => places.get(slot.name)!;
  return {
    buffers: layout.groups.flatMap(({ bytes }, i) => [
      { id: momentBuffer(0, i), bytes: alignUp(used[i], alignment), group: i },
      ...(settings.beta1 === undefined ? [] : [{ id: momentBuffer(1, i), bytes, group: i }]),
    ]),
    calls: [...layout.slots.values()].flatMap((slot) => {
      const { rate } = layout.groups[slot.group];
      const operands = momentsOf(slot).map(operandAt);
      const first = settings.beta1 === undefined ? undefined : operands.pop();
      const calls = updateKernels(adapter).adafactor(
        {
          ...factorsOf(slot.shape),
          parameters: operandAt({ ...slot, buffer: trainableBuffer(slot.group) }),
          gradients: operandAt({ ...slot, buffer: summed(slot.group) }),
          moments: operands,
          first,
        },
        {
          ...settings,
          weightDecay: rate.decay ? settings.weightDecay : 0,
          learningRateScale: rate.scale,
        },
        { value: norm, access: 'read' },
        adapter,
      );
      return calls.map((call) => ({ call, group: slot.group }));
    }),
    momentsOf,
  };
}

function operandAt({ buffer, offset, bytes }: Pick<Placement, 'buffer' | 'offset' | 'bytes'>): Operand {
  return { value: buffer, access: 'readwrite', part: { offset, bytes } };
}
