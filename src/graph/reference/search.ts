/** Float64 references of what generation adds: rows written into a state, and the likeliest columns. */
import { asRows, filled, required, type ReferenceOp } from './op.ts';
import { refTensor } from './tensor.ts';

export const write: ReferenceOp<'Write'> = (inputs) => {
  const x = required(inputs, 0, 'Write');
  const state = required(inputs, 1, 'Write');
  const position = inputs[2];
  if (!position) return [refTensor(state.shape, x.data)];
  const [outer, length, width] = state.shape;
  const data = Float64Array.from(state.data);
  for (let o = 0; o < outer; o++)
    data.set(x.data.subarray(o * width, (o + 1) * width), (o * length + position.data[0]) * width);
  return [refTensor(state.shape, data)];
};

export const topK: ReferenceOp<'TopK'> = (inputs, { k }, [shape]) => {
  const logits = required(inputs, 0, 'TopK');
  const { columns } = asRows(logits);
  const found = new Map<number, { place: number; value: number }[]>();
  return [
    filled(shape, (i) => {
      const row = Math.floor(i / (2 * k));
      let best = found.get(row);
      if (!best) {
        const z = logits.data.subarray(row * columns, (row + 1) * columns);
        const most = z.reduce((a, b) => Math.max(a, b), -Infinity);
        const total = Math.log(z.reduce((sum, v) => sum + Math.exp(v - most), 0));
        best = Array.from(z, (value, place) => ({ place, value: value - most - total }))
          .sort((a, b) => b.value - a.value || a.place - b.place)
          .slice(0, k);
        found.set(row, best);
      }
      const { place, value } = best[i % k];
      return i % (2 * k) < k ? value : place;
    }),
  ];
};
