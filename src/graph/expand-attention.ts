/**
 * Attention whose heads are not a multiple of four wide, taken apart again into products and a softmax: the
 * fused kernels read vectors of four. T5s of odd sizes have such heads.
 */
import type { AnyNode, OpAttributes, OpName, Program, ProgramNode } from './program.ts';
import { addValue } from './fuse/wiring.ts';

const PLAIN: OpAttributes['MatMul'] = { transA: false, transB: false, flattenK: false, alpha: 1 };
const HEADS_FIRST = { perm: [0, 2, 1, 3] };

/** Replaces such attentions; a program without any comes back as it is. Run it before differentiation. */
export function expandNarrowAttention(program: Program): Program {
  const narrow = (node: AnyNode): boolean => {
    if (node.op !== 'Attention') return false;
    const width = program.values.get(node.inputs[0])!.shape[2];
    return (width / node.attributes.heads) % 4 !== 0;
  };
  if (!program.nodes.some(narrow)) return program;
  const result: Program = { ...program, values: new Map(program.values), nodes: [] };
  for (const node of program.nodes)
    if (node.op === 'Attention' && narrow(node)) expand(result, node);
    else result.nodes.push(node);
  return result;
}

function expand(program: Program, node: ProgramNode<'Attention'>): void {
  const [q, k, v, bias] = node.inputs;
  const [y, lse] = node.outputs;
  const { heads, scale, dropout, dropoutId } = node.attributes;
  const [batch, queries, width] = program.values.get(q)!.shape;
  const keys = program.values.get(k)!.shape[1];
  const dim = width / heads;
  const emit = <Op extends OpName>(
    op: Op,
    inputs: string[],
    attributes: OpAttributes[Op],
    shape: readonly number[],
    output = addValue(program, `${y}#${op}`, shape),
  ): string => {
    const { sources, phase } = node;
    program.nodes.push({ op, inputs, outputs: [output], attributes, sources, phase } as AnyNode);
    return output;
  };
  const split = (x: string, length: number): string => {
    const view = emit('Reshape', [x], {}, [batch, length, heads, dim]);
    return emit('Transpose', [view], HEADS_FIRST, [batch, heads, length, dim]);
  };
  const square = [batch, heads, queries, keys];
  const product = { ...PLAIN, transB: true, alpha: scale };
  let scores = emit('MatMul', [split(q, queries), split(k, keys)], product, square);
  if (bias) scores = emit('Add', [scores, bias], {}, square);
  let probabilities = emit('Softmax', [scores], {}, square);
  if (dropout > 0) probabilities = emit('Dropout', [probabilities], { rate: dropout, id: dropoutId }, square);
  const context = emit('MatMul', [probabilities, split(v, keys)], PLAIN, [batch, heads, queries, dim]);
  const turned = emit('Transpose', [context], HEADS_FIRST, [batch, queries, heads, dim]);
  emit('Reshape', [turned], {}, [batch, queries, width], y);
  if (lse) program.values.delete(lse);
}
