import { describe, expect, it } from 'vitest';
import { curveRows } from './rows.ts';

describe('curveRows', () => {
  it('joins curves by step, in order', () => {
    const rows = curveRows([
      {
        key: 'a',
        points: [
          [1, 0.5],
          [3, 0.25],
        ],
      },
      {
        key: 'b',
        points: [
          [0, 1],
          [3, 2],
        ],
      },
    ]);
    expect(rows).toEqual([
      { step: 0, b: 1 },
      { step: 1, a: 0.5 },
      { step: 3, a: 0.25, b: 2 },
    ]);
  });

  it('leaves out what is not finite', () => {
    expect(
      curveRows([
        {
          key: 'a',
          points: [
            [1, NaN],
            [2, Infinity],
            [3, 1],
          ],
        },
      ]),
    ).toEqual([{ step: 3, a: 1 }]);
  });
});
