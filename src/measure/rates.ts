/** What an adapter can do at most: multiply-adds out of registers, and bytes in order. */
import type { Program } from '../graph/program.ts';
import type { AdapterProfile, KernelCall } from '../plan/kernel-call.ts';
import { kernel } from '../plan/lower-wasm/support.ts';
import type { TimeCalls } from './timer.ts';

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

/** @param time times calls on the adapter */
export async function peakRates(time: TimeCalls, adapter: AdapterProfile): Promise<PeakRates> {
  return adapter.kind === 'wasm' ? processorRates(time) : gpuRates(time, adapter);
}

async function gpuRates(time: TimeCalls, { software, limits }: AdapterProfile): Promise<PeakRates> {
  const invocations = software ? 2 ** 12 : 2 ** 20;
  const sums = await time(twoBuffers(2, invocations), [
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
  const copied = await time(twoBuffers(floats, floats), [
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

/** Turns of a part's loop, each 10 · 4 multiply-adds. */
const TURNS = 2 ** 14;

async function processorRates(time: TimeCalls): Promise<PeakRates> {
  const parts = 64;
  const sums = await time(twoBuffers(2, parts), [
    kernel('measure/multiplyAdd', parts, [{ value: 'y', access: 'write' }], { turns: TURNS }),
  ]);
  // Longer than the caches of most processors.
  const count = 2 ** 24;
  const copied = await time(twoBuffers(count, count), [kernel('measure/copy', parts, OPERANDS, { count })]);
  return {
    gflops: (parts * TURNS * 80) / sums.best / 1e6,
    gigabytesPerSecond: (2 * 4 * count) / copied.best / 1e6,
  };
}
