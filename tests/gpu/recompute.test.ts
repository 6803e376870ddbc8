/** Recomputation changes memory and nothing else: losses, norms and weights stay the same bit for bit. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { adaptersHere, AT_LENGTH } from '../support/at-length.ts';
import { napping } from '../support/napping.ts';
import { ORACLES } from '../support/oracle.ts';
import { t5BatchOf, t5Cases } from '../support/oracle-t5.ts';
import { TINY, trainSized, type SizedRequest, type SizedRun } from '../support/sized-run.ts';

const CONFIG = { ...TINY, layers: 4, positions: 64 };
const METHODS: Record<string, MethodOptions> = {
  full: defaultOptions('full'),
  lora: { ...defaultOptions('lora'), dropout: 0.1 } as MethodOptions,
  ia3: defaultOptions('ia3'),
  // Sums under gates are made anew out of the gates that are kept.
  diffPruning: defaultOptions('diffPruning'),
  prefix: defaultOptions('prefix'),
};

// The software GPUs compile each kernel anew: one method there, all on the processor.
const ADAPTERS = process.env.DELTA_ADAPTER
  ? [process.env.DELTA_ADAPTER]
  : adaptersHere(['wasm', 'swiftshader']);
const CASES = ADAPTERS.flatMap((adapter) =>
  (adapter === 'wasm' ? Object.keys(METHODS) : ['full']).map((name) => [adapter, name] as const),
);

const studios = new Map<string, Studio>();
napping();
beforeAll(async () => {
  for (const [adapter] of CASES)
    if (!studios.has(adapter)) studios.set(adapter, (await openNodeStudio(adapter)).studio);
}, 300_000);
afterAll(() => studios.forEach((studio) => studio.destroy()));

describe.each(CASES)(
  'on %s, %s',
  (adapter, name) => {
    const train = (recompute: SizedRequest['recompute']): Promise<SizedRun> =>
      trainSized(studios.get(adapter)!, {
        config: CONFIG,
        method: METHODS[name],
        dropout: 0.1,
        recompute,
        shape: [3, 12],
      });

    it('trains the same with what is kept and with what is made anew', async () => {
      const none = await train('none');
      expect(new Set(none.losses).size).toBe(3);
      const memory = [none.compiled.memory.activations];
      for (const mode of ['cheap', 'layers'] as const) {
        const run = await train(mode);
        expect(run.losses, mode).toEqual(none.losses);
        expect(run.norms, mode).toEqual(none.norms);
        expect(run.trained, mode).toEqual(none.trained);
        expect(run.answers, mode).toEqual(none.answers);
        expect(run.memory.allocated, mode).toEqual(run.memory.predicted);
        memory.push(run.compiled.memory.activations);
      }
      if (name === 'full') expect(memory[1]).toBeLessThan(memory[0]);
      else expect(memory[1]).toBeLessThanOrEqual(memory[0]);
      expect(memory[2]).toBeLessThan(memory[1]);
    });
  },
  300_000,
);

describe.skipIf(AT_LENGTH)('an encoder and a decoder', () => {
  it('train the same with what is made anew', async () => {
    const [oracle] = t5Cases('t5-gated').filter((one) => one.case === 'full');
    const model = deltaModelOf(await loadModel(modelFiles(join(ORACLES, 't5-gated')), 't5-gated'));
    const [adapter] = CASES[0];
    const train = (recompute: SizedRequest['recompute']): Promise<SizedRun> =>
      trainSized(studios.get(adapter)!, {
        model,
        batchOf: (step) => t5BatchOf(oracle, step),
        method: METHODS.full,
        dropout: 0.1,
        recompute,
      });
    const none = await train('none');
    for (const mode of ['cheap', 'layers'] as const) {
      const run = await train(mode);
      expect(run.losses, mode).toEqual(none.losses);
      expect(run.trained, mode).toEqual(none.trained);
      expect(run.memory.allocated, mode).toEqual(run.memory.predicted);
      expect(run.compiled.memory.activations, mode).toBeLessThan(none.compiled.memory.activations);
    }
  }, 300_000);
});
