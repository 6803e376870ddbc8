/**
 * A linear layer's two gradients of parameters in one kernel: that of the bias, sums down the columns of dy, is a further
 * output of the product xᵀ·dy that makes that of the weight, which reads dy anyway.
 */
import type { AnyNode, Program } from '../graph/program.ts';

/** Whether a node sums all axes but the last. */
function sumsDown(node: AnyNode, program: Program): boolean {
  if (node.op !== 'Reduce' || node.attributes.kind !== 'sum') return false;
  const from = program.values.get(node.inputs[0])!.shape;
  const to = program.values.get(node.outputs[0])!.shape;
  return (
    from.length > 1 &&
    node.attributes.axes.length === from.length - 1 &&
    node.attributes.axes.every((axis, i) => axis === i) &&
    to.length === 1
  );
}

/** @returns a new program; run it after the other fusions */
export function fuseBiasGradients(program: Program): Program {
  /** Weight gradients by the value they read as dy. */
  const products = new Map<string, number>();
  program.nodes.forEach((node, at) => {
    if (node.op === 'MatMul' && node.attributes.flattenK && !node.outputs[1])
      products.set(node.inputs[1], at);
  });
  const nodes: (AnyNode | null)[] = [...program.nodes];
  program.nodes.forEach((node, at) => {
    if (!sumsDown(node, program)) return;
    const into = products.get(node.inputs[0]);
    const product = into === undefined ? undefined : nodes[into];
    // Earlier than it was, never later: whoever reads it comes behind.
    if (into === undefined || into > at || product?.op !== 'MatMul' || product.outputs[2]) return;
    nodes[into] = {
      ...product,
      outputs: [product.outputs[0], '', node.outputs[0]],
      sources: [...product.sources, ...node.sources],
    };
    nodes[at] = null;
  });
  return { ...program, nodes: nodes.filter((node) => node !== null) };
}
