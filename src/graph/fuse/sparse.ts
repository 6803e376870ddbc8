/**
 * A product with a matrix that has few entries never makes the matrix: x · Scatter(values) walks the entries, and of
 * the gradient of the matrix only those are computed.
 */
import type { Program, ProgramNode } from '../program.ts';
import { sparseIndex } from '../sparse-index.ts';
import { fused, replaceNodes } from './wiring.ts';

export function fuseSparse(program: Program): void {
  replaceNodes(program, (node, wiring) => {
    if (node.op !== 'MatMul' || node.inputs.length > 2) return undefined;
    const scatter = wiring.made(node.inputs[1], 'Scatter');
    const { transA, transB, flattenK, alpha, activation } = node.attributes;
    if (!scatter || transA || transB || flattenK || alpha !== 1 || activation) return undefined;
    const index = indexOf(program, scatter);
    if (!index) return undefined;
    const [x] = node.inputs;
    const inputs = [x, scatter.inputs[0], index.forward, index.back];
    return [
      fused<'SparseMatMul'>(
        { op: 'SparseMatMul', inputs, outputs: node.outputs, attributes: { ordered: true } },
        [scatter, node],
      ),
    ];
  });
}

/** Constants of the matrix's two orders, shared by all matrices with these places. */
function indexOf(
  program: Program,
  { inputs, outputs }: ProgramNode<'Scatter'>,
): { forward: string; back: string } | undefined {
  const ids = program.values.get(inputs[1])!.data as Int32Array;
  const [rows, columns] = program.values.get(outputs[0])!.shape;
  const byColumns = ids.every(
    (id, e) =>
      e === 0 ||
      ids[e - 1] % columns < id % columns ||
      (ids[e - 1] % columns === id % columns && ids[e - 1] < id),
  );
  if (!byColumns) return undefined;
  const names = { forward: `${inputs[1]}:${rows}x${columns}`, back: `${inputs[1]}:${rows}x${columns}:back` };
  if (program.values.has(names.forward)) return names;
  const made = sparseIndex(ids, rows, columns);
  for (const order of ['forward', 'back'] as const) {
    const data = made[order];
    const id = names[order];
    program.values.set(id, { id, shape: [data.length], type: 'i32', kind: 'constant', data });
  }
  return names;
}
