/**
 * Activations written out in elementary functions: GELU with erf and with tanh in all orders of
 * their factors (Hendrycks and Gimpel, 2016), and SiLU.
 */
import type { AnyNode, Program, UnaryKind } from '../program.ts';
import { pairs } from './layer-norm.ts';
import { polynomialIn } from './polynomial.ts';
import { fused, replaceNodes } from './wiring.ts';
import type { Wiring } from './wiring.ts';

export function fuseActivations(program: Program): void {
  replaceNodes(program, (node, wiring) => {
    const match = matchGelu(wiring, node) ?? matchSilu(wiring, node);
    if (!match) return undefined;
    const { x, kind, nodes } = match;
    return [
      fused<'Unary'>({ op: 'Unary', inputs: [x], outputs: node.outputs, attributes: { kind } }, [
        ...nodes,
        node,
      ]),
    ];
  });
}

interface Match {
  x: string;
  kind: UnaryKind;
  nodes: AnyNode[];
}

const close = (a: number | undefined, b: number): boolean =>
  a !== undefined && Math.abs(a - b) <= 1e-4 * Math.abs(b);

/** x/2 · (1 + f(x)), the half being on x, on the sum or on the product. */
function matchGelu(wiring: Wiring, node: AnyNode): Match | undefined {
  for (const [x, sum, parts] of halvedProducts(wiring, node)) {
    const shift = wiring.unary(sum, 'Shift');
    if (!shift || shift.attributes.factor !== 1) continue;
    const inner = wiring.made(shift.inputs[0], 'Unary');
    const kind = inner && geluKind(wiring, inner.attributes.kind, inner.inputs[0], x);
    if (!kind) continue;
    const between = nodesBetween(wiring, inner.inputs[0], x);
    return { x, kind, nodes: [...between, inner, shift, ...parts] };
  }
  return undefined;
}

/** Pairs (x, sum) whose halved product the node is, with the nodes that say so. */
function halvedProducts(wiring: Wiring, node: AnyNode): [string, string, AnyNode[]][] {
  const found: [string, string, AnyNode[]][] = [];
  const half = (id: string): AnyNode | undefined => {
    const scale = wiring.unary(id, 'Scale');
    return scale?.attributes.factor === 0.5 ? scale : undefined;
  };
  if (half(node.outputs[0])) {
    const mul = wiring.made(node.inputs[0], 'Mul') as AnyNode | undefined;
    if (mul) for (const [a, b] of pairs(mul.inputs)) found.push([a, b, [mul]]);
  }
  if (node.op === 'Mul')
    for (const [a, b] of pairs(node.inputs)) {
      const scaled = half(a);
      if (scaled) found.push([scaled.inputs[0], b, [scaled]], [b, scaled.inputs[0], [scaled]]);
    }
  return found;
}

function geluKind(wiring: Wiring, inner: UnaryKind, argument: string, x: string): UnaryKind | undefined {
  if (inner !== 'Erf' && inner !== 'Tanh') return undefined;
  const terms = polynomialIn(wiring, argument, x);
  if (!terms || terms[0] !== 0) return undefined;
  if (inner === 'Erf') return terms.length === 2 && close(terms[1], Math.SQRT1_2) ? 'Gelu' : undefined;
  const scale = Math.sqrt(2 / Math.PI);
  const cubic =
    terms.length === 4 && terms[2] === 0 && close(terms[1], scale) && close(terms[3], 0.044715 * scale);
  return cubic ? 'GeluTanh' : undefined;
}

/** The nodes from `id` back to `x`, for the fused node's sources. */
function nodesBetween(wiring: Wiring, id: string, x: string): AnyNode[] {
  if (id === x) return [];
  const node = wiring.producer(id)!;
  return [...node.inputs.flatMap((input) => nodesBetween(wiring, input, x)), node];
}

/** x · sigmoid(x) */
function matchSilu(wiring: Wiring, node: AnyNode): Match | undefined {
  if (node.op !== 'Mul') return undefined;
  for (const [x, gate] of pairs(node.inputs)) {
    const sigmoid = wiring.unary(gate, 'Sigmoid');
    if (sigmoid?.inputs[0] === x) return { x, kind: 'Silu', nodes: [sigmoid] };
  }
  return undefined;
}
