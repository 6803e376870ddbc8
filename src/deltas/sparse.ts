/**
 * SHiRA, sparse high-rank adapters (Bhardwaj et al., 2024): of every matrix W some entries at fixed random places
 * train, as many as LoRA of the rank would have, r·(in + out). y + x·S, where S holds the entries' changes, zero at the
 * start, so step 0 leaves the model as it was. Only the entries are stored, trained and given a gradient.
 *
 * Places are PEFT's: the first r·(in + out) of a random permutation of the [out, in] matrix, drawn by PyTorch's
 * generator from `random_seed` anew for every matrix, then in row-major order.
 */
import { StudioError } from '../errors.ts';
import type { LinearSite } from '../graph/roles.ts';
import { field, say } from '../sentence.ts';
import { addBeside, modulesOf } from './beside.ts';
import type { Delta, DeltaModel, FixedTensor } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';
import { TorchUniform } from './torch-random.ts';

export interface SparseOptions {
  type: 'sparse';
  rank: number;
  targets: string[];
  /** PEFT's `random_seed`, which makes the places; the run's seed where it is not set. */
  maskSeed?: number;
}

/** @throws StudioError('spec') for a target that matches nothing or more entries than a matrix has */
export function sparse(model: DeltaModel, options: SparseOptions, seed: number): Delta {
  const { rank, targets, maskSeed = seed } = options;
  const sites = matchTargets(model, targets);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const fixed = new Map<string, FixedTensor>();
  for (const site of sites) {
    const { module, inFeatures, outFeatures } = site;
    const entries = entriesOf(site, rank);
    const [places, data] = placesOf(rewriter, site, entries, maskSeed);
    const indices = `base_model.model.${module}.shira_indices`;
    fixed.set(module, { file: indices, dims: [2, entries], data, integers: true, option: 'method.maskSeed' });
    const file = { name: `base_model.model.${module}.shira_weight`, transposed: false };
    const values = tensors.zeros(`delta.sparse.${module}`, [entries], file);
    addBeside(rewriter, site, 'sparse', (chain, x) => {
      const shape = rewriter.integers(`${chain.path}/shape`, [2], [inFeatures, outFeatures]);
      const zeros = chain.op('ConstantOfShape', 'ConstantOfShape', [shape]);
      return chain.op('MatMul', 'MatMul', [x, chain.op('ScatterND', 'ScatterND', [zeros, places, values])]);
    });
  }
  return {
    type: 'sparse',
    graph: rewriter.graph,
    tensors: tensors.list,
    fixed: [...fixed.values()],
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'SHIRA',
      r: rank,
      mask_type: 'random',
      random_seed: maskSeed,
      fan_in_fan_out: false,
      init_weights: true,
      target_modules: modulesOf(sites),
    },
  };
}

/** @throws StudioError('spec') for a rank with more entries than the matrix has */
function entriesOf({ module, inFeatures, outFeatures }: LinearSite, rank: number): number {
  const entries = rank * (inFeatures + outFeatures);
  const most = Math.floor((inFeatures * outFeatures) / (inFeatures + outFeatures));
  if (rank > most)
    throw new StudioError(
      'spec',
      say`${field('method.rank')}: got ${rank}, which makes ${entries} entries of the ${inFeatures} × ${outFeatures} matrix of "${module}", more than it has; choose at most ${most}.`,
      { where: 'method.rank' },
    );
  return entries;
}

/**
 * Rows and columns [entries, 2] in the graph's [in, out] matrix, in PEFT's order, and as PEFT keeps them, [2, entries]
 * of the [out, in] one. Matrices of one shape share the first.
 */
function placesOf(
  rewriter: Rewriter,
  { inFeatures, outFeatures }: LinearSite,
  entries: number,
  seed: number,
): [name: string, file: Float32Array] {
  const name = `sparse.places.${inFeatures}x${outFeatures}.${entries}.${seed}`;
  const chosen = new TorchUniform(seed)
    .permutation(inFeatures * outFeatures)
    .slice(0, entries)
    .sort();
  const [rows, columns] = [
    chosen.map((at) => Math.floor(at / inFeatures)),
    chosen.map((at) => at % inFeatures),
  ];
  if (!rewriter.graph.initializers.has(name))
    rewriter.integers(
      name,
      [entries, 2],
      Array.from(chosen).flatMap((_, e) => [columns[e], rows[e]]),
    );
  return [name, Float32Array.from([...rows, ...columns])];
}
