/** Times kernel calls by themselves, outside any plan. */
import { findAliases } from '../src/gpu/specialise.ts';
import type { GpuStudio } from '../src/gpu/studio.ts';
import type { Program } from '../src/graph/program.ts';
import type { KernelCall, Operand } from '../src/plan/kernel-call.ts';

export interface CallTime {
  /** Milliseconds of one run of all calls: the best repetition and the median. */
  best: number;
  median: number;
  /**
   * Milliseconds of processor time, best repetition. On a software adapter this is the work itself, however busy the
   * machine is otherwise; on a GPU it is only the encoding.
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

/** Repeats the calls in submits of about `milliseconds` of work each, `repetitions` times. */
export async function timeCalls(
  studio: GpuStudio,
  program: Program,
  calls: readonly KernelCall[],
  { repetitions = 5, milliseconds = 60 } = {},
): Promise<CallTime> {
  const { device } = studio;
  const buffers = new Map<string, GPUBuffer>();
  const bufferOf = (operand: Operand): GPUBuffer => {
    const id = idOf(operand);
    let buffer = buffers.get(id);
    if (!buffer) {
      const size = bytesOf(operand, program);
      buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
      // Ordinary values: zeros and denormals would time something else.
      const data = Float32Array.from({ length: size / 4 }, (_, i) => Math.sin(i * 12.9898));
      device.queue.writeBuffer(buffer, 0, data);
      buffers.set(id, buffer);
    }
    return buffer;
  };
  const ready = await Promise.all(
    calls.map(async ({ shader, entry, constants, operands, workgroups }) => {
      const access = operands.map((operand) =>
        'value' in operand && program.values.get(operand.value)!.kind !== 'parameter'
          ? 'read_write'
          : 'scratch' in operand
            ? 'read_write'
            : 'read',
      ) satisfies ('read' | 'read_write')[];
      const aliases = findAliases(operands.map((operand) => ({ buffer: idOf(operand), offset: 0, size: 0 })));
      const { pipeline, layout } = await studio.pipelines.get(shader, entry, { constants, access, aliases });
      const entries = operands.flatMap((operand, binding) =>
        aliases[binding] === binding ? [{ binding, resource: { buffer: bufferOf(operand) } }] : [],
      );
      return { pipeline, group: device.createBindGroup({ layout, entries }), workgroups };
    }),
  );
  const run = async (times: number): Promise<{ wall: number; cpu: number }> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++)
      for (const { pipeline, group, workgroups } of ready) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...workgroups);
      }
    pass.end();
    const start = performance.now();
    const before = process.cpuUsage();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    const { user, system } = process.cpuUsage(before);
    return { wall: (performance.now() - start) / times, cpu: (user + system) / 1000 / times };
  };
  await run(1);
  const once = await run(1);
  const times = Math.max(1, Math.ceil(milliseconds / (studio.profile.software ? once.cpu : once.wall)));
  const measured: { wall: number; cpu: number }[] = [];
  for (let i = 0; i < repetitions; i++) measured.push(await run(times));
  for (const buffer of buffers.values()) buffer.destroy();
  const walls = measured.map(({ wall }) => wall).sort((x, y) => x - y);
  return {
    best: walls[0],
    median: walls[Math.floor(walls.length / 2)],
    cpu: Math.min(...measured.map(({ cpu }) => cpu)),
  };
}
