/**
 * Diff pruning (Guo, Rush and Kim, 2021): every weight but the head's is θ + z·w, a frozen value and a difference w,
 * zero at the start, under a gate z. Gates are hard-concrete (Louizos et al., 2018): z = clip(s·(r − l) + l, 0, 1), s =
 * σ(α + ln(u/(1 − u))), with noise u drawn anew each step and none when nothing trains. The loss has λ Σ P(z > 0) =
 * λ Σ σ(α − ln(−l/r)), where −l/r is one. `structured`: a gate a tensor too, z·z_g, with its own term in the sum.
 *
 * `fixedMaskSteps` before the end the differences of the largest magnitude, the share `sparsity` of all, stay; the
 * gates are then fixed open or closed and the open differences train on, with a fresh optimizer. The authors' two
 * optimizers, at 1e-5 and 0.1, are one here in which α learns 200 times faster and does not decay; clipping is of all
 * gradients at once. Files keep the differences that are not zero.
 */
import { StudioError } from '../errors.ts';
import type { SourceNode } from '../graph/source.ts';
import { DELTA_DOMAIN } from '../graph/onnx-ops/gates.ts';
import { field, say } from '../sentence.ts';
import type { BakedTensor, Delta, DeltaModel } from './delta.ts';
import { FragmentChain } from './fragment.ts';
import { notApplicable } from './refusal.ts';
import { Rewriter } from './rewrite.ts';
import type { Penalty, RunLength, TensorEvent } from './rules.ts';
import { streamOf } from './streams.ts';
import { TensorTable } from './tensors.ts';

export interface DiffPruningOptions {
  type: 'diffPruning';
  /** Share of the weights that may differ in the end. */
  sparsity: number;
  /** A gate a tensor beside those of its weights. */
  structured: boolean;
  /** λ */
  penalty: number;
  /** Steps after the projection; a quarter of the run where it is not set. */
  fixedMaskSteps?: number;
}

/** l and r. */
const LOW = -1.5;
const HIGH = 1.5;
/** Where α starts, and where it stands once a gate is fixed: no noise (±9.2 at most) moves it then. */
const ALPHA = 5;
const FIXED = 30;
/** The authors' 0.1 for α beside what full fine-tuning's rate is here. */
const ALPHA_RATE = 200;

interface Gated {
  parameter: string;
  difference: string;
  alpha: string;
  /** Of the whole tensor. */
  group?: string;
}

/** @throws StudioError('spec') where the run has no step before the projection */
export function diffPruning(
  model: DeltaModel,
  options: DiffPruningOptions,
  seed: number,
  length?: RunLength,
): Delta {
  const projection = projectionStep(options, length);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const apart = new Set([...model.head, ...(model.languageModelHead ?? [])]);
  const gated: Gated[] = [];
  const baked: BakedTensor[] = [];
  const folds: { parameter: string; value: string }[] = [];
  for (const [parameter, { transposed }] of model.parameters) {
    const read = rewriter.graph.nodes.some(({ inputs }) => inputs.includes(parameter));
    if (apart.has(parameter) || !read) continue;
    const { dims } = rewriter.graph.initializers.get(parameter)!;
    const one = addTensors(tensors, parameter, dims, transposed, options.structured);
    const { sum, difference, nodes } = gatedNodes(rewriter, one);
    rewriter.insertAfter([parameter], nodes);
    rewriter.redirect(parameter, sum, new Set(nodes));
    const file = { name: `${parameter}.diff`, transposed, code: { kind: 'nonzero' } as const };
    baked.push({ value: difference, name: `delta.diffPruning.${parameter}.diff`, dims, file });
    folds.push({ parameter, value: sum });
    gated.push(one);
  }
  if (gated.length === 0) throw notApplicable('diffPruning', say`weights outside its head`);
  return {
    type: 'diffPruning',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    baked,
    folds,
    virtualTokens: 0,
    filePrefix: '',
    moved: rewriter.moved,
    rateOf: (name) =>
      /\.(alpha|group)$/.test(name) ? { scale: ALPHA_RATE, decay: false } : { scale: 1, decay: true },
    training: {
      penalties: [expectedGates(gated, options.penalty, projection)],
      events: projection === undefined ? [] : [projectionAt(projection, gated, options.sparsity)],
    },
    peftConfig: null,
  };
}

/** The last step before gates are fixed; undefined where nothing trains. */
function projectionStep({ fixedMaskSteps }: DiffPruningOptions, length?: RunLength): number | undefined {
  if (length === undefined || length.steps < 1) return undefined;
  const { steps } = length;
  const fixed = fixedMaskSteps ?? Math.floor(steps / 4);
  if (fixed < steps) return steps - fixed;
  throw new StudioError(
    'spec',
    say`${field('method.fixedMaskSteps')}: got ${fixed}, and the run has ${steps} steps in all; choose fewer than that, so that some come before gates are fixed.`,
    { where: 'method.fixedMaskSteps' },
  );
}

function addTensors(
  tensors: TensorTable,
  parameter: string,
  dims: readonly number[],
  transposed: boolean,
  structured: boolean,
): Gated {
  const prefix = `delta.diffPruning.${parameter}`;
  // What files hold is the difference under its gate: the training's own tensors begin from it.
  const place = {
    name: `${parameter}.diff`,
    transposed,
    code: { kind: 'nonzero' } as const,
    startOnly: true,
  };
  const own = (part: string, flip: boolean) => ({
    name: `${parameter}.${part}`,
    transposed: flip,
    unsaved: true,
  });
  const difference = tensors.zeros(`${prefix}.w`, dims, place);
  const alpha = tensors.add(`${prefix}.alpha`, dims, own('alpha', transposed), () =>
    new Float32Array(dims.reduce((n, d) => n * d, 1)).fill(ALPHA),
  );
  if (!structured) return { parameter, difference, alpha };
  const group = tensors.add(`${prefix}.group`, [1], own('group', false), () => Float32Array.of(ALPHA));
  return { parameter, difference, alpha, group };
}

/** θ + z·w, with the values of the sum and of z·w. */
function gatedNodes(
  rewriter: Rewriter,
  { parameter, difference, alpha, group }: Gated,
): { nodes: SourceNode[]; sum: string; difference: string } {
  const path = `/delta/diffPruning/${parameter}`;
  const gate = (tensor: string): SourceNode => ({
    ...rewriter.node(`${path}/HardConcrete`, 'HardConcrete', [tensor], {
      low: LOW,
      high: HIGH,
      stream: streamOf(`${tensor}.noise`),
    }),
    domain: DELTA_DOMAIN,
  });
  const gates = [alpha, ...(group === undefined ? [] : [group])].map(gate);
  const nodes = [...gates];
  let value = difference;
  for (const { outputs } of gates) {
    const product = rewriter.node(`${path}/Mul`, 'Mul', [value, outputs[0]]);
    nodes.push(product);
    value = product.outputs[0];
  }
  const sum = rewriter.node(`${path}/Add`, 'Add', [parameter, value]);
  return { nodes: [...nodes, sum], sum: sum.outputs[0], difference: value };
}

/** λ Σ σ(α) over all gates, up to the projection. */
function expectedGates(gated: readonly Gated[], weight: number, projection: number | undefined): Penalty {
  const chain = new FragmentChain('diffPruning.penalty');
  const sums = gated.flatMap(({ alpha, group }) =>
    [alpha, ...(group === undefined ? [] : [group])].map((tensor) =>
      chain.op('ReduceSum', [chain.op('Sigmoid', [tensor])], { keepdims: 0 }),
    ),
  );
  const value = sums.length === 1 ? sums[0] : chain.op('Sum', sums);
  const { nodes, initializers } = chain;
  return {
    nodes,
    initializers,
    value,
    weight:
      projection === undefined
        ? { kind: 'constant', value: weight }
        : { kind: 'until', value: weight, last: projection },
  };
}

/** Keeps the largest differences and fixes every gate. */
function projectionAt(step: number, gated: readonly Gated[], sparsity: number): TensorEvent {
  const reads = gated.flatMap(({ difference, alpha, group }) => [
    difference,
    alpha,
    ...(group ? [group] : []),
  ]);
  return {
    first: step,
    every: 1,
    last: step,
    reads,
    restartsOptimizer: true,
    forgetsBest: true,
    apply: (_step, values) => project(gated, values, sparsity),
  };
}

function project(
  gated: readonly Gated[],
  values: ReadonlyMap<string, Float32Array>,
  sparsity: number,
): Map<string, Float32Array> {
  const effective = gated.map(({ difference, alpha, group }) => {
    const whole = group === undefined ? 1 : gateOf(values.get(group)![0]);
    const gates = values.get(alpha)!;
    return values.get(difference)!.map((w, i) => w * gateOf(gates[i]) * whole);
  });
  const total = effective.reduce((n, { length }) => n + length, 0);
  const keep = Math.max(1, Math.round(sparsity * total));
  const magnitudes = new Float32Array(total);
  let at = 0;
  for (const one of effective) for (const v of one) magnitudes[at++] = Math.abs(v);
  magnitudes.sort();
  const least = magnitudes[total - keep];
  // Of equals at the bound the first ones stay.
  let equal = 0;
  for (let i = total - keep; i < total && magnitudes[i] === least; i++) equal++;
  const changed = new Map<string, Float32Array>();
  gated.forEach(({ difference, alpha, group }, n) => {
    const kept = new Float32Array(effective[n].length);
    const gates = new Float32Array(kept.length).fill(-FIXED);
    effective[n].forEach((v, i) => {
      const size = Math.abs(v);
      if (!(size > least || (size === least && equal-- > 0))) return;
      kept[i] = v;
      gates[i] = FIXED;
    });
    changed.set(difference, kept).set(alpha, gates);
    if (group !== undefined) changed.set(group, Float32Array.of(FIXED));
  });
  return changed;
}

/** z without noise. */
const gateOf = (alpha: number): number =>
  Math.min(1, Math.max(0, (HIGH - LOW) / (1 + Math.exp(-alpha)) + LOW));
