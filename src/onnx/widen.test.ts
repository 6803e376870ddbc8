import { describe, expect, it } from 'vitest';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import { runOrt } from '../../tests/support/ort.ts';
import type { Initializer } from '../graph/source.ts';
import { bytesOf, floatsOf } from '../graph/tensor.ts';
import { isHalf, widenHalf } from './widen.ts';
import { writeModel } from './write.ts';

const half = (name: string, dims: number[], bits: number[]): Initializer => ({
  name,
  type: 'float16',
  dims,
  bytes: bytesOf(Uint16Array.from(bits)),
});

// x (f32) → half → · w + c → f32, as exporters of half-precision models write it.
const w = half('w', [2, 2], [0x3c00, 0x4000, 0x4200, 0x4400]); // 1 2 3 4
const source = graph(
  [
    node('Cast', ['x'], 'h', { to: 10 }),
    node('MatMul', ['h', 'w'], 'm'),
    node('ConstantOfShape', ['shape'], 'c', { value: half('v', [1], [0x3800]) }),
    node('Add', ['m', 'c'], 'a'),
    node('Cast', ['a'], 'y', { to: 1 }),
  ],
  [
    w,
    { ...w, name: 'alias' },
    { name: 'shape', type: 'int64', dims: [1], bytes: bytesOf(BigInt64Array.of(2n)) },
  ],
  { outputs: [{ name: 'y', type: 'float32', dims: ['batch', 2] }] },
);

describe('widenHalf', () => {
  it('makes a half-precision model a float32 one that computes the same', async () => {
    const wide = widenHalf(source);
    expect(isHalf(source)).toBe(true);
    expect(isHalf(wide)).toBe(false);
    expect([...floatsOf(wide.initializers.get('w')!)]).toEqual([1, 2, 3, 4]);
    expect(wide.nodes[0].attributes.to).toBe(1);
    const feeds = { x: { dims: [1, 2], data: [1, -1], type: 'float32' as const } };
    const [before, after] = [await runOrt(writeModel(source), feeds), await runOrt(writeModel(wide), feeds)];
    expect([...after.y.data]).toEqual([-1.5, -1.5]);
    expect(after.y.data).toEqual(before.y.data);
  });

  it('lets aliases go on sharing their bytes', () => {
    const { initializers } = widenHalf(source);
    expect(initializers.get('alias')!.bytes).toBe(initializers.get('w')!.bytes);
    expect(initializers.get('alias')!.name).toBe('alias');
  });

  it('lets readers take a weight directly that the file widens itself', async () => {
    const stored = graph([node('Cast', ['w'], 'w32', { to: 1 }), node('MatMul', ['x', 'w32'], 'y')], [w], {
      outputs: [{ name: 'y', type: 'float32', dims: ['batch', 2] }],
    });
    const wide = widenHalf(stored);
    expect(wide.nodes.map(({ op, inputs }) => [op, ...inputs])).toEqual([['MatMul', 'x', 'w']]);
    const feeds = { x: { dims: [1, 2], data: [1, -1], type: 'float32' as const } };
    const [before, after] = [await runOrt(writeModel(stored), feeds), await runOrt(writeModel(wide), feeds)];
    expect(after.y.data).toEqual(before.y.data);
  });

  it('leaves a float32 model as it is', () => {
    const single = graph([node('MatMul', ['x', 'w'], 'y')], [weight('w', [2, 2])]);
    expect(widenHalf(single)).toBe(single);
  });
});
