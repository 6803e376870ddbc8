/** The loss at the end of a forward program. Labels and row weights are host values fed with each batch. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Program } from '../graph/program.ts';

/** Host values every training program has: class indices or targets, and row weights summing to 1. */
export const LABELS = 'labels';
export const WEIGHTS = 'weights';
export const LOSS = 'loss';

export type LossKind = 'crossEntropy' | 'meanSquared';

/**
 * Append the loss over `logits` [batch, outputs]; class indices may also be of tokens, with logits
 * [batch, length, vocabulary], labels and weights then [batch·length].
 * @returns a new program whose output `loss` has shape [1]
 * @throws StudioError('unsupported') when the logits have no such shape
 */
export function attachLoss(program: Program, logits: string, kind: LossKind): Program {
  const value = program.values.get(logits);
  if (!value) throw new Error(`internal: the program has no value "${logits}"`);
  const classes = kind === 'crossEntropy';
  const rank = value.shape.length;
  const columns = value.shape[rank - 1];
  if (!(rank === 2 || (rank === 3 && classes)) || (!classes && columns !== 1))
    throw new StudioError(
      'unsupported',
      say`The model's output "${logits}" has shape [${value.shape.join(', ')}]; ${kind === 'meanSquared' ? say`a regression needs [batch, 1]` : say`a classification needs [batch, labels]`}, so give the model another head or choose another task.`,
      { where: logits },
    );
  const values = new Map(program.values);
  const rows = value.shape.slice(0, -1).reduce((n, d) => n * d, 1);
  const nodes = [...program.nodes];
  let z = logits;
  if (rank === 3) {
    z = `${logits}:rows`;
    values.set(z, { id: z, shape: [rows, columns], type: 'f32', kind: 'node' });
    nodes.push({
      op: 'Reshape',
      inputs: [logits],
      outputs: [z],
      attributes: {},
      sources: [LOSS],
      phase: 'forward',
    });
  }
  values.set(LABELS, { id: LABELS, shape: [rows], type: classes ? 'i32' : 'f32', kind: 'host' });
  values.set(WEIGHTS, { id: WEIGHTS, shape: [rows], type: 'f32', kind: 'host' });
  values.set(LOSS, { id: LOSS, shape: [1], type: 'f32', kind: 'node' });
  return {
    values,
    nodes: [
      ...nodes,
      {
        op: classes ? 'CrossEntropy' : 'MeanSquared',
        inputs: [z, LABELS, WEIGHTS],
        outputs: [LOSS],
        attributes: {},
        sources: [LOSS],
        phase: 'forward',
      },
    ],
    outputs: [...program.outputs, LOSS],
  };
}
