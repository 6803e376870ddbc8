/** `--tune`: choosing kernels by measurement, and the file that keeps what was found. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { choiceFile } from '../src/gpu/choice-file.ts';
import { GpuStudio } from '../src/gpu/studio.ts';
import { TUNE_MODES, type TuneMode } from '../src/gpu/tuner.ts';
import type { Studio } from '../src/plan/studio.ts';
import { say } from '../src/sentence.ts';
import { UsageError } from './arguments.ts';
import { hubCache } from './hub.ts';

/**
 * Has a real GPU tuned quickly, and others only when asked.
 * @throws UsageError for an unknown mode; StudioError('device') where there is nothing to choose from
 */
export function tuneAs(asked: string | undefined, studio: Studio): void {
  if (asked !== undefined && !TUNE_MODES.includes(asked as TuneMode))
    throw new UsageError(`--tune: got "${asked}"; expected ${TUNE_MODES.join(', ')}`);
  if (!(studio instanceof GpuStudio)) {
    if (asked === undefined || asked === 'off') return;
    throw new StudioError(
      'device',
      say`--tune ${asked}: the processor has one kernel for each operator and nothing to choose from; leave --tune out, or choose a GPU with --adapter.`,
      { where: 'tune' },
    );
  }
  const mode = (asked as TuneMode | undefined) ?? (studio.profile.software ? 'off' : 'quick');
  const file = path.join(hubCache(), 'kernels.json');
  studio.tuneBy(
    mode,
    choiceFile(
      () => readFile(file, 'utf8').catch(() => null),
      async (text) => {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text);
      },
    ),
  );
}
