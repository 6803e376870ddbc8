/** How much work a run is, from its plans: what a forecast of its time counts. */
import { shapeKey } from '../data/batch.ts';
import { evaluationBatches } from '../data/batching/batcher.ts';
import type { Dispatch, Plan } from '../plan/plan.ts';
import type { RunSpec, StageRun } from '../runs/spec.ts';
import { stageRuns } from '../runs/spec.ts';
import { methodList } from '../runs/spec-method.ts';
import type { CompiledRun } from '../train/compile.ts';
import { batchShape, runBatches } from '../train/prepare.ts';
import type { Prepared } from '../train/prepared.ts';
import { finalSets, validationSets } from '../train/scored-sets.ts';

/** Work of one dispatch. */
export interface Call {
  flops: number;
  /** Bytes that it reads and writes. */
  bytes: number;
}

/** Work of one step or one batch of an evaluation: that of all its dispatches, and of each. */
export interface Work extends Call {
  dispatches: number;
  calls: readonly Call[];
}

/** So many times the same work. */
export interface CountedWork {
  /** `scoring` is that of the end, which is no part of a run's seconds. */
  kind: 'training' | 'evaluation' | 'scoring';
  times: number;
  work: Work;
}

/** Work of the dispatches of some phases of a plan. */
export function workOf(
  plan: Pick<Plan, 'compute' | 'accumulate' | 'update'>,
  phases: readonly Phase[],
): Work {
  const dispatches: Dispatch[] = phases.flatMap((phase) => plan[phase]);
  const calls = dispatches.map(({ flops, bindings }): Call => ({
    flops,
    bytes: bindings.reduce((sum, { size }) => sum + size, 0),
  }));
  return {
    flops: calls.reduce((sum, { flops }) => sum + flops, 0),
    bytes: calls.reduce((sum, { bytes }) => sum + bytes, 0),
    dispatches: calls.length,
    calls,
  };
}

type Phase = 'compute' | 'accumulate' | 'update';

/** Steps whose batches are looked at; a longer run is taken to go on like them. */
const LOOKED_AT = 200;

/**
 * All the work of a run by its stages, evaluations included; without that of writing texts, which ends when they end.
 * @param compiled its stages, in turn
 * @param compared is it one of a comparison, which scores the untuned model once for all that start like it?
 */
export function workOfStages(
  prepared: Prepared,
  spec: RunSpec,
  compiled: readonly CompiledRun[],
  compared = false,
): CountedWork[][] {
  return stageRuns(spec).map((stage, i, { length }) => [
    ...trainingWork(prepared, stage, compiled[i]),
    ...evaluationWork(prepared, stage, compiled[i], compared && i === 0 && startsUntuned(stage)),
    ...(i === length - 1 ? scoringWork(prepared, stage, compiled[i]) : []),
  ]);
}

/** Methods whose first answers are not the untuned model's. */
const STARTS_OTHERWISE: ReadonlySet<string> = new Set([
  'prompt',
  'ptuning',
  'prefix',
  'multitaskPrompt',
  'ipt',
  'mask',
  'compacter',
  'mam',
  'unipelt',
  'fusion',
]);

/** Does it answer as the untuned model does before its first step? (Told here by its kind; a run looks.) */
function startsUntuned({ method, model }: StageRun): boolean {
  return (
    model.task !== 'text2text' &&
    methodList(method).every((one) => !STARTS_OTHERWISE.has(one.type) && one.init === undefined)
  );
}

function trainingWork(prepared: Prepared, stage: StageRun, { training }: CompiledRun): CountedWork[] {
  const { steps, gradientAccumulation } = stage.training;
  const [first] = training.values();
  if (steps === 0 || first === undefined) return [];
  const accumulates = gradientAccumulation > 1;
  const batches = runBatches(prepared, stage);
  const looked = Math.min(steps, LOOKED_AT);
  const times = new Counter();
  for (let step = 1; step <= looked; step++)
    for (const batch of batches.step(step)) times.add(shapeKey(batch, batch.task));
  const passes = times.entries.map(([key, count]): CountedWork => {
    const { plan } = training.get(key)!;
    const work = workOf(plan, accumulates ? ['compute', 'accumulate'] : ['compute', 'update']);
    return { kind: 'training', times: (count / looked) * steps, work };
  });
  if (!accumulates) return passes;
  return [...passes, { kind: 'training', times: steps, work: workOf(first.plan, ['update']) }];
}

function evaluationWork(
  prepared: Prepared,
  stage: StageRun,
  run: CompiledRun,
  startsUntuned: boolean,
): CountedWork[] {
  const { steps, evaluateEvery } = stage.training;
  // Every so many steps and after the last; and before the first, of which one batch tells where the rest is known.
  const after = Math.ceil(steps / evaluateEvery);
  const times = new Counter();
  for (const set of validationSets(prepared, stage)) {
    let first = true;
    for (const batch of evaluationBatches(set.data, batchShape(set.prepared, set.spec))) {
      times.add(shapeKey(batch, batch.task), after + (first || !startsUntuned ? 1 : 0));
      first = false;
    }
  }
  return forwardWork('evaluation', times, run);
}

function scoringWork(prepared: Prepared, stage: StageRun, run: CompiledRun): CountedWork[] {
  const times = new Counter();
  for (const set of finalSets(prepared, stage))
    for (const batch of evaluationBatches(set.data, batchShape(set.prepared, set.spec)))
      times.add(shapeKey(batch, batch.task));
  return forwardWork('scoring', times, run);
}

function forwardWork(kind: 'evaluation' | 'scoring', times: Counter, run: CompiledRun): CountedWork[] {
  return times.entries.map(([key, count]) => ({
    kind,
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
