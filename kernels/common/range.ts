/** How items are shared among the parts of a command: by the number of items and parts alone. */

/** @inline Items of a part, a multiple of `grain`. */
export function stretch(count: i32, parts: i32, grain: i32): i32 {
  return (((count + parts - 1) / parts + grain - 1) / grain) * grain;
}
