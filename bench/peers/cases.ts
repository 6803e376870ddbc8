/** What is measured, in words that every engine understands. */
import type { BatchSize } from '../../src/measure/batch.ts';
import type { ProcessorMethod } from '../../src/measure/methods.ts';

export interface StackCase extends BatchSize {
  hidden: number;
  layers: number;
}

export interface MethodCase extends StackCase {
  method: ProcessorMethod;
}

/** Milliseconds on the clock and of this process's processor time: on a software adapter that is the work itself. */
export interface Spent {
  wall: number;
  cpu: number;
}

/** Runs `work` and says what it took. */
export async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

/** Times of steps, each from its call to its loss on the host. */
export interface StepTimes {
  times: Spent[];
  losses: number[];
}

/**
 * What one run takes, best wall and best processor time of `repetitions` of `milliseconds` of processor time or
 * more; `run(n)` does n runs.
 */
export async function timeRepeated(
  run: (times: number) => Promise<void>,
  repetitions: number,
  milliseconds: number,
): Promise<Spent> {
  await run(1);
  const once = await spent(() => run(1));
  const count = Math.max(1, Math.ceil(milliseconds / Math.min(once.wall, once.cpu)));
  const measured: Spent[] = [];
  for (let i = 0; i < repetitions; i++) measured.push(await spent(() => run(count)));
  return {
    wall: Math.min(...measured.map(({ wall }) => wall)) / count,
    cpu: Math.min(...measured.map(({ cpu }) => cpu)) / count,
  };
}
