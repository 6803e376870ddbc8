/** Which output of an encoder without a head is its last hidden state, under whatever name an exporter gave it. */
import { isFloatType } from '../graph/tensor.ts';
import type { SourceGraph } from '../graph/source.ts';

export const NAMES = ['last_hidden_state', 'token_embeddings'];
/** Outputs of heads, by the names that exporters are told. */
export const HEADS = /^(logits|start_logits|end_logits|prediction_logits|seq_relationship_logits)$/;

/**
 * The output [batch, length, hidden]: the one of a usual name, else the one float output of three dimensions. Of
 * several (the hidden states of every layer) it is the one computed from all others. Undefined where a head's
 * output is among them, or none is told apart.
 */
export function hiddenOutput(graph: SourceGraph): string | undefined {
  const names = graph.outputs.map(({ name }) => name);
  const known = NAMES.find((name) => names.includes(name));
  if (known !== undefined || names.some((name) => HEADS.test(name))) return known;
  const deep = graph.outputs.filter(({ type, dims }) => isFloatType(type) && dims.length === 3);
  if (deep.length <= 1) return deep[0]?.name;
  return deep.find(({ name }) => {
    const before = ancestorsOf(graph, name);
    return deep.every((other) => other.name === name || before.has(other.name));
  })?.name;
}

/** Every value that a value is computed from. */
function ancestorsOf(graph: SourceGraph, value: string): Set<string> {
  const needed = new Set([value]);
  for (const node of [...graph.nodes].reverse())
    if (node.outputs.some((output) => needed.has(output))) for (const input of node.inputs) needed.add(input);
  return needed;
}
