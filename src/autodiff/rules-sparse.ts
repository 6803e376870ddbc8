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
