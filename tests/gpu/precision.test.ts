/** Weights and activations stored as halves: what is trained is what the same rounded weights train, or near it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bertModel } from '../../bench/model.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
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

  // On lavapipe, whose compiler takes minutes over the halves: DELTA_ADAPTER=lavapipe.
  it.skipIf(process.env.DELTA_ADAPTER !== 'lavapipe').each(['full', 'lora'] as const)(
    'train near single precision by %s',
    async (type) => {
      const studio = studios.get('lavapipe')!;
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
    1_200_000,
  );
});
