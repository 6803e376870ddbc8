import { describe, expect, it } from 'vitest';
import { refTensor } from '../reference/tensor.ts';
import { costOf } from './cost.ts';
import { runOnnxOp } from './index.ts';
import { sliceRanges } from './shape-rules.ts';

describe('what a damaged node asks for', () => {
  it('is refused where it slices by what is no slice', () => {
    expect(sliceRanges([4, 5], [1], [2 ** 63], [1], [2])).toEqual([
      { start: 0, step: 1, count: 4 },
      { start: 1, step: 2, count: 2 },
    ]);
    for (const [starts, ends, axes, steps] of [
      [[0, 0], [1]],
      [[0], [1], [0, 1]],
      [[0], [1], [0], []],
      [[0], [1], [0], [0]],
      [[0.5], [1]],
      [[0], [NaN]],
      [
        [0, 0, 0],
        [1, 1, 1],
      ],
    ])
      expect(() => sliceRanges([4, 5], starts, ends, axes, steps)).toThrow(
        /^no slice of shape \[4, 5\] goes/,
      );
  });

  it('is refused where it repeats, or makes, what is no shape', () => {
    const x = refTensor([1, 2], [1, 2]);
    const run = (op: string, ...inputs: ReturnType<typeof refTensor>[]) =>
      runOnnxOp(inputs, { op, attributes: {}, opset: 17, outputs: 1 });
    expect(run('Tile', x, refTensor([2], [2, 1]))[0].shape).toEqual([2, 2]);
    expect(() => run('Tile', x, refTensor([1], [2]))).toThrow('[2] does not repeat shape [1, 2]');
    expect(() => run('Tile', x, refTensor([2], [-1, 1]))).toThrow('[-1, 1] is not the shape of a tensor');
    const [none, one] = [refTensor([0], []), refTensor([], [1])];
    for (const [op, ...inputs] of [
      ['Range', one, none, one],
      ['CumSum', x, none],
    ] as const)
      expect(() => run(op, ...inputs)).toThrow('input 1 is empty, and a number is needed');
    expect(() => costOf([one, one, none], { op: 'Range', attributes: {}, opset: 17, outputs: 1 })).toThrow(
      'input 2 is empty, and a number is needed',
    );
    expect(() => run('ConstantOfShape', refTensor([1], [0.5]))).toThrow('[0.5] is not the shape');
  });
});
