/** The tuner for real: kernels of real GPUs, measured and chosen on a software one, train as the usual ones do. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNodeStudio } from '../../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../../src/deltas/catalogue.ts';
import type { GpuStudio } from '../../../src/gpu/studio.ts';
import type { KernelChoices } from '../../../src/plan/kernel-choices.ts';
import { trainSized } from '../../support/sized-run.ts';

let studio: GpuStudio;
beforeAll(async () => {
  studio = (await openNodeStudio('swiftshader')).studio as GpuStudio;
  studio.profile = { ...studio.profile, software: false };
}, 300_000);
afterAll(() => studio.destroy());

it('chooses kernels, plans with them and keeps what it found', async () => {
  const kept = new Map<string, KernelChoices>();
  const store = {
    load: async (adapter: string) => kept.get(adapter) ?? null,
    save: async (adapter: string, choices: KernelChoices) => void kept.set(adapter, { ...choices }),
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
  expect([...kept.values()]).toEqual([studio.profile.choices]);
  expect(await studio.tune(plans)).toBe(false);
  const tuned = await trainSized(studio, request);
  tuned.losses.forEach((loss, i) => expect(Math.abs(loss / usual.losses[i] - 1)).toBeLessThan(1e-5));
  expect(tuned.memory.allocated).toEqual(tuned.memory.predicted);
}, 600_000);
