/** What does not fit in one buffer trains in several, with the same losses and weights bit for bit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { napping } from '../support/napping.ts';
import { TINY, trainSized, type SizedRun } from '../support/sized-run.ts';

napping();
let studio: Studio;
let whole: SizedRun;
const lora = { method: defaultOptions('lora') };

beforeAll(async () => {
  ({ studio } = await openNodeStudio('swiftshader'));
  whole = await trainSized(studio, lora);
}, 300_000);
afterAll(() => studio.destroy());

function expectSame(run: SizedRun, whole: SizedRun): void {
  expect(run.losses).toEqual(whole.losses);
  expect(run.norms).toEqual(whole.norms);
  expect(run.answers).toEqual(whole.answers);
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
    expectSame(run, whole);
  });
});

describe('a table longer than a binding may be', () => {
  const config = { ...TINY, vocabulary: 1000 };
  const optimizer = {
    type: 'adamw',
    weightDecay: 0.01,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
    // The norm is added up in other pieces, so that clipping by it may differ in the last digit.
    maxGradNorm: 0,
    accumulation: 2,
  } as const;
  const request = { config, optimizer };

  it('trains in slices as it does whole', async () => {
    const one = await trainSized(studio, request);
    const run = await trainSized(studio, { ...request, profile: { maxStorageBufferBindingSize: 40_000 } });
    const [{ plan }] = run.compiled.training.values();
    const table = plan.trainables.find(({ name }) => name.includes('word_embeddings'))!;
    expect(table.tensor.bytes).toBeGreaterThan(3 * 40_000);
    for (const { bindings } of [...plan.compute, ...plan.accumulate, ...plan.update])
      for (const { size } of bindings) expect(size).toBeLessThanOrEqual(40_000);
    expect(run.losses).toEqual(one.losses);
    expect(run.answers).toEqual(one.answers);
    expect(run.trained).toEqual(one.trained);
    run.norms.forEach((norm, i) => expect(norm).toBeCloseTo(one.norms[i], 5));
    expect(run.memory.allocated).toEqual(run.memory.predicted);
  });

  it('is refused where a buffer cannot hold it, with the processor as the remedy', async () => {
    const limits = { maxStorageBufferBindingSize: 40_000, maxBufferSize: 100_000 };
    await expect(trainSized(studio, { ...request, ...lora, profile: limits })).rejects.toThrow(
      /word_embeddings.* in one piece.* wasm/,
    );
  });
});
