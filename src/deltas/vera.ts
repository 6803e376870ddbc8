/**
 * VeRA (Kopiczko, Blankevoort and Asano, 2024): y + b ⊙ ((d ⊙ (x·A))·B) beside a frozen linear, with one frozen
 * random pair A, B shared by all linears and two trained vectors a linear. d starts at `initialScale`, b at zero, so
 * step 0 leaves the model as it was. The pair is PEFT's: drawn from `projectionKey` by PyTorch's generator, U(±√(6/
 * fan-in)) at the largest shape among the linears, of which each takes the first rows and columns.
 */
import { StudioError } from '../errors.ts';
import type { LinearSite } from '../graph/roles.ts';
import { floatInitializer } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import { addBeside, modulesOf } from './beside.ts';
import type { Delta, DeltaModel, FilePlace, FixedTensor } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';
import { TorchUniform } from './torch-random.ts';

export interface VeraOptions {
  type: 'vera';
  rank: number;
  targets: string[];
  /** Where d starts. */
  initialScale: number;
  /** Seed of the frozen pair, PEFT's `projection_prng_key`. */
  projectionKey: number;
}

/** The largest rank whose shared pair is still small beside a model. */
const LARGEST_RANK = 65_536;

/** @throws StudioError('spec') for a target that matches nothing or a rank beyond any use */
export function vera(model: DeltaModel, options: VeraOptions, seed: number): Delta {
  const { rank, targets, initialScale, projectionKey } = options;
  if (rank > LARGEST_RANK)
    throw new StudioError(
      'spec',
      say`${field('method.rank')}: got ${rank}, more than ${LARGEST_RANK}; the paper's are 256 to 1024.`,
      { where: 'method.rank' },
    );
  const sites = matchTargets(model, targets);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const pair = sharedPair(sites, rank, projectionKey);
  for (const site of sites) {
    const [a, b] = slices(rewriter, pair, site, rank, projectionKey);
    const name = `delta.vera.${site.module}`;
    const file = (part: string): FilePlace => ({
      name: `base_model.model.${site.module}.vera_lambda_${part}`,
      transposed: false,
    });
    const d = tensors.add(`${name}.d`, [rank], file('d'), () => new Float32Array(rank).fill(initialScale));
    const scale = tensors.zeros(`${name}.b`, [site.outFeatures], file('b'));
    addBeside(rewriter, site, 'vera', (chain, x) => {
      const down = chain.op('A/MatMul', 'MatMul', [x, a]);
      const up = chain.op('B/MatMul', 'MatMul', [chain.op('d/Mul', 'Mul', [down, d]), b]);
      return chain.op('b/Mul', 'Mul', [up, scale]);
    });
  }
  return {
    type: 'vera',
    graph: rewriter.graph,
    tensors: tensors.list,
    fixed: [pair.a, pair.b],
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'VERA',
      r: rank,
      projection_prng_key: projectionKey,
      save_projection: true,
      vera_dropout: 0,
      d_initial: initialScale,
      bias: 'none',
      fan_in_fan_out: false,
      init_weights: true,
      target_modules: modulesOf(sites),
    },
  };
}

interface Pair {
  /** [rank, in] and [out, rank], as PEFT keeps them. */
  a: FixedTensor;
  b: FixedTensor;
}

function sharedPair(sites: readonly LinearSite[], rank: number, key: number): Pair {
  const most = (of: (site: LinearSite) => number): number => Math.max(...sites.map(of));
  const random = new TorchUniform(key);
  const drawn = (name: string, rows: number, columns: number): FixedTensor => ({
    file: `base_model.vera_${name}`,
    dims: [rows, columns],
    data: random.fill(rows * columns, Math.sqrt(6 / columns)),
    option: 'method.projectionKey',
  });
  const a = drawn(
    'A',
    rank,
    most(({ inFeatures }) => inFeatures),
  );
  return {
    a,
    b: drawn(
      'B',
      most(({ outFeatures }) => outFeatures),
      rank,
    ),
  };
}

/** A linear's part of the pair as the graph multiplies, [in, rank] and [rank, out]; linears of one shape share it. */
function slices(
  rewriter: Rewriter,
  { a, b }: Pair,
  site: LinearSite,
  rank: number,
  key: number,
): [string, string] {
  const { inFeatures, outFeatures } = site;
  const once = (name: string, dims: readonly number[], at: (row: number, column: number) => number) => {
    if (!rewriter.graph.initializers.has(name)) {
      const data = Float32Array.from({ length: dims[0] * dims[1] }, (_, i) =>
        at(Math.floor(i / dims[1]), i % dims[1]),
      );
      rewriter.addInitializer(floatInitializer(name, dims, data));
    }
    return name;
  };
  return [
    once(
      `delta.vera.A.${key}.${inFeatures}x${rank}`,
      [inFeatures, rank],
      (i, r) => a.data[r * a.dims[1] + i],
    ),
    once(`delta.vera.B.${key}.${rank}x${outFeatures}`, [rank, outFeatures], (r, o) => b.data[o * rank + r]),
  ];
}
