/**
 * Intrinsic prompt tuning (Qin et al., 2021): a prompt [P, width] that a decoder makes of the few numbers z that train,
 * rows = tanh(z·W₁ + b₁)·W₂ + b₂. The decoder is the second half of an autoencoder over prompts of other tasks
 * (prompt-subspace.ts) and stays as it is. What files hold is the prompt, as prompt tuning does, and beside it z with the
 * decoder, for those who train on.
 */
import type { SourceNode } from '../graph/source.ts';
import { floatInitializer } from '../graph/tensor.ts';
import { IPT_DEFAULTS, PROMPT_DEFAULTS } from './defaults.ts';
import type { Delta, DeltaModel, DeltaTensor, FilePlace } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';
import { prependRows, promptConfig, wordEmbedding } from './virtual-rows.ts';

export interface IptOptions {
  type: 'ipt';
  /** Folders with prompts of earlier runs, which the autoencoder is trained on; none where `init` brings a decoder. */
  prompts?: string[];
  /** How many numbers train beside the head: where it is left out `USUAL_DIMENSION`, or all that the prompts span. */
  dimension?: number;
  /** Width inside the decoder. */
  decoderHiddenSize: number;
  /** The prompts' own where it is left out. */
  virtualTokens?: number;
}

/** The dimension at which the authors' many tasks could be solved. */
export const USUAL_DIMENSION = 5;

const PATH = '/delta/ipt';

/** A place in the file beside the prompt, under the authors' module names. */
const apart = (name: string, transposed = false): FilePlace => ({
  name: `prompt_autoencoder.${name}`,
  transposed,
  apart: true,
});

/** What a decoder consists of, by its tensors' names in the graph. */
export const DECODER = {
  inWeight: 'delta.ipt.decoder.0.weight',
  inBias: 'delta.ipt.decoder.0.bias',
  outWeight: 'delta.ipt.decoder.2.weight',
  outBias: 'delta.ipt.decoder.2.bias',
} as const;
export const VECTOR = 'delta.ipt.vector';

/** The names of both in files, by those in the graph. */
export const VECTOR_PLACE = apart('vector');
export const DECODER_PLACES: Readonly<Record<keyof typeof DECODER, FilePlace>> = {
  inWeight: apart('decoder.0.weight', true),
  inBias: apart('decoder.0.bias'),
  outWeight: apart('decoder.2.weight', true),
  outBias: apart('decoder.2.bias'),
};

/** @throws StudioError('unsupported') for a model without token ids or a word embedding */
export function ipt(model: DeltaModel, options: IptOptions, seed: number): Delta {
  const { decoderHiddenSize: hidden } = { ...IPT_DEFAULTS, ...options };
  const count = options.virtualTokens ?? PROMPT_DEFAULTS.virtualTokens;
  const dimension = options.dimension ?? USUAL_DIMENSION;
  const [, width] = wordEmbedding(model, 'ipt').dims;
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const vector = tensors.zeros(VECTOR, [1, dimension], VECTOR_PLACE);
  const dims: Record<keyof typeof DECODER, readonly number[]> = {
    inWeight: [dimension, hidden],
    inBias: [hidden],
    outWeight: [hidden, count * width],
    outBias: [count * width],
  };
  const given = (Object.keys(DECODER) as (keyof typeof DECODER)[]).map((part): DeltaTensor => {
    const data = new Float32Array(dims[part].reduce((n, d) => n * d, 1));
    rewriter.addInitializer(floatInitializer(DECODER[part], dims[part], data));
    return { name: DECODER[part], dims: dims[part], data, file: DECODER_PLACES[part] };
  });
  const nodes: SourceNode[] = [];
  const node = (hint: string, op: string, inputs: string[]): string => {
    const made = rewriter.node(`${PATH}/${hint}`, op, inputs);
    nodes.push(made);
    return made.outputs[0];
  };
  const linear = (hint: string, x: string, weight: string, bias: string): string =>
    node(`${hint}/Add`, 'Add', [node(`${hint}/MatMul`, 'MatMul', [x, weight]), bias]);
  const inner = node('Tanh', 'Tanh', [linear('0', vector, DECODER.inWeight, DECODER.inBias)]);
  const flat = linear('2', inner, DECODER.outWeight, DECODER.outBias);
  const rows = node('Reshape', 'Reshape', [flat, rewriter.integers(`${PATH}/shape`, [2], [count, width])]);
  rewriter.graph.nodes.unshift(...nodes);
  prependRows(rewriter, model, 'ipt', rows, count);
  return {
    type: 'ipt',
    graph: rewriter.graph,
    tensors: tensors.list,
    given,
    unfrozen: [],
    baked: [
      {
        value: rows,
        name: 'delta.ipt.rows',
        dims: [count, width],
        file: {
          name: 'prompt_embeddings',
          transposed: false,
          ...(model.roles.layers.decoder > 0 && { doubled: true }),
        },
      },
    ],
    virtualTokens: count,
    filePrefix: 'base_model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'PROMPT_TUNING',
      ...promptConfig(model, count, width),
      prompt_tuning_init: 'RANDOM',
    },
  };
}
