/** The time that each run of a comparison will take, before it starts. */
import { StudioError } from '../errors.ts';
import { runName, type ComparisonRun } from '../runs/spec.ts';
import type { OpenRunOptions } from '../train/open-run.ts';
import type { Prepared } from '../train/prepared.ts';
import { compileStages } from '../train/stages.ts';
import type { Studio } from '../plan/studio.ts';
import { calibrate, runsToTime, type CompiledStages } from './calibrate.ts';
import { forecastSeconds, type Sample } from './forecast-time.ts';
import { workOfStages } from './work.ts';

export interface RunForecast {
  /** Of its steps and evaluations, as its `end` event counts. */
  seconds: number;
  /** Of what its kept weights are scored on at the end. */
  scoring: number;
}

/**
 * By key; one number for all seeds of a method, whose batches differ by a few tokens. Runs that cannot be are left out, and all where the adapter cannot be timed; why is said where
 * they are planned or trained.
 */
export async function forecastRuns(
  studio: Studio,
  prepared: Prepared,
  runs: readonly ComparisonRun[],
  options: Pick<OpenRunOptions, 'openFolder'> = {},
): Promise<Map<string, RunForecast>> {
  const methods = [...new Map([...runs].reverse().map((run) => [runName(run), run])).values()].reverse();
  const compiled = methods.flatMap((run): CompiledStages[] => {
    const stages = refused(() => compileStages(prepared, run.spec, studio.profile));
    return stages === null ? [] : [{ run, compiled: stages }];
  });
  const samples = await timedSamples(studio, prepared, compiled, options);
  return new Map(
    compiled.flatMap(({ run, compiled: stages }) => {
      const work = workOfStages(prepared, run.spec, stages, true).flat();
      const ofKind = (scores: boolean): number | null =>
        forecastSeconds(
          work.filter(({ kind }) => (kind === 'scoring') === scores),
          samples,
          studio.profile,
        );
      const [seconds, scoring] = [ofKind(false), ofKind(true)];
      if (seconds === null || scoring === null) return [];
      const seeds = runs.filter((one) => runName(one) === runName(run));
      return seeds.map(({ key }) => [key, { seconds, scoring }] as const);
    }),
  );
}

/** A few steps timed on the adapter; none where those cannot be taken there. */
export async function timedSamples(
  studio: Studio,
  prepared: Prepared,
  compiled: readonly CompiledStages[],
  options: Pick<OpenRunOptions, 'openFolder'>,
): Promise<Sample[]> {
  try {
    return await calibrate(studio, prepared, runsToTime(compiled), options);
  } catch (error) {
    if (error instanceof StudioError) return [];
    throw error;
  }
}

function refused<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
