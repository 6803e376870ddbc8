/** Times kernel calls by themselves, with the processor time that they take on a software GPU. */
import { timeCalls as time, type CallTime } from '../src/gpu/time-calls.ts';

export type { CallTime } from '../src/gpu/time-calls.ts';

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** As `timeCalls` of src/gpu/time-calls.ts. */
export const timeCalls: typeof time = (studio, program, calls, options): Promise<CallTime> =>
  time(studio, program, calls, { processorTime, ...options });
