import { expect, it } from 'vitest';
import { DeviceClock } from './device-clock.ts';

it('charges work from its start or from the completion before it, whichever is later', () => {
  let time = 0;
  const clock = new DeviceClock(() => time);
  time = 10;
  expect(clock.charge(2)).toBe(8);
  // Enqueued while the first was under way: its own time began when that ended.
  time = 15;
  expect(clock.charge(4)).toBe(5);
  // Enqueued after an idle while.
  time = 30;
  expect(clock.charge(28)).toBe(2);
});
