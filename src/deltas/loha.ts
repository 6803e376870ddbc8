/**
 * LoHa (Hyeon-Woo, Ye-Bin and Oh, 2022, "FedPara"): the change of a weight is the Hadamard product of two low-rank
 * matrices, s·(B₁·A₁) ⊙ (B₂·A₂), of rank up to r². Files, initial values and s = α/r are PEFT's: factors
 * U(±1/√fan-in), one of the four at zero, so step 0 leaves the model as it was. Stored as the graph multiplies:
 * `w1_b` and `w2_b` [in, r], `w1_a` and `w2_a` [r, out]; PEFT stores transposes.
 *
 * The same product is a low-rank one of rank r² (row-wise Khatri-Rao products of the factors); where those are
 * smaller than the weight, they are what is computed, and nothing of the weight's size is ever made.
 */
import type { LinearSite } from '../graph/roles.ts';
import { addBeside, checkRank, modulesOf, type Chain } from './beside.ts';
import { checkPatterns, forRole, peftPatterns, type RolePatterns } from './by-role.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface LohaOptions extends RolePatterns {
  type: 'loha';
  rank: number;
  alpha: number;
  targets: string[];
}

/** Names of the factors: what enters, what leaves, twice. */
interface Factors {
  in1: string;
  out1: string;
  in2: string;
  out2: string;
}

/** @throws StudioError('spec') for a target that matches nothing or a rank larger than a matrix */
export function loha(model: DeltaModel, options: LohaOptions, seed: number): Delta {
  const sites = matchTargets(model, options.targets);
  checkPatterns(options, sites);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  for (const site of sites) {
    const rank = forRole(options.rankPattern, site.role) ?? options.rank;
    const alpha = forRole(options.alphaPattern, site.role) ?? options.alpha;
    checkRank(rank, site);
    const factors = factorsOf(tensors, site, rank);
    addBeside(rewriter, site, 'loha', (chain, x) => {
      const product =
        rank * rank * (site.inFeatures + site.outFeatures) < site.inFeatures * site.outFeatures
          ? throughRank(chain, x, factors, site, rank)
          : throughWeight(chain, x, factors);
      return chain.scaled(product, alpha / rank);
    });
  }
  return {
    type: 'loha',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'LOHA',
      r: options.rank,
      alpha: options.alpha,
      rank_dropout: 0,
      module_dropout: 0,
      init_weights: true,
      target_modules: modulesOf(sites),
      ...peftPatterns(options, sites),
    },
  };
}

function factorsOf(tensors: TensorTable, site: LinearSite, rank: number): Factors {
  const { module, inFeatures, outFeatures } = site;
  const name = (part: string): string => `delta.loha.${module}.hada_${part}`;
  const file = (part: string): FilePlace => ({
    name: `base_model.model.${module}.hada_${part}`,
    transposed: true,
  });
  const [ofIn, ofRank] = [1 / Math.sqrt(inFeatures), 1 / Math.sqrt(rank)];
  return {
    out1: tensors.uniform(name('w1_a'), [rank, outFeatures], file('w1_a'), ofRank),
    in1: tensors.uniform(name('w1_b'), [inFeatures, rank], file('w1_b'), ofIn),
    out2: tensors.uniform(name('w2_a'), [rank, outFeatures], file('w2_a'), ofRank),
    in2: tensors.zeros(name('w2_b'), [inFeatures, rank], file('w2_b')),
  };
}

/** x·((B₁·A₁) ⊙ (B₂·A₂)) */
function throughWeight(chain: Chain, x: string, { in1, out1, in2, out2 }: Factors): string {
  const first = chain.op('w1/MatMul', 'MatMul', [in1, out1]);
  const second = chain.op('w2/MatMul', 'MatMul', [in2, out2]);
  return chain.op('MatMul', 'MatMul', [x, chain.op('w/Mul', 'Mul', [first, second])]);
}

/** x·(B₁ ∗ B₂)·(A₁ ∗ A₂), with products of all pairs of columns and of rows. */
function throughRank(
  chain: Chain,
  x: string,
  { in1, out1, in2, out2 }: Factors,
  { inFeatures, outFeatures }: LinearSite,
  rank: number,
): string {
  const pairs = (hint: string, first: string, second: string, dims: readonly number[][]): string => {
    const product = chain.op(`${hint}/Mul`, 'Mul', [
      chain.reshaped(`${hint}/first`, first, dims[0]),
      chain.reshaped(`${hint}/second`, second, dims[1]),
    ]);
    return chain.reshaped(`${hint}/pairs`, product, dims[2]);
  };
  const down = pairs('down', in1, in2, [
    [inFeatures, rank, 1],
    [inFeatures, 1, rank],
    [inFeatures, rank * rank],
  ]);
  const up = pairs('up', out1, out2, [
    [rank, 1, outFeatures],
    [1, rank, outFeatures],
    [rank * rank, outFeatures],
  ]);
  return chain.op('up/MatMul', 'MatMul', [chain.op('down/MatMul', 'MatMul', [x, down]), up]);
}
