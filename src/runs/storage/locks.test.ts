import { describe, expect, it } from 'vitest';
import { lockedComparisons, takeLock, type Locks } from './locks.ts';

/** The browser's locks, as one client sees them that shares them with others. */
class Held {
  private readonly held = new Map<string, string>();

  of(clientId: string): Locks {
    const request = async (
      name: string,
      { steal = false }: LockOptions,
      act: LockGrantedCallback<unknown>,
    ): Promise<unknown> => {
      if (this.held.has(name) && !steal) return act(null);
      this.held.set(name, clientId);
      await act({ name, mode: 'exclusive' });
      return this.held.get(name) === clientId && this.held.delete(name);
    };
    const query = async (): Promise<LockManagerSnapshot> => ({
      held: [...this.held].map(([name, holder]) => ({ name, clientId: holder, mode: 'exclusive' })),
      pending: [],
    });
    return { request, query } as unknown as Locks;
  }

  /** The browser notices the end of a client. */
  ended(clientId: string): void {
    for (const [name, holder] of this.held) if (holder === clientId) this.held.delete(name);
  }

  take(clientId: string, name: string): void {
    this.held.set(name, clientId);
  }
}

describe('the lock of a comparison', () => {
  const ENGINE = 'delta-studio.engine.first';

  it('is one tab’s at a time', async () => {
    const held = new Held();
    const release = await takeLock(held.of('one'), 'c');
    expect(await takeLock(held.of('two'), 'c')).toBeNull();
    expect(await lockedComparisons(held.of('two'))).toEqual(new Set(['c']));
    release!();
    await Promise.resolve();
    await Promise.resolve();
    expect(await takeLock(held.of('two'), 'c')).not.toBeNull();
  });

  it('is taken from an engine of the page that was ended, whose end was not noticed yet', async () => {
    const held = new Held();
    held.take('one', ENGINE);
    await takeLock(held.of('one'), 'c');
    expect(await takeLock(held.of('next'), 'c')).toBeNull();
    expect(await takeLock(held.of('next'), 'c', ENGINE)).not.toBeNull();
  });

  it('is never taken from another tab that has gone on with it since that engine ended', async () => {
    const held = new Held();
    held.take('one', ENGINE);
    await takeLock(held.of('one'), 'c');
    held.ended('one');
    await takeLock(held.of('other tab'), 'c');
    expect(await takeLock(held.of('next'), 'c', ENGINE)).toBeNull();
    // Nor where the ended engine still has its own.
    held.take('one', ENGINE);
    expect(await takeLock(held.of('next'), 'c', ENGINE)).toBeNull();
  });
});
