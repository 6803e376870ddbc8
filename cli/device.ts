/** The WebGPU device of the command line: Dawn in Node. */
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import { napWhile } from '../src/gpu/node-nap.ts';
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { VERSION } from '../src/runs/version.ts';
import { openStudio } from '../src/gpu/studio.ts';
import type { RunEnvironment } from '../src/runs/record.ts';
import { progress } from './output.ts';
import type { Studio } from '../src/plan/studio.ts';

/**
 * Runs `body` with a device and closes it.
 * @param preference `--adapter`; else `DELTA_ADAPTER`, else the first there is
 * @throws StudioError('device') when there is none
 */
export async function withStudio<T>(
  preference: string | undefined,
  body: (studio: Studio) => Promise<T>,
): Promise<T> {
  const { gpu, adapter, name } = await openNodeGpu(preference);
  const studio = await openStudio(gpu, nodeShaders, { adapter });
  progress(`Adapter: ${studio.profile.description || studio.profile.vendor} (${name})`);
  try {
    const work = body(studio);
    return await (studio.profile.software ? napWhile(work) : work);
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
