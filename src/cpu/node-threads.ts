/** The processor in Node: kernels from `kernels/`, worker threads. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import { loadKernels } from './choose.ts';
import type { Kernels } from './kernels.ts';
import { buildKernels } from './node-build.ts';
import type { StartThread } from './runner.ts';
import { openCpuStudio, type CpuStudio } from './studio.ts';
import { readThreads } from './thread-count.ts';

let kernels: Promise<Kernels> | undefined;

/** The compiled kernels, once a process; made from their sources when those have changed. */
export function nodeKernels(say?: (sentence: string) => void): Promise<Kernels> {
  kernels ??= nodeBuild(say);
  return kernels;
}

async function nodeBuild(say?: (sentence: string) => void): Promise<Kernels> {
  // Node 20 has relaxed SIMD behind a flag; later ones have it without and know the flag no more.
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  const { manifest, file } = await buildKernels(say);
  return loadKernels({ manifest: async () => manifest, code: (build) => readFile(file(build)) });
}

const startNodeThread: StartThread = (start, events) => {
  const worker = new Worker(new URL('./node-thread.mjs', import.meta.url), {
    workerData: start,
    execArgv: [],
  });
  worker.on('message', (message: 'ready' | 'done') => events[message]());
  worker.on('error', (cause) => events.failed(cause));
  return {
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => {
      worker.removeAllListeners();
      worker.on('error', () => {});
      void worker.terminate();
    },
  };
};

/** How many threads `DELTA_THREADS` asks for, or as many as there are cores. @throws StudioError('device') */
export function threadCount(wanted = process.env.DELTA_THREADS): number {
  return readThreads(wanted, os.availableParallelism(), 'DELTA_THREADS');
}

/** Opens the processor in Node. @throws StudioError('device') */
export async function openNodeCpu(
  threads = threadCount(),
  say?: (sentence: string) => void,
): Promise<CpuStudio> {
  return openCpuStudio(await nodeKernels(say), { threads, startThread: startNodeThread });
}
