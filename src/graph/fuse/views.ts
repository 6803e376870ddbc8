/**
 * Views as strides: reshapes and transposes of a contiguous base, followed without caring how an
 * exporter spelt them. Axes of size one have no stride to speak of.
 */
import { stridesOf } from '../onnx-ops/broadcast.ts';
import type { AnyNode } from '../program.ts';

export interface View {
  shape: readonly number[];
  strides: readonly number[];
}

export function contiguous(shape: readonly number[]): View {
  return { shape, strides: stridesOf(shape) };
}

/** The view after a Reshape or Transpose; undefined where a reshape would have to copy. */
export function viewThrough(view: View, node: AnyNode, shape: readonly number[]): View | undefined {
  if (node.op === 'Transpose')
    return { shape, strides: node.attributes.perm.map((axis) => view.strides[axis]) };
  if (node.op !== 'Reshape') return undefined;
  const strides = reshapedStrides(view, shape);
  return strides && { shape, strides };
}

/** numpy's no-copy reshape: axes split freely, and merge where they lie one inside the other. */
function reshapedStrides(view: View, shape: readonly number[]): number[] | undefined {
  const axes = view.shape.map((n, i) => ({ n, stride: view.strides[i] })).filter(({ n }) => n !== 1);
  const strides = new Array<number>(shape.length).fill(0);
  let next = 0;
  let to = 0;
  while (to < shape.length) {
    if (shape[to] === 1) {
      to++;
      continue;
    }
    if (next >= axes.length) return undefined;
    let [have, want] = [axes[next].n, shape[to]];
    next++;
    const firstOut = to++;
    while (have !== want) {
      if (have < want) {
        if (next >= axes.length || axes[next - 1].stride !== axes[next].n * axes[next].stride)
          return undefined;
        have *= axes[next++].n;
      } else {
        if (to >= shape.length) return undefined;
        want *= shape[to++];
      }
    }
    let stride = axes[next - 1].stride;
    for (let i = to - 1; i >= firstOut; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
  }
  return strides;
}

/** True when both read the same elements in the same order. */
export function sameView(a: View, b: View): boolean {
  return (
    a.shape.length === b.shape.length &&
    a.shape.every((n, i) => n === b.shape[i] && (n === 1 || a.strides[i] === b.strides[i]))
  );
}
