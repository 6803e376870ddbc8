/**
 * Adapters of text to text as PEFT 0.21 writes them: each loads by what its own files say and gives the logits that
 * PEFT gives, or is refused by the field that says what is not computed here.
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
import { loadModel } from '../../src/models/load.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import { withSavedStarts } from '../../src/runs/adapter-start.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';

const ROOT = path.join(import.meta.dirname, '..', 'peft-versions', '0.21.2');
const folders = readdirSync(ROOT).filter((name) => name.startsWith('t5-'));

interface Expected {
  family: string;
  inputs: Record<string, number[][]>;
  logits: number[][][];
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
  const model = models.get(family) ?? loadModel(modelFiles(place), place).then((one) => deltaModelOf(one));
  models.set(family, model);
  return model;
}

/** What a person would write to go on from the folder. */
function methodFor(kind: string): MethodOptions {
  const lora = { ...defaultOptions('lora'), rank: 4, alpha: 8 } as Extract<MethodOptions, { type: 'lora' }>;
  switch (kind) {
    case 'prompt':
      return { type: 'prompt', virtualTokens: 3, initialization: 'vocab' };
    case 'prefix':
      return { type: 'prefix', virtualTokens: 3, initialization: 'zero' };
    case 'ia3-feedforward':
      return { type: 'ia3', targets: ['k', 'v', 'ffn.out'] };
    case 'adalora-ranks':
      return { ...defaultOptions('adalora'), initialRank: 4, rank: 2, alpha: 8 } as MethodOptions;
    case 'loha-patterns':
      return { ...defaultOptions('loha'), rank: 4, alpha: 6 } as MethodOptions;
    case 'lokr-patterns':
      return { ...defaultOptions('lokr'), rank: 4, alpha: 6 } as MethodOptions;
    case 'vera':
      return { ...defaultOptions('vera'), rank: 4, projectionKey: 0, targets: ['q'] } as MethodOptions;
    case 'layernorm':
      return defaultOptions('layernorm');
    case 'lora-rs-patterns':
      return { ...lora, rankStabilized: true };
    case 'lora-bias-all':
      return { ...lora, bias: 'all' };
    case 'dora':
      return { ...lora, dora: true };
    default:
      return lora;
  }
}

const kindOf = (folder: string): string => folder.replace(/^t5-(gated-)?/, '');

const REFUSED: Readonly<Record<string, RegExp>> = {
  'lora-saved': /lm_head\.weight, which this method on this model does not train/,
  'lora-tokens': /trainable_token_indices \[9,30\], which is not read here/,
};

async function load(folder: string) {
  const place = path.join(ROOT, folder);
  const expected = JSON.parse(readFileSync(path.join(place, 'logits.json'), 'utf8')) as Expected;
  const model = await modelOf(expected.family);
  const method = { ...methodFor(kindOf(folder)), init: place };
  const { init: _init, ...options } = (await withSavedStarts({ method }, model, folderAt)).method;
  const delta = attachAll(model, [options], 1);
  const names = [...delta.tensors.map(({ name }) => name), ...delta.unfrozen, ...model.head];
  const dims = new Map(delta.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const trained = names.map((name) => ({ name, shape: dims.get(name) ?? model.parameters.get(name)!.dims }));
  const layout = adapterLayout(delta.parts[0], trained, model.parameters);
  const tensors = await loadAdapter(folderAt(place), folder, delta.parts[0], layout);
  return { expected, delta, tensors };
}

it('there are some of every kind, on both models', () => {
  expect(folders.length).toBeGreaterThan(30);
});

it.each(folders.filter((folder) => kindOf(folder) in REFUSED))(
  '%s is refused by what it has',
  async (folder) => {
    await expect(load(folder)).rejects.toThrow(REFUSED[kindOf(folder)]);
  },
);

it.each(folders.filter((folder) => !(kindOf(folder) in REFUSED)))(
  '%s gives PEFT’s logits',
  async (folder) => {
    const { expected, delta, tensors } = await load(folder);
    const initializers = new Map(delta.graph.initializers);
    for (const [name, values] of tensors)
      initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, values));
    const feeds = Object.fromEntries(
      delta.graph.inputs.map(({ name }) => {
        const rows = expected.inputs[name];
        return [name, refTensor([rows.length, rows[0].length], rows.flat(), 'int64')];
      }),
    );
    const actual = interpretSource({ ...delta.graph, initializers }, feeds).get('logits')!.data;
    const wanted = expected.logits.flat(2);
    expect(actual.length).toBe(wanted.length);
    const difference = Math.max(...wanted.map((value, i) => Math.abs(actual[i] - value)));
    expect(difference).toBeLessThan(2e-5);
  },
);
