/** Which build of the kernels an engine takes, and where. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { KernelManifest, Kernels } from './kernels.ts';

/**
 * `relaxed` and `simd` work on shared memory, `relaxed` with fused multiply-add; `plain` works on memory of its own,
 * with one thread.
 */
export type KernelBuild = 'relaxed' | 'simd' | 'plain';

/** Where the builds come from: files in Node, addresses in the page. */
export interface KernelSource {
  manifest(): Promise<KernelManifest>;
  code(build: KernelBuild): Promise<BufferSource>;
}

/** Whether WebAssembly gets memory that threads can share: not in every page that is not isolated. */
export function hasSharedMemory(): boolean {
  try {
    return Boolean(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  } catch {
    return false;
  }
}

/** Compiles the best build that this engine validates. @throws StudioError('device') where it has no SIMD */
export async function loadKernels(source: KernelSource, shared = hasSharedMemory()): Promise<Kernels> {
  const builds: KernelBuild[] = shared ? ['relaxed', 'simd', 'plain'] : ['plain'];
  for (const build of builds) {
    const code = await source.code(build);
    if (!WebAssembly.validate(code)) continue;
    const [module, manifest] = await Promise.all([WebAssembly.compile(code), source.manifest()]);
    return { module, manifest, relaxed: build === 'relaxed', shared: build !== 'plain' };
  }
  throw new StudioError(
    'device',
    say`This machine's WebAssembly has no SIMD, which the processor needs: use a current Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.`,
  );
}
