/** Weights and activations stored as halves: what is trained is what the same rounded weights train, or near it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bertModel } from '../../src/measure/random-bert.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { findNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openStudio } from '../../src/gpu/studio.ts';
import { english } from '../../src/sentence.ts';
import { StudioError } from '../../src/errors.ts';
import { floatInitializer, floatsOf, halfToNumber, halvesFrom } from '../../src/graph/tensor.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { adaptersHere } from '../support/at-length.ts';
import { napping } from '../support/napping.ts';
import { TINY, trainSized } from '../support/sized-run.ts';

const METHODS: Record<string, MethodOptions> = {
  lora: defaultOptions('lora'),
  prefix: defaultOptions('prefix'),
  head: defaultOptions('head'),
};
// The software GPUs compile each kernel anew: one method there, all on the processor.
const ADAPTERS = process.env.DELTA_ADAPTER
  ? [process.env.DELTA_ADAPTER]
  : adaptersHere(['wasm', 'swiftshader']);
const CASES = ADAPTERS.flatMap((adapter) =>
  (adapter === 'wasm' ? Object.keys(METHODS) : ['lora']).map((name) => [adapter, name] as const),
);

const studios = new Map<string, Studio>();
napping();
beforeAll(async () => {
  for (const [adapter] of CASES)
    if (!studios.has(adapter)) studios.set(adapter, (await openNodeStudio(adapter)).studio);
  if (process.env.DELTA_ADAPTER) return;
  const gpu = await findNodeGpu('gpu');
  if (gpu) studios.set('gpu', await openStudio(gpu.gpu, nodeShaders, { adapter: gpu.adapter }));
}, 300_000);
afterAll(() => studios.forEach((studio) => studio.destroy()));

/** The model with the weights that are stored as halves rounded to them. */
function rounded(model: DeltaModel): DeltaModel {
  const initializers = new Map(model.graph.initializers);
  for (const [name, tensor] of initializers) {
    if (tensor.type !== 'float32' || tensor.dims.length < 2 || model.head.includes(name)) continue;
    const values = Float32Array.from(halvesFrom(floatsOf(tensor)), halfToNumber);
    initializers.set(name, floatInitializer(name, tensor.dims, values));
  }
  return { ...model, graph: { ...model.graph, initializers } };
}

describe.each(CASES)('on %s, %s', (adapter, name) => {
  it('trains on a base of halves as on one of the same numbers in single precision', async () => {
    const studio = studios.get(adapter)!;
    const model = bertModel(TINY);
    const whole = await trainSized(studio, { model: rounded(model), method: METHODS[name] });
    const halves = await trainSized(studio, { model, method: METHODS[name], precision: 'f16-base' });
    expect(new Set(whole.losses).size).toBe(3);
    expect(halves.losses).toEqual(whole.losses);
    expect(halves.norms).toEqual(whole.norms);
    expect(halves.answers).toEqual(whole.answers);
    expect(halves.trained).toEqual(whole.trained);
    expect(halves.memory.allocated).toEqual(halves.memory.predicted);
    // What stays in single precision are vectors and constants.
    const [most, least] = [whole, halves].map(({ memory }) => memory.predicted.frozenWeights);
    expect(least).toBeLessThan(0.55 * most);
    // The numbers as they are differ from the rounded ones.
    const plain = await trainSized(studio, { model, method: METHODS[name] });
    expect(plain.losses).not.toEqual(halves.losses);
  }, 600_000);
});

/** A device that computes with halves: what `DELTA_ADAPTER` names (lavapipe does), or a real GPU. */
const withHalves = (): Studio | undefined => [...studios.values()].find(({ profile }) => profile.f16);
const WITHOUT = 'no device here has shader-f16: DELTA_ADAPTER=lavapipe, or gpu';

/** Beneath the first GELU. */
const BROKEN = /layer\.0\.intermediate\.dense\.bias/;

describe('activations as halves', () => {
  it('are refused in a sentence where the device has none', async () => {
    for (const studio of studios.values()) {
      if (studio.profile.f16) continue;
      const error = await trainSized(studio, { precision: 'f16' }).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(StudioError);
      const { sentence, where } = error as StudioError;
      expect(where).toBe('training.precision');
      expect(english(sentence)).toBe(
        `training.precision: "f16" needs a GPU that computes with half precision (shader-f16), and "${studio.profile.description}" does not; choose "f16-base", which any device takes, or "f32".`,
      );
    }
  });

  it.for(['full', 'lora'] as const)(
    'train near single precision by %s',
    { timeout: 1_200_000 },
    async (type, { skip }) => {
      const studio = withHalves();
      if (!studio) return skip(WITHOUT);
      const request = { method: defaultOptions(type), shape: [4, 16] as const, dropout: 0.1 };
      const single = await trainSized(studio, request);
      const halves = await trainSized(studio, { ...request, precision: 'f16' });
      expect(halves.compiled.lossScale).toBe(4096);
      halves.losses.forEach((loss, i) => {
        expect(Math.abs(loss / single.losses[i] - 1)).toBeLessThan(1e-3);
        expect(Math.abs(halves.norms[i] / single.norms[i] - 1)).toBeLessThan(1e-2);
      });
      expect(halves.losses).not.toEqual(single.losses);
      expect(halves.memory.allocated).toEqual(halves.memory.predicted);
      const [most, least] = [single, halves].map(({ memory }) => memory.predicted.activations);
      expect(least).toBeLessThan(0.55 * most);
    },
  );

  // One number of a bias of the first layer, so that an activation becomes it, which a half might hide.
  it.for([
    [NaN, false],
    [Infinity, false],
    [-Infinity, false],
    [1e30, true],
  ] as const)(
    'of %d are noticed as in single precision',
    { timeout: 1_200_000 },
    async ([number, finite], { skip }) => {
      const studio = withHalves();
      if (!studio) return skip(WITHOUT);
      const model = bertModel(TINY);
      const [name, bias] = [...model.graph.initializers].find(([key]) => BROKEN.test(key))!;
      const values = floatsOf(bias).slice();
      values[3] = number;
      const initializers = new Map(model.graph.initializers).set(
        name,
        floatInitializer(name, bias.dims, values),
      );
      const broken = { ...model, graph: { ...model.graph, initializers } };
      for (const precision of ['f32', 'f16'] as const) {
        const { losses, norms } = await trainSized(studio, { model: broken, precision, steps: 1 });
        const told = Number.isFinite(losses[0]) && Number.isFinite(norms[0]);
        expect([precision, told]).toEqual([precision, finite]);
      }
    },
  );
});

describe('a base of halves', () => {
  it('is refused by name where a weight has a number that no half is', async () => {
    const model = bertModel(TINY);
    const name = 'bert.encoder.layer.1.output.dense.weight';
    const weight = model.graph.initializers.get(name)!;
    const values = floatsOf(weight).slice();
    values[5] = -65520;
    const initializers = new Map(model.graph.initializers).set(
      name,
      floatInitializer(name, weight.dims, values),
    );
    const large = { ...model, graph: { ...model.graph, initializers } };
    const [studio] = studios.values();
    const request = { model: large, method: METHODS.lora, steps: 1 };
    const error = await trainSized(studio, { ...request, precision: 'f16-base' }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(StudioError);
    expect(english((error as StudioError).sentence)).toBe(
      `training.precision: the weight "${name}" has a number that half precision cannot hold: beyond 65,504, infinite, or NaN; choose "f32".`,
    );
    expect((await trainSized(studio, request)).losses[0]).toBeGreaterThan(0);
  });
});
