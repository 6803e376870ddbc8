/** The methods that `delta rates` and `delta advise` look at, and what they are looked at with. */
import path from 'node:path';
import { dataFiles } from '../src/runs/spec-tasks.ts';
import { completeSpec, methodRuns, runMethod, type ComparisonRun } from '../src/runs/spec.ts';
import { prepare } from '../src/train/prepare.ts';
import type { Prepared } from '../src/train/prepared.ts';
import { loadMaterials, startedRuns, type LoadedSpec } from './load.ts';
import { builtinName } from '../src/models/files.ts';

/**
 * The methods named; else the spec's comparison; else its one method; null where it has none. Each once, with
 * `training.seed`: seeds are of the comparison that comes after.
 */
export function askedRuns(
  { input }: LoadedSpec,
  methods: readonly string[] | undefined,
): ComparisonRun[] | null {
  if (methods !== undefined || input.compare !== undefined) return methodRuns(input, methods);
  if (input.method === undefined && input.stages === undefined) return null;
  const spec = completeSpec(input);
  return [{ key: runMethod(spec), spec }];
}

/** Files that a spec reads: they may not be moved away. */
export function filesOf(file: string, { input, base }: LoadedSpec): string[] {
  const named = [input.model.source, ...dataFiles(input)];
  return [
    file,
    ...named.filter((one) => builtinName(one) === undefined).map((one) => path.resolve(base, one)),
  ];
}

/** Model, rows and runs as they begin. @throws StudioError for what is wrong with them */
export async function openRuns(
  { base }: LoadedSpec,
  asked: readonly ComparisonRun[],
): Promise<{ prepared: Prepared; runs: ComparisonRun[] }> {
  const [{ spec }] = asked;
  const prepared = prepare(spec, await loadMaterials(spec, base));
  return { prepared, runs: await startedRuns(asked, prepared.deltaModel, base) };
}
