/**
 * The part of a plan that follows the optimizer's update: what a delta asks for beside training by gradient
 * (deltas/rules.ts). A program like any other, only that it reads and writes trained tensors, reads their
 * gradients and the norm, and keeps states that outlive the step.
 */
import type { Program } from '../graph/program.ts';
import type { AdapterProfile } from './kernel-call.ts';
import { trainableBuffer, type TrainableLayout } from './layout.ts';
import { aliasRoots, bytesOf, lifetimes, lowerProgram, scratchName } from './lifetimes.ts';
import { alignUp, arenaBuffer, pack } from './pack.ts';
import type { Binding, Dispatch, MemoryCategory, Placement, PlanBuffer } from './plan.ts';

/** What happens after an update, compiled. */
export interface AfterProgram {
  /** Ends in `Write`s into trained tensors and states; both are parameters of it. */
  program: Program;
  /** Value → the trained tensor whose gradient, as the optimizer saw it before clipping, it is. */
  gradients: ReadonlyMap<string, string>;
  /** The value that is the norm: [norm, scale, finite, 0] (lower/optimizer.ts). */
  norm: string;
  /** Memory that outlives steps. Those that the program does not read have a place all the same. */
  states: readonly { name: string; shape: readonly number[] }[];
}

export interface AfterPlan {
  buffers: PlanBuffer[];
  dispatches: Dispatch[];
  /** Constants, under `afterName` of their values. */
  weights: Placement[];
  /** Scheduled scalars, under `afterName`. */
  uploads: Placement[];
  states: Placement[];
}

/** Constants and scalars of this program, told from those of the step's. */
export const afterName = (value: string): string => `after:${value}`;

const STATES = 'states';
const CONSTANTS = 'after.constants';
const SCALARS = 'after.scalars';
const ARENA = 'after.workspace';

type Size = [id: string, category: MemoryCategory, bytes: number];
type Place = Pick<Placement, 'buffer' | 'offset' | 'bytes'>;

/**
 * @param summed buffer of the gradients of a group
 * @param norm buffer of the norm
 */
export function planAfter(
  { program, gradients, norm: normValue, states }: AfterProgram,
  layout: TrainableLayout,
  summed: (group: number) => string,
  norm: string,
  adapter: AdapterProfile,
): AfterPlan {
  const alignment = adapter.limits.minStorageBufferOffsetAlignment;
  const used = new Map<string, number>();
  /** The next place in a buffer of its own. */
  const within = (buffer: string, bytes: number): Place => {
    const offset = used.get(buffer) ?? 0;
    used.set(buffer, offset + alignUp(bytes, alignment));
    return { buffer, offset, bytes };
  };
  const places = new Map<string, Place>();
  const kept = states.map(({ name, shape }): Placement => {
    const place = within(STATES, 4 * shape.reduce((n, d) => n * d, 1));
    places.set(name, place);
    return { name, shape, type: 'f32', ...place };
  });
  const weights: Placement[] = [];
  const uploads: Placement[] = [];
  for (const value of program.values.values()) {
    const { id, kind, shape, type } = value;
    const bytes = bytesOf(program, id);
    const slot = layout.slots.get(gradients.get(id) ?? id);
    if (kind === 'node' || places.has(id)) continue;
    if (id === normValue) places.set(id, { buffer: norm, offset: 0, bytes });
    else if (kind === 'constant') {
      const place = within(CONSTANTS, bytes);
      places.set(id, place);
      weights.push({ name: afterName(id), shape, type, ...place });
    } else if (kind === 'host') {
      const place = within(SCALARS, bytes);
      places.set(id, place);
      uploads.push({ name: afterName(id), shape, type, ...place });
    } else if (slot) {
      const buffer = gradients.has(id) ? summed(slot.group) : trainableBuffer(slot.group);
      places.set(id, { buffer, offset: slot.offset, bytes: slot.bytes });
    } else throw new Error(`internal: "${id}" is read after the update and is neither trained nor a state`);
  }

  const root = aliasRoots(program);
  const calls = lowerProgram(program, adapter);
  const live = lifetimes(program, calls, root, new Set(), []);
  const packed = [...live.values, ...live.scratch];
  const arena = pack(packed, alignment, adapter.limits.maxBufferSize);
  for (const { name, bytes } of packed) {
    const { buffer, offset } = arena.places.get(name)!;
    places.set(name, { buffer: arenaBuffer(ARENA, buffer), offset, bytes });
  }
  const dispatches = calls.map(({ call, node, scope, flops }): Dispatch => {
    const bindings = call.operands.map((operand): Binding => {
      if ('step' in operand) throw new Error(`internal: ${node.op} cannot follow an update`);
      const name = 'scratch' in operand ? scratchName(scope, operand) : root(operand.value);
      const place = places.get(name);
      if (!place) throw new Error(`internal: ${node.op} has an operand without a place`);
      const part = 'value' in operand ? operand.part : undefined;
      const size = 'scratch' in operand ? operand.bytes : (part?.bytes ?? place.bytes);
      // Everything here is written at some time, but for constants, which nobody shares.
      return { buffer: place.buffer, offset: place.offset + (part?.offset ?? 0), size, access: 'read_write' };
    });
    const { shader, entry, constants, workgroups } = call;
    const label = `after update ${node.op} ${node.sources[0] ?? node.outputs[0]}`;
    return { label, shader, entry, constants, bindings, workgroups, flops };
  });
  const sizes: Size[] = [
    [STATES, 'optimizer', used.get(STATES) ?? 0],
    [CONSTANTS, 'frozenWeights', used.get(CONSTANTS) ?? 0],
    [SCALARS, 'batch', used.get(SCALARS) ?? 0],
    ...arena.buffers.map((bytes, i): Size => [arenaBuffer(ARENA, i), 'workspace', bytes]),
  ];
  const buffers = sizes.flatMap(([id, category, bytes]) =>
    bytes > 0 ? [{ id, category, bytes, shared: false }] : [],
  );
  return { buffers, dispatches, weights, uploads, states: kept };
}
