/**
 * Masking (Zhao et al., 2020): every targeted weight stays frozen and is kept or dropped, W ⊙ 1[M > τ]. The scores M
 * train, their gradient passing straight through the threshold: dM = dW ⊙ W. They start U(−scale, s) with s chosen so
 * that the share `initialSparsity` of the weights is dropped. Files keep one bit a weight.
 */
import { StudioError } from '../errors.ts';
import { scalarInitializer } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { initialStream } from './streams.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface MaskOptions {
  type: 'mask';
  /** τ: scores above it keep their weight. */
  threshold: number;
  /** Share of the weights that is dropped at the start. */
  initialSparsity: number;
  targets: string[];
}

/** The authors' lowest score at the start. */
const SCALE = 0.02;
/** How far from the threshold scores begin that come from a file, which knows bits alone. */
const MARGIN = 0.01;
/** ONNX's number of float32. */
const FLOAT = 1;

/** @throws StudioError('spec') for a target that matches nothing, or numbers that leave no interval to draw from */
export function mask(model: DeltaModel, options: MaskOptions, seed: number): Delta {
  const { threshold, initialSparsity, targets } = options;
  if (threshold <= -SCALE)
    throw new StudioError(
      'spec',
      say`${field('method.threshold')}: got ${threshold}, below every score at the start (−0.02 and above); raise it.`,
      { where: 'method.threshold' },
    );
  const highest = (SCALE + threshold) / initialSparsity - SCALE;
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const masked = new Map<string, string>();
  for (const { weight, matmul, module } of matchTargets(model, targets)) {
    const node = rewriter.graph.nodes.find(({ name }) => name === matmul)!;
    if (!node.inputs.includes(weight))
      throw new StudioError(
        'spec',
        say`${field('method.targets')}: the weight of "${module}" has been replaced by an earlier method; leave one of them out.`,
        { where: 'method.targets' },
      );
    if (!masked.has(weight))
      masked.set(weight, attach(model, rewriter, tensors, weight, threshold, highest, seed));
    node.inputs = node.inputs.map((input) => (input === weight ? masked.get(weight)! : input));
  }
  return {
    type: 'mask',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    folds: [...masked].map(([parameter, value]) => ({ parameter, value })),
    virtualTokens: 0,
    filePrefix: '',
    moved: rewriter.moved,
    peftConfig: null,
  };
}

/** Returns the masked weight. */
function attach(
  model: DeltaModel,
  rewriter: Rewriter,
  tensors: TensorTable,
  weight: string,
  threshold: number,
  highest: number,
  seed: number,
): string {
  const { dims } = model.graph.initializers.get(weight)!;
  const name = `delta.mask.${weight}`;
  const file = {
    name: `${weight}.mask`,
    transposed: model.parameters.get(weight)?.transposed ?? false,
    code: { kind: 'bits', above: threshold, margin: MARGIN } as const,
  };
  const scores = tensors.add(name, dims, file, () => {
    const stream = initialStream(seed, name);
    const count = dims.reduce((n, d) => n * d, 1);
    return Float32Array.from({ length: count }, () => -SCALE + stream.uniform() * (highest + SCALE));
  });
  const path = `/delta/mask/${weight}`;
  const bound = rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${path}/threshold`), threshold));
  const above = rewriter.node(`${path}/Greater`, 'Greater', [scores, bound]);
  const kept = rewriter.node(`${path}/Cast`, 'Cast', above.outputs, { to: FLOAT });
  const product = rewriter.node(`${path}/Mul`, 'Mul', [weight, kept.outputs[0]]);
  rewriter.insertAfter([weight], [above, kept, product]);
  return product.outputs[0];
}
