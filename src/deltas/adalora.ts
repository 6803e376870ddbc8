/**
 * AdaLoRA (Zhang et al., 2023): y + s·(x·A ⊙ E)·B with singular values E that a budget takes from where they matter
 * least, as PEFT computes it: s = α/(r₀ + 10⁻⁵) with r₀ the initial rank, A and B N(0, 0.02²), E zero at the start, so
 * step 0 leaves the model as it was.
 *
 * A penalty holds A and B near orthogonal: the mean over them of ‖P·Pᵀ − I‖_F. After each update, up to the end of
 * the allocation, an entry's importance is EMA(|p·g|)·EMA(||p·g| − its EMA|), β 0.85, and a triplet's that of its E
 * plus the means over its column of A and row of B; the last allocation goes by those of the step before. Every `interval` steps the budget, falling by a cube from r₀ to
 * `rank` a matrix, keeps the best triplets of the whole model and sets the E of the others to zero; at step
 * T − `finalSteps` for good. Pruned triplets stay in the file with E = 0, which PEFT reads as they are.
 */
import { StudioError } from '../errors.ts';
import type { LinearSite } from '../graph/roles.ts';
import { floatInitializer } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import { addBeside, checkRank, modulesOf } from './beside.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { budgetEvents, type Triplets } from './adalora-budget.ts';
import { Rewriter } from './rewrite.ts';
import { FragmentChain } from './fragment.ts';
import { gradientOf, type AfterUpdate, type Penalty, type RunLength, type State } from './rules.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface AdaloraOptions {
  type: 'adalora';
  /** Rank of every matrix at the start. */
  initialRank: number;
  /** Mean rank in the end. */
  rank: number;
  alpha: number;
  targets: string[];
  /** Steps before the budget falls (PEFT's tinit). */
  warmupSteps: number;
  /** Steps after the last allocation (tfinal). */
  finalSteps: number;
  /** Steps between allocations (deltaT). */
  interval: number;
  /** Weight of the penalty. */
  orthogonality: number;
}

const DEVIATION = 0.02;
/** Of both moving averages. */
const BETA = 0.85;

/** @throws StudioError('spec') for ranks that do not fit and a run too short for its phases */
export function adalora(model: DeltaModel, options: AdaloraOptions, seed: number, length?: RunLength): Delta {
  const { initialRank, rank, alpha, targets } = options;
  checkOptions(options, length);
  const sites = matchTargets(model, targets);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const triplets = new Map<string, Triplets & { site: LinearSite }>();
  for (const site of sites) {
    checkRank(initialRank, site, 'method.initialRank');
    const own = tensorsOf(tensors, site, initialRank);
    triplets.set(site.module, { ...own, site });
    addBeside(rewriter, site, 'adalora', (chain, x) => {
      const down = chain.op('lora_A/MatMul', 'MatMul', [x, own.a]);
      const valued = chain.op('lora_E/Mul', 'Mul', [down, own.e]);
      return chain.scaled(chain.op('lora_B/MatMul', 'MatMul', [valued, own.b]), alpha / (initialRank + 1e-5));
    });
  }
  const list = [...triplets.values()];
  const after = list.map((own) => importance(own, own.site, initialRank));
  return {
    type: 'adalora',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    training: {
      penalties: [orthogonality(list, options)],
      states: after.flatMap(({ states }) => states),
      after: after.map(({ update }) => update),
      events: length === undefined ? [] : budgetEvents(list, options, length.steps),
    },
    peftConfig: {
      peft_type: 'ADALORA',
      init_r: initialRank,
      target_r: rank,
      lora_alpha: alpha,
      lora_dropout: 0,
      tinit: options.warmupSteps,
      tfinal: options.finalSteps,
      deltaT: options.interval,
      beta1: BETA,
      beta2: BETA,
      orth_reg_weight: options.orthogonality,
      total_step: length?.steps ?? options.warmupSteps + options.finalSteps + 1,
      bias: 'none',
      fan_in_fan_out: false,
      target_modules: modulesOf(sites),
    },
  };
}

/** @throws StudioError('spec') */
function checkOptions(options: AdaloraOptions, length: RunLength | undefined): void {
  const { initialRank, rank, warmupSteps, finalSteps } = options;
  if (rank > initialRank)
    throw new StudioError(
      'spec',
      say`${field('method.rank')}: got ${rank}, more than the ${initialRank} of ${field('method.initialRank')}; the budget falls from there, so choose at most that.`,
      { where: 'method.rank' },
    );
  // Without steps there is no budget to spend.
  if (length === undefined || length.steps === 0 || warmupSteps + finalSteps < length.steps) return;
  throw new StudioError(
    'spec',
    say`${field('method.warmupSteps')}: ${warmupSteps} steps before the budget falls and ${finalSteps} after it leave none of the run's ${length.steps}; choose fewer, or train longer.`,
    { where: 'method.warmupSteps' },
  );
}

function tensorsOf(tensors: TensorTable, site: LinearSite, rank: number): Triplets {
  const { module, inFeatures, outFeatures } = site;
  const name = `delta.adalora.${module}`;
  const file = (part: string): FilePlace => ({
    name: `base_model.model.${module}.lora_${part}`,
    transposed: true,
  });
  return {
    a: tensors.normal(`${name}.lora_A`, [inFeatures, rank], file('A'), DEVIATION),
    b: tensors.normal(`${name}.lora_B`, [rank, outFeatures], file('B'), DEVIATION),
    e: tensors.zeros(`${name}.lora_E`, [1, rank], file('E')),
    score: `state.adalora.${module}.score`,
    last: `state.adalora.${module}.last`,
    pruned: `state.adalora.${module}.pruned`,
  };
}

/** weight · mean over all A and B of ‖P·Pᵀ − I‖_F. */
function orthogonality(
  list: readonly Triplets[],
  { initialRank: rank, orthogonality: weight }: AdaloraOptions,
): Penalty {
  const beside = new FragmentChain('adalora.orthogonality');
  const diagonal = Float32Array.from({ length: rank * rank }, (_, i) => (i % (rank + 1) === 0 ? 1 : 0));
  const identity = beside.constant(
    floatInitializer('adalora.orthogonality.identity', [rank, rank], diagonal),
  );
  const norms = list.flatMap(({ a, b }) =>
    [a, b].map((matrix) => {
      const turned = beside.op('Transpose', [matrix], { perm: [1, 0] });
      const gram = beside.op('MatMul', matrix === a ? [turned, matrix] : [matrix, turned]);
      const rest = beside.op('Sub', [gram, identity]);
      const sum = beside.op('ReduceSum', [beside.op('Mul', [rest, rest])], { keepdims: 0 });
      return beside.op('Sqrt', [sum]);
    }),
  );
  const sum = norms.reduce((one, other) => beside.op('Add', [one, other]));
  const value = beside.op('Mul', [sum, beside.scalar('share', 1 / norms.length)]);
  const { nodes, initializers } = beside;
  return { nodes, initializers, value, weight: { kind: 'constant', value: weight } };
}

/** The states of a matrix, and what an update does to them: importances, and E without what is pruned for good. */
function importance(own: Triplets, site: LinearSite, rank: number): { states: State[]; update: AfterUpdate } {
  const beside = new FragmentChain(`adalora.importance.${site.module}`);
  const writes: { value: string; to: string }[] = [];
  const states: State[] = [];
  const [kept, fresh] = [beside.scalar('kept', BETA), beside.scalar('fresh', 1 - BETA)];
  const averaged = (name: string, dims: readonly number[], value: string): string => {
    states.push({ name, dims });
    const next = beside.op('Add', [beside.op('Mul', [name, kept]), beside.op('Mul', [value, fresh])]);
    writes.push({ value: next, to: name });
    return next;
  };
  /** Importance of every entry of a trained tensor. */
  const entries = (tensor: string, dims: readonly number[]): string => {
    const now = beside.op('Abs', [beside.op('Mul', [tensor, gradientOf(tensor)])]);
    const smooth = averaged(`state.${tensor}.sensitivity`, dims, now);
    const distance = beside.op('Abs', [beside.op('Sub', [now, smooth])]);
    return beside.op('Mul', [smooth, averaged(`state.${tensor}.uncertainty`, dims, distance)]);
  };
  const { inFeatures, outFeatures } = site;
  const evenly = (name: string, dims: readonly number[], length: number): string =>
    beside.constant(
      floatInitializer(`${beside.path}.${name}`, dims, new Float32Array(length).fill(1 / length)),
    );
  // Means as products with a vector, whose spelling no operator set changed.
  const ofA = beside.op('MatMul', [
    evenly('in', [1, inFeatures], inFeatures),
    entries(own.a, [inFeatures, rank]),
  ]);
  const ofB = beside.op('MatMul', [
    entries(own.b, [rank, outFeatures]),
    evenly('out', [outFeatures, 1], outFeatures),
  ]);
  const vectors = beside.op('Add', [ofA, beside.op('Transpose', [ofB], { perm: [1, 0] })]);
  for (const name of [own.score, own.last, own.pruned]) states.push({ name, dims: [1, rank] });
  writes.push({ value: beside.op('Add', [entries(own.e, [1, rank]), vectors]), to: own.score });
  const gone = beside.op('Mul', [own.e, own.pruned]);
  writes.push({ value: beside.op('Sub', [own.e, gone]), to: own.e });
  const { nodes, initializers } = beside;
  return { states, update: { nodes, initializers, writes } };
}
