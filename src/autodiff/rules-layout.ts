/** Backward of moves: concatenation, ranges, views, permutations, broadcasts, reductions, table rows. */
import type { Rule } from './rule.ts';

export const concatRule: Rule<'Concat'> = ({ node, dy, builder, needs, give }) => {
  const { axis } = node.attributes;
  let start = 0;
  node.inputs.forEach((x, i) => {
    const shape = builder.shape(x);
    const end = start + shape[axis];
    if (needs(i)) give(i, builder.apply('Slice', [dy], { axis, start, end }, shape, `d:${x}`, node.sources));
    start = end;
  });
};

export const sliceRule: Rule<'Slice'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  const { axis, start, end } = node.attributes;
  const shape = builder.shape(x);
  const attributes = { axis, before: start, after: shape[axis] - end };
  give(0, builder.apply('Pad', [dy], attributes, shape, `d:${x}`, node.sources));
};

export const padRule: Rule<'Pad'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  const { axis, before } = node.attributes;
  const shape = builder.shape(x);
  const attributes = { axis, start: before, end: before + shape[axis] };
  give(0, builder.apply('Slice', [dy], attributes, shape, `d:${x}`, node.sources));
};

export const reshapeRule: Rule<'Reshape'> = ({ node, dy, builder, needs, give }) => {
  if (needs(0)) give(0, builder.reshape(dy, builder.shape(node.inputs[0]), node.sources));
};

export const transposeRule: Rule<'Transpose'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const { perm } = node.attributes;
  const inverse = new Array<number>(perm.length);
  perm.forEach((from, to) => (inverse[from] = to));
  const [x] = node.inputs;
  give(0, builder.apply('Transpose', [dy], { perm: inverse }, builder.shape(x), `d:${x}`, node.sources));
};

export const expandRule: Rule<'Expand'> = ({ node, dy, builder, needs, give }) => {
  if (needs(0)) give(0, builder.sumTo(dy, builder.shape(node.inputs[0]), node.sources));
};

export const reduceRule: Rule<'Reduce'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  const shape = builder.shape(x);
  const axes = new Set(node.attributes.axes);
  const kept = shape.map((d, i) => (axes.has(i) ? 1 : d));
  let d = builder.reshape(dy, kept, node.sources);
  if (node.attributes.kind === 'mean') {
    const count = shape.reduce((n, size, i) => (axes.has(i) ? n * size : n), 1);
    d = builder.apply('Unary', [d], { kind: 'Scale', factor: 1 / count }, kept, `d:${x}:mean`, node.sources);
  }
  if (kept.every((size, i) => size === shape[i])) give(0, d);
  else give(0, builder.apply('Expand', [d], {}, shape, `d:${x}`, node.sources));
};

/**
 * Rows of a table collect the gradients of the positions that read them. The kernel wants the
 * positions grouped by row: `order:<ids>` (i32 [2, n], sorted ids and their positions) is a host
 * value made together with the ids (see `sortOrder`), or a constant where the ids are one.
 */
export const gatherRule: Rule<'Gather'> = ({ node, dy, builder, needs, give }) => {
  const [table, ids, extra] = node.inputs;
  if (!needs(0) && !(extra && needs(2))) return;
  const idsValue = builder.value(ids);
  const count = idsValue.shape.reduce((n, d) => n * d, 1);
  const order = orderName(ids);
  if (!builder.program.values.has(order)) {
    const shape = [2, count];
    if (idsValue.kind === 'constant') {
      const data = sortOrder(idsValue.data as Int32Array);
      builder.program.values.set(order, { id: order, shape, type: 'i32', kind: 'constant', data });
    } else {
      builder.program.values.set(order, { id: order, shape, type: 'i32', kind: 'host' });
    }
  }
  const rows = builder.shape(table)[0];
  if (needs(0)) {
    const shape = builder.shape(table);
    give(
      0,
      builder.apply('GatherGrad', [dy, order], { rows, firstRow: 0 }, shape, `d:${table}`, node.sources),
    );
  }
  if (extra && needs(2)) {
    const shape = builder.shape(extra);
    const attributes = { rows: shape[0], firstRow: rows };
    give(2, builder.apply('GatherGrad', [dy, order], attributes, shape, `d:${extra}`, node.sources));
  }
};

const ORDER_PREFIX = 'order:';

/** Name of the host value that holds the sort order of `ids`. */
export function orderName(ids: string): string {
  return ORDER_PREFIX + ids;
}

/** The ids a sort-order value belongs to, or undefined for any other name. */
export function idsOfOrder(name: string): string | undefined {
  return name.startsWith(ORDER_PREFIX) ? name.slice(ORDER_PREFIX.length) : undefined;
}

/** Stable counting sort of ids: [sorted ids, positions in that order], length 2n. */
export function sortOrder(ids: Int32Array): Int32Array {
  const n = ids.length;
  let highest = 0;
  for (const id of ids) if (id > highest) highest = id;
  const starts = new Int32Array(highest + 2);
  for (const id of ids) starts[id + 1]++;
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  const order = new Int32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const slot = starts[ids[i]]++;
    order[slot] = ids[i];
    order[n + slot] = i;
  }
  return order;
}
