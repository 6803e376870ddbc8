/** Training and forward passes of a BERT stack, ours and TensorFlow.js's in alternation. */
import { BENCH_METHODS, type BenchMethod } from '../src/measure/methods.ts';
import type { Spent, StackCase, StepTimes } from './peers/cases.ts';
import type { DeltaCalls } from './peers/delta.ts';
import type { Peer } from './peers/protocol.ts';
import type { TfjsCalls } from './peers/tfjs.ts';
import type { StackRow } from './results.ts';
import { median, medianSpent, medianSpentRatio } from './statistics.ts';

export interface StackOptions {
  /** Most rounds, and seconds after which no more begin (three are always made). */
  rounds: number;
  seconds: number;
}

/** Rounds that are always made: a ratio of two single steps says little. */
const FEWEST = 3;
/** The first step makes pipelines; the second is like any other. */
const WARM_UP = 2;
/** Where a step of a peer takes longer than this, it is in two of the rounds; than the other, in one. */
const SLOW_MS = 20_000;
const VERY_SLOW_MS = 60_000;

/** Steps in a row: short ones come in groups, so that going from one process to the other does not weigh. */
function groupOf({ times }: StepTimes): number {
  return Math.max(1, Math.min(5, Math.round(300 / times.at(-1)!.wall)));
}

/** Of the peer; a first step that takes minutes is one like any other, whatever of it made pipelines. */
async function warmUp(tfjs: Peer<TfjsCalls>): Promise<StepTimes> {
  const { times, losses } = await tfjs.call('train', 1);
  if (times[0].wall > VERY_SLOW_MS) return { times, losses };
  const more = await tfjs.call('train', WARM_UP - 1);
  return { times: [...times, ...more.times], losses: [...losses, ...more.losses] };
}

/** Measures one stack. */
export async function benchStack(
  delta: Peer<DeltaCalls>,
  tfjs: Peer<TfjsCalls>,
  stack: StackCase,
  { rounds: most, seconds }: StackOptions,
): Promise<StackRow> {
  const facts = await delta.call('open', stack);
  await tfjs.call('open', stack);
  const ours = await delta.call('train', { method: 'full', steps: WARM_UP });
  const theirs = await warmUp(tfjs);
  const lossDifference = Math.max(
    ...theirs.losses.map((loss, i) => Math.abs(ours.losses[i] - loss) / Math.abs(loss)),
  );
  for (const method of BENCH_METHODS) await delta.call('train', { method, steps: WARM_UP });
  await delta.call('forward', WARM_UP);
  await tfjs.call('forward', theirs.times.length);

  const steps = new Map<BenchMethod, Spent[]>(BENCH_METHODS.map((method) => [method, []]));
  const encodes = new Map<BenchMethod, number[]>(BENCH_METHODS.map((method) => [method, []]));
  const tfjsSteps: Spent[] = [];
  const forward: { delta: Spent[]; tfjs: Spent[] } = { delta: [], tfjs: [] };
  const end = performance.now() + 1000 * seconds;
  let rounds = 0;
  const theirStep = theirs.times.at(-1)!.wall;
  const theirRounds = theirStep > VERY_SLOW_MS ? 1 : theirStep > SLOW_MS ? 2 : most;
  const group = groupOf(ours);
  const theirGroup = groupOf(theirs);
  while (rounds < FEWEST || (rounds < most && performance.now() < end)) {
    for (const method of BENCH_METHODS) {
      const times = await delta.call('train', { method, steps: group });
      steps.get(method)!.push(medianSpent(times.times));
      encodes.get(method)!.push(median(times.encode));
    }
    forward.delta.push(medianSpent(await delta.call('forward', group)));
    if (rounds < theirRounds) {
      tfjsSteps.push(medianSpent((await tfjs.call('train', theirGroup)).times));
      forward.tfjs.push(medianSpent(await tfjs.call('forward', theirGroup)));
    }
    rounds++;
  }
  const tfjsBytes = await tfjs.call('bytes', undefined);
  await delta.call('close', undefined);
  await tfjs.call('close', undefined);

  const tokens = stack.batchSize * stack.length;
  const full = steps.get('full')!;
  return {
    stack,
    tokens,
    rounds,
    methods: facts.map((fact) => {
      const times = steps.get(fact.method)!;
      return {
        method: fact.method,
        trainableParameters: fact.trainableParameters,
        milliseconds: medianSpent(times),
        tokensPerSecond: (1000 * tokens) / medianSpent(times).wall,
        encodeMilliseconds: median(encodes.get(fact.method)!),
        dispatches: fact.dispatches,
        dispatchesPerLayer: fact.dispatchesPerLayer,
        ratioToFull: medianSpentRatio(times, full),
        memory: fact.allocated,
        forecastIsExact: JSON.stringify(fact.predicted) === JSON.stringify(fact.allocated),
        compileMilliseconds: fact.compile,
        prepareMilliseconds: fact.prepare,
      };
    }),
    forward: {
      delta: medianSpent(forward.delta),
      tfjs: medianSpent(forward.tfjs),
      ratio: medianSpentRatio(forward.tfjs, forward.delta),
    },
    step: {
      delta: medianSpent(full),
      tfjs: medianSpent(tfjsSteps),
      ratio: medianSpentRatio(tfjsSteps, full),
    },
    lossDifference,
    tfjsBytes,
  };
}
