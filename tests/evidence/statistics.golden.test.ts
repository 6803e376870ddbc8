/** Statistics against SciPy: tools/evidence-golden.py writes the expected values. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bcaInterval, bcaOf } from '../../src/evidence/bca.ts';
import { holm } from '../../src/evidence/holm.ts';
import {
  mcnemarTest,
  percentileInterval,
  resampledFigures,
  wilsonInterval,
} from '../../src/evidence/rows.ts';
import { mean, type Interval } from '../../src/evidence/samples.ts';
import { signFlipTest, smallestP } from '../../src/evidence/sign-flip.ts';
import { studentInterval } from '../../src/evidence/student.ts';

interface Golden {
  student: { values: number[]; interval: Interval }[];
  signFlip: { differences: number[]; p: number }[];
  bca: { values: number[]; distribution: number[]; jackknife: number[]; interval: Interval }[];
  wilson: { right: number; rows: number; interval: Interval }[];
  mcnemar: { first: number; second: number; p: number }[];
  holm: { values: number[]; adjusted: number[] }[];
}

const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'statistics.golden.json'), 'utf8'),
) as Golden;

function expectNear(actual: readonly number[] | null, expected: readonly number[], digits: number): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual![i]).toBeCloseTo(value, digits));
}

describe('as SciPy has it', () => {
  it.each(golden.student)('Student’s interval of $values', ({ values, interval }) => {
    expectNear(studentInterval(values), interval, 8);
  });
  it.each(golden.signFlip)('sign flips of $differences', ({ differences, p }) => {
    expect(signFlipTest(differences)).toBeCloseTo(p, 12);
  });
  it.each(golden.bca)('BCa of $values', ({ distribution, values, jackknife, interval }) => {
    expectNear(bcaOf(Float64Array.from(distribution), mean(values), jackknife), interval, 8);
  });
  it.each(golden.wilson)('Wilson’s interval of $right in $rows', ({ right, rows, interval }) => {
    expectNear(wilsonInterval(right, rows), interval, 10);
  });
  it.each(golden.mcnemar)('McNemar of $first and $second', ({ first, second, p }) => {
    expect(mcnemarTest(first, second)).toBeCloseTo(p, 10);
  });
  it.each(golden.holm)('Holm of $values', ({ values, adjusted }) => {
    expectNear(holm(values), adjusted, 12);
  });
});

it('three seeds can give 0.25, six 0.03125', () => {
  expect([1, 3, 6].map(smallestP)).toEqual([1, 0.25, 0.03125]);
  expect(signFlipTest([1, 2, 3])).toBe(0.25);
  expect(signFlipTest([1, 2, 3, 4, 5, 6])).toBe(0.03125);
});

it('one value, or values all alike, have no spread to speak of', () => {
  expect(studentInterval([0.5])).toBeNull();
  expect(bcaInterval([0.5], mean, 1)).toBeNull();
  expect(bcaInterval([0.5, 0.5, 0.5], mean, 1)).toEqual([0.5, 0.5]);
});

it('resampling is seeded', () => {
  const values = [0.8, 0.82, 0.79, 0.85, 0.81];
  expect(bcaInterval(values, mean, 1)).toEqual(bcaInterval(values, mean, 1));
  expect(bcaInterval(values, mean, 1)).not.toEqual(bcaInterval(values, mean, 2));
});

it('rows drawn give an interval around the figure, and none where it is never defined', () => {
  const right = Uint8Array.from({ length: 200 }, (_, i) => Number(i % 5 !== 0));
  const accuracy = (drawn: Uint32Array): number => drawn.reduce((sum, row) => sum + right[row], 0) / 200;
  const [low, high] = percentileInterval(resampledFigures(200, accuracy, 1, 2000))!;
  // The normal approximation: 0.8 ± 1.96·√(0.8·0.2/200)
  expect(low).toBeCloseTo(0.8 - 0.0554, 1);
  expect(high).toBeCloseTo(0.8 + 0.0554, 1);
  expect(percentileInterval(resampledFigures(5, () => Number.NaN, 1, 10))).toBeNull();
});
