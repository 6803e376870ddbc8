/**
 * Compacter (Mahabadi, Henderson and Ruder, 2021): bottleneck adapters whose two matrices are sums of n Kronecker
 * products, W = Σᵢ Aᵢ ⊗ (sᵢ·tᵢ), with Aᵢ [n, n] shared by all adapters and both their matrices, and rank-one sᵢ·tᵢ
 * of an adapter's own. Width is hidden / `reduction`; GELU between. Initial values are the paper's: Aᵢ N(0, 0.01²),
 * sᵢ and tᵢ Glorot uniform, biases zero, so that a fresh one changes little but not nothing. Its normalisations,
 * which the paper trains too, stay frozen, as in AdapterHub, whose names and configuration the files have
 * (`double_seq_bn` or `seq_bn` with `phm_layer`).
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { bottlenecks, type BottleneckPlace, type BottleneckWeights } from './adapter.ts';
import { hubConfig, sharedPlace } from './adapter-hub.ts';
import { Chain } from './beside.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';

export type CompacterPlacement = 'both' | 'ffn' | 'pfeiffer';

export interface CompacterOptions {
  type: 'compacter';
  /** Hidden width over the adapter's. */
  reduction: number;
  /** n: how many products are summed, and the side of each shared factor. */
  kroneckerFactors: number;
  placement: CompacterPlacement;
}

/** Deviation of the shared factors at the start. */
const SHARED_DEVIATION = 0.01;

/** @throws StudioError('spec') for factors that do not divide the widths, ('unsupported') as adapters do */
export function compacter(model: DeltaModel, options: CompacterOptions, seed: number): Delta {
  const { reduction, kroneckerFactors: n, placement } = options;
  const { hidden } = model.roles;
  const made = bottlenecks(model, { ...options, activation: 'gelu' }, seed, (at) =>
    kronecker(at, widthOf(hidden, options), n),
  );
  const config = hubConfig(
    model,
    { bottleneck: widthOf(hidden, options), activation: 'gelu', placement },
    {
      reduction_factor: reduction,
      phm_layer: true,
      phm_dim: n,
      phm_rank: 1,
      phm_bias: true,
      phm_c_init: 'normal',
      phm_init_range: 0.0001,
      learn_phm: true,
      hypercomplex_nonlinearity: 'glorot-uniform',
      shared_phm_rule: true,
      factorized_phm_rule: false,
      shared_W_phm: false,
      factorized_phm_W: true,
    },
  );
  return { ...made, hubConfig: config };
}

/** @throws StudioError('spec') where n does not divide both widths */
function widthOf(hidden: number, { reduction, kroneckerFactors: n }: CompacterOptions): number {
  const width = Math.floor(hidden / reduction);
  if (hidden % n !== 0)
    throw new StudioError(
      'spec',
      say`${field('method.kroneckerFactors')}: got ${n}, which does not divide the model's width of ${hidden}; choose a divisor such as ${divisorBelow(hidden, n)}.`,
      { where: 'method.kroneckerFactors' },
    );
  if (width < 1 || width % n !== 0) {
    const fits = nearestReduction(hidden, reduction, n);
    throw new StudioError(
      'spec',
      say`${field('method.reduction')}: got ${reduction}, which makes the adapters ${width} wide, and ${field('method.kroneckerFactors')} ${n} must divide that; choose ${fits}, which makes them ${Math.floor(hidden / fits)} wide, or other factors.`,
      { where: 'method.reduction' },
    );
  }
  return width;
}

/** The reduction nearest to the one asked for that leaves a width which n divides, n dividing the model's. */
function nearestReduction(hidden: number, asked: number, n: number): number {
  const fits = (reduction: number): boolean => reduction >= 1 && Math.floor(hidden / reduction) % n === 0;
  const most = hidden / n;
  let away = 0;
  while (!(asked - away <= most && fits(asked - away)) && !(asked + away <= most && fits(asked + away)))
    away++;
  return asked - away <= most && fits(asked - away) ? asked - away : asked + away;
}

function divisorBelow(hidden: number, n: number): number {
  let divisor = Math.min(n, hidden);
  while (hidden % divisor !== 0) divisor--;
  return divisor;
}

/** The matrices of one adapter, computed from its factors and the shared ones. */
function kronecker(at: BottleneckPlace, width: number, n: number): BottleneckWeights {
  const { model, rewriter, tensors, prefix, file, path } = at;
  const { hidden } = model.roles;
  const modules = model.roles.linears.map(({ module }) => module);
  const rule = tensors.normal(
    'delta.compacter.phm_rule',
    [n, n, n],
    sharedPlace(modules, 'phm_rule'),
    SHARED_DEVIATION,
  );
  const chain = new Chain(rewriter, path);
  const matrix = (part: 'down' | 'up', rows: number, columns: number, place: string): string => {
    const factor = (side: 'left' | 'right', dims: readonly number[]): string => {
      const where: FilePlace = file(`${place}.W_${side}`);
      return tensors.uniform(`${prefix}.${part}.${side}`, dims, where, glorot(dims));
    };
    const [p, q] = [rows / n, columns / n];
    const left = factor('left', [n, p, 1]);
    const right = factor('right', [n, 1, q]);
    // Σᵢ Aᵢ[a, b]·Wᵢ[i, j] as one product over i, with the axes then put in the order of a Kronecker product.
    const own = chain.reshaped(`${part}/W`, chain.op(`${part}/bmm`, 'MatMul', [left, right]), [n, p * q]);
    const pairs = chain.reshaped(`${part}/A`, rule, [n, n * n]);
    const turned = chain.op(`${part}/A/Transpose`, 'Transpose', [pairs], { perm: [1, 0] });
    const sum = chain.reshaped(`${part}/sum`, chain.op(`${part}/kron`, 'MatMul', [turned, own]), [
      n,
      n,
      p,
      q,
    ]);
    const ordered = chain.op(`${part}/Transpose`, 'Transpose', [sum], { perm: [0, 2, 1, 3] });
    return chain.reshaped(`${part}/weight`, ordered, [rows, columns]);
  };
  const down = matrix('down', hidden, width, 'adapter_down.0');
  const up = matrix('up', width, hidden, 'adapter_up');
  return {
    nodes: chain.nodes,
    down,
    downBias: tensors.zeros(`${prefix}.down.bias`, [width], file('adapter_down.0.b')),
    up,
    upBias: tensors.zeros(`${prefix}.up.bias`, [hidden], file('adapter_up.b')),
  };
}

/** Glorot and Bengio's bound for one of n matrices [fan-in, fan-out]. */
function glorot([, rows, columns]: readonly number[]): number {
  return Math.sqrt(6 / (rows + columns));
}
