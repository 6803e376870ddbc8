/**
 * Training of T5 against PyTorch with PEFT on the processor, all recorded cases (see support/check-t5.ts); and token
 * losses against the recorded ones.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { checkT5, relative, t5Instance } from '../support/check-t5.ts';
import { t5BatchOf, t5Cases, t5Families } from '../support/oracle-t5.ts';

let studio: Studio;

beforeAll(async () => {
  ({ studio } = await openNodeStudio(process.env.DELTA_ADAPTER || 'wasm'));
});
afterAll(() => studio.destroy());

describe.each(t5Families())('%s', (family) => {
  const cases = t5Cases(family);

  it.each(cases.map((oracle) => [oracle.case, oracle] as const))('%s', async (_name, oracle) => {
    await checkT5(studio, oracle);
  });

  it('reads back the loss of every target token, whose mean is the recorded loss', async () => {
    const oracle = cases.find((one) => one.case === 'full')!;
    const { instance } = await t5Instance(studio, oracle, 'tokenLosses');
    try {
      const batch = t5BatchOf(oracle, 0);
      const losses = await instance.tokenLosses(batch);
      expect(losses.length).toBe(batch.size * batch.targetLength!);
      losses.forEach((loss, i) => expect(loss === 0).toBe(batch.weights[i] === 0));
      const total = losses.reduce((sum, loss) => sum + loss, 0);
      const mean = total / batch.weights.reduce((sum, weight) => sum + weight, 0);
      expect(relative(mean, oracle.losses[0])).toBeLessThan(1e-5);
    } finally {
      instance.destroy();
    }
  });
});
