import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemoryBytes } from '../../plan/plan.ts';
import type { RunEvent } from '../../train/events.ts';
import { Recorder, type RunSnapshot } from './recorder.ts';

const bytes: MemoryBytes = {
  frozenWeights: 100,
  trainable: 10,
  gradients: 10,
  optimizer: 20,
  activations: 50,
  workspace: 5,
  batch: 5,
  total: 200,
};

const step = (n: number, loss: number): RunEvent => ({
  type: 'step',
  step: n,
  loss,
  learningRate: 1e-3,
  gradNorm: 1,
  milliseconds: 10 * n,
  tokens: 64,
});

describe('Recorder', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('turns the events of a run into curves and a snapshot', () => {
    let seen: RunSnapshot[] = [];
    const recorder = new Recorder((snapshots) => (seen = snapshots));
    recorder.begin([
      { run: 'full', method: 'full', steps: 2 },
      { run: 'lora', method: 'lora', steps: 2 },
    ]);
    expect(seen.map((run) => run.phase)).toEqual(['waiting', 'waiting']);

    recorder.add('full', [
      {
        type: 'start',
        time: '2026-01-01T00:00:00.000Z',
        adapter: { vendor: 'v', description: 'd' },
        trainableParameters: 7,
        totalParameters: 70,
      },
      { type: 'memory', predicted: bytes, allocated: bytes },
      { type: 'evaluate', step: 0, split: 'validation', metrics: { accuracy: 0.5, loss: 0.7 } },
      step(1, 0.7),
      step(2, 0.5),
      { type: 'evaluate', step: 2, split: 'validation', metrics: { accuracy: 0.8, loss: 0.4 } },
      {
        type: 'end',
        reason: 'completed',
        best: { step: 2, metric: 'accuracy', value: 0.8 },
        seconds: 3,
      },
    ]);
    recorder.flush();
    const [full, lora] = seen;
    expect(full).toMatchObject({
      phase: 'completed',
      step: 2,
      loss: 0.5,
      stepMilliseconds: 15,
      lastMetrics: { accuracy: 0.8, loss: 0.4 },
      start: { trainableParameters: 7 },
      memory: { allocated: { total: 200 } },
      end: { best: { value: 0.8 } },
    });
    expect(lora.phase).toBe('waiting');
    const loss = recorder.curves('full')?.loss;
    expect([...(loss?.ys() ?? [])]).toEqual([0.7, 0.5]);
    expect([...(loss?.xs('seconds') ?? [])]).toEqual([0.01, 0.03]);
    expect([...(loss?.xs('tokens') ?? [])]).toEqual([64, 128]);
    const accuracy = recorder.curves('full')?.metrics.get('accuracy');
    expect([...(accuracy?.xs() ?? [])]).toEqual([0, 2]);
    expect([...(accuracy?.ys() ?? [])]).toEqual([0.5, 0.8]);
    expect([...(accuracy?.xs('tokens') ?? [])]).toEqual([0, 128]);
    expect(full).toMatchObject({ tokens: 128, seconds: 0.03 });
    expect(full.bestMetrics).toEqual({ accuracy: { step: 2, value: 0.8 }, loss: { step: 2, value: 0.4 } });
  });

  it('notifies at most four times a second and never loses the last change', () => {
    const notify = vi.fn();
    const recorder = new Recorder(notify);
    recorder.begin([{ run: 'a', method: 'head', steps: 1000 }]);
    notify.mockClear();
    for (let n = 1; n <= 1000; n++) {
      recorder.add('a', [step(n, 1 / n)]);
      vi.advanceTimersByTime(1);
    }
    expect(notify.mock.calls.length).toBeLessThanOrEqual(4);
    vi.advanceTimersByTime(250);
    const last = notify.mock.lastCall?.[0] as RunSnapshot[];
    expect(last[0].step).toBe(1000);
    expect(recorder.curves('a')?.loss.length).toBe(1000);
  });

  it('notifies less often as curves get long, and still within a second and a half', () => {
    const notify = vi.fn();
    const recorder = new Recorder(notify);
    recorder.begin([{ run: 'a', method: 'head', steps: 50_000 }]);
    recorder.add(
      'a',
      Array.from({ length: 40_000 }, (_, i) => step(i + 1, 1)),
    );
    vi.advanceTimersByTime(2000);
    notify.mockClear();
    recorder.add('a', [step(40_001, 1)]);
    vi.advanceTimersByTime(1000);
    expect(notify).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(notify).toHaveBeenCalledOnce();
  });

  it('leaves out events of runs it does not await', () => {
    let seen: RunSnapshot[] = [];
    const recorder = new Recorder((snapshots) => (seen = snapshots));
    recorder.begin([{ run: 'b', method: 'head', steps: 1 }]);
    recorder.add('a', [step(1, 1)]);
    recorder.flush();
    expect(seen).toHaveLength(1);
    expect(seen[0].step).toBe(0);
  });
});
