/** What an adapter can do at most: multiply-adds out of registers, and bytes in order. */
import type { GpuStudio } from '../../src/gpu/studio.ts';
import type { Program } from '../../src/graph/program.ts';
import type { KernelCall } from '../../src/plan/kernel-call.ts';
import { timeCalls } from '../time-calls.ts';

export interface PeakRates {
  /** Multiply-adds of f32, each two operations. */
  gflops: number;
  /** Of reading and writing in order, both counted. */
  gigabytesPerSecond: number;
}

const ROUNDS = 256;
/** Operations of a round: eight sums of four. */
const ROUND = 8 * 4 * 2;

const twoBuffers = (x: number, y: number): Program => {
  const values: Program['values'] = new Map();
  for (const [id, length] of Object.entries({ x, y }))
    values.set(id, { id, shape: [length], type: 'f32', kind: 'node' });
  return { values, nodes: [], outputs: ['y'] };
};

const OPERANDS: KernelCall['operands'] = [
  { value: 'x', access: 'read' },
  { value: 'y', access: 'write' },
];

export async function peakRates(studio: GpuStudio): Promise<PeakRates> {
  const { software, limits } = studio.profile;
  const invocations = software ? 2 ** 12 : 2 ** 20;
  const sums = await timeCalls(studio, twoBuffers(2, invocations), [
    {
      shader: 'measure/multiply-add',
      entry: 'main',
      constants: { rounds: ROUNDS },
      operands: OPERANDS,
      workgroups: [invocations / 64, 1, 1],
    },
  ]);
  // Longer than the caches of a GPU; 2 ** 24 invocations at most, as many as workgroups in a row allow.
  const bytes = Math.min(software ? 2 ** 24 : 2 ** 27, limits.maxStorageBufferBindingSize);
  const floats = bytes / 4;
  const copied = await timeCalls(studio, twoBuffers(floats, floats), [
    {
      shader: 'measure/copy',
      entry: 'main',
      constants: {},
      operands: OPERANDS,
      workgroups: [Math.ceil(floats / 4 / 256), 1, 1],
    },
  ]);
  return {
    gflops: (invocations * ROUNDS * ROUND) / sums.best / 1e6,
    gigabytesPerSecond: (2 * bytes) / copied.best / 1e6,
  };
}
