/** Every backward op of the reference against central differences of its forward op, in float64. */
import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../philox.ts';
import type { UnaryKind } from '../program.ts';
import { unary, unaryFunctions, unaryGrad } from './elementwise.ts';
import { gather, gatherGrad } from './embedding.ts';
import { concat, expand, pad, slice, transpose } from './layout.ts';
import { crossEntropy, crossEntropyGrad, meanSquared, meanSquaredGrad } from './loss.ts';
import { layerNorm, layerNormGrad, layerNormParamGrad } from './norm.ts';
import { dropout, gated, gatedGrad } from './random.ts';
import { attention, attentionGrad } from './attention.ts';
import { rmsNorm, rmsNormGrad, rmsNormParamGrad } from './rmsnorm.ts';
import { reduce } from './reduce.ts';
import { softmax, softmaxGrad } from './softmax.ts';
import { refTensor, sizeOf, type RefTensor } from './tensor.ts';

let stream = 0;
const random = (shape: readonly number[], shift = 0): RefTensor => {
  const source = new PhiloxStream(1, ++stream);
  return refTensor(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, () => source.normal() + shift),
  );
};

const dot = (a: RefTensor, b: RefTensor): number => a.data.reduce((sum, v, i) => sum + v * b.data[i], 0);

/** ∂/∂x Σ dy·f(x) by central differences. */
function numerical(f: (x: RefTensor) => RefTensor, x: RefTensor, dy: RefTensor): number[] {
  const h = 1e-5;
  return Array.from(x.data, (_, i) => {
    const at = (value: number): number => dot(dy, f({ ...x, data: x.data.with(i, value) }));
    return (at(x.data[i] + h) - at(x.data[i] - h)) / (2 * h);
  });
}

function expectGradient(actual: RefTensor, expected: readonly number[]): void {
  const scale = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
  expect(actual.data.length).toBe(expected.length);
  expected.forEach((v, i) => expect(Math.abs(actual.data[i] - v) / scale).toBeLessThan(1e-8));
}

const KINDS = Object.keys(unaryFunctions) as UnaryKind[];
const FROM_OUTPUT = new Set<UnaryKind>(['Tanh', 'Sigmoid', 'Exp', 'Sqrt', 'Reciprocal']);
const POSITIVE = new Set<UnaryKind>(['Log', 'Sqrt', 'Reciprocal', 'Power']);

describe('gradients of the reference', () => {
  // A threshold's gradient goes straight through, which is not its derivative.
  it.each(KINDS.filter((kind) => kind !== 'Threshold'))('%s', (kind) => {
    const normal = random([40]);
    const x = POSITIVE.has(kind) ? { ...normal, data: normal.data.map((v) => Math.abs(v) + 0.3) } : normal;
    const dy = random([40]);
    for (const factor of [1, 2.5, -0.5]) {
      const f = (at: RefTensor): RefTensor => unary([at], { kind, factor }, [[40]])[0];
      const [dx] = unaryGrad([dy, FROM_OUTPUT.has(kind) ? f(x) : x], { kind, factor }, [[40]]);
      expectGradient(dx, numerical(f, x, dy));
    }
  });

  it('LayerNorm in x, gamma and beta', () => {
    const [x, gamma, beta, dy] = [random([3, 5]), random([5], 1), random([5]), random([3, 5])];
    const shapes = [[3, 5], [3], [3]];
    const run = (inputs: RefTensor[]): RefTensor[] => layerNorm(inputs, { epsilon: 1e-5 }, shapes);
    const [, mean, rstd] = run([x, gamma, beta]);
    const [dx] = layerNormGrad([dy, x, gamma, mean, rstd], {}, [[3, 5]]);
    const [dgamma, dbeta] = layerNormParamGrad([dy, x, mean, rstd], {}, [[5], [5]]);
    expectGradient(
      dx,
      numerical((at) => run([at, gamma, beta])[0], x, dy),
    );
    expectGradient(
      dgamma,
      numerical((at) => run([x, at, beta])[0], gamma, dy),
    );
    expectGradient(
      dbeta,
      numerical((at) => run([x, gamma, at])[0], beta, dy),
    );
  });

  it('RmsNorm in x and gamma', () => {
    const [x, gamma, dy] = [random([3, 5]), random([5], 1), random([3, 5])];
    const run = (inputs: RefTensor[]): RefTensor[] => rmsNorm(inputs, { epsilon: 1e-6 }, [[3, 5], [3]]);
    const [, rstd] = run([x, gamma]);
    const [dx] = rmsNormGrad([dy, x, gamma, rstd], {}, [[3, 5]]);
    const [dgamma] = rmsNormParamGrad([dy, x, rstd], {}, [[5]]);
    expectGradient(
      dx,
      numerical((at) => run([at, gamma])[0], x, dy),
    );
    expectGradient(
      dgamma,
      numerical((at) => run([x, at])[0], gamma, dy),
    );
  });

  it.each([[[2, 3, 4, 5]], [[1, 3, 4, 5]], [[2, 1, 4, 5]], [[1, 1, 4, 5]]])(
    'Attention in a bias of shape %j',
    (shape) => {
      const [q, k, v, dy] = [random([2, 4, 6]), random([2, 5, 6]), random([2, 5, 6]), random([2, 4, 6])];
      const bias = random(shape);
      const attributes = { heads: 3, scale: 1, dropout: 0, dropoutId: 0 };
      const run = (at: RefTensor): RefTensor[] =>
        attention([q, k, v, at], attributes, [
          [2, 4, 6],
          [2, 3, 4],
        ]);
      const [y, lse] = run(bias);
      const shapes = [q.shape, k.shape, v.shape, shape];
      const [, , , dbias] = attentionGrad([dy, q, k, v, bias, y, lse], attributes, shapes);
      expectGradient(
        dbias,
        numerical((at) => run(at)[0], bias, dy),
      );
    },
  );

  it('Softmax', () => {
    const [x, dy] = [random([4, 6]), random([4, 6])];
    const f = (at: RefTensor): RefTensor => softmax([at], {}, [[4, 6]])[0];
    expectGradient(softmaxGrad([dy, f(x)], {}, [[4, 6]])[0], numerical(f, x, dy));
  });

  it('Gather, in both tables', () => {
    const [table, extra, dy] = [random([5, 3]), random([2, 3]), random([7, 3])];
    const ids = [4, 0, 5, 6, 0, 5, 2];
    const idTensor = refTensor([7], ids, 'int32');
    const positions = ids.map((_, t) => t).sort((a, b) => ids[a] - ids[b] || a - b);
    const order = refTensor([2, 7], [...positions.map((t) => ids[t]), ...positions], 'int32');
    const f = (a: RefTensor, b: RefTensor): RefTensor => gather([a, idTensor, b], {}, [[7, 3]])[0];
    expectGradient(
      gatherGrad([dy, order], { rows: 5, firstRow: 0 }, [[5, 3]])[0],
      numerical((at) => f(at, extra), table, dy),
    );
    expectGradient(
      gatherGrad([dy, order], { rows: 2, firstRow: 5 }, [[2, 3]])[0],
      numerical((at) => f(table, at), extra, dy),
    );
  });

  it('CrossEntropy', () => {
    const logits = random([4, 3]);
    const labels = refTensor([4], [2, 0, -100, 1], 'int32');
    const weights = refTensor([4], [0.5, 0.2, 0, 0.3]);
    const one = refTensor([1], [1]);
    expectGradient(
      crossEntropyGrad([logits, labels, weights], {}, [[4, 3]])[0],
      numerical((at) => crossEntropy([at, labels, weights], {}, [[1]])[0], logits, one),
    );
  });

  it('MeanSquared', () => {
    const [p, t] = [random([4, 1]), random([4])];
    const weights = refTensor([4], [0.5, 0.2, 0, 0.3]);
    expectGradient(
      meanSquaredGrad([p, t, weights], {}, [[4, 1]])[0],
      numerical((at) => meanSquared([at, t, weights], {}, [[1]])[0], p, refTensor([1], [1])),
    );
  });

  it('Dropout is its own gradient', () => {
    const [x, dy] = [random([30]), random([30])];
    const f = (at: RefTensor): RefTensor =>
      dropout([at], { rate: 0.4, id: 2 }, [[30]], { seed: 1, step: 3 })[0];
    expectGradient(f(dy), numerical(f, x, dy));
  });

  it.each([{}, { stream: 7 }])('Gated in w, α and what is open, %j', (noise) => {
    const [w, alpha, base, dy] = [random([60]), random([60]), random([60]), random([60])];
    const dopen = refTensor([1], [-0.7]);
    const attributes = { low: -1.5, high: 1.5, ...noise };
    const run = (ws: RefTensor, alphas: RefTensor): RefTensor[] =>
      gated([ws, alphas, base], attributes, [[60], [60], [1]], { seed: 1, step: 3 });
    const [, z] = run(w, alpha);
    const bounds = { low: -1.5, high: 1.5 };
    const [dw, dalpha] = gatedGrad([dy, w, z, alpha, dopen], bounds, [[60], [60]]);
    expectGradient(
      dw,
      numerical((at) => run(at, alpha)[0], w, dy),
    );
    const ofValue = numerical((at) => run(w, at)[0], alpha, dy);
    const ofOpen = numerical((at) => run(w, at)[2], alpha, dopen);
    expectGradient(
      dalpha,
      ofValue.map((v, i) => v + ofOpen[i]),
    );
    expectGradient(gatedGrad([dy, w, z], bounds, [[60], [60]])[1], ofValue);
  });

  it('moving data moves gradients back', () => {
    const x = random([2, 5, 3]);
    const cut = random([2, 2, 3]);
    expectGradient(
      pad([cut], { axis: 1, before: 1, after: 2 }, [[2, 5, 3]])[0],
      numerical((at) => slice([at], { axis: 1, start: 1, end: 3 }, [[2, 2, 3]])[0], x, cut),
    );
    const turned = random([3, 2, 5]);
    expectGradient(
      transpose([turned], { perm: [1, 2, 0] }, [[2, 5, 3]])[0],
      numerical((at) => transpose([at], { perm: [2, 0, 1] }, [[3, 2, 5]])[0], x, turned),
    );
    const wide = random([2, 7, 3]);
    expectGradient(
      slice([wide], { axis: 1, start: 2, end: 7 }, [[2, 5, 3]])[0],
      numerical((at) => concat([cut, at], { axis: 1 }, [[2, 7, 3]])[0], x, wide),
    );
    const small = random([2, 1, 3]);
    expectGradient(
      reduce([x], { kind: 'sum', axes: [1] }, [[2, 1, 3]])[0],
      numerical((at) => expand([at], {}, [[2, 5, 3]])[0], small, x),
    );
    expectGradient(
      expand([{ ...small, data: small.data.map((v) => v / 5) }], {}, [[2, 5, 3]])[0],
      numerical((at) => reduce([at], { kind: 'mean', axes: [1] }, [[2, 1, 3]])[0], x, small),
    );
  });
});
