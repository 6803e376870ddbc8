/** What training on the processor takes of memory, and how it scales with threads: fresh processes for each. */
import type { MethodCase, Spent, StackCase } from './peers/cases.ts';
import { ourEngine, peer } from './processor-engines.ts';
import type { StepCalls } from './peers/steps.ts';
import type { MemoryRow, ThreadRow } from './processor-results.ts';

const stackOf = ({ hidden, layers, batchSize, length }: MethodCase): StackCase => ({
  hidden,
  layers,
  batchSize,
  length,
});

/** Three steps in a process of its own. */
export async function benchMemory(run: MethodCase): Promise<MemoryRow> {
  const process = peer<StepCalls>('steps', 'wasm');
  const { predicted, allocated, modelBytes } = await process.call('open', run);
  await process.call('train', 3);
  const { wasm, resident } = await process.call('bytes', undefined);
  process.close();
  return {
    stack: stackOf(run),
    method: run.method,
    planBytes: predicted.total,
    exact: JSON.stringify(predicted) === JSON.stringify(allocated),
    wasmBytes: wasm,
    residentBytes: resident - modelBytes,
  };
}

const ROUNDS = 7;

/** The same step on pools of several sizes, in turn. */
export async function benchThreads(run: MethodCase, sizes: readonly number[]): Promise<ThreadRow[]> {
  const before = process.env.DELTA_THREADS;
  const pools = sizes.map((threads) => {
    process.env.DELTA_THREADS = `${threads}`;
    return { threads, engine: ourEngine('wasm'), times: [] as Spent[] };
  });
  process.env.DELTA_THREADS = before;
  for (const { engine } of pools) {
    await engine.open(run);
    await engine.train(2);
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const { engine, times } of pools) times.push(...(await engine.train(2)).times);
  for (const { engine } of pools) engine.end();
  const least = (times: readonly Spent[], what: keyof Spent): number =>
    Math.min(...times.map((time) => time[what]));
  return pools.map(({ threads, times }) => ({
    stack: stackOf(run),
    method: run.method,
    threads,
    milliseconds: { wall: least(times, 'wall'), cpu: least(times, 'cpu') },
  }));
}
