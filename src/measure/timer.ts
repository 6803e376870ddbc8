/** Times kernel calls by themselves on whatever the studio runs on. */
import { timeCalls as onProcessor } from '../cpu/time-calls.ts';
import { CpuStudio } from '../cpu/studio.ts';
import { GpuStudio } from '../gpu/studio.ts';
import { timeCalls as onGpu, type CallTime, type TimingOptions } from '../gpu/time-calls.ts';
import type { Program } from '../graph/program.ts';
import type { KernelCall } from '../plan/kernel-call.ts';
import type { Studio } from '../plan/studio.ts';

export type TimeCalls = (program: Program, calls: readonly KernelCall[]) => Promise<CallTime>;

/** @param options of every timing */
export function timerOf(studio: Studio, options?: TimingOptions): TimeCalls {
  if (studio instanceof GpuStudio) return (program, calls) => onGpu(studio, program, calls, options);
  if (studio instanceof CpuStudio) return (program, calls) => onProcessor(studio, program, calls, options);
  throw new Error('internal: this studio runs on something else');
}
