/**
 * The part of a plan that runs once an optimizer step: global norm, clipping, update, and the sum over
 * micro-batches. It works on packed buffers (layout.ts), so its length does not grow with the model.
 */
import { planAdafactor } from './adafactor.ts';
import { planAfter, type AfterPlan, type AfterProgram } from './after.ts';
import type { MomentPlan } from './adafactor.ts';
import { STEP_BLOCK_BYTES } from './kernel-call.ts';
import type { AdapterProfile, KernelCall, Operand } from './kernel-call.ts';
import { accumulatedBuffer, gradientBuffer, momentBuffer, trainableBuffer } from './layout.ts';
import type { TrainableLayout, TrainableSlot } from './layout.ts';
import { NORM_BYTES } from './lower/optimizer.ts';
import { updateKernels } from './lower/update-kernels.ts';
import type { AdamWSettings, OptimizerSettings } from './optimizer-settings.ts';
import { alignUp } from './pack.ts';
import type { Binding, Dispatch, Placement, Plan, PlanBuffer } from './plan.ts';

export interface UpdatePlan {
  buffers: PlanBuffer[];
  update: Dispatch[];
  accumulate: Dispatch[];
  readbacks: Placement[];
  trainables: Plan['trainables'];
  /** What follows the update; its dispatches are the last of `update`, its buffers among `buffers`. */
  after?: AfterPlan;
}

const NORM = 'norm';
const SCRATCH = 'optimizerScratch';
const LABELS = { adamw: 'AdamW', adafactor: 'Adafactor' } as const;

export interface UpdateOptions {
  after?: AfterProgram;
  /** Of several tasks the one that is trained: groups of others are left alone. */
  task?: number;
  /** Where in the batch the step block of what is that task's lies. */
  taskStep?: number;
  /** What the loss, and so the gradients, are multiplied by. */
  lossScale?: number;
}

export function planUpdate(
  settings: OptimizerSettings,
  layout: TrainableLayout,
  adapter: AdapterProfile,
  { after: afterwards, task, taskStep = 0, lossScale }: UpdateOptions = {},
): UpdatePlan {
  /** Indices of the groups that this plan trains. */
  const trained = layout.groups.flatMap((group, i) =>
    group.task === undefined || group.task === task ? [i] : [],
  );
  const bytesOf = (group: number): number => layout.groups[group].bytes;
  const accumulating = settings.accumulation > 1;
  const summed = accumulating ? accumulatedBuffer : gradientBuffer;
  const sizes = new Map<string, number>([[NORM, NORM_BYTES]]);
  const buffers: PlanBuffer[] = [{ id: NORM, category: 'workspace', bytes: NORM_BYTES, shared: false }];
  for (const i of trained) {
    const bytes = bytesOf(i);
    const own = (id: string, category: PlanBuffer['category']): void => {
      sizes.set(id, bytes);
      buffers.push({ id, category, bytes, shared: false });
    };
    sizes.set(trainableBuffer(i), bytes);
    own(gradientBuffer(i), 'gradients');
    if (accumulating) own(accumulatedBuffer(i), 'gradients');
  }
  const moments =
    settings.type === 'adafactor'
      ? planAdafactor(settings, layout, summed, NORM, adapter)
      : planAdamW(settings, layout, summed, adapter);
  for (const { id, bytes, group } of moments.buffers) {
    if (!trained.includes(group)) continue;
    sizes.set(id, bytes);
    buffers.push({ id, category: 'optimizer', bytes, shared: false });
  }

  const slices = trained.flatMap((i) => slicesOf(bytesOf(i), adapter).map((part) => ({ i, part })));
  const gradients = slices.map(({ i, part }) => ({ value: summed(i), elements: part.bytes / 4 }));
  const { maxGradNorm } = settings;
  const kernels = updateKernels(adapter);
  // The partial sums come first, a call for each slice.
  const norm = kernels
    .globalNorm({ gradients, norm: NORM, maxGradNorm, lossScale }, adapter)
    .map((call, at) => (at < slices.length ? within(call, slices[at].part) : call));
  const sums = accumulating
    ? slices.flatMap(({ i, part }) =>
        kernels
          .accumulate({ sum: summed(i), gradients: gradientBuffer(i), elements: part.bytes / 4 }, adapter)
          .map((call) => within(call, part)),
      )
    : [];

  const updates = moments.calls.filter(({ group }) => trained.includes(group));
  const scratch = layoutScratch([...norm, ...updates.map(({ call }) => call)], adapter);
  if (scratch.bytes > 0)
    buffers.push({ id: SCRATCH, category: 'workspace', bytes: scratch.bytes, shared: false });
  const after = afterwards && planAfter(afterwards, layout, summed, NORM, adapter);
  if (after) buffers.push(...after.buffers);
  const dispatch =
    (label: string, step = 0) =>
    (call: KernelCall) =>
      bind(label, call, sizes, scratch.offsets, step);
  return {
    buffers,
    update: [
      ...norm.map(dispatch('gradient norm')),
      ...updates.map(({ call, group }) =>
        dispatch(LABELS[settings.type], layout.groups[group].task === undefined ? 0 : taskStep)(call),
      ),
      ...(after?.dispatches ?? []),
    ],
    after,
    accumulate: sums.map(dispatch('accumulate gradients')),
    readbacks: [{ name: 'gradNorm', buffer: NORM, offset: 0, bytes: NORM_BYTES, shape: [4], type: 'f32' }],
    trainables: [...layout.slots.values()].map((slot) => describe(slot, summed, moments)),
  };
}

/** A stretch of a packed buffer. */
interface Part {
  offset: number;
  bytes: number;
}

/** A packed buffer in pieces that bindings may cover; almost always one. */
function slicesOf(bytes: number, { limits }: AdapterProfile): Part[] {
  const { maxStorageBufferBindingSize: most, minStorageBufferOffsetAlignment: alignment } = limits;
  if (bytes <= most) return [{ offset: 0, bytes }];
  const each = Math.floor(most / alignment) * alignment;
  return Array.from({ length: Math.ceil(bytes / each) }, (_, i) => ({
    offset: i * each,
    bytes: Math.min(each, bytes - i * each),
  }));
}

/** The call on a stretch of the packed buffers that it names. */
function within(call: KernelCall, part: Part): KernelCall {
  const operands = call.operands.map((operand): Operand => {
    if (!('value' in operand) || operand.value === NORM) return operand;
    return { ...operand, part };
  });
  return { ...call, operands };
}

function planAdamW(
  settings: AdamWSettings,
  layout: TrainableLayout,
  summed: (group: number) => string,
  adapter: AdapterProfile,
): MomentPlan {
  const both = [0, 1];
  return {
    buffers: layout.groups.flatMap(({ bytes }, i) =>
      both.map((moment) => ({ id: momentBuffer(moment, i), bytes, group: i })),
    ),
    calls: layout.groups.flatMap(({ bytes, rate }, i) =>
      slicesOf(bytes, adapter).flatMap((part) =>
        updateKernels(adapter)
          .adamW(
            {
              parameters: trainableBuffer(i),
              gradients: summed(i),
              firstMoment: momentBuffer(0, i),
              secondMoment: momentBuffer(1, i),
              norm: NORM,
              elements: part.bytes / 4,
              weightDecay: rate.decay ? settings.weightDecay : 0,
              learningRateScale: rate.scale,
              beta1: settings.betas[0],
              beta2: settings.betas[1],
              epsilon: settings.epsilon,
            },
            adapter,
          )
          .map((call) => ({ call: within(call, part), group: i })),
      ),
    ),
    momentsOf: (slot) => both.map((moment) => placeOf(slot, momentBuffer(moment, slot.group))),
  };
}

/** Offsets of scratch memory, by name: each is as long as its longest use. */
function layoutScratch(
  calls: readonly KernelCall[],
  adapter: AdapterProfile,
): { bytes: number; offsets: Map<string, number> } {
  const longest = new Map<string, number>();
  for (const { operands } of calls) {
    for (const operand of operands) {
      if (!('scratch' in operand)) continue;
      longest.set(operand.scratch, Math.max(longest.get(operand.scratch) ?? 0, operand.bytes));
    }
  }
  const offsets = new Map<string, number>();
  let end = 0;
  for (const [name, bytes] of longest) {
    offsets.set(name, end);
    end += alignUp(bytes, adapter.limits.minStorageBufferOffsetAlignment);
  }
  return { bytes: end, offsets };
}

function bind(
  label: string,
  call: KernelCall,
  sizes: ReadonlyMap<string, number>,
  scratch: ReadonlyMap<string, number>,
  step: number,
): Dispatch {
  let bytes = 0;
  const bindings = call.operands.map((operand): Binding => {
    if ('step' in operand) return { buffer: 'batch', offset: step, size: STEP_BLOCK_BYTES, access: 'read' };
    if ('scratch' in operand) {
      const offset = scratch.get(operand.scratch)!;
      return { buffer: SCRATCH, offset, size: operand.bytes, access: 'read_write' };
    }
    const size = operand.part?.bytes ?? sizes.get(operand.value)!;
    bytes = Math.max(bytes, size);
    return { buffer: operand.value, offset: operand.part?.offset ?? 0, size, access: 'read_write' };
  });
  const { shader, entry, constants, workgroups } = call;
  return { label, shader, entry, constants, bindings, workgroups, flops: 4 * bytes };
}

/** A tensor's place in a buffer that mirrors the trained tensors. */
function placeOf({ name, shape, offset, bytes }: TrainableSlot, buffer: string): Placement {
  return { name, buffer, offset, bytes, shape, type: 'f32' };
}

function describe(
  slot: TrainableSlot,
  summed: (i: number) => string,
  { momentsOf }: MomentPlan,
): Plan['trainables'][number] {
  return {
    name: slot.name,
    shape: slot.shape,
    tensor: placeOf(slot, trainableBuffer(slot.group)),
    gradient: placeOf(slot, summed(slot.group)),
    moments: momentsOf(slot),
  };
}
