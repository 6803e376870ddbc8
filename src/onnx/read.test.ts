import {
  TensorProto_DataLocation as Location,
  TensorProto_DataType as Type,
  AttributeProto_AttributeType as Kind,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { graph, node, protoBytes, weight } from '../../tests/support/graphs.ts';
import { StudioError } from '../errors.ts';
import { bytesOf, floatsOf, heldBytes, numbersOf } from '../graph/tensor.ts';
import type { SourceGraph } from '../graph/source.ts';
import { externalFiles, readModel } from './read.ts';
import { writeModel } from './write.ts';

type Fields = NonNullable<Parameters<typeof protoBytes>[0]>;
type GraphFields = Fields extends { graph?: infer G } ? NonNullable<G> : never;

/** A model of one Relu over `x`, with more in its graph. */
function model(more: object, fields: object = {}): Uint8Array {
  const value = {
    value: {
      case: 'tensorType',
      value: {
        elemType: Type.FLOAT,
        shape: {
          dim: [
            { value: { case: 'dimParam', value: 'batch' } },
            {},
            { value: { case: 'dimValue', value: 4n } },
          ],
        },
      },
    },
  };
  return protoBytes({
    irVersion: 8n,
    producerName: 'test',
    opsetImport: [{ domain: 'ai.onnx', version: 17n }],
    graph: {
      node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
      input: [{ name: 'x', type: value }],
      output: [{ name: 'y', type: value }],
      ...more,
    } as GraphFields,
    ...fields,
  });
}

const tensor = (bytes: Uint8Array, name: string) => readModel(bytes).graph.initializers.get(name)!;

describe('readModel', () => {
  it('reads inputs with fixed, symbolic and unknown dims', () => {
    const { graph: read, opsets, producer } = readModel(model({}));
    expect(read.inputs).toEqual([{ name: 'x', type: 'float32', dims: ['batch', null, 4] }]);
    expect(read.opset).toBe(17);
    expect(opsets).toEqual(new Map([['', 17]]));
    expect(producer).toBe('test');
  });

  it('leaves out inputs that are initializers, as old exporters list them', () => {
    const info = (name: string) => ({
      name,
      type: { value: { case: 'tensorType', value: { elemType: Type.FLOAT, shape: { dim: [] } } } },
    });
    const bytes = model({
      input: [info('x'), info('w')],
      initializer: [{ name: 'w', dataType: Type.FLOAT, dims: [1n], floatData: [1] }],
    });
    expect(readModel(bytes).graph.inputs.map((input) => input.name)).toEqual(['x']);
  });

  it('names nameless nodes and keeps names apart', () => {
    const nodes = [
      { opType: 'Relu', input: ['x'], output: ['a'] },
      { opType: 'Relu', name: 'n', input: ['a'], output: ['b'] },
      { opType: 'Relu', name: 'n', input: ['b'], output: ['y'] },
    ];
    expect(readModel(model({ node: nodes })).graph.nodes.map((n) => n.name)).toEqual(['Relu:a', 'n', 'n#2']);
  });

  it('gives weights as views of the file, at any address', () => {
    const whole = writeModel(graph([node('MatMul', ['x', 'w'], 'y')], [weight('w', [2, 3])]));
    for (let shift = 0; shift < 4; shift++) {
      const buffer = new Uint8Array(whole.byteLength + shift);
      buffer.set(whole, shift);
      const w = tensor(buffer.subarray(shift), 'w');
      expect(heldBytes(w).buffer).toBe(buffer.buffer);
      expect(floatsOf(w)).toEqual(floatsOf(weight('w', [2, 3])));
    }
  });

  it('parses 200 MB without copying them', () => {
    const data = new Float32Array(50_000_000);
    const bytes = writeModel(
      graph(
        [node('MatMul', ['x', 'w'], 'y')],
        [{ name: 'w', type: 'float32', dims: [data.length], bytes: bytesOf(data) }],
      ),
    );
    const before = process.memoryUsage().arrayBuffers;
    readModel(bytes);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    const w = tensor(bytes, 'w');
    expect(heldBytes(w).buffer).toBe(bytes.buffer);
  });

  it.each([
    ['float', { dataType: Type.FLOAT, floatData: [1.5, -2] }, [1.5, -2]],
    ['double', { dataType: Type.DOUBLE, doubleData: [0.1, -2] }, [0.1, -2]],
    ['int64', { dataType: Type.INT64, int64Data: [5n, -6n] }, [5, -6]],
    ['int32', { dataType: Type.INT32, int32Data: [5, -6] }, [5, -6]],
    ['int16', { dataType: Type.INT16, int32Data: [5, -6] }, [5, -6]],
    ['int8', { dataType: Type.INT8, int32Data: [5, -6] }, [5, -6]],
    ['uint8', { dataType: Type.UINT8, int32Data: [5, 250] }, [5, 250]],
    ['uint16', { dataType: Type.UINT16, int32Data: [5, 65535] }, [5, 65535]],
    ['uint32', { dataType: Type.UINT32, uint64Data: [5n, 4294967295n] }, [5, 4294967295]],
    ['uint64', { dataType: Type.UINT64, uint64Data: [5n, 6n] }, [5, 6]],
    ['bool', { dataType: Type.BOOL, int32Data: [0, 1] }, [0, 1]],
    ['half', { dataType: Type.FLOAT16, int32Data: [0x3c00, 0xc000] }, [1, -2]],
    ['bfloat16', { dataType: Type.BFLOAT16, int32Data: [0x3f80, 0xc000] }, [1, -2]],
  ])('reads %s from typed fields', (_, fields, values) => {
    const bytes = model({ initializer: [{ name: 't', dims: [2n], ...fields }] });
    expect(numbersOf(tensor(bytes, 't'))).toEqual(values);
  });

  it('turns constants into initializers', () => {
    const constant = (output: string, attribute: object) => ({
      opType: 'Constant',
      output: [output],
      attribute: [attribute],
    });
    const bytes = model({
      node: [
        constant('t', {
          name: 'value',
          type: Kind.TENSOR,
          t: { dataType: Type.INT64, dims: [2n], int64Data: [3n, 4n] },
        }),
        constant('f', { name: 'value_float', type: Kind.FLOAT, f: 0.5 }),
        constant('fs', { name: 'value_floats', type: Kind.FLOATS, floats: [0.5, 2] }),
        constant('i', { name: 'value_int', type: Kind.INT, i: 7n }),
        constant('is', { name: 'value_ints', type: Kind.INTS, ints: [7n, 8n] }),
        { opType: 'Relu', input: ['x'], output: ['y'] },
      ],
    });
    const { nodes, initializers } = readModel(bytes).graph;
    expect(nodes.map((n) => n.op)).toEqual(['Relu']);
    const read = ['t', 'f', 'fs', 'i', 'is'].map((name) => [
      initializers.get(name)!.dims,
      numbersOf(initializers.get(name)!),
    ]);
    expect(read).toEqual([
      [[2], [3, 4]],
      [[], [0.5]],
      [[2], [0.5, 2]],
      [[], [7]],
      [[2], [7, 8]],
    ]);
  });

  it('turns chains of aliases of an initializer into initializers that share its bytes', () => {
    const bytes = writeModel(
      graph(
        [node('Identity', ['w'], 'v'), node('Identity', ['v'], 'u'), node('Add', ['x', 'u'], 'y')],
        [weight('w', [2])],
      ),
    );
    const { nodes, initializers } = readModel(bytes).graph;
    expect(nodes.map((n) => n.op)).toEqual(['Add']);
    expect([...initializers.keys()]).toEqual(['w', 'v', 'u']);
    expect(heldBytes(initializers.get('u')!).byteOffset).toBe(heldBytes(initializers.get('w')!).byteOffset);
    expect(initializers.get('u')!.name).toBe('u');
  });

  it('keeps an alias that is an output, and aliases of computed values', () => {
    const bytes = writeModel(
      graph(
        [node('Relu', ['x'], 'r'), node('Identity', ['r'], 's'), node('Identity', ['w'], 'y')],
        [weight('w', [2])],
      ),
    );
    expect(readModel(bytes).graph.nodes.map((n) => n.op)).toEqual(['Relu', 'Identity', 'Identity']);
  });

  it('reads bodies of If as graphs, constants and all', () => {
    const body = (value: number): SourceGraph => ({
      ...graph([node('Add', ['x', 'c'], 'z')], [weight('c', [2], value)]),
      inputs: [],
    });
    const bytes = writeModel(
      graph(
        [node('If', ['flag'], 'y', { then_branch: body(1), else_branch: body(2) })],
        [{ name: 'flag', type: 'bool', dims: [], bytes: Uint8Array.of(1) }],
      ),
    );
    const read = readModel(bytes).graph.nodes[0].attributes.else_branch as SourceGraph;
    expect(read.nodes[0].inputs).toEqual(['x', 'c']);
    expect(floatsOf(read.initializers.get('c')!)[0]).toBe(2 / 16);
  });

  it('reads the scopes of the dynamo exporter', () => {
    const scopes = ['', 'bert', 'bert.pooler', 'linear'];
    const bytes = writeModel(graph([node('Relu', ['x'], 'y', {}, { scopes })]));
    expect(readModel(bytes).graph.nodes[0].scopes).toEqual(scopes);
  });
});

describe('external data', () => {
  const entries = (more: Record<string, string>) =>
    Object.entries({ location: 'weights.bin', ...more }).map(([key, value]) => ({ key, value }));
  const external = (more: Record<string, string>) =>
    model({
      initializer: [
        {
          name: 'w',
          dataType: Type.FLOAT,
          dims: [2n],
          dataLocation: Location.EXTERNAL,
          externalData: entries(more),
        },
      ],
    });
  const data = bytesOf(Float32Array.of(9, 1.5, -2));

  it('is a view of the file it names', () => {
    const bytes = external({ offset: '4', length: '8' });
    expect(externalFiles(bytes)).toEqual(['weights.bin']);
    const w = readModel(bytes, (name) => (name === 'weights.bin' ? data : undefined)).graph.initializers.get(
      'w',
    )!;
    expect([...floatsOf(w)]).toEqual([1.5, -2]);
    expect(heldBytes(w).buffer).toBe(data.buffer);
  });

  it('runs to the end of the file without a length', () => {
    const w = readModel(external({ offset: '4' }), () => data).graph.initializers.get('w')!;
    expect([...floatsOf(w)]).toEqual([1.5, -2]);
  });

  it.each([
    [{ offset: '-4', length: '8' }],
    [{ offset: '1e3', length: '8' }],
    [{ offset: '0', length: '7' }],
    [{ offset: '0', length: '99999999999999999999' }],
  ])('is refused with %j', (more) => {
    const act = () => readModel(external(more), () => data);
    expect(act).toThrow(StudioError);
    expect(act).toThrow(/tensor w is said to lie at byte .* where its shape needs 8, so the file is damaged/);
  });

  it('names the file that is missing', () => {
    expect(() => readModel(external({}), undefined, 'bert.onnx')).toThrow(
      'bert.onnx keeps its weights in weights.bin, which is missing; put that file beside it.',
    );
  });

  it('names the file that is cut short', () => {
    expect(() => readModel(external({ offset: '8', length: '8' }), () => data)).toThrow(
      'weights.bin is cut short: tensor w of model.onnx ends at byte 16 of 12',
    );
  });
});

describe('what is not a whole model', () => {
  const text = (s: string) => new TextEncoder().encode(s);
  it.each([
    ['an empty file', new Uint8Array(0), 'bert.onnx is empty; download or export it again.'],
    [
      'a web page',
      text('\n<!DOCTYPE html>\n<html><title>404</title>'),
      'bert.onnx is a web page (HTML), not a model; download the file itself, not the page about it.',
    ],
    [
      'a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n'),
      'is a Git LFS pointer, not the model; run `git lfs pull`',
    ],
    ['a zip archive', text('PK\x03\x04\x14\x00'), 'is a zip archive; unpack it'],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0), 'is gzip-compressed; decompress it'],
    ['JSON', text('{"error": "Repository not found"}'), 'is JSON, not a model; give the .onnx file'],
    [
      'an HDF5 file',
      Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10),
      'is a Keras HDF5 file; export the model',
    ],
    ['a GGUF file', text('GGUF\x03\x00\x00\x00'), 'is a GGUF file; export the model'],
    ['an ORT file', text('\x18\x00\x00\x00ORTM'), 'ORT format; give the .onnx file it was made from'],
    [
      'a safetensors file',
      Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d),
      'is a safetensors file: weights without a graph; export the model',
    ],
    [
      'random bytes',
      Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 11) % 256),
      'bert.onnx is not a whole ONNX model',
    ],
    ['plain words', text('this is not a model at all'), 'bert.onnx is not a whole ONNX model'],
    [
      'a model without a graph',
      protoBytes({ irVersion: 8n }),
      'it holds no graph; download or export it again.',
    ],
  ])('%s is named', (_, bytes, message) => {
    expect(() => readModel(bytes, undefined, 'bert.onnx')).toThrow(message);
    expect(() => readModel(bytes, undefined, 'bert.onnx')).toThrow(StudioError);
  });

  it('is refused in one sentence wherever it is cut', () => {
    const whole = writeModel(graph([node('MatMul', ['x', 'w'], 'y')], [weight('w', [2, 3])]));
    for (let length = 0; length < whole.byteLength; length++) {
      const read = () => readModel(whole.slice(0, length), undefined, 'bert.onnx');
      expect(read, `cut at ${length}`).toThrow(StudioError);
      expect(read, `cut at ${length}`).toThrow(
        /^bert\.onnx [^\n]*; ?[^\n]*\.$|^bert\.onnx [^\n]*, [^\n]*\.$/,
      );
    }
  });

  it('a tensor of another size than its dims is named', () => {
    const bytes = model({
      initializer: [{ name: 'w', dataType: Type.FLOAT, dims: [3n], rawData: new Uint8Array(8) }],
    });
    expect(() => readModel(bytes)).toThrow(
      'model.onnx: tensor w should have 12 bytes (float32 [3]) but has 8; the file is damaged',
    );
  });

  it.each([
    [
      'int4 weights',
      { initializer: [{ name: 'w', dataType: Type.INT4, dims: [2n], rawData: new Uint8Array(1) }] },
      'tensor w is stored as INT4',
    ],
    ['sparse weights', { sparseInitializer: [{ dims: [2n] }] }, 'stores sparse weights'],
    [
      'text constants',
      {
        node: [
          {
            opType: 'Constant',
            name: 'words',
            output: ['y'],
            attribute: [{ name: 'value_string', type: Kind.STRING, s: new Uint8Array(1) }],
          },
        ],
      },
      'the constant words holds value_string',
    ],
    [
      'lists of graphs',
      { node: [{ opType: 'X', name: 'n', output: ['y'], attribute: [{ name: 'g', type: Kind.GRAPHS }] }] },
      'attribute g of the X node n is of kind GRAPHS',
    ],
    [
      'sequences',
      { input: [{ name: 's', type: { value: { case: 'sequenceType', value: {} } } }] },
      's is not a tensor (sequenceType)',
    ],
    [
      'text inputs',
      { input: [{ name: 's', type: { value: { case: 'tensorType', value: { elemType: Type.STRING } } } }] },
      's has element type STRING',
    ],
  ])('%s are refused by name', (_, more, message) => {
    expect(() => readModel(model(more))).toThrow(message);
  });

  it('a node without an operator is named, if it has a name', () => {
    const relu = { opType: 'Relu', input: ['x'], output: ['y'] };
    const read = (node: object) => () => readModel(model({ node: [node, relu] }), () => undefined, 'm.onnx');
    const damaged = 'has no operator, so the file is damaged; export the model again.';
    expect(read({ name: 'first', output: ['z'] })).toThrow(`m.onnx: a node (first) ${damaged}`);
    expect(read({ output: ['z'] })).toThrow(`m.onnx: a node (z) ${damaged}`);
    expect(read({})).toThrow(`m.onnx: a node (without a name) ${damaged}`);
  });

  it('a model without an operator set is named', () => {
    expect(() => readModel(model({}, { opsetImport: [] }))).toThrow('names no ONNX operator set');
  });
});
