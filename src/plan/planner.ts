/**
 * The planner: a program becomes a plan, plain data that says every buffer, offset and dispatch.
 *
 *   frozen weights   one shared read-only buffer a tensor, the same for every run on a device
 *   trained tensors  packed (layout.ts); gradients and moments mirror them
 *   activations      an arena, packed by lifetime, in as many buffers as the limit of one asks for; bound
 *                    read_write throughout, because WebGPU refuses one buffer as `read` and `read_write` in a
 *                    dispatch even at disjoint offsets
 *   workspace        scratch of single nodes, likewise, and the norm
 *   batch            host values, labels, row weights, the step block
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { AnyNode, Program, ProgramValue } from '../graph/program.ts';
import type { AdapterProfile } from './kernel-call.ts';
import { STEP_BLOCK_BYTES, TASK_STEP } from './kernel-call.ts';
import { gradientBuffer, trainableBuffer, checkWeight } from './layout.ts';
import type { TrainableLayout } from './layout.ts';
import { withSizes } from './lower/sizes.ts';
import { SIZES_BUFFER, SizesBuffer } from './sizes-buffer.ts';
import { joinProducts } from './join-products.ts';
import { aliasRoots, bytesOf, lifetimes, lowerProgram, scratchName } from './lifetimes.ts';
import type { PlannedCall } from './lifetimes.ts';
import { memoryOf } from './memory.ts';
import type { Precision } from './precisions.ts';
import { widened } from './lower-wasm/widen.ts';
import { bytesEach, halvesOf, type Storage } from './precision.ts';
import { alignUp, arenaBuffer, pack, type Interval } from './pack.ts';
import type { Binding, Dispatch, MemoryCategory, Placement, Plan, PlanBuffer } from './plan.ts';
import type { AfterProgram } from './after.ts';
import { planUpdate } from './update.ts';
import type { OptimizerSettings } from './optimizer-settings.ts';

export interface PlanRequest {
  program: Program;
  adapter: AdapterProfile;
  /** Names what only this shape has (its constants), e.g. `16x32`. */
  shapeKey: string;
  /** Names the base model, so that its frozen weights are shared by whoever plans them. */
  modelKey: string;
  /** Parameters that are no weights but memory of this run alone, which programs write and read in turn. */
  states?: ReadonlySet<string>;
  /** Weights that differ from the base model's and so are not shared. */
  own?: ReadonlySet<string>;
  layout: TrainableLayout;
  /** The task that the plan trains, of several: what belongs to others stays as it is. */
  task?: number;
  /** Trained tensor → gradient value; empty for a forward plan. */
  gradients: ReadonlyMap<string, string>;
  /** Values read back after the dispatches, by the name they are asked for. */
  readbacks: ReadonlyMap<string, string>;
  /** Absent for a forward plan. */
  optimizer?: OptimizerSettings;
  /** What follows each update. */
  after?: AfterProgram;
  /** How values are stored; by default as words. */
  precision?: Precision;
  /** What the loss, and so the gradients, are multiplied by: the update takes it out again. */
  lossScale?: number;
}

interface Address {
  buffer: string;
  offset: number;
  bytes: number;
  access: 'read' | 'read_write';
  storage?: Storage;
}

/**
 * @throws StudioError('device') naming the tensor that exceeds the adapter's limits, with the remedy
 * @throws StudioError('unsupported') for an op without a kernel
 */
export function planProgram(request: PlanRequest): Plan {
  const { adapter, layout, readbacks } = request;
  const { program, gradients } = ownGradients(request);
  const root = aliasRoots(program);
  const alignment = adapter.limits.minStorageBufferOffsetAlignment;
  const pinned = new Set([...gradients.values(), ...readbacks.values(), ...program.outputs].map(root));
  const lowered = joinProducts(lowerProgram(program, adapter), adapter, root, pinned);
  const own = request.own;
  const shared = (name: string): boolean =>
    // What a delta made and nobody trains (an earlier stage's tensors) belongs to this run alone.
    !name.startsWith('delta.') && own?.has(name) !== true;
  const halves = halvesOf({
    program,
    calls: lowered,
    precision: request.precision ?? 'f32',
    adapter,
    root,
    kept: new Set([...gradients.values(), ...readbacks.values()].map(root)),
    isBase: (name) =>
      !name.startsWith('delta.') && !layout.slots.has(name) && request.states?.has(name) !== true,
  });
  const calls = adapter.kind === 'wasm' ? widened(lowered, program, root, halves) : lowered;
  const sizeOf = (name: string): number => (bytesOf(program, name) / 4) * bytesEach(halves.get(root(name)));
  const buffers: PlanBuffer[] = [];
  const addresses = new Map<string, Address>();
  const weights: Placement[] = [];
  const uploads: Placement[] = [];
  const add = (id: string, category: MemoryCategory, bytes: number): void => {
    if (bytes > 0) buffers.push({ id, category, bytes, shared: false });
  };

  const gradientOf = new Map<string, string>();
  for (const [name, value] of gradients) gradientOf.set(root(value), name);

  // Values that come from outside: weights, constants, host values.
  const used = usedValues(program, calls, root);
  const bound = boundBytes(calls, root, sizeOf, halves);
  let constantBytes = 0;
  const stepBlocks = layout.groups.some(({ task }) => task !== undefined) ? 2 : 1;
  const blockBytes = alignUp(STEP_BLOCK_BYTES, alignment);
  let batchBytes = stepBlocks * blockBytes;
  const constants = `constants.${request.shapeKey}`;
  const step: Address = { buffer: 'batch', offset: 0, bytes: STEP_BLOCK_BYTES, access: 'read' };
  for (const [i, name] of ['step', TASK_STEP].slice(0, stepBlocks).entries())
    uploads.push({
      name,
      buffer: 'batch',
      offset: i * blockBytes,
      bytes: STEP_BLOCK_BYTES,
      shape: [16],
      type: 'i32',
    });
  for (const name of used) {
    const value = program.values.get(name)!;
    const bytes = sizeOf(name);
    const slot = layout.slots.get(name);
    if (value.kind === 'node') continue;
    let address: Address;
    if (value.kind === 'parameter' && slot) {
      address = { buffer: trainableBuffer(slot.group), offset: slot.offset, bytes, access: 'read' };
    } else if (request.states?.has(name) === true) {
      add(name, 'activations', bytes);
      address = { buffer: name, offset: 0, bytes, access: 'read_write' };
    } else if (value.kind === 'parameter') {
      const storage = halves.get(name);
      const kind = storage ? '.half' : '';
      const id = shared(name) ? `weight${kind}:${request.modelKey}:${name}` : `frozen${kind}:${name}`;
      buffers.push({ id, category: 'frozenWeights', bytes, shared: shared(name) });
      address = { buffer: id, offset: 0, bytes, access: 'read', storage };
      weights.push(placement(value, address));
    } else if (value.kind === 'constant') {
      address = { buffer: constants, offset: constantBytes, bytes, access: 'read' };
      constantBytes += alignUp(bytes, alignment);
      weights.push(placement(value, address));
    } else {
      address = { buffer: 'batch', offset: batchBytes, bytes, access: 'read' };
      batchBytes += alignUp(bytes, alignment);
      uploads.push(placement(value, address));
    }
    if (value.kind === 'parameter') {
      const whole = !slot && value.shape.length >= 2 && !halves.has(name) && !name.startsWith('delta.');
      checkWeight(name, bound.get(name)!, adapter.limits.maxStorageBufferBindingSize, whole);
      checkWeight(name, bytes, adapter.limits.maxBufferSize, whole);
    } else checkBinding(name, bound.get(name)!, adapter);
    addresses.set(name, address);
  }
  add(constants, 'frozenWeights', constantBytes);
  add('batch', 'batch', batchBytes);

  // Gradients have a fixed place; everything else computed here shares the arena by lifetime.
  for (const [value, name] of gradientOf) {
    const slot = layout.slots.get(name)!;
    const address = { buffer: gradientBuffer(slot.group), offset: slot.offset, bytes: slot.bytes };
    checkWeight(name, bound.get(value) ?? 0, adapter.limits.maxStorageBufferBindingSize);
    addresses.set(value, { ...address, access: 'read_write' });
  }
  const fixed = new Set(gradientOf.keys());
  const live = lifetimes(program, calls, root, fixed, [...readbacks.values()], sizeOf);
  const arena = (
    category: 'activations' | 'workspace',
    intervals: readonly Interval[],
    prefix: string,
  ): void => {
    for (const { name, bytes } of intervals) {
      checkBinding(name, bound.get(name) ?? bytes, adapter);
      checkBuffer({ id: name, bytes }, adapter);
    }
    const { places, buffers: sizes } = pack(intervals, alignment, adapter.limits.maxBufferSize);
    for (const { name, bytes } of intervals) {
      const { buffer, offset } = places.get(name)!;
      const address = { buffer: arenaBuffer(category, buffer), offset, bytes, access: 'read_write' as const };
      const storage = category === 'activations' ? halves.get(name) : undefined;
      addresses.set(`${prefix}${name}`, { ...address, storage });
    }
    sizes.forEach((bytes, i) => add(arenaBuffer(category, i), category, bytes));
  };
  arena('activations', live.values, '');
  arena('workspace', live.scratch, 'scratch:');

  const sizes = new SizesBuffer(`${SIZES_BUFFER}${request.shapeKey}`);
  const compute = calls.map((planned) => {
    const call = withSizes(planned.call, adapter);
    return { ...dispatchOf({ ...planned, call }, root, addresses, step), ...sizes.placed(call.sizes) };
  });
  add(sizes.id, 'batch', sizes.bytes);
  const update = request.optimizer
    ? planUpdate(request.optimizer, layout, adapter, {
        after: request.after,
        task: request.task,
        taskStep: blockBytes,
        lossScale: request.lossScale,
      })
    : undefined;
  for (let i = 0; i < layout.groups.length; i++) add(trainableBuffer(i), 'trainable', layout.groups[i].bytes);
  if (update) buffers.push(...update.buffers);
  for (const buffer of buffers) checkBuffer(buffer, adapter);

  const read: Placement[] = [];
  for (const [name, value] of readbacks) {
    const address = addresses.get(root(value));
    if (!address) throw new Error(`internal: "${value}" is read back but nothing computes it`);
    read.push({ ...placement(program.values.get(value)!, address), name });
  }
  return {
    buffers,
    compute,
    update: update?.update ?? [],
    accumulate: update?.accumulate ?? [],
    weights: [...weights, ...(update?.after?.weights ?? [])],
    uploads: [...uploads, ...(update?.after?.uploads ?? [])],
    ...(update?.after && { states: update.after.states }),
    readbacks: [...read, ...(update?.readbacks ?? [])],
    trainables: update?.trainables ?? plainTrainables(layout),
    memory: memoryOf(buffers),
  };
}

/**
 * Every gradient must be written by its own node into its own place: where two tensors share one
 * gradient value, or a gradient is the view of a value, a copy is put in.
 */
function ownGradients(request: PlanRequest): { program: Program; gradients: Map<string, string> } {
  const { program } = request;
  const gradients = new Map(request.gradients);
  const root = aliasRoots(program);
  const taken = new Set<string>(request.readbacks.values());
  let result = program;
  for (const [name, value] of request.gradients) {
    const base = root(value);
    const kind = program.values.get(base)!.kind;
    if (base === value && kind === 'node' && !taken.has(base)) {
      taken.add(base);
      continue;
    }
    if (result === program)
      result = { ...program, values: new Map(program.values), nodes: [...program.nodes] };
    const shape = program.values.get(name)!.shape;
    const id = `gradient:${name}`;
    result.values.set(id, { id, shape, type: 'f32', kind: 'node' });
    result.nodes.push({
      op: 'Unary',
      inputs: [value],
      outputs: [id],
      attributes: { kind: 'Scale', factor: 1 },
      sources: [name],
      phase: 'backward',
    });
    gradients.set(name, id);
  }
  return { program: result, gradients };
}

function usedValues(
  program: Program,
  calls: readonly PlannedCall[],
  root: (value: string) => string,
): Set<string> {
  const used = new Set<string>();
  for (const { call } of calls)
    for (const operand of call.operands) if ('value' in operand) used.add(root(operand.value));
  for (const name of used)
    if (!program.values.has(name)) throw new Error(`internal: a kernel call names unknown value "${name}"`);
  return used;
}

/** The longest range of each value that one binding covers. */
function boundBytes(
  calls: readonly PlannedCall[],
  root: (value: string) => string,
  sizeOf: (value: string) => number,
  halves: ReadonlyMap<string, Storage>,
): Map<string, number> {
  const bound = new Map<string, number>();
  for (const { call } of calls)
    for (const operand of call.operands) {
      if (!('value' in operand)) continue;
      const name = root(operand.value);
      const bytes = operand.part ? (operand.part.bytes / 4) * bytesEach(halves.get(name)) : sizeOf(name);
      bound.set(name, Math.max(bound.get(name) ?? 0, bytes));
    }
  return bound;
}

function placement(value: ProgramValue, address: Address): Placement {
  return {
    name: value.id,
    buffer: address.buffer,
    offset: address.offset,
    bytes: address.bytes,
    shape: value.shape,
    type: address.storage ? 'f16' : value.type,
  };
}

function dispatchOf(
  { call, node, scope, flops }: PlannedCall,
  root: (value: string) => string,
  addresses: ReadonlyMap<string, Address>,
  step: Address,
): Dispatch {
  const bindings: Binding[] = call.operands.map((operand) => {
    let address: Address | undefined;
    if ('step' in operand) address = step;
    else if ('scratch' in operand) address = addresses.get(`scratch:${scratchName(scope, operand)}`);
    else address = addresses.get(root(operand.value));
    if (!address) throw new Error(`internal: ${node.op} has an operand without an address`);
    const { buffer, offset, access, storage } = address;
    if ('scratch' in operand) return { buffer, offset, size: operand.bytes, access };
    const part = 'value' in operand ? operand.part : undefined;
    const each = bytesEach(storage) / 4;
    return {
      buffer,
      offset: offset + (part?.offset ?? 0) * each,
      size: part ? part.bytes * each : address.bytes,
      access,
      ...(storage && { storage }),
    };
  });
  return {
    label: labelOf(node),
    shader: call.shader,
    entry: call.entry,
    constants: call.constants,
    bindings,
    workgroups: call.workgroups,
    ...(call.tunes !== undefined && { tunes: call.tunes }),
    flops,
  };
}

function labelOf(node: AnyNode): string {
  return `${node.phase === 'backward' ? 'backward ' : ''}${node.op} ${node.sources[0] ?? node.outputs[0]}`;
}

function checkBinding(name: string, bytes: number, adapter: AdapterProfile): void {
  const limit = adapter.limits.maxStorageBufferBindingSize;
  if (bytes > limit)
    throw new StudioError(
      'device',
      say`The tensor "${name}" takes ${mebibytes(bytes)} MiB but this GPU binds at most ${mebibytes(limit)} MiB at once; lower the batch size or the maximum length, or choose a smaller model.`,
      { where: name },
    );
}

function checkBuffer({ id, bytes }: Pick<PlanBuffer, 'id' | 'bytes'>, adapter: AdapterProfile): void {
  const limit = adapter.limits.maxBufferSize;
  if (bytes > limit)
    throw new StudioError(
      'device',
      say`The buffer for ${id} takes ${mebibytes(bytes)} MiB but this GPU allows at most ${mebibytes(limit)} MiB a buffer; lower the batch size or the maximum length, or choose a smaller model.`,
      { where: id },
    );
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

function plainTrainables(layout: TrainableLayout): Plan['trainables'] {
  return [...layout.slots.values()].map((slot) => {
    const at = {
      name: slot.name,
      offset: slot.offset,
      bytes: slot.bytes,
      shape: slot.shape,
      type: 'f32' as const,
    };
    const tensor = { ...at, buffer: trainableBuffer(slot.group) };
    return { name: slot.name, shape: slot.shape, tensor, gradient: tensor, moments: [] };
  });
}
