/** Stages of a run: what one has learned stands frozen in the model that the next one is attached to. */
import { bake } from '../deltas/bake.ts';
import { relocated } from '../deltas/compose.ts';
import { freezeDelta } from '../deltas/freeze.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { stageRuns, type RunSpec, type StageRun } from '../runs/spec.ts';
import { compileRun, type CompiledRun } from './compile.ts';
import { compileRequest, type Prepared } from './prepare.ts';

/**
 * What the stage after a compiled one starts from.
 * @param values the tensors it trained, by name
 * @param stage its number, from 1
 */
export function afterStage(
  prepared: Prepared,
  { model, delta }: Pick<CompiledRun, 'model' | 'delta'>,
  values: ReadonlyMap<string, Float32Array>,
  stage: number,
): Prepared {
  const virtualTokens = (prepared.earlier?.virtualTokens ?? 0) + delta.virtualTokens;
  // Encoders of virtual tokens go with their stage: what they give stays.
  const baked = bake(delta, values);
  const deltaModel = freezeDelta(model, baked.delta, baked.values, stage);
  return { ...prepared, deltaModel, earlier: { virtualTokens } };
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
  return inStage(spec, index, () => compileRun(compileRequest(prepared, stage, profile)));
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
