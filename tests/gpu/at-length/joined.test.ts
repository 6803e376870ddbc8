/**
 * Whole recorded trainings on the kernels that real GPUs get, which a software GPU by itself does not: tiles in
 * workgroup memory, and queries, keys and values in one product (layers, their gradients, and the sum of those in their
 * input). Once with the kernels a GPU begins with, once with the blocked ones, and attention in tiles, that a tuner may
 * choose.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../../src/cpu/node-studio.ts';
import { GpuStudio } from '../../../src/gpu/studio.ts';
import type { AdapterProfile } from '../../../src/plan/kernel-call.ts';
import { checkOracle } from '../../support/check-oracle.ts';
import { checkT5 } from '../../support/check-t5.ts';
import { napping } from '../../support/napping.ts';
import { oracleCases } from '../../support/oracle.ts';
import { t5Cases } from '../../support/oracle-t5.ts';

/** What is chosen for every class of shapes, by the kernels' name. */
const KERNELS: Readonly<Record<string, AdapterProfile['choices']>> = {
  tiled: {},
  blocked: new Proxy<Record<string, string>>(
    {},
    { get: (_, key) => (String(key).startsWith('attention') ? '32 × 64, 64 lanes' : '8×8, 8×8, 16') },
  ),
};

describe.each(Object.entries(KERNELS))('%s kernels', (kernel, choices) => {
  napping();
  let studio: GpuStudio;
  /** Labels of the modules that the device was asked for. */
  const modules = new Set<string>();

  beforeAll(async () => {
    const opened = await openNodeStudio('swiftshader');
    if (!(opened.studio instanceof GpuStudio)) throw new Error('SwiftShader is a GPU');
    studio = opened.studio;
    studio.profile = { ...studio.profile, software: false, choices };
    const create = studio.device.createShaderModule.bind(studio.device);
    studio.device.createShaderModule = (descriptor) => {
      modules.add(descriptor.label ?? '');
      return create(descriptor);
    };
  });
  afterAll(() => studio.destroy());

  it.each([
    ['bert', 'full'],
    ['bert', 'lora'],
    ['roberta', 'full'],
  ])('%s: %s', { timeout: 300_000 }, async (family, name) => {
    await checkOracle(
      studio,
      oracleCases(family).find((one) => one.case === name)!,
    );
  });

  it('t5: full', { timeout: 300_000 }, async () => {
    await checkT5(
      studio,
      t5Cases('t5').find((one) => one.case === 'full')!,
    );
  });

  it('trained by joined products', () => {
    const joined = ['layers', 'gradients', 'sum'].map((part) => `matmul/${kernel}-${part}`);
    expect([...modules].filter((label) => joined.includes(label)).sort()).toEqual(joined.sort());
  });
});
