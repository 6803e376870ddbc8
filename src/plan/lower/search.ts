/** What generation adds: rows written into a state that outlives the program, and the likeliest columns. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { plainCopy } from './layout.ts';
import { countOf, grid, matrixOf, overItems, read, rowGroup, shapeOf, update, write } from './support.ts';

/** The planner makes the output a view of the state, which is written in place. */
const lowerWrite: Lowering<'Write'> = ({ inputs }, program, adapter) => {
  const [x, state, position] = inputs;
  if (!position) return [plainCopy(x, state, program, adapter)];
  const [, length, width] = shapeOf(program, state);
  const { constants, workgroups } = overItems(countOf(program, x), adapter);
  return [
    {
      shader: 'layout/write-rows',
      entry: 'main',
      constants: { ...constants, width, length },
      operands: [read(x), update(state), read(position)],
      workgroups,
    },
  ];
};

const lowerTopK: Lowering<'TopK'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { rows, columns } = matrixOf(program, inputs[0]);
  return [
    {
      shader: 'search/top-k',
      entry: 'main',
      constants: { rows, columns, k: attributes.k, workgroupSize: adapter.software ? 8 : rowGroup(columns) },
      operands: [read(inputs[0]), write(outputs[0])],
      workgroups: grid(rows, adapter),
    },
  ];
};

export const search: Pick<LoweringTable, 'Write' | 'TopK'> = { Write: lowerWrite, TopK: lowerTopK };
