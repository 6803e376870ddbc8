/**
 * Adapter folders that PEFT wrote: those of the committed fixtures load with the method's options and give
 * PEFT's logits; those of the shared folder (skipped without it) load where the method is here, and are refused
 * by name where it is not.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { bake } from '../../src/deltas/bake.ts';
import { attachAll, type Composition } from '../../src/deltas/compose.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { StudioError } from '../../src/errors.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { floatInitializer } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { methodOf, ORACLES, oracleCases } from '../support/oracle.ts';
import { sharedFolder } from '../support/shared.ts';

const folderAt = (place: string) => ({
  read: async (file: string) => {
    const found = path.join(place, file);
    return existsSync(found) ? new Uint8Array(readFileSync(found)) : undefined;
  },
});

/** Loads a folder for a method as a finished run does: encoders give way to their rows. */
async function load(model: DeltaModel, method: MethodOptions, place: string) {
  const { delta } = bake(attachAll(model, [method], 1), new Map());
  const head = model.head.map((name) => ({ name, shape: model.parameters.get(name)!.dims }));
  const own = delta.tensors.map(({ name, dims }) => ({ name, shape: dims }));
  const unfrozen = delta.unfrozen.map((name) => ({ name, shape: model.parameters.get(name)!.dims }));
  const layout = adapterLayout(delta.parts[0], [...own, ...unfrozen, ...head], model.parameters);
  const tensors = await loadAdapter(folderAt(place), path.basename(place), delta.parts[0], layout);
  expect(tensors.size).toBe(layout.length);
  return { delta, tensors };
}

function logits(
  { graph }: Composition,
  tensors: ReadonlyMap<string, Float32Array>,
  inputs: Readonly<Record<string, number[][]>>,
): number[] {
  const initializers = new Map(graph.initializers);
  for (const [name, values] of tensors)
    initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, values));
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name }) => {
      const rows = inputs[name];
      return [name, refTensor([rows.length, rows[0].length], rows.flat(), 'int64')];
    }),
  );
  return [...interpretSource({ ...graph, initializers }, feeds).get('logits')!.data];
}

/** Saved untrained: what starts at identity leaves the model as it is, virtual tokens do not. */
function expectUntrained(
  model: DeltaModel,
  delta: Composition,
  tensors: ReadonlyMap<string, Float32Array>,
  inputs: Readonly<Record<string, number[][]>>,
): void {
  const after = logits(delta, tensors, inputs);
  const before = logits({ ...delta, graph: model.graph }, new Map(), inputs);
  expect(after.every(Number.isFinite)).toBe(true);
  const moved = Math.max(...after.map((value, i) => Math.abs(value - before[i])));
  if (delta.virtualTokens === 0) expect(moved).toBeLessThan(1e-5);
  else expect(moved).toBeGreaterThan(1e-4);
}

async function fixtureModel(family: string): Promise<DeltaModel> {
  const folder = path.join(ORACLES, family);
  const loaded = await loadModel(modelFiles(folder), folder);
  return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
}

describe.each(['bert', 'albert'])('PEFT’s folders for %s', (family) => {
  const cases = oracleCases(family).filter(
    ({ reference, case: name, tensors }) =>
      reference === 'peft' && tensors.initial && !/partial|all-linear|ptuning|projection|plus/.test(name),
  );
  it.each(cases.map((oracle) => [oracle.case, oracle] as const))(
    '%s gives PEFT’s logits',
    async (_name, oracle) => {
      const model = await fixtureModel(family);
      const place = path.join(ORACLES, family, oracle.tensors.initial!);
      const { delta, tensors } = await load(model, methodOf(oracle), place);
      const actual = logits(delta, tensors, oracle.batches[0] as unknown as Record<string, number[][]>);
      oracle.logits.initial[0]
        .flat()
        .forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(1e-4));
    },
  );
});

const shared = path.join(sharedFolder, 'models');
const base = path.join(shared, 'exported-opset18/bert_sc_sdpa');
const t5Base = path.join(shared, 'exported-opset18/t5_text2text-generation');

describe.skipIf(!existsSync(path.join(shared, 'peft-adapters')) || !existsSync(base))(
  'the shared folders',
  () => {
    const lora = { ...defaultOptions('lora'), rank: 8, alpha: 16 } as Extract<
      MethodOptions,
      { type: 'lora' }
    >;
    const supported: [string, MethodOptions][] = [
      ['lora_bert', lora],
      ['lora_bert_bias', { ...lora, bias: 'all' }],
      ['dora_bert', { ...lora, dora: true, rankStabilized: true }],
      ['pissa_bert', { ...lora, rank: 4, alpha: 4, initialization: 'pissa' }],
      ['vera_bert', { ...defaultOptions('vera'), rank: 16 } as MethodOptions],
      ['adalora_bert', defaultOptions('adalora')],
      ['loha_bert', defaultOptions('loha')],
      ['lokr_bert', defaultOptions('lokr')],
      ['ia3_bert', { type: 'ia3', targets: ['k', 'v', 'o', 'ffn.out'] }],
      ['ln_bert', { type: 'layernorm' }],
      ['prefix_bert', { type: 'prefix', virtualTokens: 5, initialization: 'zero' }],
      ['prefix_bert_proj', { type: 'prefix', virtualTokens: 5, initialization: 'zero', projection: true }],
      ['prefix_bert_proj', { type: 'prefix', virtualTokens: 5, initialization: 'zero' }],
      ['prompt_bert', { type: 'prompt', virtualTokens: 10, initialization: 'vocab' }],
      ['ptuning_bert', { ...defaultOptions('ptuning'), virtualTokens: 5 } as MethodOptions],
      ['ptuning_bert', { type: 'prompt', virtualTokens: 5, initialization: 'vocab' }],
    ];

    async function sharedModel(): Promise<DeltaModel> {
      const loaded = await loadModel(modelFiles(base), base);
      return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: ['a', 'b'], seed: 3 }));
    }

    // These were saved untrained: what starts at identity leaves the model they were made on as it is.
    it.each(supported)('%s loads and leaves the logits as it should', async (name, method) => {
      const model = await sharedModel();
      const { delta, tensors } = await load(model, method, path.join(shared, 'peft-adapters', name));
      const inputs = {
        input_ids: [[2, 30, 60, 21, 3]],
        attention_mask: [[1, 1, 1, 1, 1]],
        token_type_ids: [[0, 0, 0, 0, 0]],
      };
      expectUntrained(model, delta, tensors, inputs);
    });

    const seq2seq: [string, MethodOptions][] = [
      ['lora_t5', lora],
      [
        'adalora_t5',
        { ...defaultOptions('adalora'), targets: ['q', 'k', 'v', 'o', 'ffn.in', 'ffn.out'] } as MethodOptions,
      ],
      ['ia3_t5', { type: 'ia3', targets: ['k', 'v', 'ffn.out'] }],
      ['ln_t5', { type: 'layernorm' }],
      ['prefix_t5', { type: 'prefix', virtualTokens: 5, initialization: 'zero' }],
      ['prompt_t5', { type: 'prompt', virtualTokens: 10, initialization: 'vocab' }],
      ['ptuning_t5', { ...defaultOptions('ptuning'), virtualTokens: 5 } as MethodOptions],
      ['ptuning_t5', { type: 'prompt', virtualTokens: 5, initialization: 'vocab' }],
    ];
    it.skipIf(!existsSync(t5Base)).each(seq2seq)('%s loads on a T5', async (name, method) => {
      const model = deltaModelOf(await loadModel(modelFiles(t5Base), t5Base));
      const { delta, tensors } = await load(model, method, path.join(shared, 'peft-adapters', name));
      const inputs = {
        input_ids: [[2, 30, 60, 21, 1]],
        attention_mask: [[1, 1, 1, 1, 1]],
        decoder_input_ids: [[0, 7, 9]],
      };
      expectUntrained(model, delta, tensors, inputs);
    });

    it.each([
      ['boft_bert', /multiplies each weight by an orthogonal matrix/],
      ['fourierft_bert', /coefficients of each weight's change/],
      ['hra_bert', /multiplies each weight/],
      ['miss_bert', /one small block of numbers/],
      ['oft_bert', /multiplies each weight/],
      ['tt_bert', /rows of the embedding table/],
      ['vblora_bert', /bank of vectors/],
      ['waveftconfig_bert', /coefficients/],
    ])('%s is refused by what it computes, with what to do', async (name, reason) => {
      const model = await sharedModel();
      const refusal: unknown = await load(model, lora, path.join(shared, 'peft-adapters', name)).catch(
        (error: unknown) => error,
      );
      expect((refusal as StudioError).message).toMatch(reason);
      expect((refusal as StudioError).message).toMatch(/merge_and_unload.*tune the exported model/);
      expect((refusal as StudioError).message.length).toBeLessThan(400);
    });

    it.each([
      ['adalora_bert', 'ADALORA'],
      ['boft_bert', 'BOFT'],
      ['fourierft_bert', 'FOURIERFT'],
      ['hra_bert', 'HRA'],
      ['loha_bert', 'LOHA'],
      ['lokr_bert', 'LOKR'],
      ['miss_bert', 'MISS'],
      ['oft_bert', 'OFT'],
      ['tt_bert', 'TRAINABLE_TOKENS'],
      ['vblora_bert', 'VBLORA'],
      ['vera_bert', 'VERA'],
      ['waveftconfig_bert', 'WAVEFT'],
    ])('%s is refused by name', async (name, type) => {
      const model = await sharedModel();
      const place = path.join(shared, 'peft-adapters', name);
      for (const method of [lora, { type: 'head' } as const]) {
        const refusal: unknown = await load(model, method, place).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(StudioError);
        expect((refusal as StudioError).message).toContain(`"${type}"`);
      }
    });

    it('without their encoder cannot train it on, and say what can be trained', async () => {
      const model = await sharedModel();
      const method: MethodOptions = { ...defaultOptions('ptuning'), virtualTokens: 5 } as MethodOptions;
      const delta = attachAll(model, [method], 1).parts[0];
      const trained = delta.tensors.map(({ name, dims }) => ({ name, shape: dims }));
      const layout = adapterLayout(delta, trained, model.parameters);
      const folder = folderAt(path.join(shared, 'peft-adapters/ptuning_bert'));
      await expect(loadAdapter(folder, 'ptuning_bert', delta, layout)).rejects.toThrow(
        /ptuning_bert has no encoder\.safetensors, only the rows .* train those directly with "type": "prompt"/,
      );
    });
  },
);
