import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply, Request } from '../../protocol/messages.ts';
import { EngineLife, type EnginePort, type EngineState } from './engine-life.ts';

/** An engine that answers as long as it is told to. */
class HandEngine implements EnginePort {
  declare protected readonly nominal: true;
  onmessage: EnginePort['onmessage'] = null;
  onerror: EnginePort['onerror'] = null;
  answers = true;
  ended = false;
  lock = '';
  postMessage(message: Request): void {
    if (message.type === 'hello') this.lock = message.lock;
    if (message.type === 'ping' && this.answers) this.say({ type: 'alive', holds: false });
  }
  terminate(): void {
    this.ended = true;
  }
  say(reply: Reply): void {
    this.onmessage?.({ data: reply });
  }
}

describe('the page’s hold on its engine', () => {
  let engines: HandEngine[];
  let states: EngineState[];
  let life: EngineLife;
  /** What waits for the lock of an engine, by its name. */
  let waiting: Map<string, () => void>;
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(1000 * seconds);

  beforeEach(() => {
    vi.useFakeTimers();
    engines = [];
    states = [];
    waiting = new Map();
    const request = (name: string, granted: () => void) => {
      waiting.set(name, granted);
      return Promise.resolve();
    };
    life = new EngineLife({
      connect: () => {
        const engine = new HandEngine();
        engines.push(engine);
        return engine;
      },
      locks: { request } as unknown as Pick<LockManager, 'request'>,
      changed: (state) => states.push(state),
    });
  });
  afterEach(() => void vi.useRealTimers());

  it('says nothing of one that answers', async () => {
    await pass(120);
    expect(states).toEqual([]);
  });

  it('notices silence within seven seconds, and that it is over', async () => {
    await pass(3);
    engines[0].answers = false;
    await pass(4);
    expect(states).toEqual([]);
    await pass(3);
    expect(states).toEqual([{ kind: 'silent', what: null }]);
    engines[0].say({ type: 'state', state: 'running' });
    expect(states.at(-1)).toEqual({ kind: 'well' });
  });

  it('counts how long work has been going on that says so now and then', async () => {
    engines[0].answers = false;
    for (let second = 0; second < 90; second++) {
      engines[0].say({ type: 'busy', what: 'plan' });
      await pass(1);
    }
    expect(states.some(({ kind }) => kind === 'silent')).toBe(false);
    expect(states.at(-1)).toEqual({ kind: 'busy', what: 'plan', seconds: 89 });
    engines[0].say({ type: 'busy', what: null });
    expect(states.at(-1)).toEqual({ kind: 'well' });
  });

  it('waits longer for work that was announced, and shows it', async () => {
    engines[0].say({ type: 'busy', what: 'plan' });
    engines[0].answers = false;
    await pass(20);
    expect(states.at(-1)).toEqual({ kind: 'busy', what: 'plan', seconds: 19 });
    // The next method's turn.
    engines[0].say({ type: 'busy', what: 'plan' });
    await pass(40);
    expect(states.some(({ kind }) => kind === 'silent')).toBe(false);
    await pass(10);
    expect(states.at(-1)).toEqual({ kind: 'silent', what: 'plan' });
  });

  it('hears of its death at once by the lock it held, and of nothing of one that was replaced', () => {
    engines[0].say({ type: 'alive', holds: true });
    waiting.get(engines[0].lock)!();
    expect(states).toEqual([{ kind: 'dead' }]);
    void life.restart();
    expect(states.at(-1)).toEqual({ kind: 'well' });
    expect([engines[0].ended, engines.length]).toEqual([true, 2]);
    engines[1].say({ type: 'alive', holds: true });
    waiting.get(engines[0].lock)!();
    expect(states.at(-1)).toEqual({ kind: 'well' });
    waiting.get(engines[1].lock)!();
    expect(states.at(-1)).toEqual({ kind: 'dead' });
  });

  it('hands everything else on', () => {
    const heard: Reply[] = [];
    life.onmessage = ({ data }) => heard.push(data);
    engines[0].say({ type: 'busy', what: null });
    engines[0].say({ type: 'state', state: 'paused' });
    expect(heard).toEqual([{ type: 'state', state: 'paused' }]);
  });
});
