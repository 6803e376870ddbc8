/** Encoder and decoder files joined to one model: names, numbers, and what cannot be joined. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { floatsOf, transposed } from '../../src/graph/tensor.ts';
import { verifyProgram } from '../../src/graph/verify.ts';
import { filesFromMemory } from '../../src/models/files.ts';
import { loadModel } from '../../src/models/load.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { difference, runProgram, type Model } from '../support/compiled.ts';
import { graph, node, weight } from '../support/graphs.ts';
import { runOrt } from '../support/ort.ts';
import { readShared, sharedEncoderDecoders } from '../support/shared.ts';
import { writeModel } from '../../src/onnx/write.ts';

const BATCH = 2;

/** Texts and targets of any length; the second text is padded from its fifth token on. */
function inputsOf(length: number, targetLength: number): Record<string, Int32Array> {
  const at = (width: number, value: (row: number, token: number) => number): Int32Array =>
    Int32Array.from({ length: BATCH * width }, (_, i) => value(Math.floor(i / width), i % width));
  const real = (row: number, token: number): boolean => row === 0 || token < 5;
  return {
    input_ids: at(length, (row, token) => (real(row, token) ? 5 + ((17 * token + 31 * row) % 90) : 0)),
    attention_mask: at(length, (row, token) => (real(row, token) ? 1 : 0)),
    decoder_input_ids: at(targetLength, (row, token) =>
      token === 0 ? 0 : 3 + ((7 * token + 13 * row) % 90),
    ),
  };
}

function shapesOf(length: number, targetLength: number): Record<string, number[]> {
  return {
    input_ids: [BATCH, length],
    attention_mask: [BATCH, length],
    decoder_input_ids: [BATCH, targetLength],
  };
}

function logitsOf(model: Model, length: number, targetLength: number, inputs: Record<string, Int32Array>) {
  const inputShapes = shapesOf(length, targetLength);
  const compiled = compileForward(model.graph, model.parameters, { inputShapes, mode: 'eval' });
  verifyProgram(compiled.program, compiled.host);
  return runProgram(model, compiled, inputs).get('logits')!;
}

it("is one embedding under one name where an exporter named the decoder's after its head, and the encoder's after a wrapper", async () => {
  const folder = path.join(import.meta.dirname, '../fuzz/seeds/t5');
  const model = await loadModel(modelFiles(path.join(folder, 'decoder_model.onnx')), folder);
  const [tokens, hidden] = model.parameters.get('shared.weight')!.dims;
  const tables = [...model.parameters.values()].filter(({ dims }) => dims.includes(tokens));
  expect(tables.map(({ name, dims }) => [name, dims])).toEqual([['shared.weight', [tokens, hidden]]]);
  const initializers = [...model.graph.initializers.values()];
  expect(initializers.filter(({ dims }) => dims.join() === `${hidden},${tokens}`)).toEqual([]);
});

describe.skipIf(sharedEncoderDecoders.length === 0)('T5 exports (need the shared folder)', () => {
  it('are there', () => expect(sharedEncoderDecoders.length).toBeGreaterThanOrEqual(8));

  describe.each(sharedEncoderDecoders)('$name', ({ folder, decoder }) => {
    const load = () => loadModel(modelFiles(path.join(folder, decoder)), folder);

    it('is one T5 with one embedding', async () => {
      const model = await load();
      expect(model).toMatchObject({ family: 't5', task: 'text2text', head: [] });
      expect(model.graph.inputs.map(({ name }) => name)).toEqual([
        'input_ids',
        'attention_mask',
        'decoder_input_ids',
      ]);
      expect(model.graph.outputs.map(({ name }) => name)).toEqual(['logits']);
      const tied = model.config['tie_word_embeddings'] !== false;
      expect(model.languageModelHead).toEqual([tied ? 'shared.weight' : 'lm_head.weight']);
    });

    it('has its parameters, bit for bit', async ({ skip }) => {
      const bytes = readShared(folder, 'model.safetensors');
      if (!bytes) return skip('no model.safetensors beside the model');
      const { graph: joined, parameters } = await load();
      const expected = readSafetensors(bytes).tensors;
      expect([...parameters.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const { name, dims, transposed: flipped } of parameters.values()) {
        const stored = floatsOf(joined.initializers.get(name)!);
        const mine = flipped ? transposed(stored, dims[0], dims[1]) : stored;
        expect(
          Buffer.from(mine.buffer, mine.byteOffset, mine.byteLength).equals(
            Buffer.from(expected.get(name)!.bytes),
          ),
          name,
        ).toBe(true);
      }
    });

    it('gives the numbers PyTorch gave', async ({ skip }) => {
      const bytes = readShared(folder, 'reference_io.json');
      if (!bytes) return skip('no reference_io.json beside the model');
      const { inputs, outputs } = JSON.parse(new TextDecoder().decode(bytes)) as {
        inputs: Record<string, number[][]>;
        outputs: Record<string, { shape: number[]; data: number[] }>;
      };
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, rows]) => [name, Int32Array.from(rows.flat())]),
      );
      const logits = logitsOf(
        await load(),
        inputs['input_ids'][0].length,
        inputs['decoder_input_ids'][0].length,
        given,
      );
      const { shape, data } = outputs['logits'];
      expect(difference(refTensor(shape, data), logits)).toBeLessThan(1e-5);
    });

    // 70 and 36 tokens reach the edges of the logarithmic buckets of both stacks.
    it.each([
      [9, 4],
      [70, 36],
    ])('gives the numbers onnxruntime-web gives for %i and %i tokens', async (length, targetLength) => {
      const inputs = inputsOf(length, targetLength);
      const feed = (name: string, width: number) => ({ dims: [BATCH, width], data: [...inputs[name]] });
      const encoded = await runOrt(readFileSync(path.join(folder, 'encoder_model.onnx')), {
        input_ids: feed('input_ids', length),
        attention_mask: feed('attention_mask', length),
      });
      // The merged file's first branch computes what decoder_model.onnx beside it does.
      const { logits } = await runOrt(readFileSync(path.join(folder, 'decoder_model.onnx')), {
        input_ids: feed('decoder_input_ids', targetLength),
        encoder_attention_mask: feed('attention_mask', length),
        encoder_hidden_states: { ...encoded['last_hidden_state'], type: 'float32' },
      });
      const ours = logitsOf(await load(), length, targetLength, inputs);
      expect(difference(refTensor(logits.dims, logits.data), ours)).toBeLessThan(1e-5);
    });
  });
});

/** An encoder: embedded ids. */
function encoder(table = weight('embed_tokens.weight', [9, 4])): Uint8Array {
  const ids = { name: 'input_ids', type: 'int64', dims: ['batch', 'length'] } as const;
  return writeModel({
    ...graph([node('Gather', ['embed_tokens.weight', 'input_ids'], 'last_hidden_state')], [table]),
    inputs: [{ ...ids, dims: [...ids.dims] }],
    outputs: [{ name: 'last_hidden_state', type: 'float32', dims: ['batch', 'length', 4] }],
  });
}

/** A decoder: the encoder's result and the embedded target, by the embedding. */
function decoder(table = weight('shared.weight', [9, 4]), hidden = 'encoder_hidden_states'): Uint8Array {
  return writeModel({
    ...graph(
      [
        node('Gather', ['shared.weight', 'input_ids'], 'embedded'),
        node('Add', ['embedded', hidden], 'sum'),
        node('Transpose', ['shared.weight'], 'turned', { perm: [1, 0] }),
        node('MatMul', ['sum', 'turned'], 'logits'),
      ],
      [table],
    ),
    inputs: [
      { name: 'input_ids', type: 'int64', dims: ['batch', 'target'] },
      { name: hidden, type: 'float32', dims: ['batch', 'length', 4] },
    ],
    outputs: [{ name: 'logits', type: 'float32', dims: ['batch', 'target', 9] }],
  });
}

describe('files that are no pair', () => {
  const load = (files: Record<string, Uint8Array>, asked?: string) =>
    loadModel(filesFromMemory(files, asked), 'my-t5');

  it('a pair is joined', async () => {
    const model = await load({ 'encoder_model.onnx': encoder(), 'decoder_model.onnx': decoder() });
    expect([...model.parameters.keys()]).toEqual(['shared.weight']);
    expect(model.task).toBe('text2text');
  });

  it.each<[string, Record<string, Uint8Array>, string]>([
    [
      'an encoder without a decoder',
      { 'encoder_model.onnx': encoder() },
      'my-t5 holds encoder_model.onnx without its decoder; put decoder_model.onnx or decoder_model_merged.onnx of the same export beside it.',
    ],
    [
      'a decoder without an encoder',
      { 'decoder_model.onnx': decoder() },
      'my-t5 holds decoder_model.onnx without its encoder; put encoder_model.onnx of the same export beside it.',
    ],
    [
      'only the decoder that continues',
      { 'encoder_model.onnx': encoder(), 'decoder_with_past_model.onnx': decoder() },
      'my-t5 holds decoder_with_past_model.onnx but no decoder that starts without cached keys and values; put decoder_model.onnx or decoder_model_merged.onnx of the same export beside it.',
    ],
    [
      'two models of one shape',
      {
        'encoder_model.onnx': encoder(weight('embed_tokens.weight', [9, 4], 7)),
        'decoder_model.onnx': decoder(),
      },
      'encoder_model.onnx and decoder_model.onnx are not of one model: the embedding they share differs; put the two files of one export together.',
    ],
    [
      'two models of different vocabularies',
      {
        'encoder_model.onnx': encoder(weight('embed_tokens.weight', [8, 4])),
        'decoder_model.onnx': decoder(),
      },
      'encoder_model.onnx and decoder_model.onnx are not of one model: their embeddings are [8, 4] and [9, 4]; put the two files of one export together.',
    ],
    [
      'a decoder that reads something else',
      {
        'encoder_model.onnx': encoder(),
        'decoder_model.onnx': decoder(weight('shared.weight', [9, 4]), 'memory'),
      },
      'decoder_model.onnx has no encoder_hidden_states, so it cannot be joined; export the model with Optimum (`optimum-cli export onnx --task text2text-generation`).',
    ],
  ])('%s', async (_what, files, message) => {
    await expect(load(files)).rejects.toThrow(message);
  });

  it('one file of a pair stands for both', async () => {
    const files = { 'encoder_model.onnx': encoder(), 'decoder_model.onnx': decoder() };
    expect((await load(files, 'encoder_model.onnx')).task).toBe('text2text');
    await expect(load({ 'encoder_model.onnx': encoder() }, 'encoder_model.onnx')).rejects.toThrow(
      'without its decoder',
    );
  });
});
