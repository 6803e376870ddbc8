/** Roles of every family, found by structure and checked against the names the authors gave. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/graph/analyse.ts';
import { insertDropout } from '../../src/graph/dropout.ts';
import type { Roles } from '../../src/graph/roles.ts';
import { readModel } from '../../src/onnx/read.ts';
import { recoverParameters } from '../../src/onnx/recover.ts';
import { oracleModel, oracleModels } from '../support/oracle-models.ts';
import { allEncoders, readShared } from '../support/shared.ts';

interface Loaded {
  roles: Roles;
  model: ReturnType<typeof recoverParameters>;
  config: Record<string, unknown>;
}

function load(bytes: Uint8Array, config: Record<string, unknown>, folder?: string): Loaded {
  const external = (file: string): Uint8Array | undefined =>
    folder === undefined ? undefined : readShared(folder, file);
  const model = recoverParameters(readModel(bytes, external).graph, config);
  return { roles: analyse(model.graph, model.parameters, config), model, config };
}

function oracle(name: string): Loaded {
  const { bytes, config } = oracleModel(name);
  return load(bytes, config);
}

/** role → module */
const modules = (sites: readonly { role: string; module: string }[]): Record<string, string> =>
  Object.fromEntries(sites.map(({ role, module }) => [role, module]));

describe('BERT', () => {
  const { roles, model } = oracle('bert');

  it('has its linears named as in the paper, with weights, biases and places', () => {
    const layer = (i: number): Record<string, string> => ({
      [`encoder.${i}.self.q`]: `bert.encoder.layer.${i}.attention.self.query`,
      [`encoder.${i}.self.k`]: `bert.encoder.layer.${i}.attention.self.key`,
      [`encoder.${i}.self.v`]: `bert.encoder.layer.${i}.attention.self.value`,
      [`encoder.${i}.self.o`]: `bert.encoder.layer.${i}.attention.output.dense`,
      [`encoder.${i}.ffn.in`]: `bert.encoder.layer.${i}.intermediate.dense`,
      [`encoder.${i}.ffn.out`]: `bert.encoder.layer.${i}.output.dense`,
    });
    expect(modules(roles.linears)).toEqual({
      ...layer(0),
      ...layer(1),
      pooler: 'bert.pooler.dense',
      'head.classifier': 'classifier',
    });
    const q = roles.linears.find(({ role }) => role === 'encoder.1.self.q')!;
    expect(q).toMatchObject({
      weight: 'bert.encoder.layer.1.attention.self.query.weight',
      bias: 'bert.encoder.layer.1.attention.self.query.bias',
      inFeatures: 32,
      outFeatures: 32,
      stored: 'inOut',
      input: '/bert/encoder/layer.0/output/LayerNorm/LayerNormalization_output_0',
      output: '/bert/encoder/layer.1/attention/self/query/Add_output_0',
    });
    expect(model.graph.nodes.find((node) => node.name === q.matmul)).toMatchObject({ op: 'MatMul' });
    expect(roles.linears.find(({ role }) => role === 'pooler')).toMatchObject({ stored: 'outIn' });
  });

  it('has norms, embeddings, attentions and sub-layers', () => {
    expect(modules(roles.norms)).toEqual({
      'embeddings.norm': 'bert.embeddings.LayerNorm',
      'encoder.0.self.norm': 'bert.encoder.layer.0.attention.output.LayerNorm',
      'encoder.0.ffn.norm': 'bert.encoder.layer.0.output.LayerNorm',
      'encoder.1.self.norm': 'bert.encoder.layer.1.attention.output.LayerNorm',
      'encoder.1.ffn.norm': 'bert.encoder.layer.1.output.LayerNorm',
    });
    expect(modules(roles.embeddings)).toEqual({
      'embeddings.word': 'bert.embeddings.word_embeddings',
      'embeddings.tokenType': 'bert.embeddings.token_type_embeddings',
      'embeddings.position': 'bert.embeddings.position_embeddings',
    });
    expect(roles.embeddings.find(({ role }) => role === 'embeddings.word')).toMatchObject({
      ids: 'input_ids',
    });
    expect(roles.attentions.map(({ role, heads }) => [role, heads])).toEqual([
      ['encoder.0.self', 4],
      ['encoder.1.self', 4],
    ]);
    expect(roles.sublayers.map(({ role }) => role)).toEqual([
      'encoder.0.self',
      'encoder.0.ffn',
      'encoder.1.self',
      'encoder.1.ffn',
    ]);
    const [self] = roles.sublayers;
    expect(self).toMatchObject({
      input: '/bert/embeddings/LayerNorm/LayerNormalization_output_0',
      output: '/bert/encoder/layer.0/attention/output/dense/Add_output_0',
      sum: '/bert/encoder/layer.0/attention/output/Add_output_0',
    });
    expect(roles.layers).toEqual({ encoder: 2, decoder: 0 });
    expect(roles.hidden).toBe(32);
    expect(roles.encoderOutput).toBe('/bert/encoder/layer.1/output/LayerNorm/LayerNormalization_output_0');
  });
});

it('DistilBERT keeps its own names and has no token types', () => {
  const { roles } = oracle('distilbert');
  expect(modules(roles.linears)).toMatchObject({
    'encoder.0.self.q': 'distilbert.transformer.layer.0.attention.q_lin',
    'encoder.1.self.o': 'distilbert.transformer.layer.1.attention.out_lin',
    'encoder.1.ffn.in': 'distilbert.transformer.layer.1.ffn.lin1',
    'encoder.1.ffn.out': 'distilbert.transformer.layer.1.ffn.lin2',
    'head.pre_classifier': 'pre_classifier',
    'head.classifier': 'classifier',
  });
  expect(roles.embeddings.map(({ role }) => role)).toEqual(['embeddings.word', 'embeddings.position']);
});

it('RoBERTa counts its positions and has a head of two linears, no pooler', () => {
  const { roles } = oracle('roberta');
  expect(Object.keys(modules(roles.linears)).filter((role) => !role.startsWith('encoder'))).toEqual([
    'head.classifier.dense',
    'head.classifier.out_proj',
  ]);
  expect(modules(roles.embeddings)).toEqual({
    'embeddings.word': 'roberta.embeddings.word_embeddings',
    'embeddings.position': 'roberta.embeddings.position_embeddings',
    'embeddings.tokenType': 'roberta.embeddings.token_type_embeddings',
  });
});

it('ALBERT has a site for every use of its shared layer, over the same parameters', () => {
  const { roles } = oracle('albert');
  const queries = roles.linears.filter(({ role }) => role.endsWith('.self.q'));
  expect(queries.map(({ role }) => role)).toEqual([
    'encoder.0.self.q',
    'encoder.1.self.q',
    'encoder.2.self.q',
  ]);
  expect(new Set(queries.map(({ weight }) => weight)).size).toBe(1);
  expect(new Set(queries.map(({ matmul }) => matmul)).size).toBe(3);
  expect(roles.linears.find(({ role }) => role === 'embeddings.project')).toMatchObject({
    module: 'albert.encoder.embedding_hidden_mapping_in',
    inFeatures: 16,
    outFeatures: 32,
  });
  expect(roles.layers.encoder).toBe(3);
  expect(roles.hidden).toBe(32);
});

it('ELECTRA from the dynamo exporter, whose values have no names, is found all the same', () => {
  const { roles } = oracle('electra');
  expect(modules(roles.linears)).toMatchObject({
    'embeddings.project': 'electra.embeddings_project',
    'encoder.1.self.v': 'electra.encoder.layer.1.attention.self.value',
    'encoder.0.ffn.out': 'electra.encoder.layer.0.output.dense',
    'head.classifier.out_proj': 'classifier.out_proj',
  });
});

it('a tied language-model head is a head, not an embedding', () => {
  const { roles } = oracle('bert-fill-mask');
  const decoder = roles.linears.find(({ role }) => role === 'head.decoder');
  expect(decoder).toMatchObject({ weight: 'bert.embeddings.word_embeddings.weight', stored: 'outIn' });
  expect(roles.norms.find(({ role }) => role === 'head.norm')!.module).toBe(
    'cls.predictions.transform.LayerNorm',
  );
});

const everyModel = [
  ...oracleModels.map(({ name, bytes, config }) => ({ name, get: () => load(bytes, config) })),
  ...allEncoders
    .filter(({ name }) => !name.includes('t5'))
    .map(({ name, folder, config }) => ({
      name,
      get: () => load(readShared(folder, 'model.onnx')!, config, folder),
    })),
];

describe.each(everyModel)('$name', ({ get }) => {
  const { roles, model, config } = get();

  it('has a role for every parameter', () => {
    const used = new Set([
      ...roles.linears.flatMap(({ weight, bias }) => [weight, bias]),
      ...roles.norms.flatMap(({ weight, bias }) => [weight, bias]),
      ...roles.embeddings.map(({ weight }) => weight),
    ]);
    expect([...model.parameters.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  it('names nodes and values of the source graph only', () => {
    const nodes = new Set(model.graph.nodes.map(({ name }) => name));
    const values = new Set([
      ...model.graph.inputs.map(({ name }) => name),
      ...model.graph.initializers.keys(),
      ...model.graph.nodes.flatMap(({ outputs }) => outputs),
    ]);
    const named = [
      ...roles.linears.flatMap(({ input, output }) => [input, output]),
      ...roles.norms.flatMap(({ input, output }) => [input, output]),
      ...roles.embeddings.flatMap(({ ids, output }) => [ids, output]),
      ...roles.attentions.flatMap(({ q, k, v, output, mask, probabilities }) => [
        q,
        k,
        v,
        output,
        mask,
        probabilities,
      ]),
      ...roles.sublayers.flatMap(({ input, output, sum }) => [input, output, sum]),
      roles.encoderOutput,
    ];
    expect(named.filter((name) => name === undefined || !values.has(name))).toEqual([]);
    const used = [
      ...roles.linears.map(({ matmul }) => matmul),
      ...roles.embeddings.map(({ node }) => node),
      ...roles.sublayers.map(({ add }) => add),
    ];
    expect(used.filter((name) => !nodes.has(name))).toEqual([]);
  });

  it('has the same roles once dropout is in, with values after dropout', () => {
    const dropped = insertDropout(model.graph, roles, 0.1, config);
    const again = analyse(dropped, model.parameters, config);
    const names = (list: readonly { role: string }[]): string[] => list.map(({ role }) => role);
    expect(names(again.linears)).toEqual(names(roles.linears));
    expect(names(again.norms)).toEqual(names(roles.norms));
    expect(again.attentions.every(({ probabilities }) => probabilities!.endsWith('/dropout'))).toBe(true);
  });
});
