import { describe, expect, it } from 'vitest';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import { oracleModel } from '../../tests/support/oracle-models.ts';
import { StudioError } from '../errors.ts';
import { heldBytes } from '../graph/tensor.ts';
import { english } from '../sentence.ts';
import { writeModel } from '../onnx/write.ts';
import { filesFromMemory } from './files.ts';
import { loadModel } from './load.ts';

const bert = oracleModel('bert');
const text = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const config = text(bert.config);
const load = (files: Record<string, Uint8Array>, model?: string) =>
  loadModel(filesFromMemory(files, model), 'my-model');

/** A file of one node of `op`, which no encoder has. */
function with_(op: string, domain = ''): Uint8Array {
  return writeModel(
    graph([node(op, ['x'], 'y', {}, { domain, name: '/layer.0/n' })], [weight('unused', [1])]),
  );
}

describe('loadModel', () => {
  it('knows what it loaded', async () => {
    const model = await load({
      'model.onnx': bert.bytes,
      'config.json': config,
      'tokenizer.json': text('{"a": 1}'),
    });
    expect(model).toMatchObject({
      source: 'my-model',
      file: 'model.onnx',
      family: 'bert',
      task: 'classification',
      labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'],
      head: ['classifier.weight', 'classifier.bias'],
      tokenizer: { tokenizer: '{"a": 1}', tokenizerConfig: undefined, vocabulary: undefined },
      unsupported: [],
      notes: [],
    });
    expect(model.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(model.freshHead).toBeUndefined();
  });

  it.each([
    ['bert', 'bert', 'classification'],
    ['bert-features', 'bert', 'features'],
    ['bert-fill-mask', 'bert', 'maskedLm'],
    ['bert-regression', 'bert', 'classification'],
    ['distilbert', 'distilbert', 'classification'],
    ['roberta', 'roberta', 'classification'],
    ['electra', 'electra', 'classification'],
    ['albert', 'albert', 'classification'],
  ])('tells %s by config.json and by names alone', async (name, family, task) => {
    const { bytes, config: its } = oracleModel(name);
    expect(await load({ 'model.onnx': bytes, 'config.json': text(its) })).toMatchObject({ family, task });
    const bare = await load({ 'model.onnx': bytes });
    expect(bare.task).toBe(task);
    expect(bare.family).toBe(name === 'bert-features' ? 'unknown' : family); // a bare encoder has no prefix
    expect(english(bare.notes[0])).toContain('has no config.json');
  });

  it('takes names of classes from config.json only when they fit', async () => {
    const named = { ...bert.config, id2label: { 0: 'no', 1: 'maybe', 2: 'yes' } };
    expect((await load({ 'model.onnx': bert.bytes, 'config.json': text(named) })).labels).toEqual([
      'no',
      'maybe',
      'yes',
    ]);
    const other = { ...bert.config, id2label: { 0: 'no', 1: 'yes' } };
    expect((await load({ 'model.onnx': bert.bytes, 'config.json': text(other) })).labels).toEqual([
      'LABEL_0',
      'LABEL_1',
      'LABEL_2',
    ]);
  });

  it('finds onnx/model.onnx with its config above, the only .onnx there is, and the one that is named', async () => {
    const below = await load({ 'onnx/model.onnx': bert.bytes, 'config.json': config });
    expect([below.file, below.family]).toEqual(['onnx/model.onnx', 'bert']);
    expect((await load({ 'bert.onnx': bert.bytes, 'config.json': config })).file).toBe('bert.onnx');
    expect((await load({ 'a.onnx': bert.bytes, 'model.onnx': text('x') }, 'a.onnx')).file).toBe('a.onnx');
  });

  it('gives models of equal weights equal hashes, and others others', async () => {
    const hash = async (bytes: Uint8Array) => (await load({ 'model.onnx': bytes })).hash;
    const first = await load({ 'model.onnx': bert.bytes });
    expect(await hash(writeModel(first.graph))).toBe(first.hash);
    const changed = new Map(first.graph.initializers);
    const bias = changed.get('classifier.bias')!;
    changed.set('classifier.bias', { ...bias, bytes: heldBytes(bias).map((b, i) => (i === 0 ? b ^ 1 : b)) });
    expect(await hash(writeModel({ ...first.graph, initializers: changed }))).not.toBe(first.hash);
  });
});

describe('what cannot be loaded is named, with what to do', () => {
  it.each([
    ['an empty folder', {}, 'my-model holds no model.onnx; export the model to ONNX'],
    [
      'several models',
      { 'a.onnx': bert.bytes, 'b.onnx': bert.bytes },
      'my-model holds no model.onnx but a.onnx, b.onnx; name the one to use.',
    ],
    [
      'a config that is not JSON',
      { 'model.onnx': bert.bytes, 'config.json': text('{') },
      'config.json of my-model is not JSON; download it again.',
    ],
    [
      'a config that is a list',
      { 'model.onnx': bert.bytes, 'config.json': text('[]') },
      'config.json of my-model does not hold an object',
    ],
    [
      'a truncated model',
      { 'model.onnx': bert.bytes.slice(0, 5000) },
      'model.onnx is not a whole ONNX model (5000 bytes): it is cut short',
    ],
    [
      'an int8 model',
      { 'model_quantized.onnx': with_('DynamicQuantizeLinear') },
      'model_quantized.onnx: the node /layer.0/n (DynamicQuantizeLinear) is part of 8-bit quantisation (int8 or uint8), whose weights cannot be trained; use the float32 or float16 export',
    ],
    [
      'a q4 model',
      { 'model_q4.onnx': with_('MatMulNBits', 'com.microsoft') },
      'model_q4.onnx: the node /layer.0/n (com.microsoft.MatMulNBits) multiplies by weights of 4 bits',
    ],
    [
      'an optimised model',
      { 'model.onnx': with_('SkipLayerNormalization', 'com.microsoft') },
      'model.onnx: the node /layer.0/n (com.microsoft.SkipLayerNormalization) is an operator of ONNX Runtime’s own',
    ],
    [
      'an operator that only methods here add',
      { 'model.onnx': with_('Fastfood', 'delta') },
      'model.onnx: the node /layer.0/n (delta.Fastfood) is an operator of the domain delta; export the model with',
    ],
    [
      'an old model',
      { 'model.onnx': writeModel(graph([node('Relu', ['x'], 'y')], [], { opset: 9 })) },
      'model.onnx uses operator set 9, and only 11 to 22 are supported; export it again',
    ],
  ])('%s', async (_, files, message) => {
    const loading = load(files);
    await expect(loading).rejects.toThrow(StudioError);
    await expect(loading).rejects.toThrow(message);
  });

  it('a file that is not there', async () => {
    await expect(load({}, 'gone.onnx')).rejects.toThrow('There is no gone.onnx in my-model; check the path.');
  });

  it('but inspect may have a refused model, with the reasons', async () => {
    const files = filesFromMemory({ 'model.onnx': with_('MatMulNBits', 'com.microsoft') });
    const model = await loadModel(files, 'my-model', { unsupported: 'report' });
    expect(model.unsupported).toHaveLength(1);
    expect(model.unsupported[0]).toMatchObject({ node: '/layer.0/n', op: 'com.microsoft.MatMulNBits' });
  });
});
