/**
 * What the command line runs on. Looked for in the order of the contract: a real GPU, then the processor (`wasm`),
 * which every machine has. The software GPUs, SwiftShader and lavapipe, only run when asked for by name.
 */
import { findNodeGpu, openNodeGpu, type NodeGpu } from '../gpu/node-adapter.ts';
import { napWhile } from '../gpu/node-nap.ts';
import { nodeShaders } from '../gpu/node-shaders.ts';
import { openStudio } from '../gpu/studio.ts';
import type { Studio } from '../plan/studio.ts';
import { readAdapterName, type AdapterName } from './adapter-names.ts';
import { openNodeCpu } from './node-threads.ts';

export interface NodeStudio {
  studio: Studio;
  name: AdapterName;
  /** Awaits work on the device without burning a core on the wait. */
  wait: <T>(work: Promise<T>) => Promise<T>;
}

/**
 * @param preference `gpu`, `wasm`, `swiftshader` or `lavapipe`; else the first of the first two
 * @param tell is told when the kernels must be compiled first
 * @throws StudioError('device') for an unknown name, or when what is named is missing
 */
export async function openNodeStudio(
  preference: string | undefined = process.env.DELTA_ADAPTER || undefined,
  tell?: (sentence: string) => void,
): Promise<NodeStudio> {
  const forced = readAdapterName(preference);
  if (forced === 'wasm') return onCpu(tell);
  if (forced !== undefined) return onGpu(await openNodeGpu(forced));
  const found = await findNodeGpu('gpu');
  return found ? onGpu(found) : onCpu(tell);
}

async function onCpu(tell?: (sentence: string) => void): Promise<NodeStudio> {
  return { studio: await openNodeCpu(undefined, tell), name: 'wasm', wait: (work) => work };
}

async function onGpu({ gpu, adapter, name }: NodeGpu): Promise<NodeStudio> {
  const studio = await openStudio(gpu, nodeShaders, { adapter });
  return { studio, name, wait: (work) => (studio.profile.software ? napWhile(work) : work) };
}
