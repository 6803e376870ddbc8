/** Float64 references of the embedding lookup and its scatter. */
import { required, type ReferenceOp } from './op.ts';
import { refTensor } from './tensor.ts';

export const gather: ReferenceOp<'Gather'> = (inputs, _attributes, [shape]) => {
  const table = required(inputs, 0, 'Gather');
  const ids = required(inputs, 1, 'Gather');
  const extra = inputs[2];
  const [vocabulary, width] = table.shape;
  const y = new Float64Array(ids.data.length * width);
  ids.data.forEach((id, t) => {
    const [source, row] = id < vocabulary ? [table, id] : [extra, id - vocabulary];
    if (source === undefined || row < 0 || row >= source.shape[0])
      throw new Error(`internal: Gather reads row ${id} of a table with ${vocabulary} rows`);
    y.set(source.data.subarray(row * width, (row + 1) * width), t * width);
  });
  return [refTensor(shape, y)];
};

export const gatherGrad: ReferenceOp<'GatherGrad'> = (inputs, { rows, firstRow }) => {
  const dy = required(inputs, 0, 'GatherGrad');
  const order = required(inputs, 1, 'GatherGrad');
  const width = dy.shape.at(-1) ?? 1;
  const n = order.shape[1];
  const table = new Float64Array(rows * width);
  for (let k = 0; k < n; k++) {
    const row = order.data[k] - firstRow;
    if (row < 0 || row >= rows) continue;
    const position = order.data[n + k];
    for (let h = 0; h < width; h++) table[row * width + h] += dy.data[position * width + h];
  }
  return [refTensor([rows, width], table)];
};
