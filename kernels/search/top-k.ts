/**
 * The k likeliest of each row of logits: y[row, 0, :] their log softmax in falling order, y[row, 1, :] their columns, as
 * floats. Of equals the earlier column comes first. logits: [rows, columns], y: [rows, 2, k]
 */
import { exp4, log1 } from '../common/functions';
import { firstLanes, sumLanes } from '../common/vector';

const LOWEST: f32 = -3.4028234663852886e38;

/** Σ e^(x − most) */
export function expSum(x: usize, count: i32, most: f32): f32 {
  const top = f32x4.splat(most);
  let a = f32x4.splat(0);
  let b = a;
  let i = 0;
  for (; i <= count - 8; i += 8, x += 32) {
    a = f32x4.add(a, exp4(f32x4.sub(v128.load(x), top)));
    b = f32x4.add(b, exp4(f32x4.sub(v128.load(x, 16), top)));
  }
  for (; i < count; i += 4, x += 16)
    a = f32x4.add(a, firstLanes(exp4(f32x4.sub(v128.load(x), top)), count - i, 0));
  return sumLanes(f32x4.add(a, b));
}

export function topK(part: i32, parts: i32, logits: usize, y: usize, rows: i32, columns: i32, k: i32): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const x = logits + ((<usize>(row * columns)) << 2);
    const values = y + ((<usize>(row * 2 * k)) << 2);
    const places = values + ((<usize>k) << 2);
    for (let i = 0; i < k; i++) {
      store<f32>(values + ((<usize>i) << 2), LOWEST);
      store<f32>(places + ((<usize>i) << 2), <f32>columns);
    }
    let found = 0;
    let least = f32x4.splat(-Infinity);
    for (let c = 0; c < columns; c += 4) {
      const four = v128.load(x + ((<usize>c) << 2));
      // Until k are found every number counts; then those above the least of them.
      if (found == k && !v128.any_true(f32x4.gt(four, least))) continue;
      for (let j = c; j < min(c + 4, columns); j++) {
        const z = load<f32>(x + ((<usize>j) << 2));
        if (z != z) continue;
        let at = found;
        while (at > 0 && load<f32>(values + ((<usize>(at - 1)) << 2)) < z) at--;
        if (at >= k) continue;
        if (found < k) found++;
        for (let i = found - 1; i > at; i--) {
          store<f32>(values + ((<usize>i) << 2), load<f32>(values + ((<usize>(i - 1)) << 2)));
          store<f32>(places + ((<usize>i) << 2), load<f32>(places + ((<usize>(i - 1)) << 2)));
        }
        store<f32>(values + ((<usize>at) << 2), z);
        store<f32>(places + ((<usize>at) << 2), <f32>j);
        if (found == k) least = f32x4.splat(load<f32>(values + ((<usize>(k - 1)) << 2)));
      }
    }
    const most = load<f32>(values);
    const lse = most + log1(expSum(x, columns, most));
    for (let i = 0; i < k; i++)
      store<f32>(values + ((<usize>i) << 2), load<f32>(values + ((<usize>i) << 2)) - lse);
  }
}
