/** What a matmul takes into itself: a transposed operand, the bias added next, a constant factor. */
import type { AnyNode, Program, ProgramNode } from '../program.ts';
import { pairs } from './layer-norm.ts';
import { fused, replaceNodes } from './wiring.ts';
import type { Wiring } from './wiring.ts';

export function fuseLinear(program: Program): void {
  replaceNodes(program, (node, wiring) => absorbTransposes(node, wiring));
  replaceNodes(program, (node, wiring) => absorbBias(node, wiring) ?? absorbFactor(node, wiring));
}

/** a·Transpose(b) → transB; Transpose(a)·b, a of rank two → transA. The transposes die if nobody else reads them. */
function absorbTransposes(node: AnyNode, wiring: Wiring): AnyNode[] | undefined {
  if (node.op !== 'MatMul' || node.attributes.flattenK) return undefined;
  const [a, b] = node.inputs;
  const [left, right] = [swapped(wiring, a), swapped(wiring, b)];
  const takeLeft = left && wiring.shape(a).length === 2 ? left : undefined;
  if (!takeLeft && !right) return undefined;
  const { transA, transB } = node.attributes;
  const attributes = {
    ...node.attributes,
    transA: takeLeft ? !transA : transA,
    transB: right ? !transB : transB,
  };
  const inputs = [takeLeft?.inputs[0] ?? a, right?.inputs[0] ?? b, ...node.inputs.slice(2)];
  return [fused<'MatMul'>({ ...node, inputs, attributes }, [node])];
}

/** The transpose that makes `id` by swapping the last two axes. */
function swapped(wiring: Wiring, id: string): ProgramNode<'Transpose'> | undefined {
  const node = wiring.made(id, 'Transpose');
  if (!node) return undefined;
  const { perm } = node.attributes;
  const rank = perm.length;
  const expected = perm.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return rank >= 2 && perm.every((axis, i) => axis === expected[i]) ? node : undefined;
}

/** MatMul of a shared matrix, then Add of a vector of its columns. */
function absorbBias(node: AnyNode, wiring: Wiring): AnyNode[] | undefined {
  if (node.op !== 'Add') return undefined;
  for (const [product, bias] of pairs(node.inputs)) {
    const matmul = wiring.made(product, 'MatMul');
    if (!matmul || matmul.inputs.length > 2 || !wiring.single(product)) continue;
    const shape = wiring.shape(product);
    const vector = wiring.shape(bias);
    const fits = vector.length === 1 && vector[0] === shape[shape.length - 1];
    if (!fits || wiring.shape(matmul.inputs[1]).length !== 2) continue;
    const inputs = [...matmul.inputs, bias];
    return [fused<'MatMul'>({ ...matmul, inputs, outputs: node.outputs }, [matmul, node])];
  }
  return undefined;
}

/** A constant factor after a matmul without bias goes into its alpha. */
function absorbFactor(node: AnyNode, wiring: Wiring): AnyNode[] | undefined {
  if (node.op !== 'Unary' || node.attributes.kind !== 'Scale') return undefined;
  const matmul = wiring.made(node.inputs[0], 'MatMul');
  if (!matmul || matmul.inputs.length > 2 || matmul.attributes.activation || !wiring.single(node.inputs[0]))
    return undefined;
  const alpha = matmul.attributes.alpha * node.attributes.factor!;
  const attributes = { ...matmul.attributes, alpha };
  return [fused<'MatMul'>({ ...matmul, outputs: node.outputs, attributes }, [matmul, node])];
}
