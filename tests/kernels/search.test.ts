/** What generation adds, against the float64 reference. */
import { describe, expect, it } from 'vitest';
import { checkOp, floats, given } from '../support/check-op.ts';

describe('TopK', () => {
  // Logits of deviation 1: where one column has all the probability, its logarithm is rounding and little else.
  it.each([
    { rows: 1, columns: 5, k: 1 },
    { rows: 3, columns: 1000, k: 8 },
    { rows: 70, columns: 33, k: 4 },
  ])('$k of $columns, $rows rows', async ({ rows, columns, k }) => {
    const y = await checkOp('TopK', { k }, { logits: floats([rows, 1, columns], 1) }, { y: [rows, 2, k] });
    expect(y.y).toHaveLength(rows * 2 * k);
  });

  it('takes the earlier of equals first', async () => {
    const logits = given([2, 6], [1, 2, 2, 0, 2, 1, -5, -5, -5, -5, -5, -5]);
    const { y } = await checkOp('TopK', { k: 3 }, { logits }, { y: [2, 2, 3] });
    expect([...y.slice(3, 6)]).toEqual([1, 2, 4]);
    expect([...y.slice(9)]).toEqual([0, 1, 2]);
  });
});
