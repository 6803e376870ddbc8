/** Table lookup and its scatter, and what generation adds. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { countOf, matrixOf, read, shapeOf, update, write } from '../lower/support.ts';
import { plainCopy, zeros } from './layout.ts';
import { rowKernel } from './rows.ts';
import { kernel, partsOf } from './support.ts';

const GRAIN = 16384;

const lowerGather: Lowering<'Gather'> = ({ inputs, outputs }, program) => {
  const [table, ids, extra] = inputs;
  const [vocabulary, width] = shapeOf(program, table);
  const positions = countOf(program, ids);
  return [
    kernel(
      'embedding/gather',
      Math.min(positions, partsOf(positions * width, GRAIN)),
      [read(table), read(ids), read(extra || table), write(outputs[0])],
      { positions, width, vocabulary, extraRows: extra ? shapeOf(program, extra)[0] : 0 },
    ),
  ];
};

const lowerGatherGrad: Lowering<'GatherGrad'> = ({ inputs, outputs, attributes }, program) => {
  const width = shapeOf(program, outputs[0])[1];
  const positions = shapeOf(program, inputs[1])[1];
  return [
    zeros(outputs[0], program),
    kernel(
      'embedding/gatherGrad',
      Math.min(positions, partsOf(positions * width, GRAIN)),
      [read(inputs[0]), read(inputs[1]), update(outputs[0])],
      { positions, rows: attributes.rows, firstRow: attributes.firstRow, width },
    ),
  ];
};

/** The planner makes the output a view of the state, which is written in place. */
const lowerWrite: Lowering<'Write'> = ({ inputs }, program) => {
  const [x, state, position] = inputs;
  if (!position) return [plainCopy(x, state, program)];
  const [outer, length, width] = shapeOf(program, state);
  return [
    kernel(
      'layout/writeRows',
      Math.min(outer, partsOf(outer * width, GRAIN)),
      [read(x), update(state), read(position)],
      { outer, width, length },
    ),
  ];
};

const lowerTopK: Lowering<'TopK'> = ({ inputs, outputs, attributes }, program) => [
  rowKernel('search/topK', matrixOf(program, inputs[0]), [read(inputs[0]), write(outputs[0])], {
    k: attributes.k,
  }),
];

export const tokens: Pick<LoweringTable, 'Gather' | 'GatherGrad' | 'Write' | 'TopK'> = {
  Gather: lowerGather,
  GatherGrad: lowerGatherGrad,
  Write: lowerWrite,
  TopK: lowerTopK,
};
