/**
 * Where the time of a plan goes: every dispatch in a pass of its own between two timestamps. Slower than a
 * normal step, and in browsers quantised to 0.1 ms unless a developer flag is set; for benchmarks only.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Phase } from '../plan/studio.ts';
import type { GpuPreparedPlan, ReadyDispatch } from './prepare.ts';
import type { GpuStudio } from './studio.ts';

export interface DispatchTime {
  label: string;
  milliseconds: number;
  flops: number;
}

/** A query set holds at most 4096 timestamps. */
const DISPATCHES_A_SET = 2048;

/**
 * Runs the phases once and returns each dispatch's time on the device, in order.
 * @throws StudioError('device') when the adapter has no timestamps
 */
export async function profile(
  studio: GpuStudio,
  prepared: GpuPreparedPlan,
  phases: readonly Phase[],
): Promise<DispatchTime[]> {
  if (!studio.profile.timestamps)
    throw new StudioError('device', say`This adapter has no timestamps: profile on another one.`);
  const dispatches = phases.flatMap((phase) => prepared.phases[phase]);
  const times: DispatchTime[] = [];
  for (let first = 0; first < dispatches.length; first += DISPATCHES_A_SET)
    times.push(...(await profileSome(studio, dispatches.slice(first, first + DISPATCHES_A_SET))));
  return times;
}

async function profileSome(studio: GpuStudio, dispatches: readonly ReadyDispatch[]): Promise<DispatchTime[]> {
  const { device, watch } = studio;
  const count = 2 * dispatches.length;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const encoder = device.createCommandEncoder();
  dispatches.forEach(({ pipeline, bindGroup, workgroups }, index) => {
    const pass = encoder.beginComputePass({
      timestampWrites: {
        querySet,
        beginningOfPassWriteIndex: 2 * index,
        endOfPassWriteIndex: 2 * index + 1,
      },
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    pass.end();
  });
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  const finish = studio.readbacks.copy(encoder, [{ buffer: resolved, offset: 0, bytes: 8 * count }]);
  device.queue.submit([encoder.finish()]);
  try {
    const stamps = new BigUint64Array(await watch.guard(finish()));
    return dispatches.map(({ label, flops }, index) => ({
      label,
      flops,
      milliseconds: Number(stamps[2 * index + 1] - stamps[2 * index]) / 1e6,
    }));
  } finally {
    querySet.destroy();
    resolved.destroy();
  }
}
