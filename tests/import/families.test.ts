/** Families that transformers and torch.onnx export: trained, or refused by their name and what they have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesFromMemory } from '../../src/models/files.ts';
import { familyName, untrainableFeatures } from '../../src/models/families.ts';
import { inspectModel } from '../../src/models/inspect.ts';
import { loadModel } from '../../src/models/load.ts';
import { requireTrainable, trainability } from '../../src/models/trainable.ts';
import { english } from '../../src/sentence.ts';

const FOLDER = path.join(import.meta.dirname, 'families');
const read = (name: string) => new Uint8Array(readFileSync(path.join(FOLDER, name)));
const load = (name: string, config = true) => {
  const files = {
    'model.onnx': read(`${name}.onnx`),
    ...(config && { 'config.json': read(`${name}.json`) }),
  };
  return loadModel(filesFromMemory(files), name, { unsupported: 'report' });
};
const YET = 'which cannot be trained yet; choose a BERT, RoBERTa,';

describe('a family that is trained', () => {
  it.each(['mpnet', 'xlm-roberta'])('%s', async (name) => {
    const model = await load(name);
    const { refusal, roles } = trainability(model);
    expect(refusal).toBeNull();
    expect(roles?.linears.map(({ role }) => role)).toContain('encoder.0.self.q');
  });
});

describe('a family that is not', () => {
  it.each([
    [
      'bloom',
      'BLOOM has fused query, key and value projections, ALiBi positions and a head that reads the last token of a decoder',
    ],
    ['bart', 'BART has a head that reads the end-of-sequence token of a decoder'],
    ['deberta', 'DeBERTa has disentangled attention over relative positions'],
    ['deberta-absolute', 'DeBERTa has attention with its heads folded into the batch'],
    [
      'gpt2',
      'GPT-2 has fused query, key and value projections and a head that reads the last token of a decoder',
    ],
    ['llama', 'LLaMA has rotary positions and a head that reads the last token of a decoder'],
    ['xlm', 'XLM has hidden states that the mask multiplies'],
    ['modernbert', 'ModernBERT has rotary positions and fused query, key and value projections'],
    ['big-bird', 'BigBird has attention within blocks'],
    ['eurobert', 'EuroBERT has rotary positions'],
    [
      'falcon-alibi',
      'Falcon has fused query, key and value projections, ALiBi positions and a head that reads the last token of a decoder',
    ],
    ['nomic', 'Nomic BERT has rotary positions'],
    ['xlnet', 'XLNet has attention with relative positions of segments'],
  ])('%s is named with what it has, to inspect and to training alike', async (name, said) => {
    const model = await load(name);
    expect(() => requireTrainable(model)).toThrow(`model.onnx: ${said}, ${YET}`);
    const { refusal, roles } = trainability(model);
    expect(refusal!.message.length).toBeLessThan(400);
    // What was done already is not recommended.
    expect(refusal!.message).not.toMatch(/export|Optimum|torch/);
    expect(inspectModel(model, roles).source).toBe(name);
  });

  it.each([
    [
      'JinaBERT has ALiBi positions',
      { model_type: 'bert', architectures: ['JinaBertForMaskedLM'], position_embedding_type: 'alibi' },
    ],
    ['Longformer has attention within windows', { model_type: 'longformer', attention_window: [512, 512] }],
    [
      'GTE has rotary positions and fused query, key and value projections',
      { model_type: 'new', architectures: ['NewModel'], rope_theta: 20000 },
    ],
  ])('%s: what its config.json and its weights say', async (said, config) => {
    const { graph, parameters } = await load('mpnet');
    const weight = [...parameters.values()][0];
    const fused = new Map([...parameters, ['encoder.layer.0.attention.qkv_proj.weight', weight] as const]);
    const model = { graph, config, parameters: config.model_type === 'new' ? fused : parameters };
    const features = untrainableFeatures(model).map((feature) => english(feature));
    expect(`${familyName(model)} has ${features.join(' and ')}`).toBe(said);
  });

  it('TAPAS is told by what its config.json says of tables', async () => {
    const { graph, parameters } = await load('mpnet');
    const config = { model_type: 'tapas', type_vocab_sizes: [3, 8, 8, 2, 8, 8, 4] };
    const features = untrainableFeatures({ graph, parameters, config });
    expect(features.map((feature) => english(feature))).toEqual([
      'embeddings of the rows and columns of a table',
    ]);
  });

  it.each([
    ['bart', 'BART has a decoder that begins with the padding token, whose embedding does not train,'],
    [
      'marian',
      'Marian has a decoder that begins with the padding token, whose embedding does not train and sinusoidal positions that the file stores as weights,',
    ],
  ])('%s: a graph that is understood, and would train otherwise than its authors', async (type, said) => {
    const pair = 'bart-pair/';
    const config = JSON.parse(new TextDecoder().decode(read(`${pair}config.json`))) as object;
    const load = (changes: object) =>
      loadModel(
        filesFromMemory({
          'encoder_model.onnx': read(`${pair}encoder_model.onnx`),
          'decoder_model.onnx': read(`${pair}decoder_model.onnx`),
          'config.json': new TextEncoder().encode(
            JSON.stringify({ ...config, model_type: type, ...changes }),
          ),
        }),
        type,
      );
    expect(trainability(await load({})).refusal?.message).toContain(said);
    // Where another token begins, the padding's embedding has no gradient, as in BART's own checkpoints.
    const other = trainability(await load({ decoder_start_token_id: 2 })).refusal;
    expect(other?.message ?? '').not.toContain('padding token');
    expect(other === null).toBe(type === 'bart');
  });

  it('is told by its tensors and nodes where there is no config.json', async () => {
    const model = await load('llama', false);
    expect(() => requireTrainable(model)).toThrow(/This model has rotary positions/);
  });
});
