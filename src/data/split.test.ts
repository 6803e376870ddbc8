import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRows, type SplitFractions } from './split.ts';

/** Rows of classes one after another, `[3, 2]` as `aaabb`. */
const classesOf = (sizes: readonly number[]): string[] =>
  sizes.flatMap((size, c) => Array<string>(size).fill(String.fromCharCode(97 + c)));

/** How many rows of each class a part has. */
function held(
  sizes: readonly number[],
  fractions: SplitFractions,
  part: 'validation' | 'test' = 'validation',
) {
  const classes = classesOf(sizes);
  const parts = splitRows(classes.length, fractions, 1, classes, 'a.csv');
  return sizes.map(
    (_, c) => parts[part].filter((row) => classes[row] === String.fromCharCode(97 + c)).length,
  );
}

describe('a stratified split', () => {
  it('takes of each class its share, the largest remainders first, the first class where they are equal', () => {
    expect(held([80, 20], { validation: 0.1 })).toEqual([8, 2]);
    // 10 of 100 rows: shares 5.5, 3.3, 1.2.
    expect(held([55, 33, 12], { validation: 0.1 })).toEqual([6, 3, 1]);
    // 5 of 10: shares 2.5 and 2.5.
    expect(held([5, 5], { validation: 0.5 })).toEqual([3, 2]);
  });

  it('takes a row of every class of two or more, and leaves one of every class to train on', () => {
    // Shares 9.4, 0.3, 0.2, 0.1.
    expect(held([94, 3, 2, 1], { validation: 0.1 })).toEqual([8, 1, 1, 0]);
    expect(held([4, 2], { validation: 0.8 })).toEqual([3, 1]);
    // Two rows for three classes: as many classes as there are rows.
    expect(held([8, 8, 8], { validation: 0.08 })).toEqual([1, 1, 0]);
  });

  it('holds out a test part beside, and the same validation rows as without it', () => {
    const classes = classesOf([60, 30, 10]);
    const alone = splitRows(100, { validation: 0.1 }, 7, classes, 'a.csv');
    const both = splitRows(100, { validation: 0.1, test: 0.2 }, 7, classes, 'a.csv');
    expect(both.validation).toEqual(alone.validation);
    expect(held([60, 30, 10], { validation: 0.1, test: 0.2 }, 'test')).toEqual([12, 6, 2]);
    expect(alone.test).toEqual([]);
    expect(splitRows(100, { test: 0.2 }, 7, classes, 'a.csv').validation).toEqual([]);
  });

  it('is drawn by the seed, from all rows alike where there are no classes', () => {
    const of = (seed: number, classes: string[] | null) =>
      splitRows(40, { validation: 0.25 }, seed, classes, 'a.csv').validation;
    const classes = classesOf([20, 20]);
    expect(of(1, classes)).toEqual(of(1, classes));
    expect(of(1, classes)).not.toEqual(of(2, classes));
    expect(of(1, null)).toHaveLength(10);
    // One class is no class.
    expect(of(1, classesOf([40]))).toEqual(of(1, null));
  });

  it('deals out every row once, as many as asked for, with every class in its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.01, max: 0.6, noNaN: true }),
        fc.option(fc.double({ min: 0.01, max: 0.3, noNaN: true }), { nil: undefined }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (sizes, validation, test, seed) => {
          const classes = classesOf(sizes);
          const n = classes.length;
          const wanted = (f?: number): number => (f === undefined ? 0 : Math.max(1, Math.round(n * f)));
          const spare = n - sizes.length;
          fc.pre(wanted(validation) + wanted(test) <= spare);
          const parts = splitRows(n, { validation, test }, seed, classes, 'a.csv');
          expect([...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b)).toEqual(
            classes.map((_, row) => row),
          );
          expect([parts.validation.length, parts.test.length]).toEqual([wanted(validation), wanted(test)]);
          expect(new Set(parts.train.map((row) => classes[row])).size).toBe(sizes.length);
          const twos = sizes.filter((size) => size > 1).length;
          const there = new Set(parts.validation.map((row) => classes[row])).size;
          expect(there).toBe(Math.min(twos, wanted(validation)));
        },
      ),
      { numRuns: 500, seed: 5 },
    );
  });

  it('refuses in a sentence what cannot be split', () => {
    const refusal =
      (rows: number, fractions: SplitFractions, classes: unknown[] | null = null) =>
      () =>
        splitRows(rows, fractions, 1, classes, 'a.csv');
    expect(refusal(1, { validation: 0.5 })).toThrow(
      'a.csv: 1 row cannot be split into training and validation',
    );
    expect(refusal(3, { validation: 0.9 })).toThrow('3 rows cannot be split');
    expect(refusal(3, { validation: 0.4 }, ['a', 'b', 'c'])).toThrow('3 rows cannot be split');
    expect(refusal(9, { validation: 1 })).toThrow(
      'data.validation is 1; give a file or a fraction between 0 and 1.',
    );
    expect(refusal(9, { test: NaN })).toThrow('data.test is NaN');
    expect(refusal(9, { validation: 0.5, test: 0.5 })).toThrow('together leave no rows to train on');
  });
});
