/** The shape rule of every operator: what its outputs have to look like, given its inputs. */
import { matMulSizes } from '../matmul.ts';
import { broadcastAll } from '../onnx-ops/broadcast.ts';
import type { OpAttributes, OpName } from '../program.ts';
import { sizeOf } from '../reference/tensor.ts';

type Shape = readonly number[];

/**
 * Expected shapes of the outputs; `undefined` says that any shape is right. `out` are the shapes
 * declared, which Reshape, Expand and Reduce depend on. Throws where the inputs do not fit.
 */
type ShapeRule<Op extends OpName> = (
  inputs: readonly (Shape | undefined)[],
  attributes: OpAttributes[Op],
  out: readonly (Shape | undefined)[],
) => (Shape | undefined)[];

function same(what: string, a: Shape | undefined, b: Shape | undefined): void {
  if (a && b && a.join() !== b.join()) throw new Error(`${what}: [${a.join(', ')}] is not [${b.join(', ')}]`);
}

function given(inputs: readonly (Shape | undefined)[], index: number): Shape {
  const shape = inputs[index];
  if (!shape) throw new Error(`input ${index} is missing`);
  return shape;
}

const last = (shape: Shape): number => shape[shape.length - 1];
const like =
  (index: number) =>
  (inputs: readonly (Shape | undefined)[]): Shape[] => [given(inputs, index)];
const broadcast = (inputs: readonly (Shape | undefined)[]): Shape[] => [
  broadcastAll(...inputs.map((_, i) => given(inputs, i))),
];
const scalarLoss = (): Shape[] => [[1]];

const matMul: ShapeRule<'MatMul'> = (inputs, attributes, out) => {
  const [a, b] = [given(inputs, 0), given(inputs, 1)];
  const { batch, m, n } = matMulSizes(a, b, attributes);
  const y = out[0]!;
  if (sizeOf(y) !== batch * m * n || last(y) !== n)
    throw new Error(`a product of ${batch} × [${m}, ${n}] does not have shape [${y.join(', ')}]`);
  same('bias', inputs[2], [n]);
  same('residual', inputs[3], y);
  same('gate', inputs[4], y);
  return [y, y, [n]];
};

const layerNorm: ShapeRule<'LayerNorm'> = (inputs) => {
  const x = given(inputs, 0);
  same('gamma', given(inputs, 1), [last(x)]);
  same('beta', given(inputs, 2), [last(x)]);
  const rows = [sizeOf(x) / last(x)];
  return [x, rows, rows];
};

const rmsNorm: ShapeRule<'RmsNorm'> = (inputs) => {
  const x = given(inputs, 0);
  same('gamma', given(inputs, 1), [last(x)]);
  return [x, [sizeOf(x) / last(x)]];
};

function attentionShapes(
  [q, k, v, bias]: readonly (Shape | undefined)[],
  heads: number,
): { q: Shape; k: Shape; lse: Shape } {
  if (!q || !k || !v) throw new Error('q, k or v is missing');
  same('k and v', k, v);
  if (q.length !== 3 || k.length !== 3 || q[0] !== k[0] || q[2] !== k[2] || q[2] % heads !== 0)
    throw new Error(`q [${q.join(', ')}] and k [${k.join(', ')}] do not fit ${heads} heads`);
  const scores = [q[0], heads, q[1], k[1]];
  if (bias) same('scores with the bias', broadcastAll(scores, bias), scores);
  if (bias && bias.length !== 4) throw new Error(`bias [${bias.join(', ')}] is not of rank 4`);
  return { q, k, lse: scores.slice(0, 3) };
}

const attention: ShapeRule<'Attention'> = (inputs, { heads }) => {
  const { q, lse } = attentionShapes(inputs, heads);
  return [q, lse];
};

const attentionGrad: ShapeRule<'AttentionGrad'> = (inputs, { heads }, out) => {
  const [dy, q, k, v, bias, y, lse] = inputs;
  const shapes = attentionShapes([q, k, v, bias], heads);
  same('dy', dy, shapes.q);
  same('y', y, shapes.q);
  same('lse', lse, shapes.lse);
  if (!out[3]) return [shapes.q, shapes.k, shapes.k];
  const scores = [...shapes.lse, shapes.k[1]];
  same('dbias over queries and keys', out[3].slice(2), scores.slice(2));
  same('scores with dbias', broadcastAll(scores, out[3]), scores);
  return [shapes.q, shapes.k, shapes.k, out[3]];
};

const gather: ShapeRule<'Gather'> = (inputs) => {
  const [table, ids] = [given(inputs, 0), given(inputs, 1)];
  if (table.length !== 2) throw new Error(`table [${table.join(', ')}] is not a matrix`);
  if (inputs[2]) same('width of the second table', [last(inputs[2])], [table[1]]);
  return [[...ids, table[1]]];
};

const concat: ShapeRule<'Concat'> = (inputs, { axis }) => {
  const first = given(inputs, 0);
  const without = (shape: Shape): Shape => shape.filter((_, i) => i !== axis);
  let length = 0;
  inputs.forEach((_, i) => {
    const shape = given(inputs, i);
    same('other axes', without(shape), without(first));
    length += shape[axis];
  });
  return [first.map((n, i) => (i === axis ? length : n))];
};

const slice: ShapeRule<'Slice'> = (inputs, { axis, start, end }) => {
  const x = given(inputs, 0);
  if (!(start >= 0 && start < end && end <= x[axis]))
    throw new Error(`range ${start}..${end} is outside axis ${axis} of [${x.join(', ')}]`);
  return [x.map((n, i) => (i === axis ? end - start : n))];
};

const reshape: ShapeRule<'Reshape'> = (inputs, _attributes, out) => {
  const x = given(inputs, 0);
  if (sizeOf(x) !== sizeOf(out[0]!))
    throw new Error(`[${x.join(', ')}] and [${out[0]!.join(', ')}] hold different numbers of elements`);
  return [undefined];
};

const transpose: ShapeRule<'Transpose'> = (inputs, { perm }) => {
  const x = given(inputs, 0);
  same(
    'axes',
    [...perm].sort((a, b) => a - b),
    x.map((_, i) => i),
  );
  return [perm.map((axis) => x[axis])];
};

const expand: ShapeRule<'Expand'> = (inputs, _attributes, out) => {
  same('broadcast shape', broadcastAll(given(inputs, 0), out[0]!), out[0]);
  return [undefined];
};

const reduce: ShapeRule<'Reduce'> = (inputs, { axes }, out) => {
  const x = given(inputs, 0);
  const kept = x.map((n, i) => (axes.includes(i) ? 1 : n));
  const dropped = x.filter((_, i) => !axes.includes(i));
  const y = out[0]!;
  return [y.length === kept.length ? kept : y.length === 1 && dropped.length === 0 ? [1] : dropped];
};

const crossEntropy = (inputs: readonly (Shape | undefined)[]): void => {
  const logits = given(inputs, 0);
  if (logits.length !== 2) throw new Error(`logits [${logits.join(', ')}] are not a matrix`);
  same('labels', given(inputs, 1), [logits[0]]);
  same('weights', given(inputs, 2), [logits[0]]);
};

/** Rows of hidden states and columns of their logits. */
function linearLoss(
  [hidden, weight, labels, weights]: readonly (Shape | undefined)[],
  bias: Shape | undefined,
  transB: boolean,
): { hidden: Shape; weight: Shape; rows: number; columns: number } {
  if (!hidden || weight?.length !== 2) throw new Error('hidden or weight is missing, or weight is no matrix');
  const [columns, width] = transB ? weight : [weight[1], weight[0]];
  same('width of hidden and weight', [last(hidden)], [width]);
  const rows = sizeOf(hidden) / width;
  same('labels', labels, [rows]);
  same('weights', weights, [rows]);
  same('bias', bias, [columns]);
  return { hidden, weight, rows, columns };
}

export const SHAPE_RULES: { readonly [Op in OpName]: ShapeRule<Op> } = {
  MatMul: matMul,
  Unary: like(0),
  UnaryGrad: (inputs) => {
    same('dy and the saved value', given(inputs, 0), given(inputs, 1));
    return [given(inputs, 0)];
  },
  Add: broadcast,
  Sub: broadcast,
  Mul: broadcast,
  Div: broadcast,
  Where: broadcast,
  LayerNorm: layerNorm,
  LayerNormGrad: like(1),
  LayerNormParamGrad: (inputs) => [[last(given(inputs, 1))], [last(given(inputs, 1))]],
  RmsNorm: rmsNorm,
  RmsNormGrad: like(1),
  RmsNormParamGrad: (inputs) => [[last(given(inputs, 1))]],
  Softmax: like(0),
  SoftmaxGrad: like(0),
  Attention: attention,
  AttentionGrad: attentionGrad,
  Gather: gather,
  GatherGrad: (inputs, { rows }) => [[rows, last(given(inputs, 0))]],
  Concat: concat,
  Slice: slice,
  Pad: (inputs, { axis, before, after }) => [
    given(inputs, 0).map((n, i) => (i === axis ? before + n + after : n)),
  ],
  Reshape: reshape,
  Transpose: transpose,
  Expand: expand,
  Reduce: reduce,
  CrossEntropy: (inputs) => {
    crossEntropy(inputs);
    return scalarLoss();
  },
  CrossEntropyGrad: (inputs) => {
    crossEntropy(inputs);
    return [given(inputs, 0)];
  },
  LinearCrossEntropy: (inputs, { transB }) => {
    const { rows } = linearLoss(inputs, inputs[4], transB);
    return [[1], [rows], [rows]];
  },
  LinearCrossEntropyGrad: (inputs, { transB }) => {
    const { hidden, weight, rows, columns } = linearLoss(inputs, inputs[5], transB);
    same('lse', inputs[4], [rows]);
    return [hidden, weight, [columns]];
  },
  MeanSquared: scalarLoss,
  MeanSquaredGrad: like(0),
  Dropout: like(0),
  HardConcrete: like(0),
  HardConcreteGrad: (inputs) => {
    same('dz and z', given(inputs, 0), given(inputs, 1));
    return [given(inputs, 0)];
  },
  Gated: (inputs) => {
    const w = given(inputs, 0);
    same('w and α', w, given(inputs, 1));
    same('w and base', w, inputs[2]);
    return [w, w, undefined];
  },
  GatedGrad: (inputs) => {
    const dy = given(inputs, 0);
    same('dy and w', dy, given(inputs, 1));
    same('dy and z', dy, given(inputs, 2));
    same('dy and α', dy, inputs[3]);
    return [dy, dy];
  },
  Scatter: (inputs) => {
    same('values and ids', given(inputs, 0), given(inputs, 1));
    return [undefined];
  },
  SparseMatMul: (inputs, { ordered }, out) => {
    const [x, values, index] = [0, 1, 2].map((i) => given(inputs, i));
    const columns = last(out[0]!);
    same('index', index, [columns + 1 + (ordered ? 1 : 2) * sizeOf(values)]);
    return [[...x.slice(0, -1), columns]];
  },
  SparseMatMulGrad: (inputs) => {
    const [x, dy, index] = [0, 1, 2].map((i) => given(inputs, i));
    same('rows', x.slice(0, -1), dy.slice(0, -1));
    return [[sizeOf(index) - last(dy) - 1]];
  },
  Hadamard: like(0),
  Fastfood: (inputs) => {
    const base = given(inputs, 0);
    same('normal', given(inputs, 2), [256]);
    same('key', given(inputs, 3), [3]);
    return [inputs[4] ? [...inputs[4], last(base)] : base];
  },
  FastfoodGrad: (inputs, _attributes, out) => {
    same('normal', given(inputs, 1), [256]);
    same('key', given(inputs, 2), [3]);
    if (inputs[3]) same('sum', inputs[3], out[0]);
    return [undefined];
  },
  Write: (inputs) => {
    const [x, state] = [given(inputs, 0), given(inputs, 1)];
    const rows = inputs[2] ? sizeOf(state) / state[1] : sizeOf(state);
    if (sizeOf(x) !== rows) throw new Error(`[${x.join(', ')}] is no row of [${state.join(', ')}]`);
    return [state];
  },
  TopK: (inputs, { k }) => {
    const logits = given(inputs, 0);
    if (k > last(logits)) throw new Error(`there are ${last(logits)} columns and ${k} are asked for`);
    return [[sizeOf(logits) / last(logits), 2, k]];
  },
};
