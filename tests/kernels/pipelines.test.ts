/** How many pipelines the plans of a run take on a GPU, whatever lengths its batches have; and that each is valid. */
import { create, globals } from 'webgpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevice, type OpenedDevice } from '../../src/gpu/device.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { PipelineCache } from '../../src/gpu/pipelines.ts';
import { findAliases } from '../../src/gpu/specialise.ts';
import { BENCH_RUN, methodOptions, type BenchMethod } from '../../src/measure/methods.ts';
import { bertConfig, bertModel } from '../../src/measure/random-bert.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { sizeNames } from '../../src/plan/sizes-buffer.ts';
import { compileRun } from '../../src/train/compile.ts';

describe('pipelines of a GPU', () => {
  // Validates all and runs nothing. The package's process ends when this is forgotten before its devices.
  const gpu = create(['backend=null']);
  let opened: OpenedDevice;
  const model = bertModel(bertConfig(128));
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    opened = await openDevice(gpu);
  });
  afterAll(() => opened.destroy());

  async function count(method: BenchMethod, lengths: readonly number[]): Promise<number> {
    const counters = { buffers: 0, bindGroups: 0, pipelines: 0 };
    const pipelines = new PipelineCache(opened.device, nodeShaders, counters);
    const shapes = { batchSize: 16, lengths: lengths.map((length) => ({ length })) };
    const compiled = compileRun({
      model,
      modelKey: 'pipelines',
      method: methodOptions(method),
      ...BENCH_RUN,
      training: shapes,
      evaluation: shapes,
      adapter: DEFAULT_PROFILE,
    });
    for (const { plan } of [...compiled.training.values(), ...compiled.evaluation.values()])
      for (const { shader, entry, constants, sizes, bindings } of [...plan.compute, ...plan.update])
        await pipelines.get(shader, entry, {
          constants,
          ...(sizes && { sizes: sizeNames(sizes.values) }),
          access: bindings.map(({ access }) => access),
          aliases: findAliases(bindings),
        });
    return counters.pipelines;
  }

  it.each([
    ['full', 44, 60],
    ['lora', 43, 61],
    ['prompt', 36, 44],
  ] as const)('of %s: %i for one length, %i for six', async (method, one, six) => {
    expect(await count(method, [32])).toBe(one);
    expect(await count(method, [16, 24, 32, 48, 64, 128])).toBe(six);
  });
});
