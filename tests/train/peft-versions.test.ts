/**
 * Adapters as PEFT 0.3 to 0.21 wrote them, pickled ones too, with and without patterns, biases and split weights:
 * each loads by what its own files say and gives the logits that its version of PEFT gives.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { floatInitializer } from '../../src/graph/tensor.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import { withSavedStarts } from '../../src/runs/adapter-start.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';
import { started } from '../support/processor-time.ts';

const ROOT = path.join(import.meta.dirname, '..', 'peft-versions');

interface Expected {
  family: string;
  inputs: Record<string, number[][]>;
  logits: number[][];
}

const folderAt = (place: string) => ({
  read: async (file: string) => {
    const found = path.join(place, file);
    return existsSync(found) ? new Uint8Array(readFileSync(found)) : undefined;
  },
});

const models = new Map<string, Promise<DeltaModel>>();
function modelOf(family: string): Promise<DeltaModel> {
  const place = path.join(ORACLES, family);
  const made = async () => {
    const loaded = await loadModel(modelFiles(place), place);
    return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
  };
  const model = models.get(family) ?? made();
  models.set(family, model);
  return model;
}

/** What a person would write to go on from the folder: no patterns, no initialization, no targets but the usual. */
function methodFor(kind: string): MethodOptions {
  const lora = { ...defaultOptions('lora'), rank: 4, alpha: 8 } as Extract<MethodOptions, { type: 'lora' }>;
  switch (kind) {
    case 'prompt':
      return { type: 'prompt', virtualTokens: 3, initialization: 'vocab' };
    case 'prefix':
      return { type: 'prefix', virtualTokens: 3, initialization: 'zero' };
    case 'ia3':
      return { type: 'ia3', targets: ['k', 'v'] };
    case 'adalora-ranks': {
      const options = { initialRank: 4, rank: 2, alpha: 8, targets: ['query', 'value', 'dense'] };
      return { ...defaultOptions('adalora'), ...options };
    }
    case 'loha-patterns':
      return { ...defaultOptions('loha'), rank: 4, alpha: 6 } as MethodOptions;
    case 'lokr-patterns':
      return { ...defaultOptions('lokr'), rank: 4, alpha: 6 } as MethodOptions;
    case 'vera':
    case 'vera-unsaved':
      return { ...defaultOptions('vera'), rank: 4, projectionKey: kind === 'vera' ? 0 : 7 } as MethodOptions;
    case 'ia3-feedforward':
      return { type: 'ia3', targets: ['k', 'v', 'o', 'ffn.out'] };
    case 'lokr-both':
      return {
        ...defaultOptions('lokr'),
        rank: 4,
        alpha: 6,
        decomposeBoth: true,
        factor: 4,
      } as MethodOptions;
    case 'lokr-whole':
      return { ...defaultOptions('lokr'), rank: 32, alpha: 6 } as MethodOptions;
    case 'layernorm':
      return defaultOptions('layernorm');
    case 'shira':
      return { ...defaultOptions('sparse'), rank: 2, targets: ['q'], maskSeed: 3 } as MethodOptions;
    case 'ptuning':
      return { ...defaultOptions('ptuning'), virtualTokens: 3 } as MethodOptions;
    case 'lora-rs-patterns':
    case 'olora-patterns':
      return { ...lora, rankStabilized: true };
    case 'dora-patterns':
      return { ...lora, dora: true, bias: 'all' };
    case 'dora':
      return { ...lora, dora: true, rankStabilized: true };
    case 'lora-bias-all':
      return { ...lora, bias: 'all' };
    case 'lora-bias-only':
      return { ...lora, bias: 'loraOnly' };
    default:
      return lora;
  }
}

const folders = readdirSync(ROOT).flatMap((version) =>
  readdirSync(path.join(ROOT, version))
    // Those of text to text have a test of their own.
    .filter((name) => !name.startsWith('t5-'))
    .map((name) => `${version}/${name}`),
);

it('there are adapters of every version', () => {
  expect(new Set(folders.map((folder) => folder.split('/')[0])).size).toBe(4);
  expect(folders.length).toBeGreaterThan(60);
});

/** PEFT 0.10 trains these biases and does not save them. */
const lost = folders.filter((folder) => /^0\.10\.0\/.*-lora-bias-only$/.test(folder));

/** What no method here computes, and what its refusal names; where that stands in its configuration the weights are not kept. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  c3a: /peft_type "C3A": no method here computes/,
  hra: /peft_type "HRA": it multiplies each weight by an orthogonal matrix/,
  oft: /peft_type "OFT": it multiplies each weight by an orthogonal matrix/,
  'trainable-tokens': /peft_type "TRAINABLE_TOKENS": it trains chosen rows of the embedding table/,
  'lora-tokens': /trainable_token_indices {"word_embeddings":\[9,30\]}, which is not read here/,
  'lora-replication': /layer_replication \[\[0,2\],\[1,2\]\], which is not read here/,
  'lora-own-bias': /lora_bias true, which is not read here/,
  'lora-pissa-niter': /init_lora_weights "pissa_niter_4", which changes the base weights/,
  'lora-embeddings': /word_embeddings\.lora_embedding_A .*which this method on this model does not train/,
  'lora-pooler': /pooler\.dense\.bias .*which this method on this model does not train/,
  ptuning: /no encoder\.safetensors, only the rows that its encoder gave; train those .* "type": "prompt"/,
};
const refused = folders.filter((folder) => folder.split('/bert-')[1] in REFUSED);

it.each(refused)('%s is refused by what it has', async (folder) => {
  await expect(load(folder)).rejects.toThrow(REFUSED[folder.split('/bert-')[1]]);
});

const taken = folders.filter((folder) => !lost.includes(folder) && !refused.includes(folder));

it.each(taken)('%s gives PEFT’s logits', async (folder) => {
  const { expected, delta, tensors } = await load(folder);
  const initializers = new Map(delta.graph.initializers);
  for (const [name, values] of tensors)
    initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, values));
  const feeds = Object.fromEntries(
    delta.graph.inputs.map(({ name }) => {
      const rows = expected.inputs[name] ?? expected.inputs['input_ids'].map((row) => row.map(() => 0));
      return [name, refTensor([rows.length, rows[0].length], rows.flat(), 'int64')];
    }),
  );
  const actual = interpretSource({ ...delta.graph, initializers }, feeds).get('logits')!.data;
  expected.logits
    .flat()
    .forEach((value, i) => expect(Math.abs(actual[i] - value), `logit ${i}`).toBeLessThan(2e-5));
});

it.each(lost)('%s lacks what it trained, and says so', async (folder) => {
  await expect(load(folder)).rejects.toThrow(/"lora_only" and has none of these biases .*newer PEFT/);
});

async function load(folder: string) {
  const place = path.join(ROOT, folder);
  const expected = JSON.parse(readFileSync(path.join(place, 'logits.json'), 'utf8')) as Expected;
  const model = await modelOf(expected.family);
  const kind = path.basename(folder).slice(expected.family.length + 1);
  const { method } = await withSavedStarts({ method: { ...methodFor(kind), init: place } }, model, folderAt);
  const { init: _init, ...options } = method;
  const delta = attachAll(model, [options], 1);
  const names = [...delta.tensors.map(({ name }) => name), ...delta.unfrozen, ...model.head];
  const dims = new Map(delta.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const trained = names.map((name) => ({ name, shape: dims.get(name) ?? model.parameters.get(name)!.dims }));
  const layout = adapterLayout(delta.parts[0], trained, model.parameters);
  const tensors = await loadAdapter(folderAt(place), folder, delta.parts[0], layout);
  return { expected, delta, tensors };
}

/** The configuration of a saved LoRA with other fields. */
async function startWith(config: Record<string, unknown>): Promise<unknown> {
  const file = path.join(ROOT, '0.21.2/bert-lora/adapter_config.json');
  const saved = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const bytes = new TextEncoder().encode(JSON.stringify({ ...saved, ...config }));
  const open = () => ({
    read: async (name: string) => (name === 'adapter_config.json' ? bytes : undefined),
  });
  return withSavedStarts({ method: { ...methodFor('lora'), init: 'saved' } }, await modelOf('bert'), open);
}

it.each([
  ['lora_bias', true],
  ['layer_replication', [[0, 1]]],
  ['loftq_config', { bits: 4 }],
  ['fan_in_fan_out', true],
  ['target_parameters', ['x']],
  ['a_field_of_next_year', 'on'],
  ['init_lora_weights', 'pissa_niter_16'],
  ['init_lora_weights', 'loftq'],
  ['init_lora_weights', 'corda'],
  ['alpha_pattern', { query: 'many' }],
  ['rank_pattern', { '(?!x)query': 2 }],
])('a saved %s of %j is refused by name', async (field, value) => {
  await expect(startWith({ [field]: value })).rejects.toThrow(field);
});

it.each(['rank_pattern', 'alpha_pattern'])(
  'a saved %s has at most 2,000 patterns, which are read in linear time whatever they are',
  async (field) => {
    const patterns = (count: number) => ({
      [field]: Object.fromEntries(Array.from({ length: count }, (_, i) => [`(.+)+x${i}!`, 2])),
    });
    await expect(startWith(patterns(2001))).rejects.toThrow(
      new RegExp(`has 2001 patterns in ${field}, and at most 2000 are read`),
    );
    // Every one of them is tried on every linear, and each goes back without end in a pattern that backtracks.
    const seconds = started();
    await expect(startWith(patterns(2000))).resolves.toMatchObject({ method: { type: 'lora' } });
    expect(seconds()).toBeLessThan(2);
  },
);

it.each([
  ['a_field_of_next_year', null],
  ['a_field_of_next_year', {}],
  ['layers_to_transform', [0, 1]],
  ['init_lora_weights', 'gaussian'],
  ['eva_config', { rho: 2 }],
])('a saved %s of %j changes nothing', async (field, value) => {
  await expect(startWith({ [field]: value })).resolves.toMatchObject({ method: { type: 'lora' } });
});

it.each(['constructor', '__proto__', 'toString', { toString: [] }, ['LORA'], 7])(
  'a saved peft_type of %j is refused as a kind that is not here',
  async (type) => {
    const model = await modelOf('bert');
    const delta = attachAll(model, [defaultOptions('prompt')], 1).parts[0];
    const bytes = new TextEncoder().encode(JSON.stringify({ peft_type: type }));
    const read = async (name: string) => (name === 'adapter_config.json' ? bytes : undefined);
    await expect(loadAdapter({ read }, 'saved', delta, [])).rejects.toThrow(
      /^saved\/adapter_config\.json has peft_type .*: no method here computes what it does/,
    );
  },
);

it('goes beside the linears that the adapter went beside, unless the spec names others', async () => {
  const place = path.join(ROOT, '0.21.2/bert-lora-excluded');
  const start = async (options: Partial<Extract<MethodOptions, { type: 'lora' }>>) => {
    const method = { ...methodFor('lora'), ...options, init: place } as MethodOptions & { init: string };
    const started = await withSavedStarts({ method }, await modelOf('bert'), folderAt);
    return (started.method as unknown as { targets: string[] }).targets;
  };
  expect(await start({})).toEqual(['v', 'encoder.1.self.q']);
  expect(await start({ targets: ['k'] })).toEqual(['k']);
});

it('a multitask prompt with a part before the decoder’s text is refused', async () => {
  const model = await modelOf('bert');
  const delta = attachAll(model, [defaultOptions('multitaskPrompt')], 1).parts[0];
  const config = {
    peft_type: 'MULTITASK_PROMPT_TUNING',
    num_virtual_tokens: 20,
    num_transformer_submodules: 2,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  const read = async (name: string) => (name === 'adapter_config.json' ? bytes : undefined);
  await expect(loadAdapter({ read }, 'saved', delta, [])).rejects.toThrow(
    /num_transformer_submodules 2: PEFT trains .* before the decoder's text .* start from one/,
  );
});

it('a table of triplets that does not fit the file is refused by name', async () => {
  const place = path.join(ROOT, '0.21.2/bert-adalora-ranks');
  const delta = attachAll(await modelOf('bert'), [methodFor('adalora-ranks')], 1).parts[0];
  const layout = adapterLayout(
    delta,
    delta.tensors.map(({ name, dims }) => ({ name, shape: dims })),
    new Map(),
  );
  const loadWith = (pattern: unknown) => {
    const config = JSON.parse(readFileSync(path.join(place, 'adapter_config.json'), 'utf8')) as object;
    const bytes = new TextEncoder().encode(JSON.stringify({ ...config, rank_pattern: pattern }));
    const read = async (name: string) =>
      name === 'adapter_config.json' ? bytes : folderAt(place).read(name);
    return loadAdapter({ read }, 'saved', delta, layout);
  };
  const module = 'bert.encoder.layer.0.attention.self.query';
  await expect(loadWith([true])).rejects.toThrow(/rank_pattern that is no table/);
  await expect(loadWith({ [`${module}.lora_E`]: 2 })).rejects.toThrow(/no list of true and false/);
  await expect(loadWith({ [`${module}s.lora_E`]: [true] })).rejects.toThrow(/has no tensor .*querys\.lora_A/);
  await expect(loadWith({ [`${module}.lora_E`]: [true, false, false, false] })).rejects.toThrow(
    /query\.lora_A of shape \[3, \d+\] where its rank_pattern leaves 1 of 4 triplets/,
  );
});
