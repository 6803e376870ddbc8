/** Merging is what PEFT's `add_weighted_adapter` gives (tools/golden_merges.py), and refuses what has no sum. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Initializer } from '../../src/graph/source.ts';
import { floatInitializer, floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/onnx/safetensors.ts';
import { combine } from '../../src/runs/merge/combine.ts';
import { readLora } from '../../src/runs/merge/lora-folder.ts';
import { mergeLoras, type Merged, type MergeOptions } from '../../src/runs/merge/merge.ts';

const GOLDEN = path.join(import.meta.dirname, 'golden');
const bytesOf = (...parts: string[]) => new Uint8Array(readFileSync(path.join(GOLDEN, ...parts)));
const expected = readSafetensors(bytesOf('merged.safetensors')).tensors;

type Files = Record<string, Uint8Array>;
const filesOf = (name: 'a' | 'b'): Files => ({
  'adapter_config.json': bytesOf(name, 'adapter_config.json'),
  'adapter_model.safetensors': bytesOf(name, 'adapter_model.safetensors'),
});
const read = (files: Files, label: string) =>
  readLora({ read: (name) => Promise.resolve(files[name]) }, label);

/** With other fields in its description. */
function described(files: Files, fields: Record<string, unknown>): Files {
  const config = JSON.parse(new TextDecoder().decode(files['adapter_config.json'])) as object;
  return {
    ...files,
    'adapter_config.json': new TextEncoder().encode(JSON.stringify({ ...config, ...fields })),
  };
}

/** With other tensors, or others beside them. */
function holding(files: Files, change: (tensors: Map<string, Initializer>) => void, base?: string): Files {
  const tensors = new Map(readSafetensors(files['adapter_model.safetensors']).tensors);
  change(tensors);
  const metadata: Record<string, string> = base === undefined ? {} : { base_model_hash: base };
  return { ...files, 'adapter_model.safetensors': writeSafetensors(tensors.values(), metadata) };
}

async function merge(options: Partial<MergeOptions>, a = filesOf('a'), b = filesOf('b')): Promise<Merged> {
  const adapters = await Promise.all([read(a, 'one'), read(b, 'two')]);
  return mergeLoras(adapters, { how: 'linear', weights: [0.7, -0.4], density: 0.5, seed: 0, ...options });
}

function tensorsOf({ files }: Merged): ReadonlyMap<string, Initializer> {
  return readSafetensors(files.find(({ name }) => name.endsWith('.safetensors'))!.bytes).tensors;
}

function expectClose(actual: Float32Array, wanted: Float32Array, far = 2e-6): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, i) =>
    expect(Math.abs(value - wanted[i])).toBeLessThan(far * (1 + Math.abs(wanted[i]))),
  );
}

describe('merged as PEFT merges', () => {
  it.each([
    ['linear', {}],
    ['ties', { weights: [1, 0.5], density: 0.4 }],
  ] as const)('%s', async (how, options) => {
    const tensors = tensorsOf(await merge({ how, ...options }));
    for (const module of ['query', 'value'])
      for (const factor of ['lora_A', 'lora_B'])
        expectClose(
          floatsOf(tensors.get(`base_model.model.${module}.${factor}.weight`)!),
          floatsOf(expected.get(`${how}.${module}.${factor}`)!),
        );
  });

  it('svd, whose factors have any signs: their product', async () => {
    const merged = await merge({ how: 'svd', rank: 2 });
    const tensors = tensorsOf(merged);
    for (const module of ['query', 'value']) {
      const [a, b] = ['lora_A', 'lora_B'].map((factor) =>
        tensors.get(`base_model.model.${module}.${factor}.weight`)!,
      );
      const [rank, inFeatures] = a.dims;
      expect(rank).toBe(2);
      const product = new Float32Array(b.dims[0] * inFeatures);
      for (let row = 0; row < b.dims[0]; row++)
        for (let column = 0; column < inFeatures; column++)
          for (let r = 0; r < rank; r++)
            product[row * inFeatures + column] +=
              floatsOf(b)[row * rank + r] * floatsOf(a)[r * inFeatures + column];
      // PEFT's singular values are in single precision.
      expectClose(product, floatsOf(expected.get(`svd.${module}`)!), 2e-5);
    }
    expect(merged.error!.whole).toBeGreaterThan(0.1);
    expect(merged.error!.whole).toBeLessThan(1);
    // Two adapters of rank 3 have a sum of rank 6 at most.
    expect((await merge({ how: 'svd', rank: 6 })).error!.whole).toBeLessThan(1e-5);
  });

  it('the description says rank and alpha of what is written', async () => {
    const { files } = await merge({ how: 'svd', rank: 2 });
    const config = JSON.parse(new TextDecoder().decode(files[0].bytes)) as object;
    expect(config).toMatchObject({ peft_type: 'LORA', r: 2, lora_alpha: 2, use_rslora: false });
    // What is written can be merged again.
    const again = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
    const { modules } = await read(again, 'again');
    expect([...modules.values()].map(({ scale }) => scale)).toEqual([1, 1]);
  });

  it('a description that leaves fields out means what PEFT takes for them', async () => {
    const scales = async (fields: Record<string, unknown>) => {
      const { modules } = await read(described(filesOf('a'), fields), 'one');
      return [...modules.values()].map(({ scale, rank }) => scale * rank);
    };
    expect(await scales({ lora_alpha: undefined, use_rslora: undefined })).toEqual([8, 8]);
    await expect(scales({ lora_alpha: null })).rejects.toThrow(
      'one/adapter_config.json has lora_alpha null, which is no number; save the adapter again.',
    );
  });

  it('a head that was trained along is the weighted mean', async () => {
    const head = (files: Files, value: number) =>
      holding(files, (tensors) => {
        const name = 'base_model.model.classifier.weight';
        tensors.set(name, floatInitializer(name, [2], Float32Array.of(value, 2 * value)));
      });
    const merged = await merge({ weights: [3, 1] }, head(filesOf('a'), 1), head(filesOf('b'), 5));
    expect([...floatsOf(tensorsOf(merged).get('base_model.model.classifier.weight')!)]).toEqual([2, 4]);
    await expect(merge({}, head(filesOf('a'), 1))).rejects.toThrow(
      'two has another head than one (classifier.weight); merge adapters of one task, or of the same classes.',
    );
  });
});

describe('DARE', () => {
  it('drops by chance, and what stays has the mean that it had', () => {
    const ones = new Float32Array(20_000).fill(1);
    const kept = combine('dare', [ones], [1], { density: 0.25, seed: 1, stream: 0 });
    expect(new Set(kept)).toEqual(new Set([0, 4]));
    expect(kept.reduce((sum, value) => sum + value, 0) / kept.length).toBeCloseTo(1, 1);
    const other = combine('dare', [ones], [1], { density: 0.25, seed: 1, stream: 1 });
    expect(kept.some((value, i) => value !== other[i])).toBe(true);
    expect(combine('dare', [ones], [1], { density: 0.25, seed: 1, stream: 0 })).toEqual(kept);
  });

  it('with elected signs leaves out those that disagree', () => {
    const tensors = [Float32Array.of(3, -1), Float32Array.of(-1, -2)];
    expect([...combine('dare-ties', tensors, [1, 1], { density: 1, seed: 0, stream: 0 })]).toEqual([3, -1.5]);
  });
});

describe('what has no sum is refused, with what to do', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'another method',
      { peft_type: 'LOHA' },
      /has peft_type "LOHA"; make a LoRA of it first with delta convert\./,
    ],
    ['DoRA', { use_dora: true }, /has use_dora: true, which is no sum of changes; make a LoRA of it/],
    [
      'PiSSA',
      { init_lora_weights: 'pissa' },
      /init_lora_weights "pissa", whose base weights are others; make a LoRA/,
    ],
    ['biases', { bias: 'all' }, /has bias "all", and biases have no factors; train with "bias": "none"/],
    ['another rank', { r: 4 }, /has no two factors of rank 4 for query/],
  ])('%s', async (_name, fields, sentence) => {
    await expect(merge({}, filesOf('a'), described(filesOf('b'), fields))).rejects.toThrow(sentence);
  });

  it('other bases, modules, shapes and ranks', async () => {
    const based = (name: 'a' | 'b', base: string) => holding(filesOf(name), () => {}, base);
    await expect(merge({}, based('a', '1'.repeat(64)), based('b', '2'.repeat(64)))).rejects.toThrow(
      'two was trained on another base model (222222222222) than one (111111111111); merge adapters of one model.',
    );
    const without = holding(filesOf('b'), (tensors) => {
      for (const name of [...tensors.keys()]) if (name.includes('query')) tensors.delete(name);
    });
    await expect(merge({}, filesOf('a'), without)).rejects.toThrow(
      'two does not change query, which one does; train both with the same targets.',
    );
    const ranked = described(
      holding(filesOf('b'), (tensors) => {
        for (const [name, { dims }] of [...tensors]) {
          const narrow = dims.map((n) => (n === 3 ? 1 : n));
          tensors.set(name, floatInitializer(name, narrow, new Float32Array(narrow[0] * narrow[1]).fill(1)));
        }
      }),
      { r: 1 },
    );
    await expect(merge({}, filesOf('a'), ranked)).rejects.toThrow(
      'two has rank 1 for query where one has 3; merge them with --how svd, which takes any ranks.',
    );
    expect((await merge({ how: 'svd' }, filesOf('a'), ranked)).rank).toBe(3);
    await expect(merge({ how: 'svd', rank: 11 })).rejects.toThrow(
      /--rank: got 11, and query is a matrix of 12 by 10/,
    );
  });
});
