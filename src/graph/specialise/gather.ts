/** `Gather`: embeddings, and the selection of a token by a constant index. */
import { StudioError } from '../../errors.ts';
import { field, say } from '../../sentence.ts';
import { presentAxis } from '../onnx-ops/call.ts';
import { sizeOf } from '../reference/tensor.ts';
import type { SourceNode } from '../source.ts';
import { numberOf, sliceAxis } from './layout.ts';
import type { Handler, Specialiser } from './specialiser.ts';
import type { Tracked } from './tracked.ts';

const gather: Handler = (s, node) => {
  const x = s.get(node.inputs[0]);
  const ids = s.get(node.inputs[1]);
  const axis = presentAxis(numberOf(node, 'axis', 0), x.shape.length);
  const label = node.outputs[0];
  if (ids.place.in === 'device') throw s.unsupported(node, say`reads by computed floats`);
  const constant = ids.place.in === 'constant' ? positive(s, node, x.shape[axis]) : undefined;
  if (constant && sizeOf(ids.shape) === 1) return s.set(label, one(s, x, axis, constant[0], ids, label));
  if (axis === 0) return s.set(label, rows(s, node, x, ids, label));
  const contiguous = constant?.every((id, i) => id === constant[0] + i) && ids.shape.length === 1;
  if (!constant || !contiguous)
    throw s.unsupported(node, say`reads places of axis ${axis} that are not a constant range`);
  s.set(label, sliceAxis(s, x, axis, constant[0], constant[0] + constant.length, label));
};

/** Constant ids counted from the front. @throws StudioError for one past the table. */
function positive(s: Specialiser, node: SourceNode, size: number): number[] {
  return Array.from(s.constant(node.inputs[1])!.data, (id) => {
    const at = id < 0 ? id + size : id;
    if (at < 0 || at >= size)
      throw new StudioError(
        'spec',
        say`${s.graph.name}: ${node.inputs[0]} has ${size} rows and position ${id} is asked for; choose a smaller ${field('data.maxLength')}.`,
        { where: node.name },
      );
    return at;
  });
}

/** One place of an axis, which then disappears unless the index has axes of its own. */
function one(s: Specialiser, x: Tracked, axis: number, index: number, ids: Tracked, label: string): Tracked {
  const slice = sliceAxis(s, x, axis, index, index + 1, `${label}#slice`);
  const drop = (dims: readonly number[]): number[] => [
    ...dims.slice(0, axis),
    ...ids.shape,
    ...dims.slice(axis + 1),
  ];
  return s.reshaped(slice, drop(slice.stored), drop(slice.shape), label);
}

/** Rows of a table of any rank, by ids of any shape. Ids that repeat along an axis are read once. */
function rows(s: Specialiser, node: SourceNode, x: Tracked, ids: Tracked, label: string): Tracked {
  const dense = s.materialise(x);
  const [count, ...inner] = dense.shape;
  const table = s.reshaped(dense, [count, sizeOf(inner)], [count, sizeOf(inner)], `${label}#table`);
  const limit = { rows: count, name: node.inputs[0] };
  const inputs = [s.operand(table), s.operand(ids, 'i32', limit)];
  const stored = [...ids.stored, sizeOf(inner)];
  const flat = inner.length === 1;
  const found = s.node('Gather', inputs, {}, flat ? label : `${label}#rows`, stored, [
    ...ids.shape,
    sizeOf(inner),
  ]);
  return flat ? found : s.reshaped(found, [...ids.stored, ...inner], [...ids.shape, ...inner], label);
}

export const GATHER_HANDLERS: Readonly<Record<string, Handler>> = { Gather: gather };
