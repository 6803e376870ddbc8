/** Backward of gates, and of matrices of few entries. */
import type { Rule } from './rule.ts';

export const hardConcreteRule: Rule<'HardConcrete'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const { low, high } = node.attributes;
  const [alpha] = node.inputs;
  const inputs = [dy, node.outputs[0]];
  const shape = builder.shape(alpha);
  give(0, builder.apply('HardConcreteGrad', inputs, { low, high }, shape, `d:${alpha}`, node.sources));
};

/** One pass over w and α, the share of `open` in α's gradient with it. */
export const gatedRule: Rule<'Gated'> = ({ node, dy, dyOf, builder, needs, give }) => {
  const { low, high } = node.attributes;
  const [w, alpha, base] = node.inputs;
  const shape = builder.shape(w);
  const dopen = dyOf(2);
  if (dy === '') {
    // Nothing but the penalty depends on these gates.
    if (dopen === undefined || !needs(1)) return;
    const kind = 'Sigmoid' as const;
    const s = builder.apply('Unary', [alpha], { kind }, shape, `${alpha}:open`, node.sources);
    const each = builder.apply('Expand', [dopen], {}, shape, `d:${s}`, node.sources);
    give(1, builder.apply('UnaryGrad', [each, s], { kind }, shape, `d:${alpha}`, node.sources));
    return;
  }
  if (base && needs(2)) give(2, dy);
  if (!needs(0) && !needs(1)) return;
  // Gates that are not kept are drawn again: the stream gives the same ones.
  const z =
    node.outputs[1] ||
    builder.apply('HardConcrete', [alpha], { ...node.attributes }, shape, `${alpha}:gates`, node.sources);
  const [dw, dalpha] = [w, alpha].map((id) => builder.declare(`d:${id}`, shape));
  const inputs = [dy, w, z, ...(dopen === undefined ? [] : [alpha, dopen])];
  builder.emit('GatedGrad', inputs, [dw, dalpha], { low, high }, node.sources);
  if (needs(0)) give(0, dw);
  if (needs(1)) give(1, dalpha);
};

/** The gradient at the places that were filled. */
export const scatterRule: Rule<'Scatter'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [values, ids] = node.inputs;
  const [count] = builder.shape(values);
  const places = builder.shape(dy).reduce((n, d) => n * d, 1);
  const flat = builder.reshape(dy, [places, 1], node.sources);
  const rows = builder.apply('Gather', [flat, ids], {}, [count, 1], `d:${values}:rows`, node.sources);
  give(0, builder.reshape(rows, [count], node.sources));
};

export const sparseMatMulRule: Rule<'SparseMatMul'> = ({ node, dy, builder, needs, give }) => {
  const [x, values, index, back] = node.inputs;
  if (needs(0)) {
    const inputs = [dy, values, back];
    const shape = builder.shape(x);
    give(0, builder.apply('SparseMatMul', inputs, { ordered: false }, shape, `d:${x}`, node.sources));
  }
  if (needs(1)) {
    const shape = builder.shape(values);
    give(1, builder.apply('SparseMatMulGrad', [x, dy, index], {}, shape, `d:${values}`, node.sources));
  }
};
