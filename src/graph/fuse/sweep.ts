/** Dead code elimination and common subexpressions. */
import type { AnyNode, Program } from '../program.ts';
import { substitute } from './wiring.ts';

/** Removes nodes and values that lead to no output. */
export function sweep(program: Program): void {
  const live = new Set(program.outputs);
  const kept: AnyNode[] = [];
  // Of a node that stays also those outputs that nobody reads.
  const made = new Set<string>();
  for (let i = program.nodes.length - 1; i >= 0; i--) {
    const node = program.nodes[i];
    if (!node.outputs.some((id) => live.has(id))) continue;
    for (const id of node.inputs) live.add(id);
    for (const id of node.outputs) made.add(id);
    kept.push(node);
  }
  program.nodes = kept.reverse();
  for (const id of program.values.keys()) if (!live.has(id) && !made.has(id)) program.values.delete(id);
}

/** Random nodes differ even where they look alike. */
function isRandom(node: AnyNode): boolean {
  return (
    node.op === 'Dropout' ||
    node.op === 'HardConcrete' ||
    node.op === 'Gated' ||
    (node.op === 'Attention' && node.attributes.dropout > 0)
  );
}

/** Computes equal nodes once: same operator, attributes and inputs. Equal small constants become one too. */
export function shareCommon(program: Program): void {
  const names = new Map<string, string>();
  const constants = new Map<string, string>();
  for (const { id, shape, type, data } of program.values.values()) {
    if (!data || data.length > 4096) continue;
    const key = `${type}[${shape.join()}]${data.join()}`;
    const first = constants.get(key);
    if (first === undefined) constants.set(key, id);
    else if (!program.outputs.includes(id)) names.set(id, first);
  }
  substitute(program, names);
  names.clear();
  const seen = new Map<string, AnyNode>();
  program.nodes = program.nodes.filter((node) => {
    node.inputs = node.inputs.map((id) => names.get(id) ?? id);
    if (isRandom(node) || node.outputs.some((id) => program.outputs.includes(id))) return true;
    const key = JSON.stringify([node.op, node.inputs, node.attributes]);
    const twin = seen.get(key);
    // A Reshape's result depends on the shape of its value, which is no attribute.
    const shapes = (n: AnyNode): string =>
      n.outputs.map((id) => program.values.get(id)?.shape.join()).join(';');
    if (!twin || shapes(twin) !== shapes(node)) {
      if (!twin) seen.set(key, node);
      return true;
    }
    node.outputs.forEach((id, i) => names.set(id, twin.outputs[i]));
    twin.sources = [...new Set([...twin.sources, ...node.sources])];
    return false;
  });
}
