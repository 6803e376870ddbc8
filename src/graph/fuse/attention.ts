/**
 * Attention, eager or sdpa: softmax(scale · q kᵀ + bias) v per head, with the reshapes and transposes
 * around it absorbed, so that q, k and v are the projections [batch, length, heads·dim].
 */
import type { AnyNode, Program, ProgramNode } from '../program.ts';
import { sizeOf } from '../reference/tensor.ts';
import { pairs } from './layer-norm.ts';
import { sameShape } from './simplify.ts';
import { contiguous, sameView, strided, viewThrough } from './views.ts';
import type { View } from './views.ts';
import { addValue, fused, replaceNodes } from './wiring.ts';
import type { Wiring } from './wiring.ts';

export function fuseAttention(program: Program): void {
  const found = new Map<AnyNode, readonly AnyNode[]>();
  // Anchored at the last view of the context, which comes after every input.
  replaceNodes(program, (node, wiring) => {
    const ready = found.get(node);
    if (ready) return ready;
    const match = node.op === 'MatMul' ? matchAttention(wiring, node) : undefined;
    if (!match) return undefined;
    const { anchor, nodes } = replacement(wiring, match);
    if (anchor === node) return nodes;
    found.set(anchor, nodes);
    return undefined;
  });
}

interface AttentionMatch {
  context: AnyNode;
  parts: AnyNode[];
  heads: number;
  scale: number;
  q: Head;
  k: Head;
  v: Head;
  biases: string[];
  dropout: number;
  dropoutId: number;
  /** [batch, query length, heads·dim] */
  shape: number[];
}

/** A projection found behind views: the value whose memory is [batch, length, heads·dim]. */
interface Head {
  id: string;
  /** Its shape in that reading. */
  shape: number[];
  /** Product of the scalings passed on the way. */
  scale: number;
  /** Whether it has that shape already. */
  exact: boolean;
}

function matchAttention(wiring: Wiring, context: ProgramNode<'MatMul'>): AttentionMatch | undefined {
  if (!plain(context) || wiring.shape(context.outputs[0]).length !== 4) return undefined;
  const dropout = wiring.made(context.inputs[0], 'Dropout');
  const softmax = wiring.made(dropout ? dropout.inputs[0] : context.inputs[0], 'Softmax');
  if (!softmax || !wiring.single(softmax.outputs[0]) || (dropout && !wiring.single(dropout.outputs[0])))
    return undefined;
  const scores = matchScores(wiring, softmax.inputs[0]);
  if (!scores) return undefined;
  const [batch, heads, queries, width] = wiring.shape(context.outputs[0]);
  const keys = wiring.shape(softmax.outputs[0])[3];
  const q = findHead(wiring, scores.product.inputs[0], 'q');
  const k = findHead(wiring, scores.product.inputs[1], 'k');
  const v = findHead(wiring, context.inputs[1], 'v');
  const depth = wiring.shape(scores.product.inputs[0])[3];
  if (!q || !k || !v || depth !== width) return undefined;
  const fits = q.shape[1] === queries && k.shape[1] === keys && v.shape[1] === keys;
  if (!fits || q.shape[0] !== batch) return undefined;
  return {
    context: context as AnyNode,
    parts: [...scores.nodes, softmax, ...(dropout ? [dropout as AnyNode] : []), context],
    heads,
    scale: scores.scale * q.scale * k.scale,
    q,
    k,
    v,
    biases: scores.biases,
    dropout: dropout?.attributes.rate ?? 0,
    dropoutId: dropout?.attributes.id ?? 0,
    shape: [batch, queries, heads * width],
  };
}

const plain = (node: ProgramNode<'MatMul'>): boolean => {
  const { transA, transB, flattenK, alpha, activation, gradient } = node.attributes;
  return (
    !transA && !transB && !flattenK && alpha === 1 && !activation && !gradient && node.inputs.length === 2
  );
};

interface Scores {
  product: ProgramNode<'MatMul'>;
  scale: number;
  biases: string[];
  nodes: AnyNode[];
}

/** scale · a b + biases, the biases added last. */
function matchScores(wiring: Wiring, id: string): Scores | undefined {
  const node = wiring.producer(id);
  if (!node || wiring.shape(id).length !== 4) return undefined;
  if (node.op === 'MatMul')
    return plain(node) && wiring.shape(node.inputs[1]).length === 4
      ? { product: node, scale: 1, biases: [], nodes: [node] }
      : undefined;
  if (node.op === 'Unary' && node.attributes.kind === 'Scale') {
    const inner = matchScores(wiring, node.inputs[0]);
    if (!inner || inner.biases.length > 0) return undefined;
    return { ...inner, scale: inner.scale * node.attributes.factor!, nodes: [...inner.nodes, node] };
  }
  if (node.op !== 'Add') return undefined;
  for (const [scores, bias] of pairs(node.inputs)) {
    if (sizeOf(wiring.shape(scores)) !== sizeOf(wiring.shape(id))) continue;
    const inner = matchScores(wiring, scores);
    if (inner) return { ...inner, biases: [...inner.biases, bias], nodes: [...inner.nodes, node] };
  }
  return undefined;
}

/**
 * Follows views and scalings up from [batch, heads, length, dim] (keys: [batch, heads, dim, length])
 * to the value that holds the same numbers as [batch, length, heads·dim]. Scalings of v stay where they are.
 */
function findHead(wiring: Wiring, from: string, part: 'q' | 'k' | 'v'): Head | undefined {
  const dims = wiring.shape(from);
  if (dims.length !== 4) return undefined;
  const [batch, heads] = dims;
  const [length, depth] = part === 'k' ? [dims[3], dims[2]] : [dims[2], dims[3]];
  const width = heads * depth;
  const order = part === 'k' ? [length * width, depth, 1, width] : [length * width, depth, width, 1];
  const wanted = strided(dims, order);
  const shape = [batch, length, width];
  const path: AnyNode[] = [];
  let best: Head | undefined;
  let scale = 1;
  // The furthest value up is the projection itself, unless it has another shape than one nearer by.
  for (let id = from; ;) {
    const exact = sameShape(wiring.shape(id), shape);
    if ((exact || !best?.exact) && followed(wiring, id, path, wanted)) best = { id, shape, scale, exact };
    const node = wiring.producer(id);
    if (!node) return best;
    if (part !== 'v' && node.op === 'Unary' && node.attributes.kind === 'Scale')
      scale *= node.attributes.factor!;
    else if (node.op === 'Reshape' || node.op === 'Transpose') path.unshift(node);
    else return best;
    id = node.inputs[0];
  }
}

/** True when `id`, contiguous, read through the path, is the wanted view. */
function followed(wiring: Wiring, id: string, path: readonly AnyNode[], wanted: View): boolean {
  let view: View | undefined = contiguous(wiring.shape(id));
  for (const node of path) view = view && viewThrough(view, node, wiring.shape(node.outputs[0]));
  return view !== undefined && sameView(view, wanted);
}

/** The Attention node, what has to surround it, and the node in whose place they go. */
function replacement(wiring: Wiring, match: AttentionMatch): { anchor: AnyNode; nodes: AnyNode[] } {
  const { program } = wiring;
  const { context, heads, scale, dropout, dropoutId, shape, parts } = match;
  const before: AnyNode[] = [];
  const reshaped = (id: string, to: readonly number[]): string => {
    const from = wiring.shape(id);
    if (sameShape(from, to)) return id;
    const output = addValue(program, `${id}#view`, to);
    before.push(
      fused<'Reshape'>({ op: 'Reshape', inputs: [id], outputs: [output], attributes: {} }, [context]),
    );
    return output;
  };
  const [q, k, v] = [match.q, match.k, match.v].map((head) => reshaped(head.id, head.shape));
  const biases = match.biases.map((id) => {
    const dims = wiring.shape(id);
    return reshaped(id, [...new Array<number>(Math.max(0, 4 - dims.length)).fill(1), ...dims]);
  });
  const bias = biases.reduce<string | undefined>((sum, id) => {
    if (sum === undefined) return id;
    const [a, b] = [program.values.get(sum)!.shape, program.values.get(id)!.shape];
    const output = addValue(
      program,
      `${context.outputs[0]}#bias`,
      a.map((n, i) => Math.max(n, b[i])),
    );
    before.push(fused<'Add'>({ op: 'Add', inputs: [sum, id], outputs: [output], attributes: {} }, [context]));
    return output;
  }, undefined);
  const inputs = bias === undefined ? [q, k, v] : [q, k, v, bias];
  const attributes = { heads, scale, dropout, dropoutId };
  const attention = (y: string, tail: readonly AnyNode[]): AnyNode => {
    const lse = addValue(program, `${y}#lse`, [shape[0], heads, shape[1]]);
    return fused<'Attention'>({ op: 'Attention', inputs, outputs: [y, lse], attributes }, [
      ...parts,
      ...tail,
    ]);
  };
  const tail = contextViews(wiring, match);
  const last = tail.at(-1);
  if (last) return { anchor: last, nodes: [...before, attention(last.outputs[0], tail)] };
  const y = addValue(program, `${context.outputs[0]}#merged`, shape);
  const split = addValue(program, `${context.outputs[0]}#heads`, [
    shape[0],
    shape[1],
    heads,
    shape[2] / heads,
  ]);
  const node = attention(y, []);
  return {
    anchor: context,
    nodes: [
      ...before,
      node,
      fused<'Reshape'>({ op: 'Reshape', inputs: [y], outputs: [split], attributes: {} }, [context]),
      fused<'Transpose'>(
        { op: 'Transpose', inputs: [split], outputs: context.outputs, attributes: { perm: [0, 2, 1, 3] } },
        [context],
      ),
    ],
  };
}

/** The views that bring the context back to [batch, length, heads·dim]; none where that does not happen. */
function contextViews(wiring: Wiring, { context, heads, shape }: AttentionMatch): AnyNode[] {
  const [, length, width] = shape;
  const depth = width / heads;
  const dims = wiring.shape(context.outputs[0]);
  let view: View | undefined = strided(dims, [length * width, depth, width, 1]);
  const nodes: AnyNode[] = [];
  const whole = contiguous(shape);
  for (let id = context.outputs[0]; wiring.single(id);) {
    const [node] = wiring.readers(id);
    view = viewThrough(view, node, wiring.shape(node.outputs[0]));
    if (!view) return [];
    nodes.push(node);
    if (sameView(view, whole)) return nodes;
    id = node.outputs[0];
  }
  return [];
}
