/** Root-mean-square normalisation written out: Pow, ReduceMean, Add, Sqrt, Div (or Reciprocal), Mul, Mul. */
import type { AnyNode, Program } from '../program.ts';
import { sizeOf } from '../reference/tensor.ts';
import { meanOfLast, pairs, withEpsilon } from './layer-norm.ts';
import { addValue, fused, replaceNodes } from './wiring.ts';
import type { Wiring } from './wiring.ts';

export function fuseRmsNorm(program: Program): void {
  replaceNodes(program, (node, wiring) => {
    if (node.op !== 'Mul') return undefined;
    for (const [normal, gamma] of pairs(node.inputs)) {
      const match = matchNormalised(wiring, normal);
      if (!match) continue;
      const shape = wiring.shape(match.x);
      const width = shape[shape.length - 1];
      if (wiring.shape(gamma).length !== 1 || wiring.shape(gamma)[0] !== width) continue;
      const y = node.outputs[0];
      const outputs = [y, addValue(program, `${y}#rstd`, [sizeOf(shape) / width])];
      const attributes = { epsilon: match.epsilon };
      return [
        fused<'RmsNorm'>({ op: 'RmsNorm', inputs: [match.x, gamma], outputs, attributes }, [
          ...match.nodes,
          node,
        ]),
      ];
    }
    return undefined;
  });
}

interface Normalised {
  x: string;
  epsilon: number;
  nodes: AnyNode[];
}

/** x / √(mean x² + ε), as a quotient or a product with the reciprocal. */
function matchNormalised(wiring: Wiring, id: string): Normalised | undefined {
  const node = wiring.producer(id);
  if (node?.op === 'Div') {
    const root = wiring.unary(node.inputs[1], 'Sqrt');
    return root && matchSquares(wiring, node.inputs[0], root.inputs[0], [root, node]);
  }
  if (node?.op !== 'Mul') return undefined;
  for (const [x, inverse] of pairs(node.inputs)) {
    const power = wiring.unary(inverse, 'Power');
    const reciprocal = wiring.unary(inverse, 'Reciprocal');
    const root = reciprocal && wiring.unary(reciprocal.inputs[0], 'Sqrt');
    const match =
      power?.attributes.factor === -0.5
        ? matchSquares(wiring, x, power.inputs[0], [power, node])
        : root && matchSquares(wiring, x, root.inputs[0], [root, reciprocal, node]);
    if (match) return match;
  }
  return undefined;
}

/** mean x² + ε */
function matchSquares(
  wiring: Wiring,
  x: string,
  id: string,
  nodes: readonly (AnyNode | ReturnType<Wiring['unary']>)[],
): Normalised | undefined {
  const shifted = withEpsilon(wiring, id);
  const mean = meanOfLast(wiring, shifted.value);
  const square = mean && wiring.unary(mean.inputs[0], 'Square');
  if (!square || square.inputs[0] !== x) return undefined;
  const parts = [square, mean, ...shifted.nodes, ...nodes] as AnyNode[];
  return { x, epsilon: shifted.epsilon, nodes: parts };
}
