/**
 * Every rule against central differences of the float64 interpreter, on programs made of one op of each
 * kind, and the pruning itself.
 */
import { describe, expect, it } from 'vitest';
import { Sketch } from '../../tests/support/sketch.ts';
import { interpretProgram } from '../graph/interpret.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { Program, UnaryKind } from '../graph/program.ts';
import { refTensor } from '../graph/reference/tensor.ts';
import type { RefTensor } from '../graph/reference/tensor.ts';
import { differentiate } from './differentiate.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from './loss.ts';
import { idsOfOrder, sortOrder } from './rules-layout.ts';

const PLAIN = { transA: false, transB: false, flattenK: false, alpha: 1 };

/** Random values for parameters and host values; ids count up within their table of 7 rows. */
function values(program: Program, seed = 1): Map<string, RefTensor> {
  const given = new Map<string, RefTensor>();
  let stream = 0;
  for (const value of program.values.values()) {
    if (value.kind !== 'parameter' && value.kind !== 'host') continue;
    if (idsOfOrder(value.id)) continue;
    const random = new PhiloxStream(seed, stream++);
    const n = value.shape.reduce((a, d) => a * d, 1);
    const data = Float64Array.from({ length: n }, (_, i) =>
      value.id === WEIGHTS
        ? 1 / n
        : value.type === 'i32'
          ? (3 * i + 1) % (value.id === LABELS ? 2 : 7)
          : random.normal(0.7),
    );
    given.set(value.id, refTensor(value.shape, data, value.type === 'i32' ? 'int32' : 'float32'));
  }
  for (const value of program.values.values()) {
    const ids = value.kind === 'host' ? idsOfOrder(value.id) : undefined;
    if (ids)
      given.set(value.id, refTensor(value.shape, sortOrder(Int32Array.from(given.get(ids)!.data)), 'int32'));
  }
  return given;
}

const RANDOM = { seed: 3, step: 5 };

function check(sketch: Sketch, logits: string, trainables: string[]): Program {
  const forward = attachLoss({ ...sketch.program, outputs: [logits] }, logits, 'crossEntropy');
  const { program, gradients } = differentiate(forward, LOSS, trainables);
  const given = values(program);
  const results = interpretProgram(program, given, RANDOM);
  for (const name of trainables) {
    const gradient = results.get(gradients.get(name)!)!;
    const tensor = given.get(name)!;
    expect(gradient.shape).toEqual(tensor.shape);
    const scale = Math.max(1e-3, ...gradient.data.map(Math.abs));
    for (let i = 0; i < tensor.data.length; i++) {
      const at = (delta: number): number => {
        const data = Float64Array.from(tensor.data);
        data[i] += delta;
        const moved = new Map(given).set(name, refTensor(tensor.shape, data));
        return interpretProgram(forward, moved, RANDOM).get(LOSS)!.data[0];
      };
      const h = 1e-5;
      const expected = (at(h) - at(-h)) / (2 * h);
      expect(Math.abs(gradient.data[i] - expected) / scale, `${name}[${i}]`).toBeLessThan(1e-6);
    }
  }
  return program;
}

describe('differentiate', () => {
  it('linears with bias, shared and frozen weights', () => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 2, 4]);
    const w = s.parameter('w', [4, 4]);
    const b = s.parameter('b', [4]);
    const h = s.linear(s.linear(x, w, b), w, b);
    const flat = s.node('Reduce', [h], { kind: 'mean', axes: [1] }, [3, 4])[0];
    check(s, flat, ['x', 'w', 'b']);
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('batched products, transA %s, transB %s', (transA, transB) => {
    const s = new Sketch();
    const a = s.parameter('a', transA ? [3, 4, 2] : [3, 2, 4]);
    const b = s.parameter('b', transB ? [3, 5, 4] : [3, 4, 5]);
    const y = s.node('MatMul', [a, b], { ...PLAIN, transA, transB, alpha: 0.5 }, [3, 2, 5])[0];
    check(s, s.node('Reduce', [y], { kind: 'sum', axes: [1] }, [3, 5])[0], ['a', 'b']);
  });

  it('a linear stored as [out, in]', () => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 4]);
    const w = s.parameter('w', [5, 4]);
    const y = s.node('MatMul', [x, w], { ...PLAIN, transB: true, alpha: 2 }, [3, 5])[0];
    check(s, y, ['x', 'w']);
  });

  const kinds: UnaryKind[] = [
    'Gelu',
    'GeluTanh',
    'Relu',
    'Silu',
    'Tanh',
    'Sigmoid',
    'Exp',
    'Erf',
    'Neg',
    'Square',
    'Scale',
    'Shift',
  ];
  it.each(kinds)('%s', (kind) => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 4]);
    const attributes = kind === 'Scale' || kind === 'Shift' ? { kind, factor: 1.7 } : { kind };
    check(s, s.node('Unary', [x], attributes, [3, 4])[0], ['x']);
  });

  it.each([{}, { stream: 4 }])('Gated, with its gates kept and made anew, %j', (noise) => {
    const s = new Sketch();
    const [x, base] = [s.parameter('x', [3, 4]), s.parameter('base', [4, 5])];
    const [w, alpha] = [s.parameter('w', [4, 5]), s.parameter('alpha', [4, 5])];
    const bounds = { low: -1.5, high: 1.5, ...noise };
    const shapes = 'stream' in noise ? [[4, 5], [4, 5], [1]] : [[4, 5]];
    const [moved] = s.node('Gated', [w, alpha, base], bounds, ...shapes);
    check(s, s.linear(x, moved), ['x', 'w', 'alpha', 'base']);
    const t = new Sketch();
    const [v, beta] = [t.parameter('v', [3, 2]), t.parameter('beta', [3, 2])];
    check(t, t.node('Gated', [v, beta], bounds, [3, 2])[0], ['v', 'beta']);
  });

  it('a penalty on gates, of values that the loss reads and of one that it does not', () => {
    const s = new Sketch();
    const [x, base] = [s.parameter('x', [3, 4]), s.parameter('base', [4, 2])];
    const gated = (name: string): string[] => {
      const [w, alpha] = [s.parameter(`w${name}`, [4, 2]), s.parameter(`alpha${name}`, [4, 2])];
      const bounds = { low: -1.5, high: 1.5, stream: 4 };
      return s.node('Gated', [w, alpha, base], bounds, [4, 2], [4, 2], [1]);
    };
    const [[read, , one], [, , two]] = [gated('1'), gated('2')];
    const [total] = s.node('Add', [one, two], {}, [1]);
    const logits = s.linear(x, read);
    const forward = attachLoss({ ...s.program, outputs: [logits, total] }, logits, 'crossEntropy');
    const trained = ['w1', 'alpha1', 'w2', 'alpha2'];
    const { program, gradients } = differentiate(forward, LOSS, trained, [], [total]);
    expect([...gradients.keys()]).toEqual(['w1', 'alpha1', 'alpha2']);
    const given = values(program);
    const results = interpretProgram(program, given, RANDOM);
    for (const name of gradients.keys()) {
      const { data } = given.get(name)!;
      const gradient = results.get(gradients.get(name)!)!;
      for (let i = 0; i < data.length; i++) {
        const at = (delta: number): number => {
          const moved = new Map(given).set(name, refTensor([4, 2], data.with(i, data[i] + delta)));
          const all = interpretProgram(forward, moved, RANDOM);
          return all.get(LOSS)!.data[0] + all.get(total)!.data[0];
        };
        const expected = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(gradient.data[i] - expected), `${name}[${i}]`).toBeLessThan(1e-6);
      }
    }
  });

  it.each(['Reciprocal', 'Sqrt', 'Log', 'Abs'] as const)('%s of positive values', (kind) => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 4]);
    const positive = s.node('Unary', [x], { kind: 'Exp' }, [3, 4])[0];
    check(s, s.node('Unary', [positive], { kind }, [3, 4])[0], ['x']);
  });

  it.each(['Add', 'Sub', 'Mul', 'Div'] as const)('%s with broadcasting', (op) => {
    const s = new Sketch();
    const a = s.parameter('a', [3, 1, 4]);
    const c = s.parameter('c', [2, 4]);
    const b = op === 'Div' ? s.node('Unary', [c], { kind: 'Exp' }, [2, 4])[0] : c;
    const y = s.node(op, [a, b], {}, [3, 2, 4])[0];
    check(s, s.node('Reduce', [y], { kind: 'mean', axes: [1] }, [3, 4])[0], ['a', 'c']);
  });

  it('one value on both sides', () => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 4]);
    const square = s.node('Mul', [x, x], {}, [3, 4])[0];
    check(s, s.node('Add', [square, x], {}, [3, 4])[0], ['x']);
  });

  it('moves: transpose, slice, pad, concat, expand, views', () => {
    const s = new Sketch();
    const x = s.parameter('x', [2, 3, 4]);
    const turned = s.node('Transpose', [x], { perm: [2, 0, 1] }, [4, 2, 3])[0];
    const part = s.node('Slice', [turned], { axis: 0, start: 1, end: 3 }, [2, 2, 3])[0];
    const padded = s.node('Pad', [part], { axis: 1, before: 1, after: 0 }, [2, 3, 3])[0];
    const both = s.node('Concat', [padded, part], { axis: 1 }, [2, 5, 3])[0];
    const view = s.node('Reshape', [both], {}, [2, 1, 15])[0];
    const wide = s.node('Expand', [view], {}, [2, 3, 15])[0];
    check(s, s.node('Reduce', [wide], { kind: 'sum', axes: [1] }, [2, 15])[0], ['x']);
  });

  it('layer norm, softmax, dropout', () => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 6]);
    const gamma = s.parameter('gamma', [6]);
    const beta = s.parameter('beta', [6]);
    const norm = s.node('LayerNorm', [x, gamma, beta], { epsilon: 1e-5 }, [3, 6], [3], [3])[0];
    const dropped = s.node('Dropout', [norm], { rate: 0.3, id: 2 }, [3, 6])[0];
    check(s, s.node('Softmax', [dropped], {}, [3, 6])[0], ['x', 'gamma', 'beta']);
  });

  it('attention with a mask and dropout', () => {
    const s = new Sketch();
    const q = s.parameter('q', [2, 3, 4]);
    const k = s.parameter('k', [2, 5, 4]);
    const v = s.parameter('v', [2, 5, 4]);
    const bias = s.host('bias', [2, 1, 1, 5]);
    const attributes = { heads: 2, scale: 0.6, dropout: 0.2, dropoutId: 4 };
    const y = s.node('Attention', [q, k, v, bias], attributes, [2, 3, 4], [2, 2, 3])[0];
    check(s, s.node('Reduce', [y], { kind: 'mean', axes: [1] }, [2, 4])[0], ['q', 'k', 'v']);
  });

  it('rows of two tables', () => {
    const s = new Sketch();
    const table = s.parameter('table', [4, 3]);
    const extra = s.parameter('extra', [3, 3]);
    const ids = s.host('ids', [2, 5], 'i32');
    const rows = s.node('Gather', [table, ids, extra], {}, [2, 5, 3])[0];
    const square = s.node('Unary', [rows], { kind: 'Square' }, [2, 5, 3])[0];
    check(s, s.node('Reduce', [square], { kind: 'mean', axes: [1] }, [2, 3])[0], ['table', 'extra']);
  });

  it('where', () => {
    const s = new Sketch();
    const a = s.parameter('a', [3, 4]);
    const b = s.parameter('b', [1, 4]);
    const c = s.constant('c', [3, 1], Float32Array.of(1, 0, 1));
    check(s, s.node('Where', [c, a, b], {}, [3, 4])[0], ['a', 'b']);
  });

  it('adds up into matmuls instead of separate additions', () => {
    const s = new Sketch();
    const x = s.parameter('x', [3, 4]);
    const parts = ['q', 'k', 'v'].map((name) => s.linear(x, s.parameter(name, [4, 4])));
    const sum = s.node('Add', [s.node('Add', [parts[0], parts[1]], {}, [3, 4])[0], parts[2]], {}, [3, 4])[0];
    const squared = s.node('Unary', [sum], { kind: 'Tanh' }, [3, 4])[0];
    const program = check(s, squared, ['x']);
    const backward = program.nodes.filter((node) => node.phase === 'backward');
    expect(backward.filter((node) => node.op === 'Add')).toHaveLength(0);
    expect(backward.filter((node) => node.op === 'MatMul' && node.inputs[3])).toHaveLength(2);
  });
});

describe('pruning', () => {
  it('makes no weight gradient for a frozen weight and no backward below the lowest trained one', () => {
    const s = new Sketch();
    const x = s.host('x', [3, 4]);
    const [w1, w2, w3] = ['w1', 'w2', 'w3'].map((name) => s.parameter(name, [4, 4]));
    const h1 = s.node('Unary', [s.linear(x, w1)], { kind: 'Gelu' }, [3, 4])[0];
    const h2 = s.node('Unary', [s.linear(h1, w2)], { kind: 'Gelu' }, [3, 4])[0];
    const logits = s.linear(h2, w3);
    const program = check(s, logits, ['w2']);
    const backward = program.nodes.filter((node) => node.phase === 'backward');
    // dlogits, dh2 through frozen w3, through gelu, dW2: nothing for w3, nothing towards w1 or x.
    expect(backward.map((node) => node.op)).toEqual(['CrossEntropyGrad', 'MatMul', 'UnaryGrad', 'MatMul']);
    expect(backward.at(-1)!.inputs[0]).toBe(h1);
  });

  it('leaves out a tensor the loss does not depend on', () => {
    const s = new Sketch();
    const x = s.host('x', [3, 4]);
    const w = s.parameter('w', [4, 4]);
    s.parameter('unused', [4]);
    const logits = s.linear(x, w);
    const forward = attachLoss({ ...s.program, outputs: [logits] }, logits, 'crossEntropy');
    expect([...differentiate(forward, LOSS, ['w', 'unused']).gradients.keys()]).toEqual(['w']);
  });

  it('names the node that has no gradient', () => {
    const s = new Sketch();
    const x = s.parameter('x', [2, 4]);
    const [values] = s.node('TopK', [x], { k: 4 }, [2, 4], [2, 4]);
    const forward = attachLoss({ ...s.program, outputs: [values] }, values, 'crossEntropy');
    expect(() => differentiate(forward, LOSS, ['x'])).toThrow(/Node "TopK\.0" \(TopK\) .* no gradient/);
  });
});
