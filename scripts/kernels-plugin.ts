/** The kernels of the processor are there, and up to date, before Vite bundles or serves them. */
import type { Plugin } from 'vite';
import { buildKernels } from '../src/cpu/node-build.ts';

export function kernelsPlugin(): Plugin {
  return {
    name: 'delta-kernels',
    async configResolved({ logger }) {
      await buildKernels((sentence) => logger.info(sentence));
    },
  };
}
