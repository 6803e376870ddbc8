import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../graph/philox.ts';
import {
  affordable,
  LEAST_STEPS,
  roundSizes,
  successiveHalving,
  type Candidate,
  type Pilot,
} from './halving.ts';

/** A clock that stands still until something takes its time. */
class Clock {
  declare protected readonly nominal: true;
  seconds = 0;
  readonly now = (): number => this.seconds;
}

const candidates = (count: number, secondsPerStep = 0.1): Candidate[] =>
  Array.from({ length: count }, (_, i) => ({ key: `c${i}`, secondsPerStep, secondsBeside: 1 }));

/** Learners whose scores rise towards their own ends, with noise; `c0` ends highest. */
function learner(clock: Clock, all: readonly Candidate[], noise = 0, seed = 1) {
  const random = new PhiloxStream(seed, 7);
  const trained: { key: string; steps: number }[] = [];
  const train = (key: string, steps: number, _round: number, goesOn: () => boolean) => {
    const { secondsPerStep, secondsBeside } = all.find((one) => one.key === key)!;
    for (let step = 0; step < steps; step++) {
      if (!goesOn()) return Promise.resolve('stopped' as const);
      clock.seconds += secondsPerStep;
    }
    clock.seconds += secondsBeside;
    trained.push({ key, steps });
    const end = 0.9 - 0.03 * Number(key.slice(1));
    const drawn = noise * (random.uniform() - 0.5);
    return Promise.resolve(0.5 + (end - 0.5) * (1 - Math.exp(-steps / 60)) + drawn);
  };
  return { train, trained };
}

describe('successive halving', () => {
  it('keeps a third from round to round, and ends with two', () => {
    expect(roundSizes(27)).toEqual([27, 9, 3, 2]);
    expect(roundSizes(6)).toEqual([6, 2]);
    expect(roundSizes(1)).toEqual([1]);
  });

  it('finds the best of a dozen, with longer pilots for fewer of them', async () => {
    const clock = new Clock();
    const all = candidates(12);
    const { train, trained } = learner(clock, all);
    const options = { seconds: 240, fullSteps: 1000, now: clock.now, train };
    const { ranking, complete } = await successiveHalving(all, options);
    expect(complete).toBe(true);
    expect(ranking[0].key).toBe('c0');
    expect(clock.seconds).toBeLessThanOrEqual(240);
    expect(clock.seconds).toBeGreaterThan(120);
    const steps = ranking.map((pilot) => pilot.steps);
    expect(steps[0]).toBeGreaterThan(steps.at(-1)! * 2);
    expect(trained.length).toBe(12 + 4 + 2);
  });

  it('stops in time whatever the forecast said', async () => {
    const clock = new Clock();
    const told = candidates(9);
    const real = candidates(9, 0.5);
    const { train } = learner(clock, real);
    const options = { seconds: 60, fullSteps: 500, now: clock.now, train };
    const { ranking, complete } = await successiveHalving(told, options);
    expect(complete).toBe(false);
    expect(clock.seconds).toBeLessThan(62);
    expect(ranking.length).toBeGreaterThan(0);
  });

  it('tries no more than there is time for, the likeliest first', () => {
    const some = affordable(candidates(20, 1), 120);
    expect(some.length).toBeGreaterThan(1);
    expect(some.length).toBeLessThan(20);
    expect(some[0].key).toBe('c0');
    expect(some.length * (1 + LEAST_STEPS)).toBeLessThanOrEqual(120 / roundSizes(some.length).length);
    expect(affordable(candidates(5, 1000), 10)).toHaveLength(1);
  });

  it('goes on where it was stopped, and comes to the same answer', async () => {
    const all = candidates(9);
    const whole = new Clock();
    const options = { seconds: 120, fullSteps: 500 };
    const first = await successiveHalving(all, { ...options, now: whole.now, ...learner(whole, all) });
    const clock = new Clock();
    const known: Pilot[] = [];
    const heard = (pilot: Pilot) => void known.push(pilot);
    const goesOn = () => known.length < 5;
    const early = learner(clock, all);
    const cut = await successiveHalving(all, {
      ...options,
      now: clock.now,
      train: early.train,
      heard,
      goesOn,
    });
    expect(cut.complete).toBe(false);
    expect(known).toHaveLength(5);
    const later = learner(clock, all);
    const again = await successiveHalving(all, {
      ...options,
      now: clock.now,
      train: later.train,
      known: [...known],
    });
    expect(again.complete).toBe(true);
    expect(again.ranking[0].key).toBe(first.ranking[0].key);
    expect(later.trained.filter(({ steps }) => steps === known[0].steps)).toHaveLength(4);
    expect(clock.seconds).toBeLessThanOrEqual(121);
  });

  it('leaves out what diverged, and has no answer where all did', async () => {
    const clock = new Clock();
    const all = candidates(6);
    const { train } = learner(clock, all);
    const half = (key: string, ...rest: [number, number, () => boolean]) =>
      Number(key.slice(1)) < 3 ? Promise.resolve(null) : train(key, ...rest);
    const options = { seconds: 100, fullSteps: 500, now: clock.now };
    const { ranking } = await successiveHalving(all, { ...options, train: half });
    expect(ranking[0].key).toBe('c3');
    const none = await successiveHalving(all, { ...options, train: () => Promise.resolve(null) });
    expect(none.ranking.every(({ score }) => score === null)).toBe(true);
  });

  it('finds one of the best three of twelve in noise, nine times of ten', async () => {
    let good = 0;
    for (let seed = 0; seed < 100; seed++) {
      const clock = new Clock();
      const all = candidates(12);
      const { train } = learner(clock, all, 0.06, seed);
      const { ranking } = await successiveHalving(all, {
        seconds: 240,
        fullSteps: 1000,
        now: clock.now,
        train,
      });
      if (['c0', 'c1', 'c2'].includes(ranking[0].key)) good++;
    }
    expect(good).toBeGreaterThanOrEqual(90);
  });
});
