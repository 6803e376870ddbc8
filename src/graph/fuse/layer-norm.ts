/**
 * LayerNorm written out, as exporters did before operator set 17:
 * ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div, Mul, Add.
 */
import type { AnyNode, Program } from '../program.ts';
import { sizeOf } from '../reference/tensor.ts';
import { addValue, fused, replaceNodes } from './wiring.ts';
import type { Wiring } from './wiring.ts';

export function fuseLayerNorm(program: Program): void {
  replaceNodes(program, (node, wiring) => {
    if (node.op !== 'Add') return undefined;
    for (const [scaled, beta] of pairs(node.inputs)) {
      const mul = wiring.made(scaled, 'Mul');
      if (!mul || wiring.shape(beta).length !== 1) continue;
      for (const [normal, gamma] of pairs(mul.inputs)) {
        const match = matchNormalised(wiring, normal);
        if (!match) continue;
        const shape = wiring.shape(match.x);
        const width = shape[shape.length - 1];
        if (![gamma, beta].every((id) => wiring.shape(id).length === 1 && wiring.shape(id)[0] === width))
          continue;
        const y = node.outputs[0];
        const rows = [sizeOf(shape) / width];
        const outputs = [y, addValue(program, `${y}#mean`, rows), addValue(program, `${y}#rstd`, rows)];
        const inputs = [match.x, gamma, beta];
        const attributes = { epsilon: match.epsilon };
        return [
          fused<'LayerNorm'>({ op: 'LayerNorm', inputs, outputs, attributes }, [...match.nodes, mul, node]),
        ];
      }
    }
    return undefined;
  });
}

/** Both orders of two operands. */
export function pairs([a, b]: readonly string[]): [string, string][] {
  return [
    [a, b],
    [b, a],
  ];
}

interface Normalised {
  x: string;
  epsilon: number;
  nodes: AnyNode[];
}

/** (x − mean x) / √(mean (x − mean x)² + ε) */
function matchNormalised(wiring: Wiring, id: string): Normalised | undefined {
  const quotient = deviationParts(wiring, id);
  if (!quotient) return undefined;
  const { centred, variance, nodes } = quotient;
  const shifted = withEpsilon(wiring, variance);
  const mean = meanOfLast(wiring, shifted.value);
  const square = mean && wiring.unary(mean.inputs[0], 'Square');
  if (!square) return undefined;
  const x = centredInput(wiring, centred);
  if (x === undefined || x !== centredInput(wiring, square.inputs[0])) return undefined;
  const sub = wiring.producer(centred)!;
  return {
    x,
    epsilon: shifted.epsilon,
    nodes: [wiring.producer(sub.inputs[1])!, sub, square, mean, ...shifted.nodes, ...nodes],
  };
}

/** v of v + ε. Half precision holds no 1e-12: an export of it adds 0, which was left out before. */
export function withEpsilon(
  wiring: Wiring,
  id: string,
): { value: string; epsilon: number; nodes: AnyNode[] } {
  const shift = wiring.unary(id, 'Shift');
  return shift
    ? { value: shift.inputs[0], epsilon: shift.attributes.factor!, nodes: [shift] }
    : { value: id, epsilon: 0, nodes: [] };
}

/** centred / √v, or centred · 1/√v. */
function deviationParts(
  wiring: Wiring,
  id: string,
): { centred: string; variance: string; nodes: AnyNode[] } | undefined {
  const node = wiring.producer(id);
  if (node?.op === 'Div') {
    const root = wiring.unary(node.inputs[1], 'Sqrt');
    return root && { centred: node.inputs[0], variance: root.inputs[0], nodes: [root, node] };
  }
  if (node?.op !== 'Mul') return undefined;
  for (const [centred, inverse] of pairs(node.inputs)) {
    const power = wiring.unary(inverse, 'Power');
    if (power?.attributes.factor === -0.5)
      return { centred, variance: power.inputs[0], nodes: [power, node] };
    const reciprocal = wiring.unary(inverse, 'Reciprocal');
    const root = reciprocal && wiring.unary(reciprocal.inputs[0], 'Sqrt');
    if (root) return { centred, variance: root.inputs[0], nodes: [root, reciprocal, node] };
  }
  return undefined;
}

/** x, where the value is x − mean x over the last axis. */
function centredInput(wiring: Wiring, id: string): string | undefined {
  const sub = wiring.made(id, 'Sub');
  const mean = sub && meanOfLast(wiring, sub.inputs[1]);
  return mean && mean.inputs[0] === sub.inputs[0] ? sub.inputs[0] : undefined;
}

/** The mean over the last axis, kept as one. */
export function meanOfLast(wiring: Wiring, id: string): AnyNode | undefined {
  const reduce = wiring.made(id, 'Reduce');
  if (!reduce || reduce.attributes.kind !== 'mean') return undefined;
  const rank = wiring.shape(reduce.inputs[0]).length;
  const { axes } = reduce.attributes;
  const last = axes.length === 1 && axes[0] === rank - 1 && wiring.shape(id).length === rank;
  return last ? reduce : undefined;
}
