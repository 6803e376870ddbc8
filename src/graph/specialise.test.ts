import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import { countOps } from '../../tests/support/compiled.ts';
import { compileForward } from './compile.ts';
import type { Specialised } from './compile.ts';
import { evaluateHost } from './host.ts';
import { interpretProgram, interpretSource } from './interpret.ts';
import { initializerTensor } from './onnx-ops/index.ts';
import { refTensor } from './reference/tensor.ts';
import type { RefTensor } from './reference/tensor.ts';
import { specialise } from './specialise.ts';
import type { Initializer, SourceGraph, SourceNode } from './source.ts';
import { floatInitializer, intInitializer, scalarInitializer } from './tensor.ts';
import { verifyProgram } from './verify.ts';

const IDS = { name: 'ids', type: 'int64', dims: ['batch', 'length'] } as const;

/** A graph over integer `ids` [batch, length]; tensors named `delta.` are its parameters. */
function idGraph(nodes: SourceNode[], initializers: Initializer[], outputs?: string[]): SourceGraph {
  const names = outputs ?? [nodes.at(-1)!.outputs[0]];
  return graph(nodes, initializers, {
    inputs: [{ ...IDS, dims: [...IDS.dims] }],
    outputs: names.map((name) => ({ name, type: 'float32', dims: [] })),
  });
}

function compile(source: SourceGraph, shape: number[], mode: 'train' | 'eval' = 'eval'): Specialised {
  const compiled = compileForward(source, new Map(), { inputShapes: { ids: shape }, mode });
  verifyProgram(compiled.program, compiled.host);
  return compiled;
}

/** Both interpretations of the outputs, which have to agree. */
function runBoth(source: SourceGraph, shape: number[], ids: number[]): RefTensor[] {
  const { program, host } = compile(source, shape);
  const given = new Map<string, RefTensor>();
  for (const { id, kind } of program.values.values())
    if (kind === 'parameter') given.set(id, initializerTensor(source.initializers.get(id)!));
  for (const [id, data] of evaluateHost(host, { ids: Int32Array.from(ids) }))
    given.set(id, refTensor(program.values.get(id)!.shape, data));
  const actual = interpretProgram(program, given);
  const expected = interpretSource(source, { ids: refTensor(shape, ids, 'int64') });
  return source.outputs.map(({ name }) => {
    const [a, b] = [actual.get(name)!, expected.get(name)!];
    expect(a.shape).toEqual(b.shape);
    a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i], 6));
    return a;
  });
}

const table = weight('delta.table', [6, 4], -9);
const embed = node('Gather', ['delta.table', 'ids'], 'x');
const ints = (name: string, ...values: number[]): Initializer => intInitializer(name, values);
const index = (name: string, value: number): Initializer => intInitializer(name, [value], []);

describe('shape arithmetic', () => {
  it('folds away, whatever the batch and length', () => {
    const source = idGraph(
      [
        embed,
        node('Shape', ['x'], 'shape'),
        node('Gather', ['shape', 'zero'], 'batch'),
        node('Unsqueeze', ['batch', 'axis0'], 'batch1'),
        node('Concat', ['batch1', 'minusOne', 'two', 'two'], 'target', { axis: 0 }),
        node('Reshape', ['x', 'target'], 'y'),
        node('Transpose', ['y'], 'z', { perm: [0, 2, 1, 3] }),
      ],
      [table, index('zero', 0), ints('axis0', 0), ints('minusOne', -1), ints('two', 2)],
    );
    expect(countOps(compile(source, [2, 3]).program)).toEqual({ Gather: 1, Reshape: 1, Transpose: 1 });
    runBoth(source, [2, 3], [0, 1, 2, 3, 4, 5]);
    runBoth(source, [1, 1], [5]);
  });

  it('a constant the same along an axis is stored once along it', () => {
    const source = idGraph(
      [
        embed,
        node('Shape', ['x'], 'shape'),
        node('ConstantOfShape', ['shape'], 'ones', { value: floatInitializer('', [1], Float32Array.of(3)) }),
        node('Mul', ['x', 'ones'], 'y'),
      ],
      [table],
    );
    const { program } = compile(source, [2, 3]);
    expect(program.nodes.map((n) => n.op)).toEqual(['Gather', 'Unary']);
    runBoth(source, [2, 3], [0, 1, 2, 3, 4, 5]);
  });
});

describe('the host part', () => {
  const masked = (last: SourceNode[], more: Initializer[] = []): SourceGraph =>
    idGraph(
      [
        node('Cast', ['ids'], 'float', { to: 1 }),
        node('Unsqueeze', ['float', 'axes'], 'narrow'),
        node('Expand', ['narrow', 'wide'], 'expanded'),
        node('Sub', ['one', 'expanded'], 'inverted'),
        node('Mul', ['inverted', 'low'], 'mask'),
        ...last,
      ],
      [
        ints('axes', 1, 2),
        ints('wide', 2, 4, 3, 3),
        scalarInitializer('one', 1),
        scalarInitializer('low', -3.4028234663852886e38),
        weight('delta.scores', [2, 4, 3, 3]),
        ...more,
      ],
    );

  it('uploads a mask as one number a token: Expand runs on neither side', () => {
    const source = masked([node('Add', ['delta.scores', 'mask'], 'y')]);
    const { program, host } = compile(source, [2, 3]);
    expect(host.steps.map((step) => step.op)).toEqual(['Cast', 'Reshape', 'Sub', 'Mul']);
    expect(host.outputs).toMatchObject([{ type: 'f32', shape: [2, 1, 1, 3] }]);
    expect(program.nodes.map((n) => n.op)).toEqual(['Add']);
  });

  it('materialises only where an operator needs the elements side by side', () => {
    const source = masked(
      [node('Concat', ['mask', 'mask'], 'long', { axis: 3 }), node('Add', ['delta.wide', 'long'], 'y')],
      [weight('delta.wide', [2, 4, 3, 6])],
    );
    expect(compile(source, [2, 3]).host.outputs).toMatchObject([{ shape: [2, 1, 1, 6] }]);
    const across = masked(
      [node('Concat', ['mask', 'mask'], 'tall', { axis: 2 }), node('Add', ['delta.tall', 'tall'], 'y')],
      [weight('delta.tall', [2, 4, 6, 3])],
    );
    expect(compile(across, [2, 3]).host.outputs).toMatchObject([{ shape: [2, 1, 6, 3] }]);
  });

  it('pads a mask along its keys alone', () => {
    const source = masked(
      [node('Pad', ['mask', 'pads'], 'padded'), node('Add', ['delta.wide', 'padded'], 'y')],
      [weight('delta.wide', [2, 4, 3, 5]), ints('pads', 0, 0, 0, 2, 0, 0, 0, 0)],
    );
    expect(compile(source, [2, 3]).host.outputs).toMatchObject([{ shape: [2, 1, 1, 5] }]);
  });

  it('clamps infinite masks, so that a row without tokens is not NaN', () => {
    const source = idGraph(
      [
        node('Equal', ['ids', 'zero'], 'empty'),
        node('Where', ['empty', 'low', 'delta.scores'], 'masked'),
        node('Softmax', ['masked'], 'y'),
      ],
      [index('zero', 0), scalarInitializer('low', -Infinity), weight('delta.scores', [2, 3])],
    );
    const { program, host } = compile(source, [2, 3]);
    expect(program.nodes.map((n) => n.op)).toEqual(['Add', 'Softmax']);
    const [mask] = evaluateHost(host, { ids: Int32Array.of(0, 0, 0, 0, 1, 1) }).values();
    const low = Math.fround(-3.4028234663852886e38);
    expect([...mask]).toEqual([low, low, low, low, 0, 0]);
    const given = new Map([
      ['delta.scores', initializerTensor(source.initializers.get('delta.scores')!)],
      [host.outputs[0].id, refTensor([2, 3], mask)],
    ]);
    const { data } = interpretProgram(program, given).get('y')!;
    expect(data.subarray(0, 3)).toEqual(Float64Array.of(1 / 3, 1 / 3, 1 / 3));
    expect(data[3]).toBe(0);
  });

  it('keeps a Where that is no mask', () => {
    const source = idGraph(
      [
        embed,
        node('Equal', ['ids', 'zero'], 'c'),
        node('Unsqueeze', ['c', 'last'], 'c1'),
        node('Where', ['c1', 'low', 'x'], 'y'),
      ],
      [table, index('zero', 0), ints('last', -1), scalarInitializer('low', -2)],
    );
    expect(countOps(compile(source, [2, 2]).program)).toEqual({ Gather: 1, Where: 1 });
    runBoth(source, [2, 2], [0, 1, 2, 0]);
  });

  it('does equal work once and uploads it once', () => {
    const mask = (n: number): SourceNode[] => [
      node('Cast', ['ids'], `f${n}`, { to: 1 }),
      node('Mul', [`f${n}`, 'low'], `m${n}`),
      node('Add', [n === 1 ? 'delta.a' : 'y1', `m${n}`], `y${n}`),
    ];
    const source = idGraph(
      [...mask(1), ...mask(2)],
      [scalarInitializer('low', -5), weight('delta.a', [2, 3])],
    );
    const { host } = compile(source, [2, 3]);
    expect(host.steps).toHaveLength(2);
    expect(host.outputs).toHaveLength(1);
    runBoth(source, [2, 3], [0, 1, 1, 0, 0, 1]);
  });

  it('counts positions and masks for 64 texts of 128 tokens', () => {
    const source = idGraph(
      [
        node('Equal', ['ids', 'one'], 'padding'),
        node('Not', ['padding'], 'real'),
        node('Cast', ['real'], 'ones', { to: 6 }),
        node('CumSum', ['ones', 'one'], 'counted'),
        node('Mul', ['counted', 'ones'], 'kept'),
        node('Cast', ['kept'], 'wide', { to: 7 }),
        node('Add', ['wide', 'one'], 'positions'),
        node('Gather', ['delta.positions', 'positions'], 'x'),
        node('Cast', ['ones'], 'floats', { to: 1 }),
        node('Unsqueeze', ['floats', 'last'], 'column'),
        node('Mul', ['x', 'column'], 'y'),
      ],
      [index('one', 1), ints('last', 2), weight('delta.positions', [200, 4])],
    );
    const { host } = compile(source, [64, 128]);
    // Every third text is padded from its 100th token on, the others not at all.
    const ids = Int32Array.from({ length: 64 * 128 }, (_, i) => (i % 128 >= 100 && i % 384 < 128 ? 1 : 7));
    const real = Array.from(ids, (id) => (id === 1 ? 0 : 1));
    const found = [...evaluateHost(host, { ids }).values()].map((data) => [...data]);
    expect(found).toContainEqual(real.map((one, i) => ((i % 128) + 1) * one + 1));
    expect(found).toContainEqual(real);
    expect(found).toHaveLength(2);
  });
});

describe('parameters', () => {
  it('never fold, and keep their names', () => {
    const source = idGraph(
      [
        embed,
        node('Mul', ['delta.w', 'half'], 'scaled'),
        node('MatMul', ['x', 'scaled'], 'product'),
        node('Transpose', ['delta.v'], 'turned', { perm: [1, 0] }),
        node('MatMul', ['product', 'turned'], 'y'),
      ],
      [table, weight('delta.w', [4, 3]), weight('delta.v', [5, 3]), scalarInitializer('half', 0.5)],
    );
    const { program } = compile(source, [2, 3]);
    expect(program.nodes.map((n) => n.op)).toEqual(['Gather', 'Unary', 'MatMul', 'MatMul']);
    expect(program.nodes[3]).toMatchObject({ inputs: ['product', 'delta.v'], attributes: { transB: true } });
    const kinds = [...program.values.values()].filter((value) => value.kind === 'parameter');
    expect(kinds.map((value) => value.id).sort()).toEqual(['delta.table', 'delta.v', 'delta.w']);
    runBoth(source, [2, 3], [0, 1, 2, 3, 4, 5]);
  });

  it('Gemm becomes a matmul with its factors and bias', () => {
    const gemm = (attributes: SourceNode['attributes'], c: Initializer): SourceGraph =>
      idGraph(
        [node('Gemm', ['delta.a', 'delta.b', c.name], 'g', attributes), node('Relu', ['g'], 'y')],
        [weight('delta.a', [4, 2], -3), weight('delta.b', [3, 4], -5), c],
      );
    const whole = gemm({ transA: 1, transB: 1, alpha: 0.5 }, weight('delta.c', [3]));
    expect(compile(whole, [1, 1]).program.nodes[0]).toMatchObject({
      op: 'MatMul',
      inputs: ['delta.a', 'delta.b', 'delta.c'],
      attributes: { transA: true, transB: true, alpha: 0.5 },
    });
    runBoth(whole, [1, 1], [0]);
    const scaled = gemm({ transA: 1, transB: 1, beta: 2 }, weight('delta.c', [3]));
    expect(countOps(compile(scaled, [1, 1]).program)).toEqual({ Scale: 1, MatMul: 1, Relu: 1 });
    runBoth(scaled, [1, 1], [0]);
    runBoth(gemm({ transA: 1, transB: 1 }, weight('delta.c', [2, 3])), [1, 1], [0]);
  });
});

describe('constant numbers', () => {
  it.each([
    ['x + c', 'Add', ['x', 'c'], ['Shift']],
    ['c + x', 'Add', ['c', 'x'], ['Shift']],
    ['x − c', 'Sub', ['x', 'c'], ['Shift']],
    ['c − x', 'Sub', ['c', 'x'], ['Neg', 'Shift']],
    ['x · c', 'Mul', ['x', 'c'], ['Scale']],
    ['x / c', 'Div', ['x', 'c'], ['Scale']],
    ['c / x', 'Div', ['c', 'x'], ['Reciprocal', 'Scale']],
    ['x · x', 'Mul', ['x', 'x'], ['Square']],
    ['max(x, 0)', 'Max', ['x', 'zero'], ['Relu']],
    ['x^c', 'Pow', ['square', 'c'], ['Square', 'Power']],
  ])('%s', (_title, op, inputs, kinds) => {
    const before = inputs.includes('square') ? [node('Mul', ['x', 'x'], 'square')] : [];
    const source = idGraph(
      [embed, ...before, node(op, inputs, 'y')],
      [weight('delta.table', [6, 4], 3), scalarInitializer('c', 1.5), scalarInitializer('zero', 0)],
    );
    const unary = compile(source, [2, 3]).program.nodes.slice(1);
    expect(unary.map((n) => (n.op === 'Unary' ? n.attributes.kind : n.op))).toEqual(kinds);
    runBoth(source, [2, 3], [0, 1, 2, 3, 4, 5]);
  });
});

describe('places in a tensor', () => {
  const first = node('Gather', ['x', 'at'], 'y', { axis: 1 });

  it('a constant index is a slice, which loses its axis', () => {
    const source = idGraph([embed, first], [table, index('at', -1)]);
    expect(compile(source, [2, 3]).program.nodes.slice(1)).toMatchObject([
      { op: 'Slice', attributes: { axis: 1, start: 2, end: 3 } },
      { op: 'Reshape' },
    ]);
    runBoth(source, [2, 3], [0, 1, 2, 3, 4, 5]);
    // One token: nothing to slice.
    expect(countOps(compile(source, [2, 1]).program)).toEqual({ Gather: 1, Reshape: 1 });
    runBoth(source, [2, 1], [0, 5]);
  });

  it('split and squeeze become slices and views', () => {
    const source = idGraph(
      [
        embed,
        node('Split', ['x'], ['a', 'b'], { axis: -1, split: [1, 3] }, { name: 'split' }),
        node('Squeeze', ['a', 'last'], 'start'),
        node('Slice', ['b', 'from', 'to', 'axes'], 'end'),
      ],
      [table, ints('last', -1), ints('from', 0, -2), ints('to', 1, 9), ints('axes', 0, 2)],
      ['start', 'end'],
    );
    runBoth({ ...source, opset: 11 }, [2, 3], [0, 1, 2, 3, 4, 5]);
  });

  it('rows of tables of any rank are read by ids', () => {
    const source = idGraph(
      [node('Gather', ['delta.cube', 'ids'], 'y'), node('Gather', ['delta.line', 'ids'], 'z')],
      [weight('delta.cube', [5, 2, 3]), weight('delta.line', [5])],
      ['y', 'z'],
    );
    runBoth(source, [2, 2], [4, 0, 1, 3]);
  });

  it('ids uploaded once are checked against the smaller of two tables', () => {
    const source = idGraph(
      [embed, node('Gather', ['delta.small', 'ids'], 'z'), node('Add', ['x', 'z'], 'y')],
      [table, weight('delta.small', [3, 4])],
    );
    const { host } = compile(source, [1, 2]);
    expect(host.outputs).toHaveLength(1);
    expect(() => evaluateHost(host, { ids: Int32Array.of(1, 3) })).toThrow(
      /Index 3 is outside delta\.small, which has 3 rows/,
    );
    expect(() => evaluateHost(host, { ids: Int32Array.of(1, -1) })).toThrow(StudioError);
  });
});

describe('dropout', () => {
  const source = (opset: number, ratio: SourceNode): SourceGraph => ({
    ...idGraph(
      [embed, ratio, node('Relu', ['a'], 'b'), node('Dropout', ['b', 'rate'], 'y')],
      [table, scalarInitializer('rate', 0.25)],
    ),
    opset,
  });
  const old = source(11, node('Dropout', ['x'], 'a', { ratio: 0.5 }));

  it('has ids in order of occurrence when training', () => {
    const nodes = compile(old, [2, 3], 'train').program.nodes.filter((n) => n.op === 'Dropout');
    expect(nodes.map((n) => n.attributes)).toEqual([
      { rate: 0.5, id: 1 },
      { rate: 0.25, id: 2 },
    ]);
  });

  it('is nothing when evaluating', () => {
    expect(countOps(compile(old, [2, 3]).program)).toMatchObject({ Gather: 1, Relu: 1 });
    expect(countOps(compile(old, [2, 3]).program)['Dropout']).toBeUndefined();
    runBoth(old, [2, 3], [0, 1, 2, 3, 4, 5]);
  });
});

describe('the guard of half precision against infinity', () => {
  const guarded = (bound: number): SourceGraph =>
    idGraph(
      [
        embed,
        node('IsInf', ['x'], 'infinite'),
        node('Cast', ['infinite'], 'counted', { to: 7 }),
        node('ReduceSum', ['counted'], 'count', { keepdims: 0 }),
        node('Greater', ['count', 'none'], 'any'),
        node('Where', ['any', 'low', 'high'], 'most'),
        node('Neg', ['most'], 'least'),
        node('Clip', ['x', 'least', 'most'], 'clipped'),
        node('Relu', ['clipped'], 'y'),
      ],
      [table, index('none', 0), scalarInitializer('low', 64504), scalarInitializer('high', bound)],
    );

  it('is not needed, and left out', () => {
    expect(countOps(compile(guarded(65504), [2, 3]).program)).toEqual({ Gather: 1, Relu: 1 });
  });

  it('is not what clips elsewhere', () => {
    expect(() => compile(guarded(6), [2, 3])).toThrow(
      /Clip_clipped \(Clip\) clips computed values elsewhere than at the bounds of half precision/,
    );
  });
});

describe('what cannot be compiled', () => {
  const parameters = new Map();
  const options = { inputShapes: { ids: [2, 3] }, mode: 'eval' } as const;
  const failing =
    (nodes: SourceNode[], initializers: Initializer[] = []) =>
    (): Specialised =>
      specialise(idGraph([embed, ...nodes], [table, ...initializers]), parameters, options);

  it.each([
    [
      'an operator without a kernel',
      [node('TopK', ['x', 'k'], 'y')],
      /test: node TopK_y \(TopK\).*without a kernel; it cannot be trained yet: choose a BERT/,
    ],
    [
      'an operator nobody knows',
      [node('Quux', ['ids'], 'y')],
      /Quux.*does not know; it cannot be trained yet: choose a BERT/,
    ],
    [
      'an operator of our own that a file takes for one of ONNX’s',
      [node('Hadamard', ['x'], 'y')],
      /Hadamard_y \(Hadamard\) is an operator Delta Studio does not know; .*choose a BERT/,
    ],
    [
      'another operator set',
      [node('Attention', ['x'], 'y', {}, { domain: 'com.microsoft' })],
      /com\.microsoft, which is not ONNX's; .*choose a BERT/,
    ],
    ['a shape that depends on the data', [node('Range', ['k', 'last', 'k'], 'y')], /has no fixed shape/],
    ['floats turned into integers', [node('Cast', ['x'], 'y', { to: 7 })], /into integers/],
  ])('%s', (_title, nodes, message) => {
    const last = node('Gather', ['flat', 'k'], 'last');
    const flat = node('Reshape', ['ids', 'all'], 'flat');
    const run = failing([flat, last, ...nodes], [index('k', 1), ints('all', -1)]);
    expect(run).toThrow(StudioError);
    expect(run).toThrow(message);
  });

  it('float inputs', () => {
    expect(() =>
      specialise(graph([node('Relu', ['x'], 'y')]), parameters, { inputShapes: { x: [1, 2] }, mode: 'eval' }),
    ).toThrow(/input x takes floats/);
  });

  it('texts longer than the table of positions', () => {
    const sliced = [
      node('Shape', ['ids'], 'shape'),
      node('Slice', ['shape', 'one', 'two'], 'length'),
      node('Slice', ['positions', 'zero', 'length', 'one'], 'used'),
      node('Gather', ['delta.positions', 'used'], 'p'),
      node('Add', ['x', 'p'], 'y'),
    ];
    const initializers = [
      ints('zero', 0),
      ints('one', 1),
      ints('two', 2),
      intInitializer('positions', [0, 1], [1, 2]),
      weight('delta.positions', [2, 4]),
    ];
    const run = failing(sliced, initializers);
    expect(run).toThrow(StudioError);
    expect(run).toThrow(/the model has 2 positions and the texts 3 tokens; choose a smaller data\.maxLength/);
    const ranged = [
      node('Range', ['start', 'three', 'step'], 'used'),
      node('Gather', ['delta.positions', 'used'], 'p'),
      node('Add', ['x', 'p'], 'y'),
    ];
    expect(
      failing(ranged, [...initializers, index('start', 0), index('three', 3), index('step', 1)]),
    ).toThrow(/delta\.positions has 2 rows and position 2 is asked for/);
  });
});
