/**
 * The part of a plan that runs once an optimizer step: global norm, clipping, update, and the sum over
 * micro-batches. It works on packed buffers (layout.ts), so its length does not grow with the model.
 */
import { STEP_BLOCK_BYTES } from './kernel-call.ts';
import type { AdapterProfile, KernelCall } from './kernel-call.ts';
import { accumulatedBuffer, gradientBuffer, momentBuffer, trainableBuffer } from './layout.ts';
import type { TrainableLayout, TrainableSlot } from './layout.ts';
import { accumulate, adamW, globalNorm, NORM_BYTES } from './lower/optimizer.ts';
import { alignUp } from './pack.ts';
import type { Binding, Dispatch, Placement, Plan, PlanBuffer } from './plan.ts';

export interface OptimizerSettings {
  type: 'adamw';
  weightDecay: number;
  betas: readonly [number, number];
  epsilon: number;
  /** 0: the norm is measured but nothing is clipped. */
  maxGradNorm: number;
  /** Micro-batches an optimizer step; 1 accumulates nothing. */
  accumulation: number;
}

export interface UpdatePlan {
  buffers: PlanBuffer[];
  update: Dispatch[];
  accumulate: Dispatch[];
  readbacks: Placement[];
  trainables: Plan['trainables'];
}

const NORM = 'norm';
const SCRATCH = 'optimizerScratch';
const MOMENTS = 2;

export function planUpdate(
  settings: OptimizerSettings,
  layout: TrainableLayout,
  adapter: AdapterProfile,
): UpdatePlan {
  const accumulating = settings.accumulation > 1;
  const summed = accumulating ? accumulatedBuffer : gradientBuffer;
  const sizes = new Map<string, number>([[NORM, NORM_BYTES]]);
  const buffers: PlanBuffer[] = [{ id: NORM, category: 'workspace', bytes: NORM_BYTES, shared: false }];
  layout.groups.forEach(({ bytes }, i) => {
    const own = (id: string, category: PlanBuffer['category']): void => {
      sizes.set(id, bytes);
      buffers.push({ id, category, bytes, shared: false });
    };
    sizes.set(trainableBuffer(i), bytes);
    own(gradientBuffer(i), 'gradients');
    if (accumulating) own(accumulatedBuffer(i), 'gradients');
    for (let moment = 0; moment < MOMENTS; moment++) own(momentBuffer(moment, i), 'optimizer');
  });

  const gradients = layout.groups.map(({ bytes }, i) => ({ value: summed(i), elements: bytes / 4 }));
  const { maxGradNorm } = settings;
  const norm = globalNorm({ gradients, norm: NORM, maxGradNorm }, adapter);
  const updates = layout.groups.flatMap(({ bytes, rate }, i) =>
    adamW(
      {
        parameters: trainableBuffer(i),
        gradients: summed(i),
        firstMoment: momentBuffer(0, i),
        secondMoment: momentBuffer(1, i),
        norm: NORM,
        elements: bytes / 4,
        weightDecay: rate.decay ? settings.weightDecay : 0,
        learningRateScale: rate.scale,
        beta1: settings.betas[0],
        beta2: settings.betas[1],
        epsilon: settings.epsilon,
      },
      adapter,
    ),
  );
  const sums = accumulating
    ? layout.groups.flatMap(({ bytes }, i) =>
        accumulate({ sum: summed(i), gradients: gradientBuffer(i), elements: bytes / 4 }, adapter),
      )
    : [];

  const scratch = layoutScratch(norm, adapter);
  if (scratch.bytes > 0)
    buffers.push({ id: SCRATCH, category: 'workspace', bytes: scratch.bytes, shared: false });
  const dispatch = (label: string) => (call: KernelCall) => bind(label, call, sizes, scratch.offsets);
  return {
    buffers,
    update: [...norm.map(dispatch('gradient norm')), ...updates.map(dispatch('AdamW'))],
    accumulate: sums.map(dispatch('accumulate gradients')),
    readbacks: [{ name: 'gradNorm', buffer: NORM, offset: 0, bytes: NORM_BYTES, shape: [4], type: 'f32' }],
    trainables: [...layout.slots.values()].map((slot) => describe(slot, summed)),
  };
}

/** Offsets of the norm's scratch memory, by name. */
function layoutScratch(
  calls: readonly KernelCall[],
  adapter: AdapterProfile,
): { bytes: number; offsets: Map<string, { offset: number; bytes: number }> } {
  const offsets = new Map<string, { offset: number; bytes: number }>();
  let bytes = 0;
  for (const { operands } of calls) {
    for (const operand of operands) {
      if (!('scratch' in operand) || offsets.has(operand.scratch)) continue;
      offsets.set(operand.scratch, { offset: bytes, bytes: operand.bytes });
      bytes += alignUp(operand.bytes, adapter.limits.minStorageBufferOffsetAlignment);
    }
  }
  return { bytes, offsets };
}

function bind(
  label: string,
  call: KernelCall,
  sizes: ReadonlyMap<string, number>,
  scratch: ReadonlyMap<string, { offset: number; bytes: number }>,
): Dispatch {
  let bytes = 0;
  const bindings = call.operands.map((operand): Binding => {
    if ('step' in operand) return { buffer: 'batch', offset: 0, size: STEP_BLOCK_BYTES, access: 'read' };
    if ('scratch' in operand) {
      const place = scratch.get(operand.scratch)!;
      return { buffer: SCRATCH, offset: place.offset, size: place.bytes, access: 'read_write' };
    }
    const size = sizes.get(operand.value)!;
    bytes = Math.max(bytes, size);
    return { buffer: operand.value, offset: 0, size, access: 'read_write' };
  });
  const { shader, entry, constants, workgroups } = call;
  return { label, shader, entry, constants, bindings, workgroups, flops: 4 * bytes };
}

function describe(slot: TrainableSlot, summed: (i: number) => string): Plan['trainables'][number] {
  const { name, shape, offset, bytes, group } = slot;
  const at = (buffer: string): Placement => ({ name, buffer, offset, bytes, shape, type: 'f32' });
  return {
    name,
    shape,
    tensor: at(trainableBuffer(group)),
    gradient: at(summed(group)),
    moments: Array.from({ length: MOMENTS }, (_, moment) => at(momentBuffer(moment, group))),
  };
}
