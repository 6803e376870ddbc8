/**
 * Reverse-mode differentiation of a program, pruned: only what leads from the loss to a trained
 * tensor gets a gradient. That pruning is the saving delta tuning promises: no weight gradients for
 * frozen weights, nothing saved that nobody needs, no backward below the lowest delta.
 * (Griewank and Walther, "Evaluating Derivatives", 2008, chapter 3; the pruning after PockEngine,
 * Zhu et al., 2023.)
 */
import { say } from '../sentence.ts';
import type { AnyNode, Program } from '../graph/program.ts';
import { GradientBuilder, noGradient } from './builder.ts';
import type { Rule, RuleContext } from './rule.ts';
import { backwardRules } from './rules.ts';

export interface Differentiated {
  /** The forward nodes followed by the backward ones. */
  program: Program;
  /** Trained tensor → the value that holds its gradient. A tensor the loss does not depend on is absent. */
  gradients: Map<string, string>;
}

/**
 * @param program forward program; not mutated
 * @param loss scalar value (shape [1]) produced by a loss node
 * @param trainables names of parameter values
 * @param detached values through which no gradient passes
 * @param terms further terms of the loss, values of shape [1] that count with factor 1 (`attachPenalties`)
 * @throws StudioError('unsupported') naming the node when an op on the way has no gradient
 */
export function differentiate(
  program: Program,
  loss: string,
  trainables: readonly string[],
  detached: readonly string[] = [],
  terms: readonly string[] = [],
): Differentiated {
  const forward = program.nodes;
  const result: Program = {
    values: new Map(program.values),
    nodes: [...forward],
    outputs: [...program.outputs],
  };
  const builder = new GradientBuilder(result);
  const needs = valuesNeedingGradients(forward, trainables, new Set(detached));
  const contributions = new Map<string, string[]>();
  /** How often each gradient value was given: only one given once may be folded into its producer. */
  const given = new Map<string, number>();
  const trained = new Set(trainables);
  for (const term of terms) contributions.set(term, [builder.scalar(1)]);
  const gradients = new Map<string, string>();

  for (let n = forward.length - 1; n >= 0; n--) {
    const node = forward[n];
    const isLoss = node.outputs[0] === loss;
    if (!isLoss && !node.outputs.some((output) => contributions.has(output))) continue;
    if (!node.inputs.some((input) => needs.has(input))) continue;
    const rule = backwardRules[node.op] as Rule<typeof node.op> | null;
    if (!rule) throw noGradient(node, say`has no gradient`);
    const giveValue = (id: string, gradient: string): void => {
      given.set(gradient, (given.get(gradient) ?? 0) + 1);
      const list = contributions.get(id);
      if (list) list.push(gradient);
      else contributions.set(id, [gradient]);
    };
    const gradientOf = (id: string): string | undefined => {
      const parts = contributions.get(id);
      return parts && combine(builder, parts, given, node.sources);
    };
    const context: RuleContext<typeof node.op> = {
      node,
      dy: isLoss ? '' : (gradientOf(node.outputs[0]) ?? ''),
      dyOf: (output) => gradientOf(node.outputs[output]),
      builder,
      needs: (i) => needs.has(node.inputs[i]),
      give: (i, gradient) => giveValue(node.inputs[i], gradient),
      needsValue: (id) => needs.has(id),
      giveValue,
    };
    rule(context);
  }
  for (const name of trained) {
    const parts = contributions.get(name);
    if (parts) gradients.set(name, combine(builder, parts, given, [name]));
  }
  return { program: result, gradients };
}

/** Values from which a trained tensor can be reached backwards: the tensors and all that depends on them. */
function valuesNeedingGradients(
  nodes: readonly AnyNode[],
  trainables: readonly string[],
  detached: ReadonlySet<string>,
): Set<string> {
  const needs = new Set(trainables);
  for (const node of nodes) {
    if (node.inputs.some((input) => needs.has(input))) {
      for (const output of node.outputs) if (output && !detached.has(output)) needs.add(output);
    }
  }
  return needs;
}

/**
 * Sum contributions to one gradient. Where a contribution comes out of a matmul, the sum so far
 * becomes that matmul's residual operand, so adding costs no dispatch: dX of q, k and v chain this way. A Fastfood
 * projection's gradient takes a sum too.
 */
function combine(
  builder: GradientBuilder,
  parts: string[],
  given: ReadonlyMap<string, number>,
  sources: string[],
): string {
  if (parts.length === 1) return parts[0];
  const { nodes } = builder.program;
  let sum = parts[0];
  for (const part of parts.slice(1)) {
    const at = builder.producerOf(part);
    const producer = at < 0 ? undefined : nodes[at];
    const usable =
      (producer?.op === 'MatMul' || producer?.op === 'FastfoodGrad') &&
      producer.phase === 'backward' &&
      !producer.inputs[3] &&
      part !== sum &&
      given.get(part) === 1 &&
      builder.lastReaderOf(part) <= at &&
      builder.producerOf(sum) < at;
    if (usable) {
      const [a, b, c = '', , ...rest] = producer.inputs;
      builder.rewire(at, [a, b, c, sum, ...rest]);
      sum = part;
    } else {
      sum = builder.apply('Add', [sum, part], {}, builder.shape(sum), `${sum}+`, sources);
    }
  }
  parts.splice(0, parts.length, sum);
  return sum;
}
