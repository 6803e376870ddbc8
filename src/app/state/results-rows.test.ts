import { describe, expect, it } from 'vitest';
import { difference, lessWins, paretoFront, resultRow, sortRows, type ResultRow } from './results-rows.ts';
import type { RunSnapshot } from './recorder.ts';

const row = (run: string, best: number | null, memory: number | null): ResultRow => ({
  run,
  method: run,
  best,
  last: best,
  trainable: null,
  share: null,
  seconds: null,
  stepMilliseconds: null,
  tokensPerSecond: null,
  memory,
  adapterBytes: null,
});

describe('resultRow', () => {
  const snapshot = {
    run: 'lora',
    method: 'lora',
    bestMetrics: { accuracy: { step: 5, value: 0.7 } },
    lastMetrics: { accuracy: 0.6 },
    start: { trainableParameters: 10, totalParameters: 1000 },
    seconds: 2,
    tokens: 500,
    stepMilliseconds: 20,
    memory: { allocated: { total: 42 } },
    left: null,
    end: null,
  } as unknown as RunSnapshot;

  it('has what is known while the run goes on', () => {
    expect(resultRow(snapshot, 'accuracy')).toEqual({
      run: 'lora',
      method: 'lora',
      best: 0.7,
      last: 0.6,
      trainable: 10,
      share: 0.01,
      seconds: null,
      stepMilliseconds: 20,
      tokensPerSecond: 250,
      memory: 42,
      adapterBytes: null,
    });
  });

  it('leaves out what a run that failed at once never measured', () => {
    const failed = { ...snapshot, bestMetrics: {}, lastMetrics: null, start: null, seconds: 0, memory: null };
    const { best, last, share, tokensPerSecond, memory } = resultRow(failed, 'accuracy');
    expect([best, last, share, tokensPerSecond, memory]).toEqual([null, null, null, null, null]);
  });
});

describe('sortRows', () => {
  it('orders both ways and leaves what is missing last', () => {
    const rows = [row('a', 2, null), row('b', null, null), row('c', 3, null)];
    const order = (descending: boolean) => sortRows(rows, { column: 'best', descending }).map((r) => r.run);
    expect(order(true)).toEqual(['c', 'a', 'b']);
    expect(order(false)).toEqual(['a', 'c', 'b']);
    expect(sortRows(rows, null)).toEqual(rows);
  });
});

it('takes differences to the baseline, not of it', () => {
  const [a, b] = [row('a', 0.5, 10), row('b', 0.75, null)];
  expect(difference(b, a, 'best')).toBe(0.25);
  expect(difference(b, a, 'memory')).toBeNull();
  expect(difference(a, a, 'best')).toBeNull();
  expect(difference(a, null, 'best')).toBeNull();
});

describe('paretoFront', () => {
  it('is what nothing beats: more accuracy, less memory', () => {
    const rows = [row('full', 0.9, 100), row('lora', 0.8, 30), row('head', 0.6, 10), row('bad', 0.5, 60)];
    expect([...paretoFront(rows, 'memory', 'best', 'accuracy')]).toEqual(['full', 'lora', 'head']);
  });

  it('keeps equals and leaves out what was not measured', () => {
    const rows = [row('a', 0.8, 10), row('b', 0.8, 10), row('c', null, 1)];
    expect([...paretoFront(rows, 'memory', 'best', 'accuracy')]).toEqual(['a', 'b']);
  });

  it('knows that less loss is better', () => {
    expect(lessWins('best', 'loss')).toBe(true);
    const rows = [row('a', 0.2, 10), row('b', 0.9, 10)];
    expect([...paretoFront(rows, 'memory', 'best', 'loss')]).toEqual(['a']);
  });
});
