/** Table lookup and its scatter. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { zeros } from './layout.ts';
import { countOf, grid, overItems, read, shapeOf, update, widthOf, write } from './support.ts';

const lowerGather: Lowering<'Gather'> = ({ inputs, outputs }, program, adapter) => {
  const [table, ids, extra] = inputs;
  const [vocabulary, floats] = shapeOf(program, table);
  const { entry, width } = widthOf(floats);
  const { workgroups } = overItems((countOf(program, ids) * floats) / width, adapter);
  return [
    {
      shader: 'embedding/gather',
      entry,
      constants: {
        width: floats / width,
        vocabulary,
        extraRows: extra ? shapeOf(program, extra)[0] : 0,
      },
      operands: [read(table), read(ids), read(extra || table), write(outputs[0])],
      workgroups,
    },
  ];
};

/** Rows with at most this many others share their positions among slices of a workgroup. */
const SMALL_TABLE = 1024;

const lowerGatherGrad: Lowering<'GatherGrad'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { rows, firstRow } = attributes;
  const floats = shapeOf(program, outputs[0])[1];
  const positions = shapeOf(program, inputs[1])[1];
  if (adapter.software) {
    const { entry, width } = widthOf(floats);
    const items = positions * (floats / width);
    return [
      zeros(outputs[0], program, adapter),
      {
        shader: 'embedding/gather-grad-runs',
        entry,
        constants: { rows, firstRow, width: floats / width },
        operands: [read(inputs[0]), read(inputs[1]), update(outputs[0])],
        workgroups: grid(Math.ceil(items / 64), adapter),
      },
    ];
  }
  const lanes = floats >= 64 && rows > SMALL_TABLE ? Math.min(256, Math.ceil(floats / 64) * 64) : 32;
  // About as many slices as positions a row has on average, and then some for skewed ids.
  const average = Math.ceil(positions / rows);
  let slices = 1;
  if (rows <= SMALL_TABLE) while (slices * lanes < 256 && slices < average) slices *= 2;
  const columnGroups = Math.ceil(floats / lanes);
  return [
    {
      shader: 'embedding/gather-grad',
      entry: 'main',
      constants: { rows, firstRow, positions, width: floats, lanes, slices, columnGroups },
      operands: [...inputs.map(read), write(outputs[0])],
      workgroups: grid(rows * columnGroups, adapter),
    },
  ];
};

export const embedding: Pick<LoweringTable, 'Gather' | 'GatherGrad'> = {
  Gather: lowerGather,
  GatherGrad: lowerGatherGrad,
};
