/** Runs kernel calls by themselves, outside any plan: to time them, or for what they compute. */
import type { Program } from '../graph/program.ts';
import type { AdapterProfile, KernelCall, Operand } from '../plan/kernel-call.ts';
import { withSizes } from '../plan/lower/sizes.ts';
import { sizeNames, sizeWords } from '../plan/sizes-buffer.ts';
import type { PipelineCache } from './pipelines.ts';
import { findAliases } from './specialise.ts';

export interface CallTime {
  /** Milliseconds of one run of all calls: the best repetition and the median. */
  best: number;
  median: number;
  /**
   * Milliseconds of processor time, best repetition. On a software adapter this is the work itself, however busy the
   * machine is otherwise; on a GPU it is only the encoding. Not a number where nobody tells it.
   */
  cpu: number;
}

const STEP_BYTES = 64;

function bytesOf(operand: Operand, program: Program): number {
  if ('step' in operand) return STEP_BYTES;
  if ('scratch' in operand) return operand.bytes;
  return 4 * program.values.get(operand.value)!.shape.reduce((product, d) => product * d, 1);
}

const idOf = (operand: Operand): string =>
  'step' in operand ? 'step' : 'scratch' in operand ? `scratch ${operand.scratch}` : operand.value;

/** What is timed on. */
interface TimedDevice {
  readonly device: GPUDevice;
  readonly pipelines: PipelineCache;
  readonly profile: Pick<AdapterProfile, 'kind' | 'software'>;
}

/** What repeats in a buffer; prime, so that no two rows of a matrix are the same. */
const PERIOD = 16381;
/** Values of a program begin as far apart in it, so that no operand stands for another. */
const SHIFT = 1013;
const SHIFTS = 8;
const PATTERN = Float32Array.from({ length: PERIOD + SHIFTS * SHIFT }, (_, i) => Math.sin(i * 12.9898));

/**
 * An ordinary number for an element of a program's value, the `value`th of all, as timing and comparing take it: zeros and
 * denormals would time something else.
 */
export const ordinary = (value: number, element: number): number =>
  PATTERN[SHIFT * (value % SHIFTS) + (element % PERIOD)];

export interface TimingOptions {
  repetitions?: number;
  milliseconds?: number;
  /** Milliseconds that the processor has worked for this program so far. */
  processorTime?: () => number;
}

/** A buffer of sizes, among the others so that it is given back with them. */
function uniformOf(
  device: GPUDevice,
  sizes: Readonly<Record<string, number>>,
  buffers: Map<string, GPUBuffer>,
): GPUBuffer {
  const words = sizeWords(sizes);
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: words.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, words);
  buffers.set(`sizes ${buffers.size}`, buffer);
  return buffer;
}

/** The calls on buffers of their own, each full of the same ordinary values. */
interface ReadyCalls {
  encode: (pass: GPUComputePassEncoder) => void;
  /** The buffer of a value. */
  bufferOf: (value: string) => GPUBuffer;
  destroy: () => void;
}

async function prepare(
  studio: TimedDevice,
  program: Program,
  calls: readonly KernelCall[],
): Promise<ReadyCalls> {
  const { device } = studio;
  const buffers = new Map<string, GPUBuffer>();
  const numbers = [...program.values.keys()];
  const bufferOf = (operand: Operand): GPUBuffer => {
    const id = idOf(operand);
    let buffer = buffers.get(id);
    if (!buffer) {
      const size = bytesOf(operand, program);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      buffer = device.createBuffer({ size, usage });
      const from = SHIFT * (Math.max(0, numbers.indexOf(id)) % SHIFTS);
      for (let at = 0; at < size; at += 4 * PERIOD)
        device.queue.writeBuffer(buffer, at, PATTERN, from, Math.min(PERIOD, (size - at) / 4));
      buffers.set(id, buffer);
    }
    return buffer;
  };
  const destroy = (): void => buffers.forEach((buffer) => buffer.destroy());
  try {
    const ready = await Promise.all(
      calls.map(async (call) => {
        const { shader, entry, constants, sizes, operands, workgroups } = withSizes(call, studio.profile);
        const access = operands.map((operand) =>
          'value' in operand && program.values.get(operand.value)!.kind !== 'parameter'
            ? 'read_write'
            : 'scratch' in operand
              ? 'read_write'
              : 'read',
        ) satisfies ('read' | 'read_write')[];
        const aliases = findAliases(
          operands.map((operand) => ({ buffer: idOf(operand), offset: 0, size: 0 })),
        );
        const { pipeline, layout } = await studio.pipelines.get(shader, entry, {
          constants,
          ...(sizes && { sizes: sizeNames(sizes) }),
          access,
          aliases,
        });
        const entries: GPUBindGroupEntry[] = operands.flatMap((operand, binding) =>
          aliases[binding] === binding ? [{ binding, resource: { buffer: bufferOf(operand) } }] : [],
        );
        if (sizes)
          entries.push({
            binding: operands.length,
            resource: { buffer: uniformOf(device, sizes, buffers) },
          });
        return { pipeline, group: device.createBindGroup({ layout, entries }), workgroups };
      }),
    );
    return {
      encode: (pass) => {
        for (const { pipeline, group, workgroups } of ready) {
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(...workgroups);
        }
      },
      bufferOf: (value) => bufferOf({ value, access: 'read' }),
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

/**
 * Repeats the calls in submits of about `milliseconds` of work each, `repetitions` times.
 * @throws what the driver refuses a pipeline with
 */
export async function timeCalls(
  studio: TimedDevice,
  program: Program,
  calls: readonly KernelCall[],
  { repetitions = 5, milliseconds = 60, processorTime = () => NaN }: TimingOptions = {},
): Promise<CallTime> {
  const { device } = studio;
  const { encode, destroy } = await prepare(studio, program, calls);
  const run = async (times: number): Promise<{ wall: number; cpu: number }> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++) encode(pass);
    pass.end();
    const start = performance.now();
    const before = processorTime();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return { wall: (performance.now() - start) / times, cpu: (processorTime() - before) / times };
  };
  try {
    await run(1);
    const once = await run(1);
    const taken = studio.profile.software && !Number.isNaN(once.cpu) ? once.cpu : once.wall;
    const times = Math.max(1, Math.ceil(milliseconds / taken));
    const measured: { wall: number; cpu: number }[] = [];
    for (let i = 0; i < repetitions; i++) measured.push(await run(times));
    const walls = measured.map(({ wall }) => wall).sort((x, y) => x - y);
    return {
      best: walls[0],
      median: walls[Math.floor(walls.length / 2)],
      cpu: Math.min(...measured.map(({ cpu }) => cpu)),
    };
  } finally {
    destroy();
  }
}

/** Numbers of each end of a result that are read. */
const ENDS = 2 ** 18;

/**
 * What the calls make of ordinary values: of each of the program's outputs `[n]` its first and its last 2¹⁸ numbers, one
 * output after the other. The same values whatever the calls, so two ways to compute the same can be compared.
 * @throws what the driver refuses a pipeline with
 */
export async function resultsOf(
  studio: TimedDevice,
  program: Program,
  calls: readonly KernelCall[],
): Promise<Float32Array> {
  const { device } = studio;
  const { encode, bufferOf, destroy } = await prepare(studio, program, calls);
  try {
    const parts = program.outputs.flatMap((value) => {
      const buffer = bufferOf(value);
      const size = Math.min(buffer.size, 4 * ENDS);
      const rest = Math.min(buffer.size - size, 4 * ENDS);
      const first = { buffer, at: 0, size };
      return rest > 0 ? [first, { buffer, at: buffer.size - rest, size: rest }] : [first];
    });
    const bytes = parts.reduce((total, { size }) => total + size, 0);
    const staging = device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      encode(pass);
      pass.end();
      let to = 0;
      for (const { buffer, at, size } of parts) {
        encoder.copyBufferToBuffer(buffer, at, staging, to, size);
        to += size;
      }
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return new Float32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  } finally {
    destroy();
  }
}
