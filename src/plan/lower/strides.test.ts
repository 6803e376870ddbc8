import { describe, expect, it } from 'vitest';
import type { AdapterProfile } from '../kernel-call.ts';
import { broadcastStrides, canWiden, collapse, denseStrides } from './strides.ts';
import { grid, overItems } from './support.ts';

describe('collapse', () => {
  it('makes one axis of what is contiguous in every view', () => {
    const { dims, strides } = collapse([2, 1, 3, 4], [denseStrides([2, 1, 3, 4])]);
    expect(dims).toEqual([1, 1, 1, 1, 24]);
    expect(strides).toEqual([[0, 0, 0, 0, 1]]);
  });

  it('keeps apart what one view walks differently', () => {
    const shape = [2, 3, 4];
    const { dims, strides } = collapse(shape, [denseStrides(shape), broadcastStrides([4], shape)]);
    expect(dims).toEqual([1, 1, 1, 6, 4]);
    expect(strides).toEqual([
      [0, 0, 0, 4, 1],
      [0, 0, 0, 0, 1],
    ]);
  });

  it('takes a scalar', () => {
    expect(collapse([], [[]])).toEqual({ dims: [1, 1, 1, 1, 1], strides: [[0, 0, 0, 0, 0]] });
  });

  it('refuses more axes than the kernels have', () => {
    const shape = [2, 2, 2, 2, 2, 2];
    const every = [1, 2, 4, 8, 16, 32];
    expect(() => collapse(shape, [every])).toThrow('internal: a view of [2, 2, 2, 2, 2, 2]');
  });
});

describe('broadcastStrides', () => {
  it('steps by 0 where an axis repeats', () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
  });

  it('refuses what does not broadcast', () => {
    expect(() => broadcastStrides([3], [4])).toThrow('internal: [3] does not broadcast to [4]');
  });
});

describe('canWiden', () => {
  it('wants four neighbours in every view, at aligned rows', () => {
    const shape = [3, 8];
    const dense = collapse(shape, [denseStrides(shape), broadcastStrides([8], shape)]);
    expect(canWiden(dense, [[1], [1]])).toBe(true);
    const narrow = collapse([3, 6], [denseStrides([3, 6]), broadcastStrides([6], [3, 6])]);
    expect(canWiden(narrow, [[1], [1]])).toBe(false);
    const cut = collapse([3, 8], [[9, 1]]);
    expect(canWiden(cut, [[1]])).toBe(false);
  });
});

describe('workgroups', () => {
  const adapter = (software: boolean): AdapterProfile => ({
    kind: 'webgpu' as const,
    vendor: '',
    architecture: '',
    description: '',
    software,
    subgroups: false,
    f16: false,
    timestamps: false,
    limits: {
      maxStorageBufferBindingSize: 2 ** 27,
      maxBufferSize: 2 ** 28,
      maxStorageBuffersPerShaderStage: 8,
      maxComputeWorkgroupStorageSize: 16384,
      maxComputeInvocationsPerWorkgroup: 256,
      maxComputeWorkgroupsPerDimension: 65535,
      minStorageBufferOffsetAlignment: 256,
    },
  });

  it('cover everything within the limit of a dimension', () => {
    for (const groups of [0, 1, 65535, 65536, 1_000_003]) {
      const [x, y, z] = grid(groups, adapter(false));
      expect(x * y * z).toBeGreaterThanOrEqual(groups);
      expect(Math.max(x, y, z)).toBeLessThanOrEqual(65535);
    }
  });

  it('give an invocation one item on a GPU and several in software', () => {
    for (const count of [1, 255, 256, 100_000, 25_000_000]) {
      for (const software of [true, false]) {
        const { constants, workgroups } = overItems(count, adapter(software));
        expect(workgroups[0] * workgroups[1] * 256 * constants.perThread).toBeGreaterThanOrEqual(count);
        if (!software) expect(constants.perThread).toBe(1);
      }
    }
  });
});
