/** Backward of MatMul: dA = dY·Bᵀ, dB = Aᵀ·dY, dbias = column sums of dY; all with the forward's alpha. */
import { say } from '../sentence.ts';
import type { OpAttributes } from '../graph/program.ts';
import { noGradient } from './builder.ts';
import type { Rule } from './rule.ts';

function form(transA: boolean, transB: boolean, alpha: number, flattenK = false): OpAttributes['MatMul'] {
  return { transA, transB, flattenK, alpha };
}

export const matMulRule: Rule<'MatMul'> = ({ node, dy, builder, needs, give }) => {
  const [a, b, bias, residual] = node.inputs;
  const { transA, transB, alpha, flattenK } = node.attributes;
  const { sources } = node;
  const aShape = builder.shape(a);
  const bShape = builder.shape(b);
  if (flattenK || node.attributes.activation || node.attributes.gradient)
    throw noGradient(node, say`is a fused form that is made after differentiation`);
  const shared = bShape.length === 2 && (aShape.length > 2 || !transA);
  if (needs(0)) {
    const hint = `d:${a}`;
    const attributes = transA && !shared ? form(transB, true, alpha) : form(false, !transB, alpha);
    const operands = transA && !shared ? [b, dy] : [dy, b];
    if (transA && shared)
      throw noGradient(node, say`multiplies a transposed stack by one matrix, which has no gradient here`);
    give(0, builder.apply('MatMul', operands, attributes, aShape, hint, sources));
  }
  if (needs(1)) {
    const hint = `d:${b}`;
    if (shared) {
      const [left, right] = transB ? [dy, a] : [a, dy];
      give(1, builder.apply('MatMul', [left, right], form(true, false, alpha, true), bShape, hint, sources));
    } else {
      const [operands, attributes] = transB
        ? [[dy, a], form(true, transA, alpha)]
        : [[a, dy], form(!transA, false, alpha)];
      give(1, builder.apply('MatMul', operands, attributes, bShape, hint, sources));
    }
  }
  if (bias && needs(2)) {
    const rank = builder.shape(dy).length;
    const axes = Array.from({ length: rank - 1 }, (_, i) => i);
    const shape = builder.shape(bias);
    give(2, builder.apply('Reduce', [dy], { kind: 'sum', axes }, shape, `d:${bias}`, sources));
  }
  if (residual && needs(3)) give(3, dy);
};
