/**
 * Runs one program node on a device, through its lowering, for kernel tests. Values that a node computes
 * live in one arena bound read_write, as in a plan; parameters, constants and host values in buffers of
 * their own, bound read. The arena starts full of NaN, so an element that a kernel forgets shows.
 */
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openNodeGpu, type NodeGpu } from '../../src/gpu/node-adapter.ts';
import { openDevice, type OpenedDevice } from '../../src/gpu/device.ts';
import { napWhile } from '../../src/gpu/node-nap.ts';
import { PipelineCache } from '../../src/gpu/pipelines.ts';
import { findAliases } from '../../src/gpu/specialise.ts';
import type { AnyNode, OpName, Program, ProgramNode, ProgramValue } from '../../src/graph/program.ts';
import { sizeOf } from '../../src/graph/reference/tensor.ts';
import { halfToNumber, halvesFrom } from '../../src/graph/tensor.ts';
import {
  STEP_BLOCK_BYTES,
  type AdapterProfile,
  type KernelCall,
  type Lowering,
} from '../../src/plan/kernel-call.ts';
import { lowerNode } from '../../src/plan/lower/index.ts';
import { withSizes } from '../../src/plan/lower/sizes.ts';
import { sizeNames, sizeWords } from '../../src/plan/sizes-buffer.ts';
import { AT_LENGTH } from './at-length.ts';
import { runOnWasm, wasmDevice, type WasmDevice } from './run-wasm.ts';

export type TestDevice = GpuTestDevice | WasmDevice;

export interface GpuTestDevice extends OpenedDevice {
  node: NodeGpu;
  pipelines: PipelineCache;
}

const devices = new Map<string, Promise<GpuTestDevice>>();

/** With DELTA_ADAPTER=wasm kernel tests open no GPU and leave the WGSL kernels out. */
export const ONLY_WASM = process.env.DELTA_ADAPTER === 'wasm';

/** Whether a profile asks for the kernels of real GPUs, which software ones compile at length. */
export const forRealGpus = ({ kind, software }: Partial<AdapterProfile>): boolean =>
  kind !== 'wasm' && software === false;

/**
 * Variants of a lowering that this run tries: see `ONLY_WASM`.
 * @param first whether this is the one case that those for real GPUs are tried on not only at length
 * @param large whether software GPUs take so long over this case that they are tried on it at length alone
 */
export function variantsHere(
  variants: Record<string, Partial<AdapterProfile>>,
  { first = false, large = false } = {},
): Record<string, Partial<AdapterProfile>> {
  return Object.fromEntries(
    Object.entries(variants).filter(([, profile]) => {
      if (profile.kind === 'wasm') return !AT_LENGTH;
      if (ONLY_WASM) return false;
      if (AT_LENGTH) return large || forRealGpus(profile);
      return !large && (first || !forRealGpus(profile));
    }),
  );
}

/** Both columns of the lowering table, as profiles: the device at hand and the processor. */
export const COLUMNS: [string, Partial<AdapterProfile>][] = Object.entries({
  webgpu: { kind: 'webgpu' as const },
  wasm: { kind: 'wasm' as const },
}).filter(([column]) => (column === 'wasm' ? !AT_LENGTH : !ONLY_WASM));

/** Of cases that each compile kernels anew, those that this run tries on a column: the `first`, or the others at length. */
export function some<T>(cases: readonly T[], { kind }: Partial<AdapterProfile>, first = 1): T[] {
  if (kind === 'wasm') return [...cases];
  return AT_LENGTH ? cases.slice(first) : cases.slice(0, first);
}

/** The device that all tests of a process share, open until that ends. SwiftShader unless DELTA_ADAPTER says. */
export function testDevice(
  profile: Partial<AdapterProfile> = {},
  adapter = process.env.DELTA_ADAPTER || 'swiftshader',
): Promise<TestDevice> {
  return (profile.kind ?? (ONLY_WASM ? 'wasm' : 'webgpu')) === 'wasm' ? wasmDevice() : gpuDevice(adapter);
}

function gpuDevice(adapter: string): Promise<GpuTestDevice> {
  let device = devices.get(adapter);
  if (!device) {
    device = openNodeGpu(adapter).then(async (node) => {
      const opened = await openDevice(node.gpu, { adapter: node.adapter });
      return { ...opened, node, pipelines: new PipelineCache(opened.device, nodeShaders) };
    });
    devices.set(adapter, device);
  }
  return device;
}

export interface StepWords {
  seed?: number;
  step?: number;
  optimizerStep?: number;
  flags?: number;
  learningRate?: number;
  beta1Correction?: number;
  beta2Correction?: number;
  lossScale?: number;
}

/** The per-step block of src/plan/kernel-call.ts. */
export function stepBlock(step: StepWords = {}): Uint32Array {
  const words = new Uint32Array(STEP_BLOCK_BYTES / 4);
  const floats = new Float32Array(words.buffer);
  words[0] = step.seed ?? 0;
  words[1] = step.step ?? 0;
  words[2] = step.optimizerStep ?? 1;
  words[3] = step.flags ?? 0;
  floats[4] = step.learningRate ?? 0;
  floats[5] = step.beta1Correction ?? 1;
  floats[6] = step.beta2Correction ?? 1;
  floats[7] = step.lossScale ?? 1;
  return words;
}

export interface RunOptions {
  adapter?: string;
  /** Changes to the device's profile, to ask for the kernels of another one. */
  profile?: Partial<AdapterProfile>;
  lowering?: Lowering<OpName>;
  step?: StepWords;
  /** Values that lie in memory as halves, where the device has `shader-f16`. */
  halves?: readonly string[];
}

const align = (bytes: number): number => Math.ceil(bytes / 256) * 256;

/** Runs `node` and returns its wanted outputs (i32 outputs as the numbers they hold). */
export async function runNode<Op extends OpName>(
  node: ProgramNode<Op>,
  program: Program,
  inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  options: RunOptions = {},
): Promise<Record<string, Float32Array>> {
  const opened = await testDevice(options.profile, options.adapter);
  const profile = { ...opened.profile, ...options.profile };
  const calls = options.lowering
    ? options.lowering(node, program, profile)
    : lowerNode(node as unknown as AnyNode, program, profile);
  return runCalls(
    opened,
    calls.map((call) => withSizes(call, profile)),
    program,
    node.outputs.filter((id) => id !== ''),
    inputs,
    options.step,
    options.halves,
  );
}

interface Memory {
  buffer: GPUBuffer;
  id: string;
  offset: number;
  size: number;
  access: 'read' | 'read_write';
}

function valueOf(program: Program, id: string): ProgramValue {
  const value = program.values.get(id);
  if (!value) throw new Error(`the test's program has no value ${id}`);
  return value;
}

/** Runs kernel calls with the memory a plan would give them. */
export async function runCalls(
  opened: TestDevice,
  calls: readonly KernelCall[],
  program: Program,
  outputs: readonly string[],
  inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  step?: StepWords,
  halves: readonly string[] = [],
): Promise<Record<string, Float32Array>> {
  if ('space' in opened) return runOnWasm(calls, program, outputs, inputs, stepBlock(step));
  // Asking all the time takes the core that compiles and computes.
  return napWhile(runOnGpu(opened, calls, program, outputs, inputs, stepBlock(step), new Set(halves)));
}

async function runOnGpu(
  { device, pipelines }: GpuTestDevice,
  calls: readonly KernelCall[],
  program: Program,
  outputs: readonly string[],
  inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  step: Uint32Array,
  halves: ReadonlySet<string>,
): Promise<Record<string, Float32Array>> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers: GPUBuffer[] = [];
  const memory = new Map<string, Memory>();
  const arenaParts: { key: string; bytes: number; data?: Float32Array | Int32Array | Uint16Array }[] = [];
  const own = (key: string, data: ArrayBufferView): void => {
    const buffer = device.createBuffer({ size: align(data.byteLength), usage });
    device.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
    buffers.push(buffer);
    memory.set(key, { buffer, id: key, offset: 0, size: data.byteLength, access: 'read' });
  };

  own('step', step);
  for (const id of outputs)
    arenaParts.push({
      key: `value:${id}`,
      bytes: sizeOf(valueOf(program, id).shape) * (halves.has(id) ? 2 : 4),
    });
  for (const [id, numbers] of Object.entries(inputs)) {
    const value = valueOf(program, id);
    if (numbers.length !== sizeOf(value.shape)) throw new Error(`input ${id} has ${numbers.length} elements`);
    const data = halves.has(id) ? halvesFrom(numbers) : numbers;
    if (value.kind === 'node') arenaParts.push({ key: `value:${id}`, bytes: data.byteLength, data });
    else own(`value:${id}`, data);
  }
  for (const call of calls)
    for (const operand of call.operands) {
      if (!('scratch' in operand)) continue;
      const key = `scratch:${operand.scratch}`;
      const known = arenaParts.find((part) => part.key === key);
      if (known) known.bytes = Math.max(known.bytes, operand.bytes);
      else arenaParts.push({ key, bytes: operand.bytes });
    }

  const arenaBytes = arenaParts.reduce((sum, part) => sum + align(part.bytes), 0);
  const arena = device.createBuffer({ size: Math.max(arenaBytes, 256), usage });
  buffers.push(arena);
  device.queue.writeBuffer(arena, 0, new Uint32Array(arena.size / 4).fill(0x7fc00000));
  let offset = 0;
  for (const { key, bytes, data } of arenaParts) {
    memory.set(key, { buffer: arena, id: 'arena', offset, size: bytes, access: 'read_write' });
    if (data) device.queue.writeBuffer(arena, offset, data.buffer, data.byteOffset, data.byteLength);
    offset += align(bytes);
  }

  const uniform = (words: Uint32Array<ArrayBuffer>): GPUBuffer => {
    const forSizes = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: words.byteLength, usage: forSizes });
    device.queue.writeBuffer(buffer, 0, words);
    buffers.push(buffer);
    return buffer;
  };
  device.pushErrorScope('validation');
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const call of calls) {
    const bound = call.operands.map((operand): Memory => {
      const key =
        'step' in operand
          ? 'step'
          : 'scratch' in operand
            ? `scratch:${operand.scratch}`
            : `value:${operand.value}`;
      const found = memory.get(key);
      if (!found)
        throw new Error(`${call.shader} binds ${key}, which is neither an input nor a wanted output`);
      if (operand.access !== 'read' && found.access === 'read')
        throw new Error(`${call.shader} writes ${key}, which is read-only`);
      if ('scratch' in operand) return { ...found, size: operand.bytes };
      const part = 'value' in operand ? operand.part : undefined;
      return part ? { ...found, offset: found.offset + part.offset, size: part.bytes } : found;
    });
    const aliases = findAliases(bound.map(({ id, offset: at, size }) => ({ buffer: id, offset: at, size })));
    const { pipeline, layout } = await pipelines.get(call.shader, call.entry, {
      constants: call.constants,
      ...(call.sizes && { sizes: sizeNames(call.sizes) }),
      access: bound.map(({ access }) => access),
      aliases,
      ...(halves.size > 0 && {
        storage: call.operands.map((one) => ('value' in one && halves.has(one.value) ? 'f16' : undefined)),
      }),
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout,
        entries: [
          ...bound.flatMap(({ buffer, offset: at, size }, binding) =>
            aliases[binding] === binding ? [{ binding, resource: { buffer, offset: at, size } }] : [],
          ),
          ...(call.sizes
            ? [{ binding: bound.length, resource: { buffer: uniform(sizeWords(call.sizes)) } }]
            : []),
        ],
      }),
    );
    pass.dispatchWorkgroups(...call.workgroups);
  }
  pass.end();
  const staging = device.createBuffer({
    size: arena.size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  buffers.push(staging);
  encoder.copyBufferToBuffer(arena, 0, staging, 0, arena.size);
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange();
  const result: Record<string, Float32Array> = {};
  for (const id of outputs) {
    const { offset: at, size } = memory.get(`value:${id}`)!;
    const copy = bytes.slice(at, at + size);
    if (halves.has(id)) result[id] = Float32Array.from(new Uint16Array(copy), halfToNumber);
    else
      result[id] =
        valueOf(program, id).type === 'i32'
          ? Float32Array.from(new Int32Array(copy))
          : new Float32Array(copy);
  }
  staging.unmap();
  for (const buffer of buffers) buffer.destroy();
  return result;
}

/** Builds a program of one node. Values that `inputs` and `outputs` describe as [shape, kind?, type?]. */
export function programOf<Op extends OpName>(
  op: Op,
  attributes: ProgramNode<Op>['attributes'],
  inputs: Readonly<Record<string, readonly number[] | Omit<ProgramValue, 'id'>>>,
  outputs: Readonly<Record<string, readonly number[]>>,
  names: { inputs?: string[]; outputs?: string[] } = {},
): { program: Program; node: ProgramNode<Op> } {
  const values = new Map<string, ProgramValue>();
  for (const [id, value] of Object.entries(inputs)) {
    values.set(
      id,
      Array.isArray(value)
        ? { id, shape: value as readonly number[], type: 'f32', kind: 'node' }
        : { id, ...(value as Omit<ProgramValue, 'id'>) },
    );
  }
  for (const [id, shape] of Object.entries(outputs)) values.set(id, { id, shape, type: 'f32', kind: 'node' });
  const node: ProgramNode<Op> = {
    op,
    inputs: names.inputs ?? Object.keys(inputs),
    outputs: names.outputs ?? Object.keys(outputs),
    attributes,
    sources: [`test/${op}`],
    phase: 'forward',
  };
  return { program: { values, nodes: [node as unknown as AnyNode], outputs: Object.keys(outputs) }, node };
}
