/**
 * LoKr (Yeh et al., 2023, "LyCORIS"): the change of a weight is a Kronecker product, s·(W₁ ⊗ W₂), W₁ small and W₂
 * of low rank where that saves numbers (W₁ too with `decomposeBoth`). Shapes, files, initial values and s = α/r
 * (also where nothing has rank r) are PEFT's; W₁, or its first factor, starts at zero, so step 0 leaves the model
 * as it was. The product is never formed: with x as a matrix X, x·(W₁ ⊗ W₂)ᵀ is W₁·X·W₂ᵀ.
 */
import { StudioError } from '../errors.ts';
import type { LinearSite } from '../graph/roles.ts';
import { field, say } from '../sentence.ts';
import { addBeside, modulesOf, type Chain } from './beside.ts';
import { checkPatterns, forRole, peftPatterns, type RolePatterns } from './by-role.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface LokrOptions extends RolePatterns {
  type: 'lokr';
  rank: number;
  alpha: number;
  targets: string[];
  /** Rows and columns of W₁, where they divide the weight's; −1: as near to the square root as goes. */
  factor: number;
  decomposeBoth: boolean;
}

/** @throws StudioError('spec') for a target that matches nothing or a factor of zero */
export function lokr(model: DeltaModel, options: LokrOptions, seed: number): Delta {
  const { targets, factor, decomposeBoth } = options;
  if (factor === 0)
    throw new StudioError(
      'spec',
      say`${field('method.factor')}: got 0; choose a whole number from 1 on, or -1 for one near the square root.`,
      { where: 'method.factor' },
    );
  const sites = matchTargets(model, targets);
  checkPatterns(options, sites);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  for (const site of sites) {
    const rank = forRole(options.rankPattern, site.role) ?? options.rank;
    const alpha = forRole(options.alphaPattern, site.role) ?? options.alpha;
    const [inFew, inMany] = factorization(site.inFeatures, factor);
    const [outFew, outMany] = factorization(site.outFeatures, factor);
    const first = matrix(tensors, site, 'w1', [outFew, inFew], decomposeBoth ? rank : Infinity, true);
    const second = matrix(tensors, site, 'w2', [outMany, inMany], rank, false);
    addBeside(rewriter, site, 'lokr', (chain, x) => {
      const through = (hint: string, from: string, matrices: readonly string[]): string =>
        matrices.reduce((value, own) => chain.op(`${hint}/MatMul`, 'MatMul', [value, own]), from);
      const many = through('w2', chain.reshaped('in', x, [-1, inFew, inMany]), second);
      const turned = chain.op('turn', 'Transpose', [many], { perm: [0, 2, 1] });
      const few = chain.op('back', 'Transpose', [through('w1', turned, first)], { perm: [0, 2, 1] });
      return chain.scaled(asOutput(chain, few, site), alpha / rank);
    });
  }
  return {
    type: 'lokr',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'LOKR',
      r: options.rank,
      alpha: options.alpha,
      decompose_both: decomposeBoth,
      decompose_factor: factor,
      rank_dropout: 0,
      module_dropout: 0,
      init_weights: true,
      target_modules: modulesOf(sites),
      ...peftPatterns(options, sites),
    },
  };
}

/** The shape of the linear's output, whose leading axes are the text's. */
function asOutput(chain: Chain, value: string, { output }: LinearSite): string {
  return chain.op('out', 'Reshape', [value, chain.op('out/Shape', 'Shape', [output])]);
}

/**
 * The transposes of a matrix [rows, columns], as x is multiplied by them in turn: one, or two factors where rank r
 * is below half of its longer side.
 * @param zero the first factor of the product starts at zero
 */
function matrix(
  tensors: TensorTable,
  { module }: LinearSite,
  part: 'w1' | 'w2',
  [rows, columns]: readonly [number, number],
  rank: number,
  zero: boolean,
): string[] {
  const name = (suffix: string): string => `delta.lokr.${module}.lokr_${part}${suffix}`;
  const file = (suffix: string): FilePlace => ({
    name: `base_model.model.${module}.lokr_${part}${suffix}`,
    transposed: true,
  });
  const made = (suffix: string, dims: readonly number[], bound: number, isZero: boolean): string =>
    isZero
      ? tensors.zeros(name(suffix), dims, file(suffix))
      : tensors.uniform(name(suffix), dims, file(suffix), bound);
  if (rank >= Math.max(rows, columns) / 2) return [made('', [columns, rows], 1 / Math.sqrt(columns), zero)];
  return [
    made('_b', [columns, rank], 1 / Math.sqrt(columns), false),
    made('_a', [rank, rows], 1 / Math.sqrt(rank), zero),
  ];
}

/**
 * Two factors of a dimension, the smaller first: LyCORIS' rule, which PEFT copies. A `factor` that divides it is
 * taken, though it be the larger; else the divisors nearest to one another, the smaller at most `factor`.
 */
export function factorization(dimension: number, factor: number): [number, number] {
  if (factor > 0 && dimension % factor === 0) return [factor, dimension / factor];
  const most = factor === -1 ? dimension : factor;
  let [m, n] = [1, dimension];
  const length = m + n;
  while (m < n) {
    let next = m + 1;
    while (dimension % next !== 0) next++;
    const other = dimension / next;
    if (next + other > length || next > most) break;
    [m, n] = [next, other];
  }
  return m > n ? [n, m] : [m, n];
}
