/** A node that stands for a class of shapes, to time variants of its kernel on. */
import type { AnyNode, Program, ProgramNode, OpName } from '../graph/program.ts';
import type { KernelCall, AdapterProfile } from '../plan/kernel-call.ts';
import { classOf } from '../plan/kernel-choices.ts';
import { lowerNode } from '../plan/lower/index.ts';

interface Representative {
  program: Program;
  node: AnyNode;
}

function build<Op extends OpName>(
  op: Op,
  attributes: ProgramNode<Op>['attributes'],
  inputs: Readonly<Record<string, readonly number[]>>,
  outputs: Readonly<Record<string, readonly number[]>>,
  /** Of the inputs in order, where one is not there (''). */
  names = Object.keys(inputs),
): Representative {
  const values: Program['values'] = new Map();
  for (const [id, shape] of Object.entries({ ...inputs, ...outputs }))
    values.set(id, { id, shape, type: 'f32', kind: 'node' });
  const node = {
    op,
    attributes,
    inputs: names,
    outputs: Object.keys(outputs),
    sources: [op],
    phase: 'forward',
  } as unknown as AnyNode;
  return { program: { values, nodes: [node], outputs: Object.keys(outputs) }, node };
}

/** Sizes from which four less are still of the same class, and leave the last of a kernel's tiles in part empty. */
const SHORTENED = 32;

/** Of the class that a key names. */
function representativeOf(key: string, short: boolean): Representative {
  const shape = classOf(key);
  const cut = (size: number): number => (short && size >= SHORTENED ? size - 4 : size);
  switch (shape.family) {
    case 'matmul': {
      const { form, batch } = shape;
      const [m, n, k] = [shape.m, shape.n, shape.k].map(cut);
      const [transA, transB] = [form[0] === 'T', form[1] === 'T'];
      const lead = batch > 1 ? [batch] : [];
      return build(
        'MatMul',
        { transA, transB, flattenK: transA && batch === 1, alpha: 1 },
        { a: [...lead, ...(transA ? [k, m] : [m, k])], b: [...lead, ...(transB ? [n, k] : [k, n])] },
        { y: [...lead, m, n] },
      );
    }
    case 'attention':
    case 'attention-grad': {
      const { family, heads, dim } = shape;
      const [queries, keys] = [shape.queries, shape.keys].map(cut);
      const [own, streamed] = [queries, keys].map((tokens) => [1, tokens, heads * dim]);
      const attributes = { heads, scale: dim ** -0.5, dropout: 0, dropoutId: 0 };
      const inputs = { q: own, k: streamed, v: streamed };
      const results = { y: own, lse: [1, heads, queries] };
      if (family === 'attention') return build('Attention', attributes, inputs, results);
      return build(
        'AttentionGrad',
        attributes,
        { dy: own, ...inputs, ...results },
        { dq: own, dk: streamed, dv: streamed },
        ['dy', 'q', 'k', 'v', '', 'y', 'lse'],
      );
    }
    case 'rows': {
      const [rows, columns] = [shape.rows, shape.columns].map(cut);
      return build('Softmax', {}, { x: [rows, columns] }, { y: [rows, columns] });
    }
  }
}

/**
 * The calls of a class by one of its variants, or by the usual one.
 * @param short of a shape of the class that no tile divides
 */
export function callsOf(
  key: string,
  variant: string | undefined,
  profile: AdapterProfile,
  { short = false } = {},
): { program: Program; calls: KernelCall[] } {
  const { program, node } = representativeOf(key, short);
  const choices = variant === undefined ? {} : { [key]: variant };
  return { program, calls: lowerNode(node, program, { ...profile, choices }) };
}
