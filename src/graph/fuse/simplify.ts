/** Local identities: views of views, transposes that cancel, scalings in a row. */
import type { AnyNode, Program } from '../program.ts';
import { fused, substitute, Wiring } from './wiring.ts';

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Runs the identities until none applies. */
export function simplify(program: Program): void {
  while (step(program));
}

function step(program: Program): boolean {
  const wiring = new Wiring(program);
  const names = new Map<string, string>();
  let changed = false;
  program.nodes = program.nodes.flatMap((node) => {
    if (!wiring.isOutput(node.outputs[0]) && isIdentity(node, wiring)) {
      names.set(node.outputs[0], node.inputs[0]);
      changed = true;
      return [];
    }
    const shorter = collapse(node, wiring);
    if (!shorter) return [node];
    changed = true;
    return [shorter];
  });
  substitute(program, names);
  return changed;
}

/** True for a node whose result is its input. */
function isIdentity(node: AnyNode, wiring: Wiring): boolean {
  switch (node.op) {
    case 'Reshape':
    case 'Expand':
      return sameShape(wiring.shape(node.inputs[0]), wiring.shape(node.outputs[0]));
    case 'Transpose':
      return node.attributes.perm.every((axis, i) => axis === i);
    case 'Concat':
      return node.inputs.length === 1;
    case 'Unary':
      return (
        (node.attributes.kind === 'Scale' && node.attributes.factor === 1) ||
        (node.attributes.kind === 'Shift' && node.attributes.factor === 0)
      );
    default:
      return false;
  }
}

/** One node for this one and the one before it. */
function collapse(node: AnyNode, wiring: Wiring): AnyNode | undefined {
  if (node.op === 'Reshape') {
    const before = wiring.made(node.inputs[0], 'Reshape');
    return before && fused<'Reshape'>({ ...node, inputs: [before.inputs[0]] }, [before, node]);
  }
  if (node.op === 'Transpose') {
    const before = wiring.made(node.inputs[0], 'Transpose');
    if (!before) return undefined;
    const perm = node.attributes.perm.map((axis) => before.attributes.perm[axis]);
    return fused<'Transpose'>({ ...node, inputs: [before.inputs[0]], attributes: { perm } }, [before, node]);
  }
  if (node.op === 'Unary' && node.attributes.kind === 'Scale') {
    const before = wiring.unary(node.inputs[0], 'Scale');
    if (!before || !wiring.single(node.inputs[0])) return undefined;
    const factor = node.attributes.factor! * before.attributes.factor!;
    const attributes = { kind: 'Scale', factor } as const;
    return fused<'Unary'>({ ...node, inputs: [before.inputs[0]], attributes }, [before, node]);
  }
  return undefined;
}
