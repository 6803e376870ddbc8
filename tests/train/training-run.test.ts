/** The training loop over a model with true gradients: events, control, best step, failures. */
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../src/errors.ts';
import { say } from '../../src/sentence.ts';
import type { TrainingInput } from '../../src/runs/spec-training.ts';
import { CheckpointTimer, type RunCheckpoint } from '../../src/train/checkpoint.ts';
import { RunControl } from '../../src/train/control.ts';
import { driveRuns } from '../../src/train/schedule-runs.ts';
import type { TrainingRun } from '../../src/train/training-run.ts';
import { countingBatch } from '../support/logistic-instance.ts';
import { evaluate, makeRun, short, toEnd } from '../support/logistic-run.ts';

describe('a checkpoint', () => {
  it('is kept when due, when paused and when stopped, and a run goes on from it as if nothing had been', async () => {
    const whole = makeRun(short);
    await toEnd(whole.run);

    const kept: RunCheckpoint[] = [];
    const control = new RunControl();
    const first = makeRun(short, {
      control,
      checkpoints: { due: () => first.steps().length === 3, keep: (state) => void kept.push(state) },
    });
    while (first.steps().length < 6) await first.run.advance();
    await first.run.drain();
    control.stop();
    await toEnd(first.run);
    expect(first.end()[0].reason).toBe('stopped');
    const steps = kept.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)]);
    expect(steps.at(-1)).toBe(first.steps().at(-1)?.step);

    for (const resume of kept) {
      const rest = makeRun(short, { resume });
      await toEnd(rest.run);
      const later = <E extends { step: number }>(events: E[]): E[] =>
        events.filter(({ step }) => step > resume.step);
      expect(rest.events[0].type).toBe('step');
      expect(rest.steps().map(({ loss }) => loss)).toEqual(later(whole.steps()).map(({ loss }) => loss));
      expect(rest.evaluations()).toEqual(later(whole.evaluations()));
      expect(rest.end()[0].best).toEqual(whole.end()[0].best);
    }
  });

  it('comes at evaluations, else every half a minute, and never costs more than a fortieth', () => {
    let now = 0;
    const timer = new CheckpointTimer(() => now);
    expect([timer.due(true), timer.due(false)]).toEqual([true, false]);
    now = 30_000;
    expect(timer.due(false)).toBe(true);
    timer.taken(1000);
    now += 39_000;
    expect([timer.due(true), timer.due(false)]).toEqual([false, false]);
    now += 1000;
    expect([timer.due(true), timer.due(false)]).toEqual([true, true]);
  });
});

describe('a run', () => {
  it('reports start, memory, every step in order, evaluations from step 0 to the end, and its end', async () => {
    const { run, events, steps, evaluations, end } = makeRun(short);
    await toEnd(run);
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual(['start', 'memory', 'evaluate']);
    expect(steps().map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(evaluations().map(({ step }) => step)).toEqual([0, 5, 10, 12]);
    expect(events.findIndex((e) => e.type === 'evaluate' && e.step === 5)).toBeGreaterThan(
      events.findIndex((e) => e.type === 'step' && e.step === 5),
    );
    expect(end()).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'completed', step: 12 });
    expect(steps()[0].loss).toBeCloseTo(Math.log(2), 12);
    expect(steps()[11].loss).toBeLessThan(0.6);
    expect(steps()[0]).toMatchObject({ learningRate: 0.05, tokens: 32 });
    expect(await run.advance()).toBe(false);
  });

  it('keeps steps in flight, but only a few', async () => {
    const { run, instance } = makeRun({ ...short, evaluateEvery: 0 });
    await toEnd(run);
    expect(instance.mostInFlight).toBeGreaterThan(1);
    expect(instance.mostInFlight).toBeLessThanOrEqual(4);
  });

  it('never evaluates when told so', async () => {
    const { run, evaluations, end } = makeRun({ ...short, evaluateEvery: 0 });
    await toEnd(run);
    expect(evaluations()).toEqual([]);
    expect(end()[0].best).toBeNull();
    expect(run.result?.tensorsStep).toBe(12);
  });

  it('gives all micro-batches of a step to the device and counts their tokens', async () => {
    const whole = makeRun({ ...short, batchSize: 8, evaluateEvery: 0 });
    const parts = makeRun({ ...short, batchSize: 4, gradientAccumulation: 2, evaluateEvery: 0 });
    await toEnd(whole.run);
    await toEnd(parts.run);
    expect(parts.steps().map(({ tokens }) => tokens)).toEqual(whole.steps().map(({ tokens }) => tokens));
    parts.steps().forEach(({ loss }, i) => expect(loss).toBeCloseTo(whole.steps()[i].loss, 10));
  });

  it('says how long each step took by when it completed', async () => {
    const { run, steps, end } = makeRun({ ...short, evaluateEvery: 0 });
    const began = performance.now();
    await toEnd(run);
    const wall = performance.now() - began;
    const sum = steps().reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(wall);
    expect(end()[0].seconds * 1000).toBeGreaterThanOrEqual(sum);
    expect(end()[0].seconds * 1000).toBeLessThanOrEqual(wall);
  });
});

describe('the best step', () => {
  /** A schedule of made-up scores, for what would take luck to come by. */
  const scored = (scores: number[], input: TrainingInput) => {
    let i = 0;
    return makeRun(
      {
        steps: 50,
        batchSize: 4,
        evaluateEvery: 5,
        metric: 'accuracy',
        optimizer: { learningRate: 0.05 },
        ...input,
      },
      { evaluate: async () => ({ metrics: { accuracy: scores[i++] } }) },
    );
  };

  it('is what the run ends with', async () => {
    const { run, instance, end } = scored([0.5, 0.7, 0.9, 0.8, 0.6], { steps: 20 });
    await toEnd(run);
    expect(end()[0].best).toEqual({ step: 10, metric: 'accuracy', value: 0.9 });
    expect(run.result?.tensorsStep).toBe(10);
    const reference = scored([0], { steps: 20, evaluateEvery: 0 });
    for (let n = 0; n < 11; n++) await reference.run.advance();
    await reference.run.drain();
    const atTen = await reference.instance.read();
    expect(run.result?.tensors).toEqual(atTen);
    expect(await instance.read()).toEqual(atTen);
  });

  it('is left aside when the spec wants the last', async () => {
    const { run, end } = scored([0.5, 0.9, 0.8], { steps: 10, keepBest: false });
    await toEnd(run);
    expect(end()[0].best?.step).toBe(5);
    expect(run.result?.tensorsStep).toBe(10);
  });

  it('of equal ones is the first, and undefined ones never count', async () => {
    const { run, end } = scored([NaN, 0.7, 0.7, NaN, 0.6], { steps: 20 });
    await toEnd(run);
    expect(end()[0].best).toEqual({ step: 5, metric: 'accuracy', value: 0.7 });
  });

  it('is the lowest where lower is better', async () => {
    let i = 0;
    const losses = [0.9, 0.5, 0.6];
    const { run, end } = makeRun(
      { ...short, steps: 10, metric: 'loss' },
      { evaluate: async () => ({ metrics: { loss: losses[i++] } }) },
    );
    await toEnd(run);
    expect(end()[0].best).toEqual({ step: 5, metric: 'loss', value: 0.5 });
  });

  it('stops the run early when it is long past', async () => {
    const { run, end, steps } = scored([0.5, 0.8, 0.7, 0.81, 0.79, 0.9], {
      earlyStopping: { patience: 3, minDelta: 0.05 },
    });
    await toEnd(run);
    expect(end()[0]).toMatchObject({ reason: 'earlyStopped', step: 20, best: { step: 15, value: 0.81 } });
    expect(steps().at(-1)?.step).toBe(20);
    expect(run.result?.tensorsStep).toBe(15);
  });

  it('keeps the run going while it improves', async () => {
    const scores = Array.from({ length: 11 }, (_, i) => i / 20);
    const { run, end } = scored(scores, { earlyStopping: { patience: 1 } });
    await toEnd(run);
    expect(end()[0]).toMatchObject({ reason: 'completed', step: 50 });
  });
});

describe('the score at the end', () => {
  const scored = (split: 'train' | 'test') => ({ split, evaluate });
  it('is of the weights that are kept, once, behind all else and outside the time of training', async () => {
    const { run, evaluations, end, events } = makeRun(
      { ...short, metric: 'accuracy', keepBest: true },
      { scores: [scored('train'), scored('test')] },
    );
    await toEnd(run);
    const told = evaluations();
    const best = end()[0].best!;
    const at = (split: string) => told.filter((event) => event.split === split);
    expect([at('train').length, at('test').length]).toEqual([1, 1]);
    expect(at('test')[0].step).toBe(best.step);
    const kept = at('validation').find(({ step }) => step === best.step)!;
    expect(at('test')[0].metrics.loss).toBeCloseTo(kept.metrics.loss, 6);
    expect(events.slice(-3).map(({ type }) => type)).toEqual(['evaluate', 'evaluate', 'end']);
  });
  it('is not that of a run which was stopped and can go on, nor of one that came to nothing', async () => {
    const control = new RunControl();
    const stopped = makeRun(short, { control, scores: [scored('test')] });
    while (stopped.steps().length < 3) await stopped.run.advance();
    control.stop();
    await toEnd(stopped.run);
    expect(stopped.evaluations().filter(({ split }) => split === 'test')).toEqual([]);
  });
});

describe('control', () => {
  const drive = (run: TrainingRun, control: RunControl) =>
    driveRuns([{ prepare: async () => run, ended: () => {}, failed: () => {}, control }], 'inTurn');

  it('stops between steps and keeps what was trained', async () => {
    const control = new RunControl();
    const { run, steps, end } = makeRun({ ...short, evaluateEvery: 0, steps: 1000 }, { control });
    const driven = drive(run, control);
    setTimeout(() => control.stop(), 30);
    await driven;
    expect(end()[0].reason).toBe('stopped');
    expect(end()[0].step).toBe(steps().length);
    expect(steps().length).toBeGreaterThan(0);
    expect(steps().length).toBeLessThan(1000);
    expect(run.result?.tensorsStep).toBe(steps().length);
  });

  it('evaluates what was trained before a stop, so that it is not thrown away', async () => {
    const control = new RunControl();
    const { run, evaluations } = makeRun({ ...short, steps: 100, evaluateEvery: 100 }, { control });
    for (let n = 0; n < 20; n++) await run.advance();
    control.stop();
    await toEnd(run);
    expect(evaluations().map(({ step }) => step)).toEqual([0, 19]);
    expect(run.result?.tensorsStep).toBe(19);
  });

  it('gives up the last scoring at a second stop, and keeps what was trained', async () => {
    const control = new RunControl();
    const { run, end, evaluations } = makeRun(short, {
      control,
      evaluate: async (instance) => {
        // The second press comes in the middle of scoring step 3.
        if (control.stopped) control.stopOrHurry();
        return evaluate(instance);
      },
    });
    for (let call = 0; call < 4; call++) await run.advance();
    control.stopOrHurry();
    expect(control.hurried).toBe(false);
    await toEnd(run);
    expect(control.hurried).toBe(true);
    expect(end()).toMatchObject([{ reason: 'stopped', step: 3 }]);
    expect(evaluations().map(({ step }) => step)).toEqual([0]);
    expect(run.result?.tensorsStep).toBe(3);
    const same = makeRun({ ...short, keepBest: false, evaluateEvery: 0 });
    for (let call = 0; call < 4; call++) await same.run.advance();
    same.run.control.stop();
    await toEnd(same.run);
    expect(run.result?.tensors).toEqual(same.run.result?.tensors);
  });

  it('does not score what has not taken a step once it is stopped', async () => {
    const control = new RunControl();
    let batches = 0;
    const { run, evaluations, end } = makeRun(short, {
      control,
      evaluate: async (instance) => {
        for (; batches < 9; batches++) {
          if (batches === 4) control.stop();
          await instance.forward(countingBatch(0, 4));
        }
        return evaluate(instance);
      },
    });
    await toEnd(run);
    expect(batches).toBe(4);
    expect(evaluations()).toEqual([]);
    expect(end()).toMatchObject([{ reason: 'stopped', step: 0 }]);
  });

  it('pauses, having reported all it did, and resumes to the same losses', async () => {
    const straight = makeRun({ ...short, evaluateEvery: 0, steps: 40 });
    await toEnd(straight.run);

    const control = new RunControl();
    const paused = makeRun({ ...short, evaluateEvery: 0, steps: 40 }, { control });
    for (let n = 0; n < 10; n++) await paused.run.advance();
    control.pause();
    const driven = drive(paused.run, control);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = paused.steps().length;
    expect(before).toBe(9);
    expect(paused.instance.inFlight).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(paused.steps()).toHaveLength(before);
    control.resume();
    await driven;
    expect(paused.end()[0].reason).toBe('completed');
    expect(paused.steps().map(({ loss }) => loss)).toEqual(straight.steps().map(({ loss }) => loss));
    expect(paused.end()[0].seconds).toBeLessThan(0.07 + straight.end()[0].seconds * 4);
  });

  it('takes single steps while it is paused, to the same losses', async () => {
    const straight = makeRun({ ...short, evaluateEvery: 0, steps: 12 });
    await toEnd(straight.run);

    const control = new RunControl();
    const { run, steps, end } = makeRun({ ...short, evaluateEvery: 0, steps: 12 }, { control });
    control.step(); // Not paused yet: nothing is granted.
    for (let n = 0; n < 4; n++) await run.advance();
    control.pause();
    const driven = drive(run, control);
    const settled = () => new Promise((resolve) => setTimeout(resolve, 30));
    await settled();
    expect(steps()).toHaveLength(3);
    control.step();
    await settled();
    expect(steps()).toHaveLength(4);
    expect(control.paused).toBe(true);
    control.step();
    control.step();
    await settled();
    expect(steps()).toHaveLength(6);
    control.resume();
    await driven;
    expect(end()[0].reason).toBe('completed');
    expect(steps().map(({ loss }) => loss)).toEqual(straight.steps().map(({ loss }) => loss));
  });

  it('can stop a paused run', async () => {
    const control = new RunControl();
    const { run, end } = makeRun({ ...short, evaluateEvery: 0, steps: 1000 }, { control });
    control.pause();
    const driven = drive(run, control);
    setTimeout(() => control.stop(), 10);
    await driven;
    expect(end()[0]).toMatchObject({ reason: 'stopped', step: 0 });
  });
});

describe('a run that blows up', () => {
  it('stops with the step and leaves weights that give finite losses', async () => {
    const { run, instance, steps, end } = makeRun({
      ...short,
      evaluateEvery: 0,
      optimizer: { learningRate: 1e39 },
      schedule: { type: 'constant' },
    });
    await toEnd(run);
    expect(end()[0].reason).toBe('nonFinite');
    expect(end()[0].message).toMatch(
      /^the loss became NaN at step 2; lower training\.optimizer\.learningRate/,
    );
    expect(steps().map(({ step }) => step)).toEqual([1]);
    const tensors = run.result?.tensors;
    for (const values of tensors?.values() ?? []) expect(values.every(Number.isFinite)).toBe(true);
    expect(await instance.read()).toEqual(tensors);
    expect((await evaluate(instance)).metrics.loss).toBeLessThan(1);
  });

  it('goes back to its best step when it has one', async () => {
    const { run, instance, end, evaluations } = makeRun({ ...short, steps: 40 });
    for (let n = 0; n < 12; n++) await run.advance();
    await run.drain();
    instance.write(new Map([['classifier.bias', Float32Array.of(Infinity, -Infinity)]]));
    await toEnd(run);
    expect(end()[0].reason).toBe('nonFinite');
    expect(evaluations().map(({ step }) => step)).toEqual([0, 5, 10]);
    expect(run.result?.tensorsStep).toBe(10);
    expect((await evaluate(instance)).metrics.loss).toBeCloseTo(evaluations()[2].metrics.loss, 6);
  });
});

describe('a lost device', () => {
  it('ends the run and keeps the best step', async () => {
    const { run, instance, end, steps } = makeRun({ ...short, steps: 40 });
    instance.failAt = { step: 8, error: new StudioError('device', say`The GPU device was lost (reset).`) };
    await toEnd(run);
    expect(end()[0]).toMatchObject({
      reason: 'deviceLost',
      step: 7,
      message: 'The GPU device was lost (reset).',
      best: { step: 5 },
    });
    expect(steps()).toHaveLength(7);
    expect(run.result?.tensorsStep).toBe(5);
    expect(run.result?.tensors?.size).toBe(2);
  });

  it('is told apart from other failures', async () => {
    const { run, instance, end } = makeRun({ ...short, evaluateEvery: 0 });
    instance.failAt = { step: 3, error: new Error('internal: something of ours') };
    await toEnd(run);
    expect(end()[0]).toMatchObject({ reason: 'failed', message: 'internal: something of ours' });
    expect(run.result?.error).toBe(instance.failAt.error);
  });
});
