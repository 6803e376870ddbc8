/**
 * Bottleneck adapters: A(u) = act(u·W_down + b_down)·W_up + b_up (Houlsby et al., 2019). W_up and the biases
 * start at zero, so a fresh adapter changes nothing; W_down starts U(±1/√in) (AdapterHub's "mam_adapter").
 * With h the output of a sub-layer, x what enters it and LN the normalisation after the residual:
 *
 *   both            LN(h + s·A(h) + x) after attention and after feed-forward (Houlsby; AdapterHub's
 *                   `double_seq_bn`; the delta tuning study)
 *   ffn             the same after feed-forward alone
 *   pfeiffer        u = LN(h + x), then LN(s·A(u) + h + x) with the same LN, after feed-forward alone
 *                   (Pfeiffer et al., 2021; AdapterHub's `seq_bn`)
 *   parallel        LN(h + s·A(x) + x) beside feed-forward (He et al., 2022)
 *   scaledParallel  the same with s = 4 (AdapterHub's `par_bn`)
 *
 * s is 1 otherwise; `learnedScale` trains one number a place from 1 on (AdapterHub's scaling "learned", as in
 * its `scaled_par_bn`). In a model that normalises before its sub-layers LN is left out.
 */
import { scalarInitializer } from '../graph/tensor.ts';
import type { SourceNode } from '../graph/source.ts';
import { hubConfig, hubPlace } from './adapter-hub.ts';
import type { AdapterActivation, AdapterOptions } from './adapter-options.ts';
import { Chain } from './beside.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { gateOf, type GateNames } from './gate.ts';
import { activationNodes } from './nodes.ts';
import { Rewriter } from './rewrite.ts';
import { addAtSublayers, type Branch, type Sublayer } from './sublayers.ts';
import { TensorTable } from './tensors.ts';

export type { AdapterOptions, AdapterPlacement } from './adapter-options.ts';

/** He et al.'s factor of the scaled parallel adapter. */
export const PARALLEL_SCALE = 4;

/** @throws StudioError('unsupported') for a model without residual sub-layers */
export function adapter(model: DeltaModel, options: AdapterOptions, seed: number): Delta {
  return { ...bottlenecks(model, options, seed, plainWeights), hubConfig: hubConfig(model, options) };
}

/** What a family of adapters says of itself: where they are and what they compute between their matrices. */
export type BottleneckOptions = Omit<AdapterOptions, 'type' | 'bottleneck'> & {
  type: 'adapter' | 'compacter' | 'mam' | 'unipelt';
  /** A gate scales what each adds (gate.ts). */
  gated?: boolean;
};

/** The matrices of one adapter as values, and the nodes that compute them, if any. */
export interface BottleneckWeights {
  nodes: SourceNode[];
  /** [hidden, width], [width], [width, hidden] and [hidden]. */
  down: string;
  downBias: string;
  up: string;
  upBias: string;
}

/** Where one adapter goes, for whoever makes its matrices. */
export interface BottleneckPlace {
  model: DeltaModel;
  rewriter: Rewriter;
  tensors: TensorTable;
  /** What nodes are named under. */
  path: string;
  /** What tensors are named under: uses of a shared layer have the same. */
  prefix: string;
  file: (part: string, transposed?: boolean) => FilePlace;
}

/**
 * Adapters at every place the options name; `weightsOf` makes the matrices of each.
 * @throws StudioError('unsupported') for a model without residual sub-layers
 */
export function bottlenecks<Options extends BottleneckOptions>(
  model: DeltaModel,
  options: Options,
  seed: number,
  weightsOf: (at: BottleneckPlace, options: Options) => BottleneckWeights,
): Delta {
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  addAtSublayers(rewriter, model, options, (at, u) =>
    bottleneck({ ...at, tensors, options, weightsOf: (place) => weightsOf(place, options) }, u),
  );
  return {
    type: options.type,
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: '',
    moved: rewriter.moved,
    peftConfig: null,
  };
}

/** Matrices that are what trains. */
export function plainWeights(
  { model, tensors, prefix, file }: BottleneckPlace,
  { bottleneck: width }: Pick<AdapterOptions, 'bottleneck'>,
): BottleneckWeights {
  const { hidden } = model.roles;
  const bound = 1 / Math.sqrt(hidden);
  return {
    nodes: [],
    down: tensors.uniform(
      `${prefix}.down.weight`,
      [hidden, width],
      file('adapter_down.0.weight', true),
      bound,
    ),
    downBias: tensors.zeros(`${prefix}.down.bias`, [width], file('adapter_down.0.bias')),
    up: tensors.zeros(`${prefix}.up.weight`, [width, hidden], file('adapter_up.weight', true)),
    upBias: tensors.zeros(`${prefix}.up.bias`, [hidden], file('adapter_up.bias')),
  };
}

interface Attachment extends Sublayer {
  tensors: TensorTable;
  options: BottleneckOptions;
  weightsOf: (at: BottleneckPlace) => BottleneckWeights;
}

/** s·A(u), and the nodes that compute it. */
function bottleneck(at: Attachment, u: string): Branch {
  const { model, rewriter, tensors, options, module, path } = at;
  const prefix = `delta.${options.type}.${module}`;
  const file = (part: string, transposed = false): FilePlace =>
    hubPlace(model, at.site, module, part, transposed);
  const weights = at.weightsOf({ model, rewriter, tensors, path, prefix, file });
  const plain = bottleneckNodes(rewriter, path, u, weights, options.activation);
  const scale = scaleOf(at, prefix, file) ?? gateOfPlace(at, plain.nodes, u, { key: `${prefix}.gate`, file });
  if (scale === null) return plain;
  const scaled = rewriter.node(`${path}/Mul`, 'Mul', [plain.branch, scale]);
  return { nodes: [...plain.nodes, scaled], branch: scaled.outputs[0] };
}

/** A(u), and the nodes that compute it. @param path what they are named under */
export function bottleneckNodes(
  rewriter: Rewriter,
  path: string,
  u: string,
  weights: BottleneckWeights,
  activation: AdapterActivation,
): Branch {
  const project = rewriter.node(`${path}/down/MatMul`, 'MatMul', [u, weights.down]);
  const biased = rewriter.node(`${path}/down/Add`, 'Add', [project.outputs[0], weights.downBias]);
  const active = activationNodes(rewriter, `${path}/${activation}`, activation, biased.outputs[0]);
  const expand = rewriter.node(`${path}/up/MatMul`, 'MatMul', [active.at(-1)!.outputs[0], weights.up]);
  const shifted = rewriter.node(`${path}/up/Add`, 'Add', [expand.outputs[0], weights.upBias]);
  return {
    nodes: [...weights.nodes, project, biased, ...active, expand, shifted],
    branch: shifted.outputs[0],
  };
}

/** The gate of one adapter, its nodes put behind the others; null for none. */
function gateOfPlace(
  { model, rewriter, tensors, options, site, path }: Attachment,
  nodes: SourceNode[],
  u: string,
  names: GateNames,
): string | null {
  if (!options.gated) return null;
  const chain = new Chain(rewriter, path);
  const gate = gateOf(chain, tensors, model, u, site.role, names);
  nodes.push(...chain.nodes);
  return gate;
}

/** The factor s as a value; null for one. */
function scaleOf(at: Attachment, prefix: string, file: (part: string) => FilePlace): string | null {
  const { rewriter, tensors, options, path } = at;
  if (options.learnedScale) return tensors.ones(`${prefix}.scale`, [1], file('scaling'));
  if (options.placement !== 'scaledParallel') return null;
  return rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${path}/scale`), PARALLEL_SCALE));
}
