/** Backward of the Fastfood projection, which is linear, and of the transform, which is its own transpose. */
import type { Rule } from './rule.ts';

export const hadamardRule: Rule<'Hadamard'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  give(0, builder.apply('Hadamard', [dy], {}, builder.shape(x), `d:${x}`, node.sources));
};

/** Sums over the weights that one vector moves are taken by the kernels: see `combine` in differentiate.ts. */
export const fastfoodRule: Rule<'Fastfood'> = ({ node, dy, builder, needs, give }) => {
  const [, u, normal, key, ids] = node.inputs;
  if (!needs(1)) return;
  const inputs = ids ? [dy, normal, key, '', ids] : [dy, normal, key];
  give(1, builder.apply('FastfoodGrad', inputs, {}, builder.shape(u), `d:${u}`, node.sources));
};
