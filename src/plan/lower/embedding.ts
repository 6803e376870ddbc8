/** Table lookup and its scatter. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { zerosIn } from './layout.ts';
import { countOf, grid, overItems, read, rowSlices, shapeOf, sliceOf, widthOf, write } from './support.ts';

const lowerGather: Lowering<'Gather'> = ({ inputs, outputs }, program, adapter) => {
  const [table, ids, extra] = inputs;
  const [vocabulary, floats] = shapeOf(program, table);
  const { entry, width } = widthOf(floats);
  const { workgroups } = overItems((countOf(program, ids) * floats) / width, adapter);
  const slices = rowSlices(vocabulary, floats, adapter);
  const whole = slices.length === 1;
  return slices.map((slice, i) => {
    const rows = sliceOf(table, 'read', slice, floats, whole);
    const withExtra = extra && i === 0;
    return {
      shader: 'embedding/gather',
      entry,
      constants: {
        width: floats / width,
        vocabulary,
        extraRows: withExtra ? shapeOf(program, extra)[0] : 0,
        ...(!whole && { firstRow: slice.start, rows: slice.rows }),
      },
      operands: [rows, read(ids), withExtra ? read(extra) : rows, write(outputs[0])],
      workgroups,
    };
  });
};

/** Rows with at most this many others share their positions among slices of a workgroup. */
const SMALL_TABLE = 1024;

const lowerGatherGrad: Lowering<'GatherGrad'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { rows, firstRow } = attributes;
  const floats = shapeOf(program, outputs[0])[1];
  const positions = shapeOf(program, inputs[1])[1];
  const slices = rowSlices(rows, floats, adapter);
  const whole = slices.length === 1;
  if (adapter.software) {
    const { entry, width } = widthOf(floats);
    const items = positions * (floats / width);
    return slices.flatMap((slice) => {
      const to = sliceOf(outputs[0], 'readwrite', slice, floats, whole);
      return [
        zerosIn(to, slice.rows * floats, adapter),
        {
          shader: 'embedding/gather-grad-runs',
          entry,
          constants: { rows: slice.rows, firstRow: firstRow + slice.start, width: floats / width },
          operands: [read(inputs[0]), read(inputs[1]), to],
          workgroups: grid(Math.ceil(items / 64), adapter),
        },
      ];
    });
  }
  const lanes = floats >= 64 && rows > SMALL_TABLE ? Math.min(256, Math.ceil(floats / 64) * 64) : 32;
  // About as many slices as positions a row has on average, and then some for skewed ids.
  const average = Math.ceil(positions / rows);
  let shares = 1;
  if (rows <= SMALL_TABLE) while (shares * lanes < 256 && shares < average) shares *= 2;
  const columnGroups = Math.ceil(floats / lanes);
  return slices.map((slice) => ({
    shader: 'embedding/gather-grad',
    entry: 'main',
    constants: {
      rows: slice.rows,
      firstRow: firstRow + slice.start,
      positions,
      width: floats,
      lanes,
      slices: shares,
      columnGroups,
    },
    operands: [...inputs.map(read), sliceOf(outputs[0], 'write', slice, floats, whole)],
    workgroups: grid(slice.rows * columnGroups, adapter),
  }));
};

export const embedding: Pick<LoweringTable, 'Gather' | 'GatherGrad'> = {
  Gather: lowerGather,
  GatherGrad: lowerGatherGrad,
};
