/** The tuner for real: kernels of real GPUs, measured and chosen on a software one, train as the usual ones do. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNodeStudio } from '../../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../../src/deltas/catalogue.ts';
import { callsOf } from '../../../src/gpu/representative.ts';
import type { GpuStudio } from '../../../src/gpu/studio.ts';
import { ordinary, resultsOf } from '../../../src/gpu/time-calls.ts';
import { shareOff, type Kept } from '../../../src/gpu/tuner.ts';
import { trainSized } from '../../support/sized-run.ts';

let studio: GpuStudio;
beforeAll(async () => {
  studio = (await openNodeStudio('swiftshader')).studio as GpuStudio;
  studio.profile = { ...studio.profile, software: false };
}, 300_000);
afterAll(() => studio.destroy());

it('chooses kernels, plans with them and keeps what it found', async () => {
  const kept = new Map<string, Kept>();
  const store = {
    load: async (adapter: string) => kept.get(adapter) ?? null,
    save: async (adapter: string, found: Kept) => void kept.set(adapter, structuredClone(found)),
  };
  const request = { method: defaultOptions('head'), steps: 2 };
  const usual = await trainSized(studio, request);
  // Of products a software GPU compiles each variant for seconds; rows are soon measured, all of them.
  const plans = [...usual.compiled.training.values()].map(({ plan }) => ({
    ...plan,
    compute: plan.compute.filter(({ tunes }) => tunes?.startsWith('rows')),
  }));
  studio.tuneBy('full', store);
  expect(await studio.tune(plans)).toBe(true);
  const choices = Object.entries(studio.profile.choices ?? {});
  expect(choices.length).toBeGreaterThan(0);
  const seen = new Set(plans.flatMap(({ compute }) => compute.map(({ tunes }) => tunes)));
  for (const [key] of choices) expect(seen).toContain(key);
  expect([...kept.values()]).toEqual([{ choices: studio.profile.choices, wrong: [] }]);
  expect(studio.profile.wrong).toEqual([]);
  expect(await studio.tune(plans)).toBe(false);
  const tuned = await trainSized(studio, request);
  tuned.losses.forEach((loss, i) => expect(Math.abs(loss / usual.losses[i] - 1)).toBeLessThan(1e-5));
  expect(tuned.memory.allocated).toEqual(tuned.memory.predicted);
}, 600_000);

it('compares what variants compute of values that are the same for all', async () => {
  const computed = (key: string, variant?: string): Promise<Float32Array> => {
    const { program, calls } = callsOf(key, variant, studio.profile);
    return resultsOf(studio, program, calls);
  };
  const rows = await computed('rows 32 64');
  expect(rows).toHaveLength(32 * 64);
  for (let row = 0; row < 32; row++) {
    const sum = rows.slice(64 * row, 64 * row + 64).reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
  }
  for (const variant of ['by 32', 'by 128'])
    expect(shareOff(rows, await computed('rows 32 64', variant))).toBeLessThan(1e-6);
  // In double precision, what the product of the first two values is.
  const product = Float32Array.from({ length: 64 * 64 }, (_, at) => {
    const [m, n] = [Math.floor(at / 64), at % 64];
    let sum = 0;
    for (let k = 0; k < 64; k++) sum += ordinary(0, 64 * m + k) * ordinary(1, 64 * k + n);
    return sum;
  });
  for (const variant of [undefined, 'registers'])
    expect(shareOff(product, await computed('matmul NN 1 64 64 64', variant))).toBeLessThan(1e-5);
  // A shape of the class that no tile divides.
  const shorter = callsOf('rows 32 64', 'by 32', studio.profile, { short: true });
  const cut = await resultsOf(studio, shorter.program, shorter.calls);
  expect(cut).toHaveLength(28 * 60);
  expect(cut.subarray(60, 120).reduce((total, each) => total + each, 0)).toBeCloseTo(1, 5);
  // Longer than what is read of a result: 2¹⁸ numbers of its beginning and of its end.
  const large = await computed('rows 1024 1024', 'by 256');
  expect(large).toHaveLength(2 ** 19);
  expect(large.subarray(2 ** 18, 2 ** 18 + 1024).reduce((total, each) => total + each, 0)).toBeCloseTo(1, 4);
}, 600_000);
