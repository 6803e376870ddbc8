/** Several runs driven together: in turn or one after another, paused, stopped or not to be made. */
import { describe, expect, it } from 'vitest';
import { RunControl } from '../../src/train/control.ts';
import { driveRuns, type PlannedRun } from '../../src/train/schedule-runs.ts';
import type { TrainingRun } from '../../src/train/training-run.ts';
import { makeRun, short, toEnd } from '../support/logistic-run.ts';

describe('several runs', () => {
  const plan = (run: TrainingRun, log: string[], name: string): PlannedRun => ({
    prepare: async () => {
      log.push(`prepare ${name}`);
      return run;
    },
    ended: () => void log.push(`end ${name}`),
    failed: () => {},
    control: run.control,
  });

  it('advance in turn, a step each', async () => {
    const order: string[] = [];
    const named = (name: string) =>
      makeRun(
        { ...short, steps: 6, evaluateEvery: 0 },
        { emit: (event) => event.type === 'step' && order.push(`${name}${event.step}`) },
      );
    const [a, b] = [named('a'), named('b')];
    await driveRuns([plan(a.run, [], 'a'), plan(b.run, [], 'b')], 'inTurn');
    // At its end a run waits for its own steps in flight, so only the last few stand together.
    expect(order.slice(0, 6)).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    expect(order).toHaveLength(12);
  });

  it('go one after another, each made when its turn comes', async () => {
    const log: string[] = [];
    const [a, b] = [makeRun(short), makeRun(short)];
    await driveRuns([plan(a.run, log, 'a'), plan(b.run, log, 'b')], 'oneAfterAnother');
    expect(log).toEqual(['prepare a', 'end a', 'prepare b', 'end b']);
  });

  it('go on when one is paused, stopped or cannot be made', async () => {
    const log: string[] = [];
    const [a, b] = [makeRun({ ...short, steps: 30 }), makeRun({ ...short, steps: 30 })];
    a.run.control.stop();
    b.run.control.pause();
    setTimeout(() => b.run.control.resume(), 30);
    const broken: PlannedRun = {
      prepare: () => Promise.reject(new Error('no room')),
      ended: () => {},
      failed: (error) => void log.push(String(error)),
      control: new RunControl(),
    };
    await driveRuns([broken, plan(a.run, log, 'a'), plan(b.run, log, 'b')], 'inTurn');
    expect(log).toEqual(['Error: no room', 'prepare a', 'prepare b', 'end a', 'end b']);
    expect(a.end()[0].reason).toBe('stopped');
    expect(b.end()[0].reason).toBe('completed');
  });

  it('with the same spec give the same losses', async () => {
    const [a, b] = [makeRun(short), makeRun(short)];
    await toEnd(a.run);
    await toEnd(b.run);
    expect(a.steps().map(({ loss }) => loss)).toEqual(b.steps().map(({ loss }) => loss));
  });
});
