/**
 * Products with a matrix of few entries: see SparseMatMul and SparseMatMulGrad in src/graph/program.ts. Both work on
 * transposed operands, [features, tokens], so that an entry is a vector of tokens times a number. index = [starts
 * (columns + 1), sources, entries]; the last only where the values are not in the order of the columns.
 */
import { madd, sumLanes, firstLanes, storeSome } from '../common/vector';

/** y[ids[e]] = values[e]; y is zero before. values, ids: [count] */
export function scatter(part: i32, parts: i32, values: usize, ids: usize, y: usize, count: i32): void {
  const each = (count + parts - 1) / parts;
  const last = min((part + 1) * each, count);
  for (let e = part * each; e < last; e++) {
    const at = (<usize>e) << 2;
    store<f32>(y + ((<usize>load<i32>(ids + at)) << 2), load<f32>(values + at));
  }
}

/** yT[j, t] = Σ over the entries e of column j of xT[source(e), t] · values[entry(e)]; xT: [inner, tokens] */
export function product(
  part: i32,
  parts: i32,
  x: usize,
  values: usize,
  index: usize,
  y: usize,
  tokens: i32,
  columns: i32,
  entries: i32,
  ordered: i32,
): void {
  const each = (columns + parts - 1) / parts;
  const last = min((part + 1) * each, columns);
  const row = (<usize>tokens) << 2;
  const sources = index + ((<usize>(columns + 1)) << 2);
  const places = sources + ((<usize>entries) << 2);
  for (let j = part * each; j < last; j++) {
    const to = y + <usize>j * row;
    memory.fill(to, 0, row);
    const end = load<i32>(index + ((<usize>j) << 2), 4);
    for (let e = load<i32>(index + ((<usize>j) << 2)); e < end; e++) {
      const at = (<usize>e) << 2;
      const from = x + <usize>load<i32>(sources + at) * row;
      const entry = ordered ? at : (<usize>load<i32>(places + at)) << 2;
      const v = v128.load32_splat(values + entry);
      let t = 0;
      for (; t <= tokens - 4; t += 4) {
        const o = (<usize>t) << 2;
        v128.store(to + o, madd(v128.load(from + o), v, v128.load(to + o)));
      }
      if (t < tokens) {
        const o = (<usize>t) << 2;
        storeSome(to + o, madd(v128.load(from + o), v, v128.load(to + o)), tokens - t);
      }
    }
  }
}

/** dv[e] = Σ over t of xT[source(e), t] · dyT[column(e), t]; entries in the order of the columns. */
export function gradient(
  part: i32,
  parts: i32,
  x: usize,
  dy: usize,
  index: usize,
  dv: usize,
  tokens: i32,
  columns: i32,
): void {
  const each = (columns + parts - 1) / parts;
  const last = min((part + 1) * each, columns);
  const row = (<usize>tokens) << 2;
  const sources = index + ((<usize>(columns + 1)) << 2);
  for (let j = part * each; j < last; j++) {
    const d = dy + <usize>j * row;
    const end = load<i32>(index + ((<usize>j) << 2), 4);
    for (let e = load<i32>(index + ((<usize>j) << 2)); e < end; e++) {
      const from = x + <usize>load<i32>(sources + ((<usize>e) << 2)) * row;
      let a = f32x4.splat(0);
      let b = a;
      let t = 0;
      for (; t <= tokens - 8; t += 8) {
        const o = (<usize>t) << 2;
        a = madd(v128.load(from + o), v128.load(d + o), a);
        b = madd(v128.load(from + o, 16), v128.load(d + o, 16), b);
      }
      for (; t < tokens; t += 4) {
        const o = (<usize>t) << 2;
        a = f32x4.add(a, firstLanes(f32x4.mul(v128.load(from + o), v128.load(d + o)), tokens - t, 0));
      }
      store<f32>(dv + ((<usize>e) << 2), sumLanes(f32x4.add(a, b)));
    }
  }
}
