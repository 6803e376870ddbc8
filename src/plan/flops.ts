/** Arithmetic of a node, to bound the work of one submit and to report throughput. */
import type { AnyNode, Program } from '../graph/program.ts';
import { projectionFlops } from './lower/fastfood.ts';

const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** Floating-point operations of a node (multiply and add count as two); elementwise work counts one an element. */
export function flopsOf(node: AnyNode, program: Program): number {
  const shape = (id: string): readonly number[] => program.values.get(id)?.shape ?? [];
  if (node.op === 'MatMul') {
    const a = shape(node.inputs[0]);
    const b = shape(node.inputs[1]);
    if (node.attributes.flattenK) return 2 * size(a) * b[b.length - 1];
    return 2 * size(a) * b[b.length - (node.attributes.transB ? 2 : 1)];
  }
  if (node.op === 'Attention' || node.op === 'AttentionGrad') {
    const grad = node.op === 'AttentionGrad';
    const q = shape(node.inputs[grad ? 1 : 0]);
    const k = shape(node.inputs[grad ? 2 : 1]);
    return (grad ? 10 : 4) * q[0] * q[1] * k[1] * q[2];
  }
  if (node.op === 'Fastfood' || node.op === 'FastfoodGrad') return projectionFlops(node, program);
  return Math.max(...[...node.inputs, ...node.outputs].map((id) => (id ? size(shape(id)) : 0)));
}
