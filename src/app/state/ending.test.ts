import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { EndEvent } from '../../train/events.ts';
import { endingOf, followEnding } from './ending.ts';
import type { Ending } from './studio-state.ts';
import type { RunSnapshot } from './recorder.ts';
import type { StudioState } from './studio-state.ts';

const run = (reason: EndEvent['reason'] | null) =>
  ({ end: reason && { type: 'end', reason, step: 1, best: null, seconds: 1 } }) as RunSnapshot;

describe('the end of a comparison', () => {
  it('is told with the time since Start, pauses left out', () => {
    const store = createStore<Pick<StudioState, 'session' | 'runs' | 'runProblem'>>()(() => ({
      session: 'idle',
      runs: [],
      runProblem: null,
    }));
    let time = 0;
    const told: (Ending | null)[] = [];
    followEnding(
      store,
      (ending) => told.push(ending),
      () => time,
    );
    store.setState({ session: 'preparing' });
    time = 5000;
    store.setState({ session: 'running', runs: [run(null)] });
    time = 10_000;
    store.setState({ session: 'paused' });
    time = 90_000;
    store.setState({ session: 'running' });
    time = 92_000;
    store.setState({ runs: [run('completed')] });
    store.setState({ session: 'idle' });
    expect(told).toEqual([null, { kind: 'done', seconds: 12 }]);
  });

  it('says whether it was stopped, or failed altogether', () => {
    expect(endingOf([run('completed'), run('stopped')], 3)?.kind).toBe('stopped');
    expect(endingOf([run('completed'), run('nonFinite')], 3)?.kind).toBe('done');
    expect(endingOf([run('failed'), run('nonFinite')], 3)?.kind).toBe('failed');
    expect(endingOf([run('completed'), run(null)], 3)).toBeNull();
    expect(endingOf([], 3)).toBeNull();
  });
});
