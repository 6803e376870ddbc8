/** Every fusion in every spelling we know, on small graphs, against the source graph in float64. */
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

/** A parameter that differs from its neighbours. */
function tensor(name: string, dims: number[], seed = name.length): Initializer {
  const data = Float32Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(seed * 3.1 + i * 1.3));
  return floatInitializer(`delta.${name}`, dims, data);
}

/** Compiles, verifies, and checks that both interpreters agree on every output. */
function compiled(
  nodes: SourceNode[],
  initializers: Initializer[],
  outputs = [nodes.at(-1)!.outputs[0]],
  mode: 'train' | 'eval' = 'eval',
): Program {
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
  const actual = interpretProgram(program, given);
  const expected = interpretSource(source, {});
  for (const name of outputs) {
    const [a, b] = [actual.get(name)!, expected.get(name)!];
    expect(a.shape).toEqual(b.shape);
    a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i], 5));
  }
  return program;
}

const numbers = (values: Record<string, number>): Initializer[] =>
  Object.entries(values).map(([name, value]) => scalarInitializer(name, value));
const x = tensor('x', [2, 3, 8]);
const X = 'delta.x';

describe('LayerNorm', () => {
  const vectors = [
    tensor('gamma', [8]),
    tensor('beta', [8]),
    ...numbers({ two: 2, epsilon: 1e-5, minus: -0.5 }),
  ];
  const mean = (of: string, to: string): SourceNode => node('ReduceMean', [of], to, { axes: [-1] });
  const centre = [mean(X, 'mean'), node('Sub', [X, 'mean'], 'centred')];
  const variance = [mean('square', 'variance'), node('Add', ['variance', 'epsilon'], 'shifted')];
  const scale = (...inputs: string[]): SourceNode[] => [
    node('Mul', inputs, 'scaled'),
    node('Add', ['scaled', 'delta.beta'], 'y'),
  ];
  const square = node('Pow', ['centred', 'two'], 'square');
  const root = node('Sqrt', ['shifted'], 'root');
  const divide = node('Div', ['centred', 'root'], 'normal');

  it.each<[string, SourceNode[]]>([
    ['Pow, Sqrt, Div', [...centre, square, ...variance, root, divide, ...scale('normal', 'delta.gamma')]],
    [
      'a product of itself, gamma and beta first',
      [
        ...centre,
        node('Mul', ['centred', 'centred'], 'square'),
        ...variance,
        root,
        divide,
        node('Mul', ['delta.gamma', 'normal'], 'scaled'),
        node('Add', ['delta.beta', 'scaled'], 'y'),
      ],
    ],
    [
      'the difference computed twice',
      [
        ...centre,
        node('Sub', [X, 'mean'], 'again'),
        node('Pow', ['again', 'two'], 'square'),
        ...variance,
        root,
        divide,
        ...scale('normal', 'delta.gamma'),
      ],
    ],
    [
      'times the reciprocal root',
      [
        ...centre,
        square,
        ...variance,
        root,
        node('Reciprocal', ['root'], 'inverse'),
        node('Mul', ['inverse', 'centred'], 'normal'),
        ...scale('normal', 'delta.gamma'),
      ],
    ],
    [
      'to the power −1/2',
      [
        ...centre,
        square,
        ...variance,
        node('Pow', ['shifted', 'minus'], 'inverse'),
        node('Mul', ['centred', 'inverse'], 'normal'),
        ...scale('normal', 'delta.gamma'),
      ],
    ],
  ])('written with %s', (_title, nodes) => {
    const program = compiled(nodes, [x, ...vectors]);
    expect(countOps(program)).toEqual({ LayerNorm: 1 });
    expect(program.nodes[0]).toMatchObject({
      inputs: [X, 'delta.gamma', 'delta.beta'],
      outputs: ['y', 'y#mean', 'y#rstd'],
    });
    expect(program.nodes[0].sources).toContain('Add_y');
    expect(program.nodes[0].sources.length).toBeGreaterThanOrEqual(8);
  });

  it('with an epsilon that half precision made 0', () => {
    const sum = node('Add', ['variance', 'zero'], 'shifted');
    const nodes = [...centre, square, variance[0], sum, root, divide, ...scale('normal', 'delta.gamma')];
    const program = compiled(nodes, [x, ...vectors, ...numbers({ zero: 0 })]);
    expect(countOps(program)).toEqual({ LayerNorm: 1 });
    expect(program.nodes[0].attributes).toEqual({ epsilon: 0 });
  });

  it('whole, without a bias', () => {
    const whole = node('LayerNormalization', [X, 'delta.gamma'], 'y', { epsilon: 1e-3 });
    expect(countOps(compiled([whole], [x, ...vectors]))).toEqual({ LayerNorm: 1 });
  });

  it('is left alone over another axis', () => {
    const nodes = [
      node('ReduceMean', [X], 'mean', { axes: [1] }),
      node('Sub', [X, 'mean'], 'centred'),
      square,
      node('ReduceMean', ['square'], 'variance', { axes: [1] }),
      variance[1],
      root,
      divide,
      ...scale('normal', 'delta.gamma'),
    ];
    expect(countOps(compiled(nodes, [x, ...vectors]))['LayerNorm']).toBeUndefined();
  });
});

describe('activations', () => {
  const constants = numbers({
    half: 0.5,
    one: 1,
    root2: Math.SQRT2,
    rootHalf: Math.SQRT1_2,
    two: 2,
    three: 3,
    c: 0.044715,
    k: Math.sqrt(2 / Math.PI),
    kc: 0.044715 * Math.sqrt(2 / Math.PI),
  });
  const erf = [
    node('Div', [X, 'root2'], 'inner'),
    node('Erf', ['inner'], 'erf'),
    node('Add', ['erf', 'one'], 'sum'),
  ];
  const tanh = [node('Tanh', ['inner'], 'tanh'), node('Add', ['one', 'tanh'], 'sum')];
  const product = [node('Mul', [X, 'sum'], 'whole'), node('Mul', ['whole', 'half'], 'y')];
  const cubic = (cube: SourceNode[]): SourceNode[] => [
    ...cube,
    node('Mul', ['c', 'cube'], 'term'),
    node('Add', [X, 'term'], 'poly'),
    node('Mul', ['k', 'poly'], 'inner'),
    ...tanh,
  ];

  it.each<[string, string, SourceNode[]]>([
    ['Gelu', 'half last', [...erf, ...product]],
    ['Gelu', 'half on x', [...erf, node('Mul', [X, 'half'], 'h'), node('Mul', ['h', 'sum'], 'y')]],
    ['Gelu', 'half on x, last', [...erf, node('Mul', ['half', X], 'h'), node('Mul', ['sum', 'h'], 'y')]],
    ['Gelu', 'half on the sum', [...erf, node('Mul', ['half', 'sum'], 'h'), node('Mul', [X, 'h'], 'y')]],
    ['Gelu', 'a product with 1/√2', [node('Mul', [X, 'rootHalf'], 'inner'), ...erf.slice(1), ...product]],
    [
      'Gelu',
      'half by division',
      [...erf, node('Mul', [X, 'sum'], 'whole'), node('Div', ['whole', 'two'], 'y')],
    ],
    ['GeluTanh', 'Pow', [...cubic([node('Pow', [X, 'three'], 'cube')]), ...product]],
    [
      'GeluTanh',
      'x·x·x',
      [
        ...cubic([node('Mul', [X, X], 'sq'), node('Mul', ['sq', X], 'cube')]),
        node('Mul', ['half', X], 'h'),
        node('Mul', ['h', 'sum'], 'y'),
      ],
    ],
    [
      'GeluTanh',
      'a factored polynomial',
      [
        node('Mul', [X, X], 'sq'),
        node('Mul', ['sq', 'kc'], 'term'),
        node('Add', ['term', 'k'], 'poly'),
        node('Mul', [X, 'poly'], 'inner'),
        ...tanh,
        ...product,
      ],
    ],
    ['Silu', 'a gate', [node('Sigmoid', [X], 's'), node('Mul', ['s', X], 'y')]],
  ])('%s with %s', (kind, _title, nodes) => {
    const program = compiled(nodes, [x, ...constants]);
    expect(countOps(program)).toEqual({ [kind]: 1 });
    expect(program.nodes[0].sources).toHaveLength(nodes.length);
  });

  it('other constants are no GELU', () => {
    const nodes = [node('Mul', [X, 'half'], 'inner'), ...erf.slice(1), ...product];
    expect(countOps(compiled(nodes, [x, ...constants]))['Gelu']).toBeUndefined();
  });

  it('an inner value that is also an output is still computed', () => {
    const program = compiled([...erf, ...product], [x, ...constants], ['y', 'erf']);
    expect(countOps(program)).toEqual({ Gelu: 1, Scale: 1, Erf: 1 });
  });
});

describe('linear', () => {
  const w = tensor('w', [8, 5]);
  const b = tensor('bias', [5]);

  it.each([
    ['after', ['product', 'delta.bias']],
    ['before', ['delta.bias', 'product']],
  ])('takes the bias added %s', (_title, inputs) => {
    const program = compiled(
      [node('MatMul', [X, 'delta.w'], 'product'), node('Add', inputs, 'y')],
      [x, w, b],
    );
    expect(program.nodes).toMatchObject([
      { op: 'MatMul', inputs: [X, 'delta.w', 'delta.bias'], outputs: ['y'] },
    ]);
  });

  it('leaves a product that others read, and a vector that is no row', () => {
    const nodes = [
      node('MatMul', [X, 'delta.w'], 'product'),
      node('Add', ['product', 'delta.bias'], 'a'),
      node('Relu', ['product'], 'r'),
      node('Add', ['a', 'r'], 'y'),
    ];
    expect(countOps(compiled(nodes, [x, w, b]))).toEqual({ MatMul: 1, Add: 2, Relu: 1 });
    const column = [node('MatMul', [X, 'delta.w'], 'product'), node('Add', ['product', 'delta.column'], 'y')];
    expect(countOps(compiled(column, [x, w, tensor('column', [3, 1])]))).toEqual({ MatMul: 1, Add: 1 });
  });

  it('takes a constant factor, as LoRA has', () => {
    const nodes = [
      node('MatMul', [X, 'delta.a'], 'down'),
      node('MatMul', ['down', 'delta.b'], 'up'),
      node('Mul', ['up', 'scale'], 'scaled'),
      node('MatMul', [X, 'delta.w'], 'product'),
      node('Add', ['product', 'delta.bias'], 'linear'),
      node('Add', ['linear', 'scaled'], 'y'),
    ];
    const initializers = [x, w, b, tensor('a', [8, 2]), tensor('b', [2, 5]), ...numbers({ scale: 2 })];
    const program = compiled(nodes, initializers);
    expect(countOps(program)).toEqual({ MatMul: 3, Add: 1 });
    expect(program.nodes.find((n) => n.outputs[0] === 'scaled')).toMatchObject({ attributes: { alpha: 2 } });
  });

  it('takes a transposed operand', () => {
    const nodes = [
      node('Transpose', ['delta.w'], 'turned', { perm: [1, 0] }),
      node('Transpose', ['delta.v'], 'left', { perm: [1, 0] }),
      node('MatMul', ['left', 'turned'], 'y'),
    ];
    const program = compiled(nodes, [tensor('w', [5, 8]), tensor('v', [8, 3])]);
    expect(program.nodes).toMatchObject([{ op: 'MatMul', attributes: { transA: true, transB: true } }]);
  });
});

describe('sharing and views', () => {
  it('equal nodes are one, random ones are not', () => {
    const twice = (op: string, attributes = {}): SourceNode[] => [
      node(op, [X], 'a', attributes),
      node(op, [X], 'b', attributes),
      node('Add', ['a', 'b'], 'y'),
    ];
    expect(countOps(compiled(twice('Tanh'), [x]))).toEqual({ Tanh: 1, Add: 1 });
    const random = compiled(twice('Dropout', { ratio: 0.5 }), [x], ['y'], 'train');
    expect(countOps(random)).toEqual({ Dropout: 2, Add: 1 });
  });

  it('views of views collapse, and views that change nothing go', () => {
    const shape = (name: string, ...dims: number[]): Initializer => intInitializer(name, dims);
    const nodes = [
      node('Reshape', [X, 'flat'], 'a'),
      node('Reshape', ['a', 'back'], 'b'),
      node('Transpose', ['b'], 'c', { perm: [0, 2, 1] }),
      node('Transpose', ['c'], 'd', { perm: [0, 2, 1] }),
      node('Tanh', ['d'], 'y'),
    ];
    expect(countOps(compiled(nodes, [x, shape('flat', -1), shape('back', 2, 3, 8)]))).toEqual({ Tanh: 1 });
  });

  it('an output that is another value under a second name keeps its name', () => {
    const program = compiled([node('Tanh', [X], 'a'), node('Identity', ['a'], 'y')], [x], ['a', 'y']);
    expect(program.outputs).toEqual(['a', 'y']);
  });
});

describe('gates', () => {
  const w = tensor('w', [3, 4]);
  const alpha = tensor('alpha', [3, 4]);
  const base = tensor('base', [3, 4]);
  const gates = (of = alpha.name, to = 'z'): SourceNode => ({
    ...node('HardConcrete', [of], to, { low: -1.5, high: 1.5, stream: 4 }),
    domain: 'delta',
  });
  const open = [node('Sigmoid', [alpha.name], 's'), node('ReduceSum', ['s'], 'open', { keepdims: 0 })];

  it('a difference under gates is one node, with the sum that a penalty asks for', () => {
    const nodes = [gates(), node('Mul', [w.name, 'z'], 'd'), node('Add', [base.name, 'd'], 'y'), ...open];
    const used = compiled(nodes, [w, alpha, base], ['y', 'open']);
    expect(used.nodes).toMatchObject([
      { op: 'Gated', inputs: [w.name, alpha.name, base.name], outputs: ['y', '', 'open'] },
    ]);
    const trained = compiled(nodes, [w, alpha, base], ['y', 'open'], 'train');
    expect(trained.nodes).toMatchObject([{ op: 'Gated', attributes: { stream: 4 } }]);
    expect(trained.nodes[0].outputs).toEqual(['y', expect.stringContaining(':gates'), 'open']);
  });

  it('with another gate between, or read elsewhere, the product alone is', () => {
    const group = tensor('group', [1]);
    const nodes = [
      gates(),
      gates(group.name, 'g'),
      node('Mul', [w.name, 'z'], 'd'),
      node('Mul', ['d', 'g'], 'e'),
      node('Add', [base.name, 'e'], 'y'),
      ...open,
    ];
    const grouped = compiled(nodes, [w, alpha, base, group], ['y', 'open']);
    expect(countOps(grouped)).toEqual({ Gated: 1, HardConcrete: 1, Mul: 1, Add: 1 });
    const shared = [gates(), node('Mul', [w.name, 'z'], 'd'), node('Add', [base.name, 'd'], 'y')];
    expect(countOps(compiled(shared, [w, alpha, base], ['y', 'd']))).toEqual({ Gated: 1, Add: 1 });
    expect(countOps(compiled(shared, [w, alpha, base], ['y', 'z']))).toEqual({
      HardConcrete: 1,
      Mul: 1,
      Add: 1,
    });
  });

  it('a sum that is wanted before the gates are stays by itself', () => {
    const nodes = [...open, gates(), node('Mul', [w.name, 'z'], 'd'), node('Add', [base.name, 'd'], 'y')];
    expect(countOps(compiled(nodes, [w, alpha, base], ['y', 'open']))).toEqual({
      Sigmoid: 1,
      Reduce: 1,
      Gated: 1,
    });
  });
});

describe('two tables', () => {
  it('rows of a concatenation are read where they lie', () => {
    const nodes = [
      node('Concat', ['delta.words', 'delta.prompt'], 'rows', { axis: 0 }),
      node('Gather', ['rows', 'ids'], 'y'),
    ];
    const ids = intInitializer('ids', [0, 6, 4, 5], [2, 2]);
    const program = compiled(nodes, [tensor('words', [5, 4]), tensor('prompt', [2, 4]), ids]);
    expect(program.nodes).toMatchObject([{ op: 'Gather', inputs: ['delta.words', 'ids', 'delta.prompt'] }]);
  });
});
