/**
 * Intrinsic dimension (Li et al., 2018; Aghajanyan, Gupta and Zettlemoyer, 2020): every weight but the head's is θ₀ + P·θ,
 * a frozen value and a random projection of the one vector θ that trains. P is Fastfood's (graph/fastfood.ts), H·G·Π·H·B
 * with a G of each weight's own, never stored and scaled so that ‖P·θ‖ = ‖θ‖ for every weight, as in the authors' code.
 * θ starts at zero, so step 0 leaves the model as it was.
 *
 * `byLayer` (structure-aware, SAID): θ₀ + λ·P·θ with a trained λ for each layer and one for what lies outside them; these
 * are counted in the dimension, so that θ has the rest of it. λ starts at one.
 *
 * In the graph Π·H·B·θ is computed once and every weight then moved by it just before it is first read.
 */
import { StudioError } from '../errors.ts';
import { fastfoodShape } from '../graph/fastfood.ts';
import { DELTA_DOMAIN } from '../graph/onnx-ops/gates.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { SourceNode } from '../graph/source.ts';
import { elementCount, floatInitializer } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { notApplicable } from './refusal.ts';
import { Rewriter } from './rewrite.ts';
import { streamOf } from './streams.ts';
import { TensorTable } from './tensors.ts';

export interface SaidOptions {
  type: 'said';
  /** How many numbers train beside the head. */
  dimension: number;
  /** Whether a factor a layer is among them. */
  byLayer: boolean;
  /** Seed of the projection. */
  projectionKey: number;
}

/** Where the tensors stand in files. */
const VECTOR_FILE = 'intrinsic_vector';
const SCALES_FILE = 'layer_scales';
const PATH = '/delta/said';

/** @throws StudioError('spec') for a dimension that is larger than the model, or leaves nothing beside its factors */
export function said(model: DeltaModel, options: SaidOptions, seed: number): Delta {
  const { dimension, byLayer, projectionKey } = options;
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const moved = movedParameters(model, rewriter);
  const layers = byLayer ? inOrder(new Set(moved.map(layerOf))) : [];
  checkDimension(options, layers.length, weightsOf(rewriter, moved));
  const length = dimension - layers.length;
  const vector = tensors.zeros('delta.said.vector', [length], { name: VECTOR_FILE, transposed: false });
  const spread = spreadVector(rewriter, vector, length, projectionKey);
  const scaled = new Map(
    layers.map((layer, column) => {
      const part = { column, columns: layers.length };
      const file = { name: SCALES_FILE, transposed: false, part };
      const scale = tensors.ones(`delta.said.scale.${layer}`, [1, 1], file);
      const node = rewriter.node(`${PATH}/${layer}/Mul`, 'Mul', [spread, scale]);
      rewriter.insertAfter([spread], [node]);
      return [layer, node.outputs[0]];
    }),
  );
  const folds = moved.map((parameter) => {
    const input = scaled.get(layerOf(parameter)) ?? spread;
    return { parameter, value: move(rewriter, parameter, input, length, projectionKey) };
  });
  return {
    type: 'said',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    folds,
    virtualTokens: 0,
    filePrefix: '',
    moved: rewriter.moved,
    peftConfig: null,
  };
}

/** Every weight that something reads, but for the heads'. */
function movedParameters(model: DeltaModel, { graph }: Rewriter): string[] {
  const apart = new Set([...model.head, ...(model.languageModelHead ?? [])]);
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const moved = [...model.parameters.keys()].filter((name) => !apart.has(name) && read.has(name));
  if (moved.length === 0) throw notApplicable('said', say`weights outside its head`);
  return moved;
}

const weightsOf = ({ graph }: Rewriter, names: readonly string[]): number =>
  names.reduce((n, name) => n + elementCount(graph.initializers.get(name)!.dims), 0);

/** What a parameter's name begins with up to its layer's number; the rest is one layer more. */
const layerOf = (parameter: string): string => /^.*?\.\d+(?=\.)/.exec(parameter)?.[0] ?? 'rest';

/** As files have their factors: by name, layer 2 before layer 10. */
const inOrder = (layers: Iterable<string>): string[] =>
  [...layers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** @throws StudioError('spec') */
function checkDimension({ dimension }: SaidOptions, factors: number, weights: number): void {
  if (dimension > weights)
    throw new StudioError(
      'spec',
      say`${field('method.dimension')}: got ${dimension}, more than the ${weights} weights that it would move; choose at most that.`,
      { where: 'method.dimension' },
    );
  if (dimension <= factors)
    throw new StudioError(
      'spec',
      say`${field('method.dimension')}: got ${dimension}, of which ${field('method.byLayer')} takes ${factors} as factors of the layers; choose more than that.`,
      { where: 'method.dimension' },
    );
}

/** Π·H·B·θ, [chunks, block]. */
function spreadVector(rewriter: Rewriter, vector: string, length: number, key: number): string {
  const { block, chunks } = fastfoodShape(length);
  const count = block * chunks;
  const random = new PhiloxStream(key, streamOf('said.spread'));
  const signs = Float32Array.from({ length: count }, () => (random.uniform() < 0.5 ? -1 : 1));
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const nodes: SourceNode[] = [];
  const op = (
    name: string,
    inputs: string[],
    attributes: SourceNode['attributes'] = {},
    domain = '',
  ): string => {
    const node = { ...rewriter.node(`${PATH}/${name}`, name, inputs, attributes), domain };
    nodes.push(node);
    return node.outputs[0];
  };
  const constant = (name: string, dims: readonly number[], data: Float32Array): string =>
    rewriter.addInitializer(floatInitializer(rewriter.fresh(`said.${name}`), dims, data));
  const shape = (name: string, dims: readonly number[]): string =>
    rewriter.integers(`said.${name}`, [dims.length], dims);
  let x = vector;
  if (count > length) {
    const zeros = constant('padding', [count - length], new Float32Array(count - length));
    x = op('Concat', [x, zeros], { axis: 0 });
  }
  x = op('Reshape', [op('Mul', [x, constant('signs', [count], signs)]), shape('blocks', [chunks, block])]);
  x = op('Reshape', [op('Hadamard', [x], {}, DELTA_DOMAIN), shape('flat', [count, 1])]);
  x = op('Gather', [x, rewriter.integers('said.permutation', [count], order)], { axis: 0 });
  x = op('Reshape', [x, shape('blocks', [chunks, block])]);
  rewriter.graph.nodes.unshift(...nodes);
  return x;
}

/** θ₀ + scale · G-blocks of the spread vector, computed where the weight is first read. @returns the value */
function move(rewriter: Rewriter, parameter: string, spread: string, length: number, key: number): string {
  const { block } = fastfoodShape(length);
  const elements = elementCount(rewriter.graph.initializers.get(parameter)!.dims);
  const node = {
    ...rewriter.node(`${PATH}/${parameter}/Fastfood`, 'Fastfood', [parameter, spread], {
      seed: key,
      stream: streamOf(`said.${parameter}`),
      // ‖H·Σ Gⱼuⱼ‖² is block · ‖u‖² a block on average, and ‖u‖² = block · ‖θ‖².
      scale: 1 / Math.sqrt(block * elements),
    }),
    domain: DELTA_DOMAIN,
  };
  const { nodes } = rewriter.graph;
  const first = nodes.findIndex(({ inputs }) => inputs.includes(parameter));
  nodes.splice(first, 0, node);
  rewriter.redirect(parameter, node.outputs[0], new Set([node]));
  return node.outputs[0];
}
