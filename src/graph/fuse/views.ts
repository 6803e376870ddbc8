/**
 * Views: reshapes and transposes of a contiguous base, followed without caring how an exporter spelt
 * them. Every axis is a list of atoms, each a stretch of the base; a reshape regroups atoms, cutting
 * them where it must, and a transpose reorders the axes.
 */
import { stridesOf } from '../onnx-ops/broadcast.ts';
import type { AnyNode } from '../program.ts';

/** `size` elements of the base, `stride` apart. */
interface Atom {
  size: number;
  stride: number;
}

/** Atoms of every axis, outermost first. */
export type View = readonly (readonly Atom[])[];

/** A tensor read with the given strides. */
export function strided(shape: readonly number[], strides: readonly number[]): View {
  return shape.map((size, i) => [{ size, stride: strides[i] }]);
}

export function contiguous(shape: readonly number[]): View {
  return strided(shape, stridesOf(shape));
}

/** The view after a Reshape (to `shape`) or a Transpose; undefined for other nodes and uneven cuts. */
export function viewThrough(view: View, node: AnyNode, shape: readonly number[]): View | undefined {
  if (node.op === 'Transpose') return node.attributes.perm.map((axis) => view[axis]);
  return node.op === 'Reshape' ? regrouped(view.flat(), shape) : undefined;
}

function regrouped(atoms: readonly Atom[], shape: readonly number[]): View | undefined {
  const queue = atoms.filter((atom) => atom.size !== 1);
  const axes: Atom[][] = [];
  for (const size of shape) {
    const axis: Atom[] = [];
    for (let left = size; left > 1;) {
      const atom = queue.shift();
      if (!atom) return undefined;
      if (left % atom.size === 0) {
        axis.push(atom);
        left /= atom.size;
      } else if (atom.size % left === 0) {
        const inner = atom.size / left;
        axis.push({ size: left, stride: atom.stride * inner });
        queue.unshift({ size: inner, stride: atom.stride });
        left = 1;
      } else return undefined;
    }
    axes.push(axis);
  }
  return axes;
}

/** True when both read the same elements in the same order, axis by axis. */
export function sameView(a: View, b: View): boolean {
  return a.length === b.length && a.every((axis, i) => key(axis) === key(b[i]));
}

/** Atoms that lie one inside the other are one; those of size one are none. */
function key(axis: readonly Atom[]): string {
  const merged: Atom[] = [];
  for (const atom of axis) {
    if (atom.size === 1) continue;
    const last = merged.at(-1);
    if (last && last.stride === atom.stride * atom.size) {
      merged[merged.length - 1] = { size: last.size * atom.size, stride: atom.stride };
    } else merged.push(atom);
  }
  return merged.map(({ size, stride }) => `${size}:${stride}`).join(' ');
}
