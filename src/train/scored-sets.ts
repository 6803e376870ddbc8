/** The sets of rows that a run is scored on: as it trains, and once at its end; of several tasks each one's. */
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { RunSpec } from '../runs/spec.ts';
import { taskView } from '../runs/spec-tasks.ts';
import type { Split } from './events.ts';
import type { Prepared } from './prepared.ts';

export interface ScoredSet<Spec extends RunSpec = RunSpec> {
  split: Split;
  data: EncodedDataset;
  /** Name of the task whose rows they are, of several. */
  task?: string;
  /** What is prepared for that task, and the run as one of it alone. */
  prepared: Prepared;
  spec: Spec;
}

/** Does a run evaluate as it trains? */
export function evaluates(prepared: Prepared, spec: RunSpec): boolean {
  return spec.training.evaluateEvery > 0 && prepared.validation !== null;
}

/** Those that are evaluated as it trains; none where nothing is. */
export function validationSets<Spec extends RunSpec>(prepared: Prepared, spec: Spec): ScoredSet<Spec>[] {
  if (!evaluates(prepared, spec)) return [];
  return ofTasks(prepared, spec).map((one) => ({
    ...one,
    split: 'validation' as const,
    data: one.prepared.validation!,
  }));
}

/** Those that a run is scored on once, at its end: where rows are held out, those to test on and those trained on. */
export function finalSets<Spec extends RunSpec>(prepared: Prepared, spec: Spec): ScoredSet<Spec>[] {
  const tasks = ofTasks(prepared, spec);
  const tests = tasks.flatMap((one) => {
    const { test } = one.prepared;
    return test === null ? [] : [{ ...one, split: 'test' as const, data: test }];
  });
  if (tests.length === 0 && !evaluates(prepared, spec)) return [];
  const trained = tasks.map((one) => ({ ...one, split: 'train' as const, data: one.prepared.trainSample }));
  return [...trained, ...tests];
}

/** Both by task, or as they are. */
function ofTasks<Spec extends RunSpec>(
  prepared: Prepared,
  spec: Spec,
): Pick<ScoredSet<Spec>, 'task' | 'prepared' | 'spec'>[] {
  if (prepared.tasks === undefined) return [{ prepared, spec }];
  return prepared.tasks.map((one, i) => ({
    task: one.name,
    prepared: one.prepared,
    spec: taskView(spec, i),
  }));
}

/** Prepared for a run that is scored on nothing. */
export function withoutScores(prepared: Prepared): Prepared {
  const tasks = prepared.tasks?.map((one) => ({ ...one, prepared: withoutScores(one.prepared) }));
  return { ...prepared, ...(tasks && { tasks }), validation: null, test: null };
}
