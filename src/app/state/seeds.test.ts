/** Seeds in the page: what is drawn and shown of the runs of a method. */
import { describe, expect, it } from 'vitest';
import { linesOf, MeanCache } from './curve-lines.ts';
import { meanSeries } from './mean-series.ts';
import {
  bestRun,
  groupControl,
  groupName,
  groupPhase,
  groupRow,
  methodGroups,
  seedOf,
} from './method-groups.ts';
import { Recorder, type RunSnapshot } from './recorder.ts';
import { Series } from './series.ts';

/** Runs of two seeds: LoRA's have ended with 0.8 and 0.9, the head's second has yet to. */
function recorded(): { recorder: Recorder; runs: RunSnapshot[] } {
  let runs: RunSnapshot[] = [];
  const recorder = new Recorder((snapshots) => (runs = snapshots));
  recorder.begin(
    ['lora/seed-1', 'lora/seed-2', 'head/seed-1', 'head/seed-2'].map((run) => ({
      run,
      method: run.split('/')[0],
      steps: 2,
    })),
  );
  const train = (run: string, accuracy: number, seconds: number | null): void => {
    for (const step of [1, 2])
      recorder.add(run, [
        {
          type: 'step',
          step,
          loss: accuracy / step,
          learningRate: 1,
          gradNorm: 1,
          milliseconds: 100,
          tokens: 8,
        },
        { type: 'evaluate', step, split: 'validation', metrics: { accuracy: accuracy * (step / 2) } },
      ]);
    if (seconds === null) return;
    const best = { step: 2, metric: 'accuracy', value: accuracy };
    recorder.add(run, [{ type: 'end', reason: 'completed', step: 2, best, seconds }]);
    recorder.left(run, { adapterBytes: 100, adapterStep: 2 });
  };
  train('lora/seed-1', 0.8, 3);
  train('lora/seed-2', 0.9, 5);
  train('head/seed-1', 0.6, 1);
  train('head/seed-2', 0.2, null);
  recorder.flush();
  return { recorder, runs };
}

describe('runs of a method', () => {
  it('are told apart by their keys; a run that is laid over stands for itself', () => {
    expect([
      groupName('lora'),
      groupName('lora-2/seed-42'),
      seedOf('lora'),
      seedOf('lora-2/seed-42'),
    ]).toEqual(['lora', 'lora-2', null, 42]);
    expect(groupName('lora/seed-42 · mine (1a2b)')).toBe('lora/seed-42 · mine (1a2b)');
    expect(seedOf('lora/seed-42 · mine (1a2b)')).toBeNull();
  });

  it('make a row of their means, with how sure the scores are', () => {
    const [lora, head] = methodGroups(recorded().runs);
    const row = groupRow(lora, 'accuracy');
    expect(row.best).toBeCloseTo(0.85, 12);
    expect(row.seconds).toBe(4);
    expect(row.single.map(({ best }) => best)).toEqual([0.8, 0.9]);
    // Student's of two: the deviation over √2 times 12.706.
    const [low, high] = row.intervals.best!;
    expect((high - low) / 2).toBeCloseTo((12.7062 * 0.0707107) / Math.SQRT2, 3);
    expect(bestRun(lora, 'accuracy', false)?.run).toBe('lora/seed-2');
    expect(bestRun(lora, 'accuracy', true)?.run).toBe('lora/seed-1');
    // The head's second seed has begun and neither ended nor been started: between seeds a method goes on.
    expect([groupPhase(lora), groupPhase(head)]).toEqual(['completed', 'running']);
    expect(groupControl(head, { 'head/seed-2': 'paused' })).toBe('paused');
    expect(groupControl(lora, {})).toBe('going');
  });
});

function series(...values: number[]): Series {
  const made = new Series();
  values.forEach((y, i) => made.push(i + 1, y, (i + 1) * 2, (i + 1) * 10));
  return made;
}

describe('curves over seeds', () => {
  it('are the mean at each step, within a band no wider than the seeds are apart', () => {
    const curve = meanSeries([series(1, 4), series(3, 8)], 'seconds');
    expect([...curve.x]).toEqual([2, 4]);
    expect([...curve.y]).toEqual([2, 6]);
    expect([...curve.low]).toEqual([1, 4]);
    expect([...curve.high]).toEqual([3, 8]);
  });

  it('average what has ended, and show what still trains by itself', () => {
    const { recorder, runs } = recorded();
    const asked = {
      axis: 'step' as const,
      smoothing: 0,
      smoothedFrom: 20,
      single: false,
      seriesOf: (run: string) => recorder.curves(run)?.metrics.get('accuracy'),
    };
    const [lora, head] = methodGroups(runs).map((group) => linesOf(group, asked, new MeanCache())!);
    expect([...Array.from(lora.y)].map((y) => Number(y.toFixed(3)))).toEqual([0.425, 0.85]);
    expect(lora.single).toEqual([]);
    expect(Array.from(lora.band!.high)).toEqual([0.45, 0.9]);
    expect(Array.from(head.y)).toEqual([0.3, 0.6]);
    expect(head.band).toBeNull();
    expect(head.single.map(({ run, y }) => [run, Array.from(y)])).toEqual([['head/seed-2', [0.1, 0.2]]]);
    const [both] = methodGroups(runs).map((group) =>
      linesOf(group, { ...asked, single: true }, new MeanCache())!,
    );
    expect(both.single.map(({ run }) => run)).toEqual(['lora/seed-1', 'lora/seed-2']);
    // Beyond the end there is nothing to read.
    expect([lora.at(null), lora.at(1.4), lora.at(2.3), lora.at(3)]).toEqual([1, 0, 1, -1]);
  });
});
