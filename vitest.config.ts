import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const exclude = ['tests/browser/**', 'node_modules/**'];
/** Folders of tests in which no file opens a device. */
const WITHOUT_A_DEVICE = ['data', 'deltas', 'evidence', 'graph', 'import', 'study'].map(
  (name) => `tests/${name}/**/*.test.ts`,
);
/**
 * Tests that run on the processor alone and leave nothing behind either. Of the command line's, the others open a GPU
 * as well or end processes in the midst of their work; of the worker's, they leave a database behind.
 */
const ON_THE_PROCESSOR = [
  'tests/cli/!(plan|resume|train).test.ts',
  'tests/generate/**/*.test.ts',
  'tests/gpu/{precision,recompute}.test.ts',
  'tests/parity/!(swiftshader).test.ts',
  'tests/train/**/*.test.ts',
  'tests/worker/{engine,hub-models,text2text}.test.ts',
];
/** Of these all files of a process share one device (tests/support/run-kernel.ts). */
const KERNELS = 'tests/kernels/**/*.test.ts';
/** Tests of which the larger part is software GPUs at work, or more of the same inputs: see tests/support/at-length.ts. */
const AT_LENGTH = [
  'tests/fuzz/fuzz.test.ts',
  'tests/gpu/at-length/**/*.test.ts',
  'tests/gpu/{precision,recompute}.test.ts',
  'tests/kernels/**/*.test.ts',
  'tests/parity/{class-weights,swiftshader,tasks}.test.ts',
];

const PROJECTS: TestProjectInlineConfiguration[] = [
  {
    // Nothing in these leaves anything behind, and importing it all anew for every file takes longer than most.
    extends: true,
    test: {
      name: 'units',
      include: [
        'src/**/*.test.{ts,tsx}',
        'cli/**/*.test.ts',
        'scripts/**/*.test.ts',
        'bench/**/*.test.ts',
        ...WITHOUT_A_DEVICE,
      ],
      exclude,
      isolate: false,
    },
  },
  {
    extends: true,
    test: { name: 'processor', include: ON_THE_PROCESSOR, exclude, isolate: false },
  },
  {
    extends: true,
    test: { name: 'kernels', include: [KERNELS], exclude, isolate: false },
  },
  {
    // Devices of other files, even closed ones, make a software adapter slower: a process for each.
    extends: true,
    test: {
      name: 'device',
      include: ['tests/**/*.test.ts'],
      exclude: [...exclude, ...WITHOUT_A_DEVICE, ...ON_THE_PROCESSOR, KERNELS, 'tests/gpu/at-length/**'],
    },
  },
];

/** In place of all others with DELTA_AT_LENGTH=1, as `npm run test:gpu` has it. */
const GPU: TestProjectInlineConfiguration = {
  extends: true,
  test: { name: 'gpu', include: AT_LENGTH, exclude },
};

export default defineConfig({
  test: {
    // Beside the browser's tests, or on a machine with other work, one has a tenth of a core at times.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Half of the tests run on one core: two processes keep two cores busy.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Each of them with one thread: what it computes does not depend on that (tests/cpu/threads.test.ts), and models as
    // small as these take longer to hand their work over than to do it.
    env: { DELTA_THREADS: '1' },
    projects: process.env.DELTA_AT_LENGTH === '1' ? [GPU] : PROJECTS,
  },
});
