/** Sums and means; see `Reduce` in src/graph/program.ts. Longer ones take two calls, over what the parts left. */
import { columnSums, rowSum } from '../common/sums';

/**
 * y[row, piece] = scale · the sum of stretch `piece` of a row; x: [rows, length], y: [rows, pieces] with pieces of
 * `stretch` elements
 */
export function rows(
  part: i32,
  parts: i32,
  x: usize,
  y: usize,
  rows: i32,
  length: i32,
  stretch: i32,
  scale: f32,
): void {
  const pieces = (length + stretch - 1) / stretch;
  const items = rows * pieces;
  const each = (items + parts - 1) / parts;
  const last = min((part + 1) * each, items);
  for (let item = part * each; item < last; item++) {
    const from = (item % pieces) * stretch;
    const at = x + ((<usize>((item / pieces) * length + from)) << 2);
    store<f32>(y + ((<usize>item) << 2), scale * rowSum(at, min(stretch, length - from)));
  }
}

/**
 * y[outer, block, c] = scale · the sum of rows of block `block`; x: [outers, rows, columns], y: [outers, blocks,
 * columns] with blocks of `blockRows` rows. A part is a block of some columns, `each` of them.
 */
export function columns(
  part: i32,
  parts: i32,
  x: usize,
  y: usize,
  rows: i32,
  columns: i32,
  blockRows: i32,
  each: i32,
  scale: f32,
): void {
  const across = (columns + each - 1) / each;
  const from = (part % across) * each;
  const blocks = (rows + blockRows - 1) / blockRows;
  const item = part / across;
  const block = item % blocks;
  const first = block * blockRows;
  const at = x + ((<usize>(((item / blocks) * rows + first) * columns + from)) << 2);
  const to = y + ((<usize>(item * columns + from)) << 2);
  columnSums(at, (<usize>columns) << 2, min(blockRows, rows - first), min(each, columns - from), scale, to);
}
