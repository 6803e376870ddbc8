/**
 * Prompt tuning (Lester et al., 2021): P trained rows before the text (virtual-rows.ts). Rows start as rows of the vocabulary (PEFT's SAMPLE_VOCAB), or N(0, 1) with `random` (PEFT's RANDOM).
 */
import { floatInitializer, floatsOf } from '../graph/tensor.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { initialStream } from './streams.ts';
import { prependRows, promptConfig, vocabularyRows, wordEmbedding } from './virtual-rows.ts';

export interface PromptOptions {
  type: 'prompt';
  virtualTokens: number;
  initialization: 'vocab' | 'random';
}

const ROWS = 'delta.prompt.embeddings';

/** @throws StudioError('unsupported') for a model without token ids or a word embedding */
export function prompt(model: DeltaModel, options: PromptOptions, seed: number): Delta {
  const { virtualTokens: count } = options;
  const word = wordEmbedding(model, 'prompt');
  const [vocabulary, width] = word.dims;
  const table = model.graph.initializers.get(word.weight)!;
  const data = initialRows(options, floatsOf(table), vocabulary, width, seed);
  const rewriter = new Rewriter(model);
  rewriter.addInitializer(floatInitializer(ROWS, [count, width], data));
  prependRows(rewriter, model, 'prompt', ROWS, count);
  return {
    type: 'prompt',
    graph: rewriter.graph,
    tensors: [
      {
        name: ROWS,
        dims: [count, width],
        data,
        file: {
          name: 'prompt_embeddings',
          transposed: false,
          ...(model.roles.layers.decoder > 0 && { doubled: true }),
        },
      },
    ],
    unfrozen: [],
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

function initialRows(
  { virtualTokens, initialization }: PromptOptions,
  table: Float32Array,
  vocabulary: number,
  width: number,
  seed: number,
): Float32Array {
  if (initialization === 'vocab') return vocabularyRows(table, vocabulary, width, virtualTokens, seed, ROWS);
  const stream = initialStream(seed, ROWS);
  return new Float32Array(virtualTokens * width).map(() => stream.normal());
}
