import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median } from '../../runs/summary.ts';
import { RunningMedian } from './running-median.ts';

it('is the median of what has come so far', () => {
  expect(new RunningMedian().value).toBeNull();
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { maxLength: 200 }), (values) => {
      const running = new RunningMedian();
      values.forEach((value, i) => {
        running.add(value);
        expect(running.value).toBe(median(values.slice(0, i + 1)));
      });
    }),
    { numRuns: 40 },
  );
});
