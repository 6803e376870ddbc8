/** What an engine without a browser runs on: what the command line would. */
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import type { DeviceWish } from '../../src/protocol/device.ts';
import type { PageDevice } from '../../src/worker/device.ts';

/** As `openPageDevice`, in Node; `DELTA_ADAPTER` where nothing is wished for. */
export async function openNodeDevice({ adapter }: DeviceWish): Promise<PageDevice> {
  const { studio } = await openNodeStudio(adapter);
  return { studio, threads: null, notes: [] };
}
