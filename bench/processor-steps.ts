/** Steps and forward passes of all engines, each in its turn in every round, so that drifts of the machine cancel. */
import type { Spent, StackCase } from './peers/cases.ts';
import type { StepFacts } from './peers/steps.ts';
import type { ProcessorMethod } from '../src/measure/methods.ts';
import type { Engine } from './processor-engines.ts';
import type { EngineName, StepRow } from './processor-results.ts';
import { medianSpent, medianSpentRatio } from './statistics.ts';

export interface StepLimits {
  /** Most rounds, and seconds after which no more begin (three are always made). */
  rounds: number;
  seconds: number;
}

const FEWEST = 3;
/** An engine whose step takes longer than this, in ms, is in three rounds; than the other, in one. */
const SLOW = 3000;
const VERY_SLOW = 20_000;
/** These make pipelines for as long in their first step, which says nothing of the next. */
const OURS_ON_GPUS: ReadonlySet<EngineName> = new Set(['lavapipe', 'SwiftShader']);

const groupOf = ({ wall }: Spent): number => Math.max(1, Math.min(10, Math.round(200 / wall)));

/** @param what of the stack: training by a method, or the forward pass */
export async function benchSteps(
  ours: Engine<StepFacts>,
  engines: ReadonlyMap<EngineName, Engine>,
  { stack, method }: { stack: StackCase; method: ProcessorMethod | 'forward' },
  { rounds: most, seconds }: StepLimits,
): Promise<StepRow> {
  const run = async (engine: Engine, count: number): Promise<Spent[]> =>
    method === 'forward' ? engine.forward(count) : (await engine.train(count)).times;
  const taking = [...engines].filter(([, engine]) => engine.does(method, stack.hidden));
  const opened = { ...stack, method: method === 'forward' ? ('head' as const) : method };

  const facts = await ours.open(opened);
  const [firstStep] = await run(ours, 1);
  const [again] = await run(ours, 1);
  const state = new Map<EngineName, { times: Spent[]; group: number; rounds: number }>();
  for (const [name, engine] of taking) {
    await engine.open(opened);
    // The first makes pipelines or arranges weights; the second is like any other.
    let [last] = await run(engine, 1);
    if (last.cpu < VERY_SLOW || OURS_ON_GPUS.has(name)) [last] = await run(engine, 1);
    const rounds = last.wall > VERY_SLOW ? 1 : last.wall > SLOW ? FEWEST : most;
    state.set(name, { times: [], group: groupOf(last), rounds });
  }
  const mine: Spent[] = [];
  const group = groupOf(again);
  const end = performance.now() + 1000 * seconds;
  while (mine.length < FEWEST || (mine.length < most && performance.now() < end)) {
    mine.push(medianSpent(await run(ours, group)));
    for (const [name, engine] of taking) {
      const their = state.get(name)!;
      if (their.times.length < their.rounds) their.times.push(medianSpent(await run(engine, their.group)));
    }
  }
  await ours.close();
  for (const [, engine] of taking) await engine.close();
  return {
    stack,
    method,
    ours: medianSpent(mine),
    first: method === 'forward' ? null : { compile: facts.compile, prepare: facts.prepare, step: firstStep },
    peers: Object.fromEntries(
      taking.map(([name]) => {
        const { times } = state.get(name)!;
        const ratio = medianSpentRatio(times, mine);
        return [name, { milliseconds: medianSpent(times), ratio, rounds: times.length }];
      }),
    ),
  };
}
