import { expect, it, vi } from 'vitest';
import { BusyTeller } from './life.ts';

it('says that announced work goes on twice a second at most, and nothing of work that was not', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const told: unknown[] = [];
    const teller = new BusyTeller((reply) => told.push(reply));
    teller.goesOn();
    expect(told).toEqual([]);
    await teller.during('plan', () => {
      for (let row = 0; row < 1000; row++) {
        teller.goesOn();
        vi.advanceTimersByTime(1.5);
      }
    });
    // Begun, at 0, 0.5 and 1 seconds, and ended.
    expect(told).toEqual([
      ...new Array<unknown>(4).fill({ type: 'busy', what: 'plan' }),
      { type: 'busy', what: null },
    ]);
  } finally {
    vi.useRealTimers();
  }
});
