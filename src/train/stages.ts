/** Stages of a run: what one has learned stands frozen in the model that the next one is attached to. */
import { bake } from '../deltas/bake.ts';
import { relocated } from '../deltas/compose.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { freezeDelta } from '../deltas/freeze.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { stageLayout, type StageLayout } from '../runs/adapter-folder.ts';
import { stageRuns, type Methods, type RunSpec, type StageRun } from '../runs/spec.ts';
import { compileTasks, type CompiledRun } from './compile.ts';
import { compileRequests } from './prepare.ts';
import type { Prepared } from './prepared.ts';

/**
 * What the stage after a compiled one starts from.
 * @param values the tensors it trained, by name
 * @param stage its number, from 1
 */
export function afterStage(
  prepared: Prepared,
  { delta, branches }: Pick<CompiledRun, 'delta' | 'branches'>,
  values: ReadonlyMap<string, Float32Array>,
  stage: number,
): Prepared {
  const virtualTokens = (prepared.earlier?.virtualTokens ?? 0) + delta.virtualTokens;
  // Encoders of virtual tokens go with their stage: what they give stays.
  const frozen = ({ model, delta }: CompiledRun['branches'][number]): DeltaModel => {
    const baked = bake(delta, values);
    return freezeDelta(model, baked.delta, baked.values, stage);
  };
  const [deltaModel, ...others] = branches.map(frozen);
  const tasks = prepared.tasks?.map(({ name, prepared: one }, i) => ({
    name,
    prepared: { ...one, deltaModel: [deltaModel, ...others][i] ?? deltaModel, earlier: { virtualTokens } },
  }));
  return { ...prepared, ...(tasks && { tasks }), deltaModel, earlier: { virtualTokens } };
}

/** Runs `work` for a stage; messages then name the stage's field rather than `method`. */
export function inStage<T>(spec: RunSpec, index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw relocated(error, 'method', methodPath(spec, index));
  }
}

/** Path of a stage's method in a completed spec. */
export function methodPath({ stages }: RunSpec, index: number): string {
  return stages === undefined ? 'method' : `stages[${index}].method`;
}

export function compileStage(
  prepared: Prepared,
  spec: RunSpec,
  stage: StageRun,
  index: number,
  profile: AdapterProfile,
): CompiledRun {
  return inStage(spec, index, () => {
    const requests = compileRequests(prepared, stage, profile);
    // What an earlier stage learned is in the model, which is another each time.
    const kept = index === 0 ? prepared.kept : undefined;
    return kept?.get(requests, compileTasks) ?? compileTasks(requests);
  });
}

/**
 * Compiles every stage as if none had been trained yet: shapes and memory are the same.
 * @throws StudioError as `compileRun`, naming the stage
 */
export function compileStages(prepared: Prepared, spec: RunSpec, profile: AdapterProfile): CompiledRun[] {
  let current = prepared;
  return stageRuns(spec).map((stage, index) => {
    const compiled = compileStage(current, spec, stage, index, profile);
    current = afterStage(current, compiled, new Map(), index + 1);
    return compiled;
  });
}

/** What the files of a stage hold: the delta, and the heads of its tasks apart where there are several. */
export function layoutOfStage(
  prepared: Prepared,
  method: Methods,
  { delta, trainables }: Pick<CompiledRun, 'delta' | 'trainables'>,
): StageLayout {
  const tasks = prepared.tasks ?? [];
  const parameters = new Map([
    ...prepared.model.parameters,
    ...tasks.flatMap((task) => [...task.prepared.model.parameters]),
  ]);
  const heads = tasks.map(({ name, prepared: one }) => ({ task: name, tensors: one.model.head }));
  return stageLayout(method, delta, trainables, parameters, heads);
}
