import { fromBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType as Kind, ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { runOrt } from '../../tests/support/ort.ts';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import { StudioError } from '../errors.ts';
import { intInitializer, scalarInitializer } from '../graph/tensor.ts';
import type { SourceGraph } from '../graph/source.ts';
import { readModel } from './read.ts';
import { writeModel } from './write.ts';

describe('writeModel', () => {
  it('is read back as it was', () => {
    const source: SourceGraph = graph(
      [
        node('Gemm', ['x', 'w', ''], 'g', { alpha: 1, transB: 1, beta: 0.5 }),
        node('Relu', ['g'], 'y', {}, { name: '/a/Relu', scopes: ['', 'a'] }),
      ],
      [weight('w', [300, 2]), intInitializer('unused', [1, -1]), scalarInitializer('s', 2)],
      {
        inputs: [{ name: 'x', type: 'float32', dims: ['batch', 2] }],
        outputs: [{ name: 'y', type: 'float32', dims: ['batch', null] }],
      },
    );
    const { graph: read } = readModel(writeModel(source));
    expect({ ...read, initializers: [] }).toEqual({ ...source, initializers: [] });
    expect([...read.initializers.keys()]).toEqual(['w', 'unused', 's']);
    for (const [name, tensor] of source.initializers) expect(read.initializers.get(name)).toEqual(tensor);
  });

  it('tells whole floats from integers by the operator', () => {
    const nodes = [
      node('Gemm', ['x', 'w'], 'a', { alpha: 1, transB: 0 }),
      node('LayerNormalization', ['a', 's'], 'b', { axis: -1, epsilon: 1 }),
      node('Clip', ['b'], 'c', { min: 0, max: 6 }),
      node('Resize', ['c'], 'd', { mode: 'linear', cubic_coeff_a: -1 }),
      node('Split', ['d'], ['e'], { axis: 0, split: [1, 2] }),
      node('Upsample', ['e'], 'y', { scales: [1, 2] }),
      node('X', ['y'], 'z', { names: ['a', 'b'], none: [] }),
    ];
    const proto = fromBinary(ModelProtoSchema, writeModel(graph(nodes)));
    const kinds = proto.graph!.node.map((n) => n.attribute.map((a) => `${a.name}:${Kind[a.type]}`).join(' '));
    expect(kinds).toEqual([
      'alpha:FLOAT transB:INT',
      'axis:INT epsilon:FLOAT',
      'min:FLOAT max:FLOAT',
      'mode:STRING cubic_coeff_a:FLOAT',
      'axis:INT split:INTS',
      'scales:FLOATS',
      'names:STRINGS none:INTS',
    ]);
  });

  it('writes no value_info, names foreign operator sets, and a file version that fits', () => {
    const nodes = [node('Gelu', ['x'], 'a', {}, { domain: 'com.microsoft' }), node('Relu', ['a'], 'y')];
    const proto = fromBinary(ModelProtoSchema, writeModel(graph(nodes), { metadata: { base: 'abc' } }));
    expect(proto.graph!.valueInfo).toEqual([]);
    expect(proto.opsetImport.map((o) => [o.domain, o.version])).toEqual([
      ['', 17n],
      ['com.microsoft', 1n],
    ]);
    expect(proto.irVersion).toBe(8n);
    expect(proto.metadataProps.map((p) => [p.key, p.value])).toEqual([['base', 'abc']]);
  });

  it('refuses weights that one file cannot hold', () => {
    const source = graph([node('MatMul', ['x', 'w'], 'y')], [weight('w', [2, 3])]);
    expect(() => writeModel(source, { maxBytes: 23 })).toThrow(StudioError);
    expect(writeModel(source, { maxBytes: 24 }).byteLength).toBeGreaterThan(24);
  });

  it('runs in onnxruntime, bodies of If with their own constants too', async () => {
    const body = (value: number): SourceGraph => ({
      ...graph([node('Add', ['x', 'c'], 'z')], [weight('c', [2], value)]),
      inputs: [],
    });
    const source = graph(
      [
        node('ReduceSum', ['x'], 's', { keepdims: 0 }),
        node('Greater', ['s', 'zero'], 'flag'),
        node('If', ['flag'], 'y', { then_branch: body(16), else_branch: body(32) }),
      ],
      [scalarInitializer('zero', 0)],
      { outputs: [{ name: 'y', type: 'float32', dims: ['batch', 2] }] },
    );
    const bytes = writeModel(source);
    const run = async (data: number[]) => [
      ...(await runOrt(bytes, { x: { dims: [1, 2], data, type: 'float32' } })).y.data,
    ];
    expect(await run([1, 1])).toEqual([2, 1 + 17 / 16]);
    expect(await run([-1, -1])).toEqual([1, -1 + 33 / 16]);
  });
});
