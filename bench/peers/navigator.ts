/** Gives Node the `navigator.gpu` of a page, for libraries written for one. */
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';

/** @returns the adapter's description */
export async function installNavigator(): Promise<string> {
  const { gpu, adapter } = await openNodeGpu();
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: 'node', hardwareConcurrency: 2 },
    configurable: true,
  });
  return adapter.info.description;
}
