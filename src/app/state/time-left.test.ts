import { describe, expect, it } from 'vitest';
import type { RunSnapshot } from './recorder.ts';
import { Stopwatch } from './stopwatch.ts';
import { timeLeft } from './time-left.ts';

const run = (step: number, steps: number, stepMilliseconds: number | null, ended = false) => ({
  step,
  steps,
  stepMilliseconds,
  end: ended ? ({ type: 'end' } as RunSnapshot['end']) : null,
});

describe('timeLeft', () => {
  it('says nothing before enough steps', () => {
    expect(timeLeft([run(2, 100, 10)], 1)).toBeNull();
    expect(timeLeft([run(0, 100, null)], 0)).toBeNull();
  });

  it('weighs runs by their step time, evaluations included', () => {
    // 10 steps of 100 ms and 10 of 300 ms took 8 s, twice the 4 s of their steps: so will the rest.
    expect(timeLeft([run(10, 20, 100), run(10, 20, 300)], 8)).toBeCloseTo(8, 9);
  });

  it('counts nothing for runs that have ended early, and guesses for those that have not begun', () => {
    expect(timeLeft([run(10, 20, 100, true), run(0, 10, null)], 1)).toBeCloseTo(1, 9);
  });
});

describe('Stopwatch', () => {
  it('leaves pauses out', () => {
    let now = 0;
    const watch = new Stopwatch(() => now);
    watch.running(true);
    now = 2000;
    watch.running(false);
    now = 9000;
    watch.running(true);
    now = 9500;
    expect(watch.seconds).toBe(2.5);
    watch.reset();
    now = 10_000;
    expect(watch.seconds).toBe(0.5);
  });
});
