/** The loss at the end of a forward program. Labels and row weights are host values fed with each batch. */
import { StudioError } from '../errors.ts';
import type { Program } from '../graph/program.ts';

/** Host values every training program has: class indices or targets, and row weights summing to 1. */
export const LABELS = 'labels';
export const WEIGHTS = 'weights';
export const LOSS = 'loss';

export type LossKind = 'crossEntropy' | 'meanSquared';

/**
 * Append the loss over `logits` [batch, outputs].
 * @returns a new program whose output `loss` has shape [1]
 * @throws StudioError('unsupported') when the logits have no such shape
 */
export function attachLoss(program: Program, logits: string, kind: LossKind): Program {
  const value = program.values.get(logits);
  if (!value) throw new Error(`internal: the program has no value "${logits}"`);
  const columns = value.shape[1];
  if (value.shape.length !== 2 || (kind === 'meanSquared' && columns !== 1))
    throw new StudioError(
      'unsupported',
      `The model's output "${logits}" has shape [${value.shape.join(', ')}]; ${kind === 'meanSquared' ? 'a regression needs [batch, 1]' : 'a classification needs [batch, labels]'}, so give the model another head or choose another task.`,
      { where: logits },
    );
  const values = new Map(program.values);
  const rows = value.shape[0];
  const classes = kind === 'crossEntropy';
  values.set(LABELS, { id: LABELS, shape: [rows], type: classes ? 'i32' : 'f32', kind: 'host' });
  values.set(WEIGHTS, { id: WEIGHTS, shape: [rows], type: 'f32', kind: 'host' });
  values.set(LOSS, { id: LOSS, shape: [1], type: 'f32', kind: 'node' });
  return {
    values,
    nodes: [
      ...program.nodes,
      {
        op: classes ? 'CrossEntropy' : 'MeanSquared',
        inputs: [logits, LABELS, WEIGHTS],
        outputs: [LOSS],
        attributes: {},
        sources: [LOSS],
        phase: 'forward',
      },
    ],
    outputs: [...program.outputs, LOSS],
  };
}
