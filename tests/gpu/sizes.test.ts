/** What does not fit in one buffer trains in several, with the same losses and weights bit for bit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { trainSized, type SizedRun } from '../support/sized-run.ts';

let studio: Studio;
let whole: SizedRun;
const lora = { method: defaultOptions('lora') };

beforeAll(async () => {
  ({ studio } = await openNodeStudio('swiftshader'));
  whole = await trainSized(studio, lora);
}, 300_000);
afterAll(() => studio.destroy());

function expectSame(run: SizedRun): void {
  expect(run.losses).toEqual(whole.losses);
  expect(run.norms).toEqual(whole.norms);
  expect(run.logits).toEqual(whole.logits);
  expect(run.trained).toEqual(whole.trained);
  expect(run.memory.allocated).toEqual(run.memory.predicted);
}

describe('activations in several buffers', () => {
  it('train as in one', async () => {
    const run = await trainSized(studio, { ...lora, profile: { maxBufferSize: 2 ** 15 } });
    const [{ plan }] = run.compiled.training.values();
    const parts = plan.buffers.filter(({ category }) => category === 'activations');
    expect(parts.length).toBeGreaterThan(1);
    expect(new Set(whole.losses).size).toBe(3);
    expectSame(run);
  });
});
