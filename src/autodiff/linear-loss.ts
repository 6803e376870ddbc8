/**
 * A loss over a large vocabulary without its logits: where cross-entropy alone reads the product that made
 * them, both become one node that works through the columns in chunks (plan/lower/linear-loss.ts).
 */
import type { AnyNode, Program, ProgramNode } from '../graph/program.ts';

/** With fewer columns the logits are small enough to keep, and cheaper kept than made twice. */
const MANY_CLASSES = 1024;

/** Names of what the fused node makes besides the loss: a row's negative log-likelihood, and its log-sum-exp. */
export const ROW_LOSSES = 'loss:rows';
const LOG_SUM_EXP = 'loss:lse';

/**
 * Fuses the program's cross-entropy with the product behind it. The logits are then no output any more: ask for
 * it where they are not read back. A program without such a pair comes back as it is.
 * @param fewest columns from which the fusion is worth it
 */
export function fuseLinearLoss(program: Program, fewest = MANY_CLASSES): Program {
  const loss = program.nodes.find((node) => node.op === 'CrossEntropy');
  if (!loss) return program;
  const behind = productBehind(program, loss.inputs[0]);
  if (!behind || program.values.get(loss.inputs[0])!.shape[1] < fewest) return program;
  const { product, between } = behind;
  const [, labels, weights] = loss.inputs;
  const [hidden, weight, bias] = product.inputs;
  const { transB, alpha } = product.attributes;
  const values = new Map(program.values);
  const rows = program.values.get(labels)!.shape;
  for (const value of between) values.delete(value);
  for (const id of [ROW_LOSSES, LOG_SUM_EXP]) values.set(id, { id, shape: rows, type: 'f32', kind: 'node' });
  const fused: AnyNode = {
    op: 'LinearCrossEntropy',
    inputs: bias ? [hidden, weight, labels, weights, bias] : [hidden, weight, labels, weights],
    outputs: [loss.outputs[0], ROW_LOSSES, LOG_SUM_EXP],
    attributes: { transB, alpha },
    sources: [...product.sources, ...loss.sources],
    phase: 'forward',
  };
  const gone = new Set(between);
  return {
    values,
    nodes: program.nodes
      .filter((node) => !gone.has(node.outputs[0]))
      .map((node) => (node === loss ? fused : node)),
    outputs: program.outputs.filter((output) => !gone.has(output)),
  };
}

/**
 * The product of one matrix that makes `logits`, through views, and the values from it to the loss; undefined
 * where somebody else reads one of them.
 */
function productBehind(
  program: Program,
  logits: string,
): { product: ProgramNode<'MatMul'>; between: string[] } | undefined {
  const between: string[] = [];
  let value = logits;
  for (;;) {
    if (program.nodes.filter(({ inputs }) => inputs.includes(value)).length !== 1) return undefined;
    between.push(value);
    const maker = program.nodes.find(({ outputs }) => outputs.includes(value));
    if (maker?.op === 'Reshape') value = maker.inputs[0];
    else if (maker?.op === 'MatMul' && isLinear(program, maker)) return { product: maker, between };
    else return undefined;
  }
}

function isLinear(program: Program, { inputs, outputs, attributes }: ProgramNode<'MatMul'>): boolean {
  const { transA, flattenK, activation, gradient } = attributes;
  const plain = !transA && !flattenK && !activation && !gradient && !inputs[3] && !outputs[1];
  return plain && program.values.get(inputs[1])!.shape.length === 2;
}
