/** Model files, through what loading does and what `inspect` and the plan look for in the graph. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, StringStringEntryProtoSchema, TensorProto_DataLocation } from 'onnx-buf';
import { filesFromMemory } from '../../../src/models/files.ts';
import { inspectModel } from '../../../src/models/inspect.ts';
import { loadModel } from '../../../src/models/load.ts';
import { readSafetensors, writeSafetensors } from '../../../src/onnx/safetensors.ts';
import { floatInitializer } from '../../../src/graph/tensor.ts';
import { deltaModelOf } from '../../../src/train/delta-model.ts';
import { summarizeModel } from '../../../src/worker/summaries.ts';
import { tokenizerOf } from '../../../src/train/prepare.ts';
import type { Files, Reader } from '../reader.ts';

/** Models of one narrow layer: an input imports a whole model, so that its nodes decide how long it takes. */
const SEEDS = path.join(import.meta.dirname, '../seeds');

/** @returns these files of a seed */
const seed = (family: string, ...names: string[]): Files =>
  Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(path.join(SEEDS, family, name)))]),
  );

/** Loads, sums up, and finds the roles that methods attach to. */
async function load(files: Files): Promise<void> {
  const model = await loadModel(filesFromMemory(files), 'the model');
  summarizeModel(model);
  const { roles } = deltaModelOf(model);
  inspectModel(model, roles);
}

const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'fine', 'film', '##s', 'day'];

const single = (family: string): Files => seed(family, 'model.onnx', 'config.json');

/** The model whose config and vocabulary are mutated. */
const whole = seed('bert', 'model.onnx');

/** The same model with its weights in a file beside it. */
function withExternal({ 'model.onnx': bytes, ...others }: Files): Files {
  const proto = fromBinary(ModelProtoSchema, bytes);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of proto.graph?.initializer ?? []) {
    const { length } = tensor.rawData;
    if (length < 64) continue;
    const entries = { location: 'model.onnx_data', offset: String(offset), length: String(length) };
    tensor.externalData = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    parts.push(tensor.rawData);
    tensor.rawData = new Uint8Array();
    offset += length;
  }
  const data = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { ...others, 'model.onnx': toBinary(ModelProtoSchema, proto), 'model.onnx_data': data };
}

export const MODELS: readonly Reader[] = [
  {
    name: 'onnx',
    // Of two exporters; the features have no head.
    seeds: () => ['bert', 'distilbert', 'roberta', 'electra', 'bert-features'].map(single),
    read: load,
  },
  {
    name: 'onnx-pair',
    seeds: (): Files[] => [
      seed('t5', 'encoder_model.onnx', 'decoder_model.onnx', 'config.json'),
      seed('t5-merged', 'encoder_model.onnx', 'decoder_model_merged.onnx', 'config.json'),
    ],
    read: load,
  },
  {
    name: 'external',
    seeds: () => [withExternal(single('bert')), withExternal(single('roberta'))],
    read: load,
  },
  {
    // The model stays whole: its config and vocabulary alone are mutated.
    name: 'config',
    seeds: () =>
      ['bert', 'roberta'].map((family) => ({
        ...seed(family, 'config.json'),
        'tokenizer_config.json': new TextEncoder().encode('{"do_lower_case":true,"mask_token":"[MASK]"}'),
        'vocab.txt': new TextEncoder().encode(`${VOCABULARY.join('\n')}\n`),
      })),
    read: async (files) => {
      const model = await loadModel(filesFromMemory({ ...files, ...whole }), 'the model');
      summarizeModel(model);
      inspectModel(model, deltaModelOf(model).roles);
      tokenizerOf(model).encode('a fine film', 'a day', 16);
    },
  },
  {
    name: 'safetensors',
    seeds: () => {
      const values = (dims: number[]) =>
        Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => i);
      const tensors = [
        ['a', [2, 3]],
        ['b.weight', [4]],
        ['c', [1, 1, 5]],
      ] as const;
      const all = tensors.map(([name, dims]) => floatInitializer(name, [...dims], values([...dims])));
      return [
        { 'x.safetensors': writeSafetensors(all, { format: 'pt' }) },
        { 'x.safetensors': writeSafetensors([]) },
      ];
    },
    read: (files) => readSafetensors(Object.values(files)[0], 'x.safetensors'),
  },
];
