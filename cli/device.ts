/** What the command line runs on: a GPU through Dawn, or the processor. */
import { openNodeStudio } from '../src/cpu/node-studio.ts';
import { VERSION } from '../src/runs/version.ts';
import type { RunEnvironment } from '../src/runs/record.ts';
import { tuneAs } from './kernel-choices.ts';
import { progress } from './output.ts';
import type { Studio } from '../src/plan/studio.ts';

/**
 * Runs `body` with a device and closes it.
 * @param wish `--adapter`, else `DELTA_ADAPTER`, else the first there is; and `--tune`, how kernels are chosen
 * @throws StudioError('device') when there is none
 */
export async function withStudio<T>(
  { adapter, tune }: { adapter?: string; tune?: string },
  body: (studio: Studio) => Promise<T>,
): Promise<T> {
  const { studio, name, wait } = await openNodeStudio(adapter, progress);
  progress(`Adapter: ${studio.profile.description || studio.profile.vendor} (${name})`);
  try {
    tuneAs(tune, studio);
    return await wait(body(studio));
  } finally {
    studio.destroy();
  }
}

/** What a run record says of where it ran. */
export function environmentOf(studio: Studio): RunEnvironment {
  const { vendor, architecture, description, software } = studio.profile;
  return {
    studio: VERSION,
    runtime: `Node ${process.version}`,
    adapter: { vendor, architecture, description, software },
  };
}
