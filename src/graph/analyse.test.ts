/** Roles of structures the exported encoders lack: norms before the sub-layers, gated feed-forward parts. */
import { describe, expect, it } from 'vitest';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import { analyse } from './analyse.ts';
import type { Initializer, Parameter, SourceGraph, SourceNode } from './source.ts';
import { intInitializer, scalarInitializer } from './tensor.ts';

const WIDTH = 6;

class Builder {
  declare protected readonly nominal: true;
  readonly nodes: SourceNode[] = [];
  readonly weights: Initializer[] = [];

  add(op: string, inputs: string[], output: string, attributes: SourceNode['attributes'] = {}): string {
    this.nodes.push(node(op, inputs, output, attributes));
    return output;
  }

  parameter(name: string, dims: number[]): string {
    this.weights.push(weight(name, dims));
    return name;
  }

  linear(x: string, name: string, [from, to]: readonly [number, number]): string {
    const product = this.add('MatMul', [x, this.parameter(`${name}.weight`, [from, to])], `${name}/product`);
    return this.add('Add', [this.parameter(`${name}.bias`, [to]), product], `${name}/out`);
  }

  norm(x: string, name: string): string {
    const vectors = ['weight', 'bias'].map((part) => this.parameter(`${name}.${part}`, [WIDTH]));
    return this.add('LayerNormalization', [x, ...vectors], `${name}/out`);
  }

  /** x + attention(norm x), then h + feed-forward(norm h). */
  layer(x: string, name: string): string {
    const entered = this.norm(x, `${name}.before`);
    const heads = (part: string, perm: number[]): string => {
      const projected = this.linear(entered, `${name}.${part}`, [WIDTH, WIDTH]);
      const split = this.add('Reshape', [projected, 'split'], `${name}.${part}/split`);
      return this.add('Transpose', [split], `${name}.${part}/heads`, { perm });
    };
    const [q, k, v] = [heads('q', [0, 2, 1, 3]), heads('k', [0, 2, 3, 1]), heads('v', [0, 2, 1, 3])];
    const scores = this.add('MatMul', [q, k], `${name}/scores`);
    const probabilities = this.add('Softmax', [scores], `${name}/probabilities`);
    const context = this.add('MatMul', [probabilities, v], `${name}/context`);
    const turned = this.add('Transpose', [context], `${name}/turned`, { perm: [0, 2, 1, 3] });
    const merged = this.add('Reshape', [turned, 'merge'], `${name}/merged`);
    const sum = this.add('Add', [x, this.linear(merged, `${name}.o`, [WIDTH, WIDTH])], `${name}/sum`);
    const between = this.norm(sum, `${name}.between`);
    const gate = this.add('Gelu', [this.linear(between, `${name}.gate`, [WIDTH, 10])], `${name}/activated`);
    const gated = this.add('Mul', [gate, this.linear(between, `${name}.in`, [WIDTH, 10])], `${name}/gated`);
    return this.add('Add', [sum, this.linear(gated, `${name}.out`, [10, WIDTH])], `${name}/result`);
  }

  graph(output: string): { graph: SourceGraph; parameters: Map<string, Parameter> } {
    const constants = [
      intInitializer('split', [0, 0, 2, WIDTH / 2]),
      intInitializer('merge', [0, 0, WIDTH]),
      scalarInitializer('zero', 0),
    ];
    const parameters = this.weights.map(({ name, dims }): [string, Parameter] => [
      name,
      { name, dims, transposed: false, originalName: name },
    ]);
    const source = graph(this.nodes, [...this.weights, ...constants], {
      opset: 20,
      inputs: [{ name: 'input_ids', type: 'int64', dims: ['batch', 'length'] }],
      outputs: [{ name: output, type: 'float32', dims: ['batch', 'length', WIDTH] }],
    });
    return { graph: source, parameters: new Map(parameters) };
  }
}

describe('layers that normalise first', () => {
  const b = new Builder();
  const x = b.add('Gather', [b.parameter('words.weight', [9, WIDTH]), 'input_ids'], 'words/out');
  const last = b.layer(b.layer(x, 'layer0'), 'layer1');
  const { graph: source, parameters } = b.graph(b.linear(b.norm(last, 'final'), 'answer', [WIDTH, 3]));
  const roles = analyse(source, parameters);
  const modules = (sites: readonly { role: string; module: string }[]): Record<string, string> =>
    Object.fromEntries(sites.map(({ role, module }) => [role, module]));

  it('have their norms at the entries, and one at the end of the stack', () => {
    expect(modules(roles.norms)).toEqual({
      'encoder.0.self.norm': 'layer0.before',
      'encoder.0.ffn.norm': 'layer0.between',
      'encoder.1.self.norm': 'layer1.before',
      'encoder.1.ffn.norm': 'layer1.between',
      'encoder.norm': 'final',
    });
    expect(roles.encoderOutput).toBe('final/out');
  });

  it('have a gate, the activated one of the two linears that meet', () => {
    const layer = (i: number): Record<string, string> =>
      Object.fromEntries(
        ['self.q', 'self.k', 'self.v', 'self.o', 'ffn.gate', 'ffn.in', 'ffn.out'].map((part) => [
          `encoder.${i}.${part}`,
          `layer${i}.${part.split('.')[1]}`,
        ]),
      );
    expect(modules(roles.linears)).toEqual({ ...layer(0), ...layer(1), 'head.answer': 'answer' });
  });

  it('have a residual stream that no norm touches', () => {
    expect(roles.sublayers.map(({ role, input, output, sum }) => [role, input, output, sum])).toEqual([
      ['encoder.0.self', 'words/out', 'layer0.o/out', 'layer0/sum'],
      ['encoder.0.ffn', 'layer0/sum', 'layer0.out/out', 'layer0/result'],
      ['encoder.1.self', 'layer0/result', 'layer1.o/out', 'layer1/sum'],
      ['encoder.1.ffn', 'layer1/sum', 'layer1.out/out', 'layer1/result'],
    ]);
    expect(roles.embeddings.map(({ role }) => role)).toEqual(['embeddings.word']);
    expect(roles.hidden).toBe(WIDTH);
  });
});

describe('what is no encoder', () => {
  it('a graph without attention is refused', () => {
    const b = new Builder();
    const x = b.add('Gather', [b.parameter('words.weight', [9, WIDTH]), 'input_ids'], 'words/out');
    const { graph: source, parameters } = b.graph(b.linear(x, 'answer', [WIDTH, 3]));
    expect(() => analyse(source, parameters, { model_type: 'bag' })).toThrow(
      /bag \(test\): no attention was found/,
    );
  });
});
