/**
 * Terms of the loss that trained tensors make alone. Their weights are host values, so that a schedule needs no
 * plan of its own; the task's loss stays a value by itself.
 */
import type { Program } from '../graph/program.ts';

/** Σ weight · value, shape [1]. */
export const PENALTY = 'penalty';

/** Host value [1] that holds the weight of penalty `index` at a step (its share of it, of a micro-batch). */
export const penaltyWeight = (index: number): string => `penalty:weight:${index}`;

/**
 * Appends the weighted sum of penalties, an output of the program from then on.
 * @param values of one element each; none leaves the program as it is
 */
export function attachPenalties(program: Program, values: readonly string[]): Program {
  if (values.length === 0) return program;
  const all = new Map(program.values);
  const nodes = [...program.nodes];
  const emit = (op: 'Reshape' | 'Mul' | 'Add', inputs: string[], id: string): string => {
    all.set(id, { id, shape: [1], type: 'f32', kind: 'node' });
    nodes.push({ op, inputs, outputs: [id], attributes: {}, sources: [PENALTY], phase: 'forward' });
    return id;
  };
  let sum: string | undefined;
  values.forEach((value, i) => {
    const weight = penaltyWeight(i);
    all.set(weight, { id: weight, shape: [1], type: 'f32', kind: 'host' });
    const last = i === values.length - 1;
    const flat = emit('Reshape', [value], `${PENALTY}:value:${i}`);
    const term = emit('Mul', [flat, weight], last && sum === undefined ? PENALTY : `${PENALTY}:term:${i}`);
    sum = sum === undefined ? term : emit('Add', [sum, term], last ? PENALTY : `${PENALTY}:sum:${i}`);
  });
  const gone = new Set(values);
  return {
    values: all,
    nodes,
    outputs: [...program.outputs.filter((output) => !gone.has(output)), PENALTY],
  };
}
