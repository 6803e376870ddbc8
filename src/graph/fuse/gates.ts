/**
 * Differences under gates are one pass over the weights: base + w·HardConcrete(α), with the sum of σ(α) that a penalty
 * asks for, instead of a node and a tensor for each of its steps.
 */
import type { AnyNode, Program, ProgramNode } from '../program.ts';
import { addValue, fused, Wiring } from './wiring.ts';

export function fuseGates(program: Program): void {
  const wiring = new Wiring(program);
  const places = new Map(program.nodes.map((node, at) => [node, at]));
  const gone = new Set<AnyNode>();
  const made = program.nodes.map((node): AnyNode => {
    const found = matched(node, wiring);
    if (!found) return node;
    const { w, base, gates, parts } = found;
    const [alpha] = gates.inputs;
    const open = expectedOpen(alpha, wiring);
    const after = open !== undefined && places.get(open.sum)! > places.get(node)!;
    if (after) gone.add(open.sum);
    // Evaluations go back through no gate: there they are not kept.
    const z =
      gates.attributes.stream === undefined ? '' : addValue(program, `${alpha}:gates`, wiring.shape(w));
    const [y] = node.outputs;
    return fused<'Gated'>(
      {
        op: 'Gated',
        inputs: [w, alpha, ...(base === undefined ? [] : [base])],
        outputs: after ? [y, z, open.sum.outputs[0]] : z ? [y, z] : [y],
        attributes: gates.attributes,
      },
      [...parts, ...(after ? [open.sigmoid, open.sum] : [])],
    );
  });
  program.nodes = made.filter((node) => !gone.has(node));
}

interface Match {
  w: string;
  base?: string;
  gates: ProgramNode<'HardConcrete'>;
  parts: readonly AnyNode[];
}

/** A sum with gated differences, or these alone where nothing of their shape is added to them and nothing else. */
function matched(node: AnyNode, wiring: Wiring): Match | undefined {
  if (node.op === 'Mul') {
    const product = gatedProduct(node, wiring);
    if (!product) return undefined;
    const readers = wiring.readers(node.outputs[0]);
    const taken = wiring.single(node.outputs[0]) && readers[0].op === 'Add' && matched(readers[0], wiring);
    return taken ? undefined : product;
  }
  if (node.op !== 'Add') return undefined;
  const [a, b] = node.inputs;
  for (const [base, value] of [
    [a, b],
    [b, a],
  ]) {
    const mul = wiring.made(value, 'Mul') as AnyNode | undefined;
    const product = mul && wiring.single(value) ? gatedProduct(mul, wiring) : undefined;
    if (product && wiring.shape(base).join() === wiring.shape(value).join())
      return { ...product, base, parts: [...product.parts, node] };
  }
  return undefined;
}

/** w·z, both of one shape and z read by nobody else. */
function gatedProduct(node: AnyNode, wiring: Wiring): Match | undefined {
  const [a, b] = node.inputs;
  for (const [w, z] of [
    [a, b],
    [b, a],
  ]) {
    const gates = wiring.made(z, 'HardConcrete');
    if (!gates || !wiring.single(z) || wiring.shape(w).join() !== wiring.shape(z).join()) continue;
    return { w, gates, parts: [gates, node] };
  }
  return undefined;
}

/** Σ σ(α) over all of it, where the program has it. */
function expectedOpen(alpha: string, wiring: Wiring): { sigmoid: AnyNode; sum: AnyNode } | undefined {
  for (const sigmoid of wiring.readers(alpha)) {
    if (sigmoid.op !== 'Unary' || sigmoid.attributes.kind !== 'Sigmoid') continue;
    if (!wiring.single(sigmoid.outputs[0])) continue;
    const [sum] = wiring.readers(sigmoid.outputs[0]);
    if (sum.op !== 'Reduce' || sum.attributes.kind !== 'sum') continue;
    if (wiring.shape(sum.outputs[0]).every((d) => d === 1)) return { sigmoid, sum };
  }
  return undefined;
}
