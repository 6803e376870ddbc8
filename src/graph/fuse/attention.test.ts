/** Attention in the spellings exporters and deltas give it, against the source graph in float64. */
import { describe, expect, it } from 'vitest';
import { countOps } from '../../../tests/support/compiled.ts';
import { graph, node } from '../../../tests/support/graphs.ts';
import { compileForward } from '../compile.ts';
import { interpretProgram, interpretSource } from '../interpret.ts';
import { initializerTensor } from '../onnx-ops/index.ts';
import type { Program } from '../program.ts';
import type { RefTensor } from '../reference/tensor.ts';
import type { Initializer, SourceNode } from '../source.ts';
import { elementCount, floatInitializer, intInitializer, scalarInitializer } from '../tensor.ts';
import { verifyProgram } from '../verify.ts';

interface Sizes {
  batch: number;
  queries: number;
  keys: number;
  heads: number;
  depth: number;
}

const SIZES: Sizes = { batch: 2, queries: 3, keys: 3, heads: 4, depth: 5 };

function tensor(name: string, dims: number[], seed = name.length): Initializer {
  const data = Float32Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(seed * 3.1 + i * 1.3));
  return floatInitializer(`delta.${name}`, dims, data);
}

const projections = ({ batch, queries, keys, heads, depth }: Sizes): Initializer[] => [
  tensor('q', [batch, queries, heads * depth], 1),
  tensor('k', [batch, keys, heads * depth], 2),
  tensor('v', [batch, keys, heads * depth], 3),
];

const shapes = ({ heads, depth, batch, queries, keys }: Sizes): Initializer[] => [
  intInitializer('split', [batch, -1, heads, depth]),
  intInitializer('merge', [0, 0, heads * depth]),
  intInitializer('bmm', [-1, keys, depth]),
  intInitializer('unbmm', [batch, heads, depth, keys]),
  scalarInitializer('root', Math.sqrt(depth)),
  scalarInitializer('quarter', depth ** -0.25),
  tensor('mask', [batch, 1, 1, keys]),
  tensor('position', [1, heads, queries, keys]),
];

const head = (of: string, to: string, perm: number[]): SourceNode[] => [
  node('Reshape', [`delta.${of}`, 'split'], `${to}#split`),
  node('Transpose', [`${to}#split`], to, { perm }),
];
const heads = [
  ...head('q', 'q', [0, 2, 1, 3]),
  ...head('k', 'kT', [0, 2, 3, 1]),
  ...head('v', 'v', [0, 2, 1, 3]),
];
const context = (probabilities = 'p'): SourceNode[] => [
  node('MatMul', [probabilities, 'v'], 'context'),
  node('Transpose', ['context'], 'turned', { perm: [0, 2, 1, 3] }),
  node('Reshape', ['turned', 'merge'], 'y'),
];
const softmax = (of: string): SourceNode => node('Softmax', [of], 'p', { axis: -1 });
const scores = node('MatMul', ['q', 'kT'], 's');
const divided = node('Div', ['s', 'root'], 'scaled');

function compiled(
  nodes: SourceNode[],
  sizes = SIZES,
  mode: 'train' | 'eval' = 'eval',
  outputs = ['y'],
): Program {
  const initializers = [...projections(sizes), ...shapes(sizes)];
  const source = graph(nodes, initializers, {
    inputs: [],
    outputs: outputs.map((name) => ({ name, type: 'float32', dims: [] })),
  });
  const { program, host } = compileForward(source, new Map(), { inputShapes: {}, mode });
  verifyProgram(program, host);
  if (mode === 'train') return program;
  const given = new Map<string, RefTensor>();
  for (const { id, kind } of program.values.values())
    if (kind === 'parameter') given.set(id, initializerTensor(source.initializers.get(id)!));
  const [actual, expected] = [interpretProgram(program, given), interpretSource(source, {})];
  for (const name of outputs) {
    expect(actual.get(name)!.shape).toEqual(expected.get(name)!.shape);
    actual.get(name)!.data.forEach((value, i) => expect(value).toBeCloseTo(expected.get(name)!.data[i], 6));
  }
  return program;
}

const spellings: [string, SourceNode[], string[]][] = [
  [
    'eager, scaled after the scores',
    [...heads, scores, divided, node('Add', ['scaled', 'delta.mask'], 'm'), softmax('m'), ...context()],
    ['delta.mask'],
  ],
  [
    'the mask first',
    [...heads, scores, divided, node('Add', ['delta.mask', 'scaled'], 'm'), softmax('m'), ...context()],
    ['delta.mask'],
  ],
  [
    'scaled on q',
    [
      ...heads,
      node('Div', ['q', 'root'], 'qs'),
      node('MatMul', ['qs', 'kT'], 's'),
      node('Add', ['s', 'delta.mask'], 'm'),
      softmax('m'),
      ...context(),
    ],
    ['delta.mask'],
  ],
  [
    'sdpa, scaled on both',
    [
      ...heads,
      node('Mul', ['q', 'quarter'], 'qs'),
      node('Mul', ['kT', 'quarter'], 'ks'),
      node('MatMul', ['qs', 'ks'], 's'),
      node('Add', ['s', 'delta.mask'], 'm'),
      softmax('m'),
      ...context(),
    ],
    ['delta.mask'],
  ],
  [
    'keys transposed through three dimensions',
    [
      ...head('q', 'q', [0, 2, 1, 3]),
      ...head('k', 'k', [0, 2, 1, 3]),
      ...head('v', 'v', [0, 2, 1, 3]),
      node('Reshape', ['k', 'bmm'], 'k3'),
      node('Transpose', ['k3'], 'k3T', { perm: [0, 2, 1] }),
      node('Reshape', ['k3T', 'unbmm'], 'kT'),
      scores,
      divided,
      softmax('scaled'),
      ...context(),
    ],
    [],
  ],
  ['no mask', [...heads, scores, divided, softmax('scaled'), ...context()], []],
];

describe.each(spellings)('%s', (_title, nodes, bias) => {
  it.each<[string, Sizes]>([
    ['an ordinary size', SIZES],
    ['one text', { ...SIZES, batch: 1 }],
    ['one token', { ...SIZES, queries: 1, keys: 1 }],
    ['one head', { ...SIZES, heads: 1 }],
    ['one of each', { batch: 1, queries: 1, keys: 1, heads: 1, depth: 3 }],
    ['more keys than queries', { ...SIZES, keys: 5 }],
  ])('%s', (_name, sizes) => {
    const program = compiled(nodes, sizes);
    expect(countOps(program)).toEqual({ Attention: 1 });
    const [attention] = program.nodes;
    expect(attention).toMatchObject({
      inputs: ['delta.q', 'delta.k', 'delta.v', ...bias],
      outputs: ['y', 'y#lse'],
      attributes: { heads: sizes.heads, dropout: 0, dropoutId: 0 },
    });
    expect((attention.attributes as { scale: number }).scale).toBeCloseTo(sizes.depth ** -0.5, 6);
  });
});

it('two biases are added first', () => {
  const nodes = [
    ...heads,
    scores,
    node('Add', ['s', 'delta.position'], 'biased'),
    node('Add', ['biased', 'delta.mask'], 'm'),
    softmax('m'),
    ...context(),
  ];
  expect(countOps(compiled(nodes))).toEqual({ Add: 1, Attention: 1 });
});

it('dropout on the probabilities goes into the attention', () => {
  const nodes = [
    ...heads,
    scores,
    divided,
    softmax('scaled'),
    node('Dropout', ['p'], 'd', { ratio: 0.1 }),
    ...context('d'),
  ];
  const program = compiled(
    nodes.map((n) => ({ ...n })),
    SIZES,
    'train',
  );
  expect(program.nodes).toHaveLength(1);
  expect(program.nodes[0]).toMatchObject({ op: 'Attention', attributes: { dropout: 0.1, dropoutId: 1 } });
  expect(countOps(compiled(nodes))).toEqual({ Attention: 1 });
});

it('the guard against fully masked rows folds away', () => {
  const nodes = [
    ...heads,
    scores,
    divided,
    softmax('scaled'),
    node('IsNaN', ['p'], 'nan'),
    node('Where', ['nan', 'zero', 'p'], 'safe'),
    ...context('safe'),
  ];
  const program = compiled([node('Sub', ['root', 'root'], 'zero'), ...nodes]);
  expect(countOps(program)).toEqual({ Attention: 1 });
});

it('a prefix on projected keys and values keeps the fusion', () => {
  const prefixed = { ...SIZES, keys: SIZES.keys + 2 };
  const concat = (of: string): SourceNode =>
    node('Concat', [`delta.p${of}`, `delta.${of}`], `delta.${of}2`, { axis: 1 });
  const nodes = [
    concat('k'),
    concat('v'),
    ...head('q', 'q', [0, 2, 1, 3]),
    ...head('k2', 'kT', [0, 2, 3, 1]),
    ...head('v2', 'v', [0, 2, 1, 3]),
    scores,
    divided,
    node('Add', ['scaled', 'delta.mask'], 'm'),
    softmax('m'),
    ...context(),
  ];
  const { batch, heads: count, depth } = SIZES;
  const prefix = [tensor('pk', [batch, 2, count * depth], 4), tensor('pv', [batch, 2, count * depth], 5)];
  const source = graph(nodes, [...projections(SIZES), ...prefix, ...shapes(prefixed)], {
    inputs: [],
    outputs: [{ name: 'y', type: 'float32', dims: [] }],
  });
  const { program } = compileForward(source, new Map(), { inputShapes: {}, mode: 'eval' });
  verifyProgram(program);
  expect(countOps(program)).toEqual({ Concat: 2, Attention: 1 });
  expect(program.nodes[2]).toMatchObject({ inputs: ['delta.q', 'delta.k2', 'delta.v2', 'delta.mask'] });
});

it('probabilities that are an output are still computed', () => {
  const nodes = [...heads, scores, divided, softmax('scaled'), ...context()];
  expect(countOps(compiled(nodes, SIZES, 'eval', ['y', 'p']))['Softmax']).toBe(1);
});

it('a context read per head is given back per head', () => {
  const nodes = [
    ...heads,
    scores,
    divided,
    softmax('scaled'),
    node('MatMul', ['p', 'v'], 'context'),
    node('Tanh', ['context'], 'y'),
  ];
  expect(countOps(compiled(nodes))).toEqual({ Attention: 1, Reshape: 1, Transpose: 1, Tanh: 1 });
});
