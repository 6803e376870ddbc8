/** Table lookup and its scatter; see `Gather` and `GatherGrad` in src/graph/program.ts. */
import { halves4 } from '../common/half';
import { storeSome } from '../common/vector';

/**
 * y[t] = id < vocabulary ? table[id] : extra[id − vocabulary]; table: [vocabulary, width], ids: [positions], extra:
 * [extraRows, width], y: [positions, width]. Without extra rows that operand repeats the table.
 */
export function gather(
  part: i32,
  parts: i32,
  table: usize,
  ids: usize,
  extra: usize,
  y: usize,
  positions: i32,
  width: i32,
  vocabulary: i32,
  extraRows: i32,
): void {
  const each = (positions + parts - 1) / parts;
  const last = min((part + 1) * each, positions);
  const bytes = (<usize>width) << 2;
  for (let t = part * each; t < last; t++) {
    const id = load<u32>(ids + ((<usize>t) << 2));
    const isExtra = extraRows > 0 && id >= <u32>vocabulary;
    const from = isExtra ? extra + <usize>(id - vocabulary) * bytes : table + <usize>id * bytes;
    memory.copy(y + <usize>t * bytes, from, bytes);
  }
}

/** As `gather`, of a table whose numbers are halves; width even. */
export function gatherHalf(
  part: i32,
  parts: i32,
  table: usize,
  ids: usize,
  extra: usize,
  y: usize,
  positions: i32,
  width: i32,
  vocabulary: i32,
  extraRows: i32,
): void {
  const each = (positions + parts - 1) / parts;
  const last = min((part + 1) * each, positions);
  const bytes = (<usize>width) << 2;
  for (let t = part * each; t < last; t++) {
    const id = load<u32>(ids + ((<usize>t) << 2));
    const to = y + <usize>t * bytes;
    if (extraRows > 0 && id >= <u32>vocabulary) {
      memory.copy(to, extra + <usize>(id - vocabulary) * bytes, bytes);
      continue;
    }
    const from = table + <usize>id * (bytes >> 1);
    for (let c = 0; c < width; c += 4) {
      const v = halves4(from + ((<usize>c) << 1));
      if (width - c >= 4) v128.store(to + ((<usize>c) << 2), v);
      else storeSome(to + ((<usize>c) << 2), v, width - c);
    }
  }
}

/**
 * dTable[r] = Σ dy[t] over the positions t of id r + firstRow, for rows that stand in the batch (the others are zeroed
 * before); order: [2, positions], sorted ids and their positions. A run of equal ids belongs to the part in which it
 * begins.
 */
export function gatherGrad(
  part: i32,
  parts: i32,
  dy: usize,
  order: usize,
  dTable: usize,
  positions: i32,
  rows: i32,
  firstRow: i32,
  width: i32,
): void {
  const each = (positions + parts - 1) / parts;
  const last = min((part + 1) * each, positions);
  const places = order + ((<usize>positions) << 2);
  const bytes = (<usize>width) << 2;
  for (let first = part * each; first < last; first++) {
    const id = load<i32>(order + ((<usize>first) << 2));
    if (<u32>(id - firstRow) >= <u32>rows) continue;
    if (first > 0 && load<i32>(order + ((<usize>(first - 1)) << 2)) == id) continue;
    let end = first + 1;
    while (end < positions && load<i32>(order + ((<usize>end) << 2)) == id) end++;
    const to = dTable + <usize>(id - firstRow) * bytes;
    for (let c = 0; c < width; c += 4) {
      const column = (<usize>c) << 2;
      let sum = f32x4.splat(0);
      for (let k = first; k < end; k++)
        sum = f32x4.add(sum, v128.load(dy + load<u32>(places + ((<usize>k) << 2)) * bytes + column));
      if (width - c >= 4) v128.store(to + column, sum);
      else storeSome(to + column, sum, width - c);
    }
  }
}
