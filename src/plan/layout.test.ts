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
    expect(groups).toEqual([768, 512]);
  });

  it('refuses a tensor beyond the binding limit by name', () => {
    const layout = (): unknown => layoutTrainables([{ name: 'word.weight', shape: [300] }], 1024, 256);
    expect(layout).toThrow(StudioError);
    expect(layout).toThrow(/"word\.weight" takes 1200 bytes .* at most 1024/);
  });
});
