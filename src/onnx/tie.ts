/**
 * A fill-mask head multiplies by the word embeddings. Some exporters write the transposed table as a
 * second tensor, which would train apart from the first; the authors' model has one.
 */
import type { Initializer, Parameter, SourceGraph } from '../graph/source.ts';
import { floatsOf } from '../graph/tensor.ts';

/**
 * Replaces a decoder weight that is the bitwise transpose of the word embeddings by a Transpose of
 * them, in place. Does nothing when config.json says the two are not tied.
 */
export function tieOutputEmbedding(
  graph: SourceGraph,
  parameters: Map<string, Parameter>,
  config: Readonly<Record<string, unknown>>,
): void {
  if (config.tie_word_embeddings === false) return;
  const words = [...parameters.keys()].find((name) =>
    /(^|\.)(word_embeddings|shared|embed_tokens)\.weight$/.test(name),
  );
  const table = words === undefined ? undefined : graph.initializers.get(words);
  if (!table) return;
  for (const { name, transposed } of [...parameters.values()]) {
    const weight = graph.initializers.get(name);
    if (!weight || !transposed || !isTranspose(table, weight)) continue;
    const value = `${table.name}_transposed`;
    if (graph.nodes.some((node) => node.outputs.includes(value))) continue;
    const readers = graph.nodes.filter((node) => node.inputs.includes(name));
    if (readers.length === 0) continue; // read inside an If only
    for (const node of readers) node.inputs = node.inputs.map((input) => (input === name ? value : input));
    graph.nodes.splice(graph.nodes.indexOf(readers[0]), 0, {
      name: `${value}/Transpose`,
      op: 'Transpose',
      domain: '',
      inputs: [table.name],
      outputs: [value],
      attributes: { perm: [1, 0] },
    });
    graph.initializers.delete(name);
    parameters.delete(name);
  }
}

function isTranspose(table: Initializer, weight: Initializer): boolean {
  const [rows, columns] = table.dims;
  if (weight.type !== table.type || weight.dims.length !== 2) return false;
  if (weight.dims[0] !== columns || weight.dims[1] !== rows || rows === columns) return false;
  const a = floatsOf(table);
  const b = floatsOf(weight);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) if (a[r * columns + c] !== b[c * rows + r]) return false;
  return true;
}
