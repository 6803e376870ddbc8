/** How much work a run is, from its plans: what a forecast of its time counts. */
import { lengthsKey } from '../data/batch.ts';
import { evaluationBatches } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { Dispatch, Plan } from '../plan/plan.ts';
import type { RunSpec, StageRun } from '../runs/spec.ts';
import { stageRuns } from '../runs/spec.ts';
import type { CompiledRun } from '../train/compile.ts';
import { batchShape, evaluates, finalSets, trainingBatches, type Prepared } from '../train/prepare.ts';

/** Work of one step or one batch of an evaluation. */
export interface Work {
  flops: number;
  /** Bytes that its dispatches read and write. */
  bytes: number;
  dispatches: number;
}

/** So many times the same work. */
export interface CountedWork {
  kind: 'training' | 'evaluation';
  times: number;
  work: Work;
}

/** Work of the dispatches of some phases of a plan. */
export function workOf(
  plan: Pick<Plan, 'compute' | 'accumulate' | 'update'>,
  phases: readonly Phase[],
): Work {
  const dispatches: Dispatch[] = phases.flatMap((phase) => plan[phase]);
  const bytes = dispatches.flatMap(({ bindings }) => bindings.map(({ size }) => size));
  return {
    flops: dispatches.reduce((sum, { flops }) => sum + flops, 0),
    bytes: bytes.reduce((sum, size) => sum + size, 0),
    dispatches: dispatches.length,
  };
}

type Phase = 'compute' | 'accumulate' | 'update';

/** Steps whose batches are looked at; a longer run is taken to go on like them. */
const LOOKED_AT = 200;

/**
 * All the work of a run by its stages, evaluations included; without that of writing texts, which ends when they end.
 * @param compiled its stages, in turn
 */
export function workOfStages(
  prepared: Prepared,
  spec: RunSpec,
  compiled: readonly CompiledRun[],
): CountedWork[][] {
  return stageRuns(spec).map((stage, i, { length }) => [
    ...trainingWork(prepared, stage, compiled[i]),
    ...evaluationWork(prepared, stage, i === length - 1, compiled[i]),
  ]);
}

function trainingWork(prepared: Prepared, stage: StageRun, { training }: CompiledRun): CountedWork[] {
  const { steps, gradientAccumulation } = stage.training;
  const [first] = training.values();
  if (steps === 0 || first === undefined) return [];
  const accumulates = gradientAccumulation > 1;
  const batches = trainingBatches(prepared, stage);
  const looked = Math.min(steps, LOOKED_AT);
  const times = new Counter();
  for (let step = 1; step <= looked; step++)
    for (const batch of batches.step(step)) times.add(lengthsKey(batch));
  const passes = times.entries.map(([key, count]): CountedWork => {
    const { plan } = training.get(key)!;
    const work = workOf(plan, accumulates ? ['compute', 'accumulate'] : ['compute', 'update']);
    return { kind: 'training', times: (count / looked) * steps, work };
  });
  if (!accumulates) return passes;
  return [...passes, { kind: 'training', times: steps, work: workOf(first.plan, ['update']) }];
}

function evaluationWork(prepared: Prepared, stage: StageRun, last: boolean, run: CompiledRun): CountedWork[] {
  const { steps, evaluateEvery } = stage.training;
  const sets: { data: EncodedDataset; times: number }[] = [];
  // Before the first step, every so many, and after the last.
  if (evaluates(prepared, stage))
    sets.push({ data: prepared.validation!, times: 1 + Math.ceil(steps / evaluateEvery) });
  if (last) sets.push(...finalSets(prepared, stage).map(({ data }) => ({ data, times: 1 })));
  const times = new Counter();
  for (const set of sets)
    for (const batch of evaluationBatches(set.data, batchShape(prepared, stage)))
      times.add(lengthsKey(batch), set.times);
  return times.entries.map(([key, count]) => ({
    kind: 'evaluation',
    times: count,
    work: workOf(run.evaluation.get(key)!.plan, ['compute']),
  }));
}

class Counter {
  readonly #counts = new Map<string, number>();

  add(key: string, times = 1): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
  }

  get entries(): [string, number][] {
    return [...this.#counts];
  }
}
