import { describe, expect, it } from 'vitest';
import { shortNumber, ticks } from './svg-chart.ts';

describe('charts', () => {
  it('tick at round values within the range', () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(1, 60)).toEqual([20, 40, 60]);
    expect(ticks(0.693, 0.71)).toEqual([0.695, 0.7, 0.705, 0.71]);
    expect(ticks(2, 2)).toEqual([2]);
  });

  it('label numbers briefly', () => {
    expect([0.123456, 1234.5, 2e-5, 0, 99999, 1e5, 1234567, -2.5e9].map(shortNumber)).toEqual([
      '0.1235',
      '1235',
      '2.0e-5',
      '0',
      '100000',
      '100 k',
      '1.23 M',
      '-2.5 G',
    ]);
  });
});
