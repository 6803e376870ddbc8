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

/** Of the class that a key names. */
function representativeOf(key: string): Representative {
  const shape = classOf(key);
  switch (shape.family) {
    case 'matmul': {
      const { form, batch, m, n, k } = shape;
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
      const { family, heads, dim, queries, keys } = shape;
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
      const { rows, columns } = shape;
      return build('Softmax', {}, { x: [rows, columns] }, { y: [rows, columns] });
    }
  }
}

/** The calls of a class by one of its variants, or by the usual one. */
export function callsOf(
  key: string,
  variant: string | undefined,
  profile: AdapterProfile,
): { program: Program; calls: KernelCall[] } {
  const { program, node } = representativeOf(key);
  const choices = variant === undefined ? {} : { [key]: variant };
  return { program, calls: lowerNode(node, program, { ...profile, choices }) };
}
