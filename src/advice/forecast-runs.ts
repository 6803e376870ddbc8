/** The time that each run of a comparison will take, before it starts. */
import { StudioError } from '../errors.ts';
import type { ComparisonRun } from '../runs/spec.ts';
import type { OpenRunOptions } from '../train/open-run.ts';
import type { Prepared } from '../train/prepare.ts';
import { compileStages } from '../train/stages.ts';
import type { Studio } from '../plan/studio.ts';
import { calibrate, runsToTime, type CompiledStages } from './calibrate.ts';
import { forecastSeconds, type Sample } from './forecast-time.ts';
import { workOfStages } from './work.ts';

/**
 * Seconds by key. Runs that cannot be are left out, and all where the adapter cannot be timed; why is said where
 * they are planned or trained.
 */
export async function forecastRuns(
  studio: Studio,
  prepared: Prepared,
  runs: readonly ComparisonRun[],
  options: Pick<OpenRunOptions, 'openFolder'> = {},
): Promise<Map<string, number>> {
  const compiled = runs.flatMap((run): CompiledStages[] => {
    const stages = refused(() => compileStages(prepared, run.spec, studio.profile));
    return stages === null ? [] : [{ run, compiled: stages }];
  });
  const samples = await timedSamples(studio, prepared, compiled, options);
  return new Map(
    compiled.flatMap((one) => {
      const work = workOfStages(prepared, one.run.spec, one.compiled).flat();
      const seconds = forecastSeconds(work, samples, studio.profile);
      return seconds === null ? [] : [[one.run.key, seconds] as const];
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
