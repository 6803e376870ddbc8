import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { layoutTrainables } from './layout.ts';

describe('layoutTrainables', () => {
  it('packs in order at aligned offsets and opens a buffer when one is full', () => {
    const tensors = [
      { name: 'a', shape: [10] },
      { name: 'b', shape: [100] },
      { name: 'c', shape: [100] },
    ];
    const { slots, groups } = layoutTrainables(tensors, 1024, 256);
    expect(slots.get('a')).toMatchObject({ group: 0, offset: 0, bytes: 40 });
    expect(slots.get('b')).toMatchObject({ group: 0, offset: 256, bytes: 400 });
    expect(slots.get('c')).toMatchObject({ group: 1, offset: 0, bytes: 400 });
    expect(groups.map(({ bytes }) => bytes)).toEqual([768, 512]);
  });

  it('keeps tensors that learn at another rate apart', () => {
    const fast = { scale: 8, decay: false };
    const tensors = [
      { name: 'a', shape: [10] },
      { name: 'b', shape: [10], rate: fast },
      { name: 'c', shape: [10] },
      { name: 'd', shape: [10], rate: fast },
    ];
    const { slots, groups } = layoutTrainables(tensors, 4096, 256);
    expect([...slots.values()].map(({ group, offset }) => [group, offset])).toEqual([
      [0, 0],
      [1, 0],
      [0, 256],
      [1, 256],
    ]);
    expect(groups.map(({ rate }) => rate)).toEqual([{ scale: 1, decay: true }, fast]);
  });

  it('refuses a tensor beyond the binding limit by name', () => {
    const layout = (): unknown => layoutTrainables([{ name: 'word.weight', shape: [300] }], 1024, 256);
    expect(layout).toThrow(StudioError);
    expect(layout).toThrow(/The weight "word\.weight" takes .* MiB .* whatever the batch size/);
  });
});
