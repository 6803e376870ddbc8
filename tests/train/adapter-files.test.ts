/** Adapter folders: our names are PEFT's, what we write we read back, and what does not fit is named. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Delta, DeltaTensor } from '../../src/deltas/delta.ts';
import type { ExportTask } from '../../src/models/classify.ts';
import { StudioError } from '../../src/errors.ts';
import type { Parameter, SourceGraph } from '../../src/graph/source.ts';
import { floatInitializer, floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/onnx/safetensors.ts';
import { adapterLayout, type AdapterTensor } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import { type SavedFile } from '../../src/runs/adapter-names.ts';
import { saveAdapter } from '../../src/runs/adapter-save.ts';
import { sharedFolder } from '../support/shared.ts';

const graph: SourceGraph = {
  name: 'test',
  opset: 18,
  nodes: [],
  initializers: new Map(),
  inputs: [],
  outputs: [],
};
const HIDDEN = 32;

/** The head as torchscript exports it: a Gemm over the weight as Hugging Face stores it. */
const parameters = new Map<string, Parameter>(
  [
    { name: 'classifier.weight', dims: [2, HIDDEN], transposed: false },
    { name: 'classifier.bias', dims: [2], transposed: false },
    { name: 'bert.pooler.dense.weight', dims: [HIDDEN, HIDDEN], transposed: true },
  ].map((parameter) => [parameter.name, { ...parameter, originalName: parameter.name }]),
);

function loraDelta(rank = 8, alpha = 16): Delta {
  const tensors = [0, 1].flatMap((layer) =>
    ['query', 'value'].flatMap((part): DeltaTensor[] => {
      const module = `bert.encoder.layer.${layer}.attention.self.${part}`;
      const tensor = (side: 'lora_A' | 'lora_B', dims: number[]): DeltaTensor => ({
        name: `delta.lora.${module}.${side}`,
        dims,
        data: new Float32Array(dims[0] * dims[1]),
        file: { name: `base_model.model.${module}.${side}.weight`, transposed: true },
      });
      return [tensor('lora_A', [HIDDEN, rank]), tensor('lora_B', [rank, HIDDEN])];
    }),
  );
  const peftConfig = {
    peft_type: 'LORA',
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    use_rslora: false,
    use_dora: false,
    bias: 'none',
    target_modules: ['query', 'value'],
  };
  return {
    type: 'lora',
    graph,
    tensors,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: new Map(),
    peftConfig,
  };
}

function promptDelta(rows = 10): Delta {
  return {
    type: 'prompt',
    graph,
    tensors: [
      {
        name: 'delta.prompt.embeddings',
        dims: [rows, HIDDEN],
        data: new Float32Array(rows * HIDDEN),
        file: { name: 'prompt_embeddings', transposed: false },
      },
    ],
    unfrozen: [],
    virtualTokens: rows,
    filePrefix: 'base_model.',
    moved: new Map(),
    peftConfig: { peft_type: 'PROMPT_TUNING', num_virtual_tokens: rows, token_dim: HIDDEN },
  };
}

const plainDelta = (type: 'full' | 'head'): Delta => ({
  type,
  graph,
  tensors: [],
  unfrozen: [],
  virtualTokens: 0,
  filePrefix: '',
  moved: new Map(),
  peftConfig: null,
});

function layoutOf(delta: Delta, names: string[] = ['classifier.weight', 'classifier.bias']): AdapterTensor[] {
  const trained = [
    ...delta.tensors.map(({ name, dims }) => ({ name, shape: dims })),
    ...names.map((name) => ({ name, shape: parameters.get(name)!.dims })),
  ];
  return adapterLayout(delta, trained, parameters);
}

/** Every element its own value, so that a wrong transpose shows. */
function valuesFor(layout: readonly AdapterTensor[]): Map<string, Float32Array> {
  let next = 0;
  return new Map(
    layout.map(({ name, dims }) => [
      name,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => ++next / 64),
    ]),
  );
}

const memory = (files: readonly SavedFile[]) => ({
  read: async (name: string) => files.find((file) => file.name === name)?.bytes,
});

const weightsOf = (files: readonly SavedFile[]) =>
  readSafetensors(files.find(({ name }) => name.endsWith('.safetensors'))!.bytes).tensors;

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StudioError);
  expect((error as StudioError).code).toBe('adapter-file');
  return (error as StudioError).message;
}

describe('saved adapters', () => {
  it('of LoRA have PEFT’s names, shapes and transposes', () => {
    const delta = loraDelta();
    const layout = layoutOf(delta);
    const values = valuesFor(layout);
    const files = saveAdapter(delta, layout, values);
    expect(files.map(({ name }) => name)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    const tensors = weightsOf(files);
    const name = 'bert.encoder.layer.1.attention.self.value.lora_A';
    const stored = tensors.get(`base_model.model.${name}.weight`)!;
    expect(stored.dims).toEqual([8, HIDDEN]);
    const ours = values.get(`delta.lora.${name}`)!;
    expect(floatsOf(stored)[3 * HIDDEN + 5]).toBe(ours[5 * 8 + 3]);
    expect(tensors.get('base_model.model.classifier.weight')?.dims).toEqual([2, HIDDEN]);
    expect([...tensors.keys()].some((key) => key.includes('modules_to_save'))).toBe(false);
  });

  it('say what PEFT shall wrap', () => {
    const delta = loraDelta();
    const layout = layoutOf(delta);
    const config = (task?: ExportTask) => {
      const [file] = saveAdapter(delta, layout, valuesFor(layout), { task });
      return JSON.parse(new TextDecoder().decode(file.bytes)) as Record<string, unknown>;
    };
    expect(config()).toMatchObject({ task_type: 'SEQ_CLS', modules_to_save: ['classifier', 'score'] });
    expect(config('text2text')).toMatchObject({ peft_type: 'LORA', task_type: 'SEQ_2_SEQ_LM' });
    expect(config('text2text')).not.toHaveProperty('modules_to_save');
    expect(config('maskedLm')).toMatchObject({ task_type: 'FEATURE_EXTRACTION' });
  });

  it('of a prompt have a head with one `model.` fewer', () => {
    const delta = promptDelta();
    const tensors = weightsOf(saveAdapter(delta, layoutOf(delta), valuesFor(layoutOf(delta))));
    expect([...tensors.keys()].sort()).toEqual([
      'base_model.classifier.bias',
      'base_model.classifier.weight',
      'prompt_embeddings',
    ]);
  });

  it('of full and head are the model’s own names, linear weights as [out, in]', () => {
    const delta = plainDelta('full');
    const layout = layoutOf(delta, [...parameters.keys()]);
    const values = valuesFor(layout);
    const files = saveAdapter(delta, layout, values);
    expect(files.map(({ name }) => name)).toEqual(['model.safetensors']);
    const tensors = weightsOf(files);
    expect([...tensors.keys()].sort()).toEqual([...parameters.keys()].sort());
    const pooler = floatsOf(tensors.get('bert.pooler.dense.weight')!);
    expect(pooler[7 * HIDDEN + 2]).toBe(values.get('bert.pooler.dense.weight')![2 * HIDDEN + 7]);
  });

  it('are read back to the same tensors', async () => {
    for (const delta of [loraDelta(), promptDelta(), plainDelta('head')]) {
      const layout = layoutOf(delta);
      const values = valuesFor(layout);
      const files = saveAdapter(delta, layout, values, { base: { hash: 'abc', source: 'x' } });
      expect(await loadAdapter(memory(files), 'saved', delta, layout)).toEqual(values);
    }
  });

  it('of a head start full fine-tuning', async () => {
    const head = plainDelta('head');
    const values = valuesFor(layoutOf(head));
    const files = saveAdapter(head, layoutOf(head), values);
    const full = plainDelta('full');
    const layout = layoutOf(full, [...parameters.keys()]);
    expect(await loadAdapter(memory(files), 'saved', full, layout)).toEqual(values);
  });
});

describe('adapters that do not fit', () => {
  const delta = loraDelta();
  const layout = layoutOf(delta);
  const files = saveAdapter(delta, layout, valuesFor(layout));
  const edited = (edit: (tensors: Map<string, ReturnType<typeof floatInitializer>>) => void): SavedFile[] => {
    const tensors = new Map(weightsOf(files));
    edit(tensors);
    return [files[0], { name: files[1].name, bytes: writeSafetensors(tensors.values()) }];
  };
  const bias = 'base_model.model.classifier.bias';

  it('for a missing tensor', async () => {
    const message = await refusalOf(
      loadAdapter(memory(edited((t) => t.delete(bias))), 'runs/a', delta, layout),
    );
    expect(message).toMatch(
      /^runs\/a\/adapter_model\.safetensors has no tensor base_model\.model\.classifier\.bias;/,
    );
  });

  it('for a tensor too many', async () => {
    const extra = floatInitializer('base_model.model.bert.pooler.dense.bias', [1], Float32Array.of(1));
    const message = await refusalOf(
      loadAdapter(memory(edited((t) => t.set(extra.name, extra))), 'runs/a', delta, layout),
    );
    expect(message).toMatch(/has the tensor base_model\.model\.bert\.pooler\.dense\.bias, which this method/);
  });

  it('for another shape', async () => {
    const three = floatInitializer(bias, [3], Float32Array.of(1, 2, 3));
    const message = await refusalOf(
      loadAdapter(memory(edited((t) => t.set(bias, three))), 'runs/a', delta, layout),
    );
    expect(message).toMatch(/has base_model\.model\.classifier\.bias of shape \[3\] where \[2\] is needed/);
  });

  it('for a value that is not finite', async () => {
    const broken = floatInitializer(bias, [2], Float32Array.of(1, NaN));
    const message = await refusalOf(
      loadAdapter(memory(edited((t) => t.set(bias, broken))), 'runs/a', delta, layout),
    );
    expect(message).toMatch(/has NaN in base_model\.model\.classifier\.bias/);
  });

  it('for another rank, alpha, method or token count', async () => {
    const load = (other: Delta) => refusalOf(loadAdapter(memory(files), 'runs/a', other, layoutOf(other)));
    expect(await load(loraDelta(4))).toMatch(/has r 8 where method\.rank is 4/);
    expect(await load(loraDelta(8, 32))).toMatch(/has lora_alpha 16 where method\.alpha is 32/);
    expect(await load(promptDelta())).toMatch(/has peft_type "LORA" where method\.type is "PROMPT_TUNING"/);
    expect(await load(plainDelta('head'))).toMatch(
      /is that of a PEFT adapter \(peft_type "LORA"\), and "head" is kept as a delta of this studio/,
    );
    const prompt = promptDelta(10);
    const saved = saveAdapter(prompt, layoutOf(prompt), valuesFor(layoutOf(prompt)));
    const other = promptDelta(5);
    expect(await refusalOf(loadAdapter(memory(saved), 'runs/b', other, layoutOf(other)))).toMatch(
      /has num_virtual_tokens 10 where method\.virtualTokens is 5/,
    );
  });

  it('for a field that is left out where PEFT takes another value than the method has', async () => {
    const without = (saved: SavedFile[], ...fields: string[]): SavedFile[] => {
      const config = JSON.parse(new TextDecoder().decode(saved[0].bytes)) as Record<string, unknown>;
      const kept = Object.entries(config).filter(([name]) => !fields.includes(name));
      const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(kept)));
      return [{ name: saved[0].name, bytes }, saved[1]];
    };
    const old = without(files, 'lora_alpha', 'use_rslora', 'use_dora', 'bias', 'r');
    const load = (other: Delta) => loadAdapter(memory(old), 'runs/a', other, layoutOf(other));
    expect(await refusalOf(load(delta))).toMatch(
      /has no lora_alpha, which PEFT takes for 8, where method\.alpha is 16/,
    );
    const stabilized = loraDelta(8, 8);
    Object.assign(stabilized.peftConfig!, { use_rslora: true });
    expect(await refusalOf(load(stabilized))).toMatch(
      /has no use_rslora, which PEFT takes for false, where method\.rankStabilized is true/,
    );
    expect([...(await load(loraDelta(8, 8))).keys()]).toEqual(layout.map(({ name }) => name));
  });

  it('for files that are missing or damaged', async () => {
    const load = (given: SavedFile[]) => refusalOf(loadAdapter(memory(given), 'runs/a', delta, layout));
    expect(await load([])).toMatch(/^method\.init: runs\/a has no adapter_config\.json/);
    expect(await load([files[0]])).toMatch(/^method\.init: runs\/a has no adapter_model\.safetensors/);
    expect(await load([{ name: files[0].name, bytes: new TextEncoder().encode('{') }, files[1]])).toMatch(
      /adapter_config\.json is not valid JSON/,
    );
    expect(await load([files[0], { name: files[1].name, bytes: files[1].bytes.slice(0, 100) }])).toMatch(
      /adapter_model\.safetensors is not a whole safetensors file/,
    );
  });
});

describe.skipIf(!existsSync(path.join(sharedFolder, 'models/peft-adapters')))(
  'adapters that PEFT wrote',
  () => {
    const folder = (name: string) => ({
      read: async (file: string) => {
        const place = path.join(sharedFolder, 'models/peft-adapters', name, file);
        return existsSync(place) ? new Uint8Array(readFileSync(place)) : undefined;
      },
    });

    it.each([
      ['lora_bert', loraDelta()],
      ['prompt_bert', promptDelta()],
    ])('%s is read, and written again to the same tensors', async (name, delta) => {
      const layout = layoutOf(delta);
      const tensors = await loadAdapter(folder(name), name, delta, layout);
      const again = weightsOf(saveAdapter(delta, layout, tensors));
      const bytes = await folder(name).read('adapter_model.safetensors');
      const original = readSafetensors(bytes!).tensors;
      expect([...again.keys()].sort()).toEqual([...original.keys()].sort());
      for (const [key, tensor] of original) {
        expect(again.get(key)!.dims).toEqual(tensor.dims);
        expect(floatsOf(again.get(key)!)).toEqual(floatsOf(tensor));
      }
    });

    it('of other methods are refused by name', async () => {
      const delta = loraDelta();
      const load = (name: string) => refusalOf(loadAdapter(folder(name), name, delta, layoutOf(delta)));
      expect(await load('dora_bert')).toMatch(/has use_rslora true where method\.rankStabilized is false/);
      expect(await load('ia3_bert')).toMatch(/has peft_type "IA3" where method\.type is "LORA"/);
      expect(await load('lora_bert_bias')).toMatch(/has bias "all" where method\.bias is "none"/);
    });

    it('with biases have their duplicates of the head passed over', async () => {
      const delta = loraDelta();
      const layout = layoutOf(delta);
      const original = folder('lora_bert_bias');
      const config = JSON.parse(
        new TextDecoder().decode(await original.read('adapter_config.json')),
      ) as Record<string, unknown>;
      const relabelled = {
        read: async (file: string) =>
          file === 'adapter_config.json'
            ? new TextEncoder().encode(JSON.stringify({ ...config, bias: 'none' }))
            : original.read(file),
      };
      // The 18 biases themselves are left over; of the head's duplicates there is no word.
      const message = await refusalOf(loadAdapter(relabelled, 'x', delta, layout));
      expect(message).toMatch(/has the tensor base_model\.model\.bert\.\S*bias \(and 17 more\)/);
    });
  },
);
