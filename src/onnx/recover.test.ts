import { describe, expect, it } from 'vitest';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import type { SourceGraph, SourceNode } from '../graph/source.ts';
import { floatsOf } from '../graph/tensor.ts';
import { recoverParameters } from './recover.ts';

/** A node named by its path. */
function at(
  name: string,
  op: string,
  inputs: string[],
  output: string,
  attributes: SourceNode['attributes'] = {},
): SourceNode {
  return node(op, inputs, output, attributes, { name });
}

/** `name [dims]`, with T where the authors' tensor is the transpose. */
function listed(source: SourceGraph, config = {}): string[] {
  return [...recoverParameters(source, config).parameters.values()].map(
    (p) => `${p.name} [${p.dims.join(',')}]${p.transposed ? ' T' : ''}`,
  );
}

describe('names of parameters', () => {
  it('come from the path of the MatMul (torchscript)', () => {
    const source = graph(
      [at('/bert/encoder/layer.0/query/MatMul', 'MatMul', ['x', 'onnx::MatMul_302'], 'y')],
      [weight('onnx::MatMul_302', [2, 3])],
    );
    const { graph: named, parameters } = recoverParameters(source);
    expect(listed(source)).toEqual(['bert.encoder.layer.0.query.weight [2,3] T']);
    expect(parameters.get('bert.encoder.layer.0.query.weight')!.originalName).toBe('onnx::MatMul_302');
    expect(named.nodes[0].inputs[1]).toBe('bert.encoder.layer.0.query.weight');
    expect(named.initializers.get('bert.encoder.layer.0.query.weight')!.bytes).toBe(
      source.initializers.get('onnx::MatMul_302')!.bytes,
    );
    expect(source.nodes[0].inputs[1]).toBe('onnx::MatMul_302'); // the source is left alone
  });

  it('come from the path of a norm that is written out', () => {
    const norm = '/encoder/layer.0/sa_layer_norm';
    const source = graph(
      [
        at(`${norm}/Mul`, 'Mul', ['x', 'onnx::Mul_11'], 'm'),
        at(`${norm}/Add_1`, 'Add', ['m', 'onnx::Add_12'], 'n'),
        at('/encoder/layer.0/act/Mul', 'Mul', ['n', 'onnx::Mul_13'], 'y'),
      ],
      ['onnx::Mul_11', 'onnx::Add_12', 'onnx::Mul_13'].map((name) => weight(name, [2])),
    );
    expect(listed(source)).toEqual([
      'encoder.layer.0.sa_layer_norm.weight [2]',
      'encoder.layer.0.sa_layer_norm.bias [2]',
    ]);
  });

  it('come from the scopes of the MatMul (dynamo)', () => {
    const scopes = ['', 'bert', 'bert.pooler', 'bert.pooler.dense', 'linear_12'];
    const source = graph(
      [node('MatMul', ['x', 'val_51'], 'y', {}, { name: 'node_MatMul_50', scopes })],
      [weight('val_51', [2, 3])],
    );
    expect(listed(source)).toEqual(['bert.pooler.dense.weight [2,3] T']);
  });

  it('come from the bias that is added next, on either side', () => {
    for (const inputs of [
      ['q.bias', 'm'],
      ['m', 'q.bias'],
    ]) {
      const source = graph(
        [at('MatMul_7', 'MatMul', ['x', '1234'], 'm'), at('Add_8', 'Add', inputs, 'y')],
        [weight('1234', [2, 3]), weight('q.bias', [3])],
      );
      expect(listed(source).sort()).toEqual(['q.bias [3]', 'q.weight [2,3] T']);
    }
  });

  it('follow the bias where a wrapper prefixes the path', () => {
    const source = graph(
      [
        at('/model/encoder/layer.0/query/MatMul', 'MatMul', ['x', 'onnx::MatMul_1'], 'm'),
        at('/model/encoder/layer.0/query/Add', 'Add', ['encoder.layer.0.query.bias', 'm'], 'y'),
      ],
      [weight('onnx::MatMul_1', [2, 3]), weight('encoder.layer.0.query.bias', [3])],
    );
    expect(listed(source)).toContain('encoder.layer.0.query.weight [2,3] T');
  });

  it('follow the path where the bias belongs to another module', () => {
    const source = graph(
      [
        at('/cls/predictions/decoder/MatMul', 'MatMul', ['x', 'onnx::MatMul_1'], 'm'),
        at('/cls/predictions/decoder/Add', 'Add', ['cls.predictions.bias', 'm'], 'y'),
      ],
      [weight('onnx::MatMul_1', [2, 3]), weight('cls.predictions.bias', [3])],
    );
    expect(listed(source).sort()).toEqual([
      'cls.predictions.bias [3]',
      'cls.predictions.decoder.weight [2,3] T',
    ]);
  });

  it('are kept where the file has them, and say how a Gemm stores them', () => {
    const source = graph(
      [
        at('/a/Gemm', 'Gemm', ['x', 'a.weight', 'a.bias'], 'm', { transB: 1 }),
        at('/b/Gemm', 'Gemm', ['m', 'b.weight'], 'y'),
      ],
      [weight('a.weight', [3, 2]), weight('a.bias', [3]), weight('b.weight', [3, 4])],
    );
    expect(listed(source)).toEqual(['a.weight [3,2]', 'a.bias [3]', 'b.weight [3,4] T']);
  });

  it('lose the marks of merged decoders', () => {
    const source = graph(
      [at('Gather_1', 'Gather', ['shared.weight_merged_0', 'x'], 'y')],
      [weight('shared.weight_merged_0', [4, 2])],
    );
    expect(listed(source)).toEqual(['shared.weight [4,2]']);
  });

  it('reach into the bodies of an If', () => {
    const body: SourceGraph = {
      ...graph([at('/decoder/q/MatMul', 'MatMul', ['x', 'onnx::MatMul_5'], 'z')]),
      inputs: [],
    };
    const source = graph(
      [node('If', ['flag'], 'y', { then_branch: body, else_branch: body })],
      [weight('onnx::MatMul_5', [2, 3])],
    );
    expect(listed(source)).toEqual(['decoder.q.weight [2,3] T']);
  });

  it('are the file’s own where nothing names a weight', () => {
    const source = graph([at('MatMul_7', 'MatMul', ['x', '1234'], 'y')], [weight('1234', [2, 3])]);
    expect(listed(source)).toEqual(['1234 [2,3] T']);
  });

  it('are not given to constants', () => {
    const source = graph(
      [at('/a/Div', 'Div', ['x', '/a/Constant_output_0'], 'm'), at('/a/Add', 'Add', ['m', '/a/table'], 'y')],
      [weight('/a/Constant_output_0', []), weight('/a/table', [2])],
    );
    expect(listed(source)).toEqual([]);
    expect(recoverParameters(source).graph.initializers.size).toBe(2);
  });

  it('stay apart where two weights of one module would take the same one', () => {
    const source = graph(
      [
        at('/a/MatMul', 'MatMul', ['x', 'onnx::MatMul_1'], 'm'),
        at('/a/MatMul_1', 'MatMul', ['m', 'onnx::MatMul_2'], 'y'),
      ],
      [weight('onnx::MatMul_1', [2, 2], 0), weight('onnx::MatMul_2', [2, 2], 5)],
    );
    expect(listed(source)).toEqual(['a.weight [2,2] T', 'onnx::MatMul_2 [2,2] T']);
  });
});

describe('one initializer, several parameters', () => {
  it('is split when linear layers of two modules use it', () => {
    const source = graph(
      [
        at('/a/q/MatMul', 'MatMul', ['x', 'onnx::MatMul_1'], 'm'),
        at('/a/k/MatMul', 'MatMul', ['m', 'onnx::MatMul_1'], 'y'),
      ],
      [weight('onnx::MatMul_1', [2, 2])],
    );
    const { graph: named } = recoverParameters(source);
    expect(listed(source)).toEqual(['a.q.weight [2,2] T', 'a.k.weight [2,2] T']);
    expect(named.nodes.map((n) => n.inputs[1])).toEqual(['a.q.weight', 'a.k.weight']);
    expect(named.initializers.has('onnx::MatMul_1')).toBe(false);
  });

  it('is split when a bias is used outside the module it is named after', () => {
    const source = graph(
      [
        at('/a/LayerNorm/Add_1', 'Add', ['x', 'a.LayerNorm.bias'], 'm'),
        at('/b/LayerNorm/Add_1', 'Add', ['m', 'a.LayerNorm.bias'], 'y'),
      ],
      [weight('a.LayerNorm.bias', [2])],
    );
    expect(listed(source)).toEqual(['a.LayerNorm.bias [2]', 'b.LayerNorm.bias [2]']);
  });

  it('is not split when a table is shared (tied embeddings)', () => {
    const source = graph(
      [
        at('/emb/Gather', 'Gather', ['emb.weight', 'ids'], 'm'),
        at('Transpose_9', 'Transpose', ['emb.weight'], 't', { perm: [1, 0] }),
        at('/decoder/MatMul', 'MatMul', ['m', 't'], 'y'),
      ],
      [weight('emb.weight', [4, 2])],
    );
    expect(listed(source)).toEqual(['emb.weight [4,2]']);
  });
});

describe('several initializers, one parameter', () => {
  const twice = (second: number) =>
    graph(
      [
        at('/layer/query/MatMul', 'MatMul', ['x', 'onnx::MatMul_1'], 'm'),
        at('/layer/query_1/MatMul', 'MatMul', ['m', 'onnx::MatMul_2'], 'y'),
      ],
      [weight('onnx::MatMul_1', [2, 2]), weight('onnx::MatMul_2', [2, 2], second)],
    );

  it('become one when equal: later calls of a shared module (ALBERT)', () => {
    expect(listed(twice(0))).toEqual(['layer.query.weight [2,2] T']);
    expect(recoverParameters(twice(0)).graph.nodes.map((n) => n.inputs[1])).toEqual([
      'layer.query.weight',
      'layer.query.weight',
    ]);
  });

  it('stay two when they differ: names that end in a number (T5’s wi_0, wi_1)', () => {
    expect(listed(twice(9))).toEqual(['layer.query.weight [2,2] T', 'layer.query_1.weight [2,2] T']);
  });
});

describe('tied output embeddings', () => {
  const source = (decoder: Float32Array) =>
    graph(
      [
        at('/emb/Gather', 'Gather', ['bert.embeddings.word_embeddings.weight', 'ids'], 'm'),
        at('/cls/decoder/MatMul', 'MatMul', ['m', 'onnx::MatMul_9'], 'y'),
      ],
      [
        weight('bert.embeddings.word_embeddings.weight', [3, 2]),
        { ...weight('onnx::MatMul_9', [2, 3]), bytes: new Uint8Array(decoder.buffer) },
      ],
    );
  const tied = Float32Array.of(0, 2, 4, 1, 3, 5).map((v) => v / 16);

  it('that an exporter copied are one parameter again', () => {
    const { graph: named, parameters } = recoverParameters(source(tied));
    expect([...parameters.keys()]).toEqual(['bert.embeddings.word_embeddings.weight']);
    expect(named.nodes.map((n) => n.op)).toEqual(['Gather', 'Transpose', 'MatMul']);
    expect(named.nodes[2].inputs[1]).toBe(named.nodes[1].outputs[0]);
    expect(floatsOf(named.initializers.get('bert.embeddings.word_embeddings.weight')!)[1]).toBe(1 / 16);
  });

  it('stay apart when config.json or the values say so', () => {
    expect(recoverParameters(source(tied), { tie_word_embeddings: false }).parameters.size).toBe(2);
    expect(recoverParameters(source(tied.map((v) => v + 1))).parameters.size).toBe(2);
  });
});
