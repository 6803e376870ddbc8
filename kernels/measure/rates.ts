/** What the processor can do at most: multiply-adds in registers, and bytes read and written in order. */
import { peak } from '../runtime/peak';

/** 10 · 4 · `turns` multiply-adds a part; y: [parts] */
export function multiplyAdd(part: i32, parts: i32, y: usize, turns: i32): void {
  store<f32>(y + ((<usize>part) << 2), peak(turns));
}

/** y = x; x, y: [count] */
export function copy(part: i32, parts: i32, x: usize, y: usize, count: i32): void {
  const each = (count + parts - 1) / parts;
  const first = min(part * each, count);
  const last = min(first + each, count);
  memory.copy(y + ((<usize>first) << 2), x + ((<usize>first) << 2), (<usize>(last - first)) << 2);
}
