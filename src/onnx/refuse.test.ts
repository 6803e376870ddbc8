import { describe, expect, it } from 'vitest';
import { graph, node } from '../../tests/support/graphs.ts';
import { StudioError } from '../errors.ts';
import { english } from '../sentence.ts';
import type { OnnxModel } from './read.ts';
import { findUnsupported, refuseUnsupported } from './refuse.ts';

function model(op: string, domain = '', more: Partial<OnnxModel> = {}): OnnxModel {
  const source = graph([
    node('Relu', ['x'], 'a'),
    node(op, ['a'], 'y', {}, { domain, name: '/layer.0/the_node' }),
  ]);
  return {
    graph: source,
    opsets: new Map(),
    irVersion: 8,
    producer: '',
    metadata: new Map(),
    functions: [],
    ...more,
  };
}

describe('refusing models by name', () => {
  it.each([
    ['DynamicQuantizeLinear', '', '8-bit quantisation'],
    ['DequantizeLinear', '', '8-bit quantisation'],
    ['MatMulInteger', '', '8-bit quantisation'],
    ['QLinearMatMul', '', '8-bit quantisation'],
    ['DynamicQuantizeMatMul', 'com.microsoft', '8-bit quantisation'],
    ['MatMulIntegerToFloat', 'com.microsoft', '8-bit quantisation'],
    ['MatMulNBits', 'com.microsoft', '4 bits'],
    ['Attention', 'com.microsoft', 'ONNX Runtime’s own, made by its optimiser; export the model without'],
    ['Frobnicate', 'org.example', 'of the domain org.example'],
    // Our own operators are for what is added here: a file cannot bring them along.
    ['Fastfood', 'delta', 'of the domain delta; export the model with ONNX’s own operators'],
    ['Hadamard', 'delta', 'of the domain delta'],
    ['HardConcrete', 'delta', 'of the domain delta'],
  ])('%s of domain "%s"', (op, domain, why) => {
    const found = findUnsupported(model(op, domain));
    expect(found).toHaveLength(1);
    const refuse = () => refuseUnsupported(found, 'bert_q.onnx');
    const qualified = domain === '' ? op : `${domain}.${op}`;
    expect(refuse).toThrow(StudioError);
    expect(refuse).toThrow(`bert_q.onnx: the node /layer.0/the_node (${qualified})`);
    expect(refuse).toThrow(why);
  });

  it('a function of the model’s own', () => {
    const found = findUnsupported(model('Gelu', 'pkg.onnxscript', { functions: ['pkg.onnxscript:Gelu'] }));
    expect(found[0].op).toBe('pkg.onnxscript.Gelu');
    expect(english(found[0].why)).toBe('is a function that the model defines itself');
  });

  it.each([
    [10, 'uses operator set 10, and only 11 to 22 are supported'],
    [11, null],
    [22, null],
    [23, 'uses operator set 23, and only 11 to 22 are supported'],
  ])('operator set %i', (opset, why) => {
    const old = model('Gelu');
    const found = findUnsupported({ ...old, graph: { ...old.graph, opset } });
    expect(found.map((f) => english(f.why))).toEqual(why === null ? [] : [why]);
    if (why !== null)
      expect(() => refuseUnsupported(found, 'old.onnx')).toThrow(`old.onnx ${why}; export it again`);
  });

  it('lets everything else through', () => {
    expect(() => refuseUnsupported(findUnsupported(model('LayerNormalization')), 'bert.onnx')).not.toThrow();
  });
});
