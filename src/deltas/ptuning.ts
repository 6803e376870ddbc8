/**
 * P-tuning (Liu et al., 2021): virtual tokens that a small encoder makes of a trained embedding [P, width],
 * as PEFT's PromptEncoder has it: `mlp`, three linears with ReLU between; `lstm`, a bidirectional LSTM and two
 * linears with ReLU between. The encoder is part of the graph and trained with it; files hold the rows it
 * gives, as PEFT's do, and the encoder beside them for those who train on. Everything starts as in PyTorch:
 * N(0, 1) rows, U(±1/√in) linears, U(±1/√hidden) LSTM.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { SourceNode } from '../graph/source.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { dropoutNode } from './nodes.ts';
import { bidirectionalLstm } from './recurrent.ts';
import type { LstmWeights } from './recurrent.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';
import { prependRows, promptConfig, wordEmbedding } from './virtual-rows.ts';

export interface PtuningOptions {
  type: 'ptuning';
  virtualTokens: number;
  encoderReparameterizationType: 'mlp' | 'lstm';
  /** Width inside the encoder; the embedding's own when left out. */
  encoderHiddenSize?: number;
  /** Layers of the LSTM. */
  encoderLayers: number;
  /** Between the LSTM's layers. */
  encoderDropout: number;
}

const PATH = '/delta/ptuning';

/** A file place of the encoder's own file, under PEFT's module names. */
const apart = (name: string, transposed = false): FilePlace => ({
  name: `prompt_encoder.${name}`,
  transposed,
  apart: true,
});

/** @throws StudioError('unsupported') for a model without a word embedding, ('spec') for options of the other encoder */
export function ptuning(model: DeltaModel, options: PtuningOptions, seed: number): Delta {
  const { virtualTokens: count, encoderReparameterizationType: kind } = options;
  const width = wordEmbedding(model, 'ptuning').dims[1];
  const hidden = options.encoderHiddenSize ?? width;
  checkEncoder(options);
  const rewriter = new Rewriter(model);
  const encoder = new Encoder(rewriter, new TensorTable(rewriter, seed));
  let rows = encoder.embedding(count, width);
  if (kind === 'lstm') {
    for (let layer = 0; layer < options.encoderLayers; layer++) {
      if (layer > 0) rows = encoder.dropout(rows, options.encoderDropout);
      rows = encoder.lstm(rows, layer, count, layer === 0 ? width : 2 * hidden, hidden);
    }
    rows = encoder.mlp(rows, [2 * hidden, 2 * hidden, width]);
  } else rows = encoder.mlp(rows, [width, hidden, hidden, width]);
  rewriter.graph.nodes.unshift(...encoder.nodes);
  prependRows(rewriter, model, 'ptuning', rows, count);
  return {
    type: 'ptuning',
    graph: rewriter.graph,
    tensors: encoder.tensors.list,
    unfrozen: [],
    baked: [
      {
        value: rows,
        name: 'delta.ptuning.rows',
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
      peft_type: 'P_TUNING',
      ...promptConfig(model, count, width),
      encoder_reparameterization_type: kind.toUpperCase(),
      encoder_hidden_size: hidden,
      encoder_num_layers: options.encoderLayers,
      encoder_dropout: options.encoderDropout,
    },
  };
}

function checkEncoder(options: PtuningOptions): void {
  if (options.encoderReparameterizationType === 'lstm') return;
  if (options.encoderDropout > 0)
    throw new StudioError(
      'spec',
      say`${field('method.encoderDropout')}: got ${options.encoderDropout}, but the "mlp" encoder has no dropout; leave it at 0 or choose "lstm".`,
      { where: 'method.encoderDropout' },
    );
}

/** Collects nodes and tensors; every call adds to the chain. */
class Encoder {
  readonly nodes: SourceNode[] = [];
  readonly tensors: TensorTable;
  private readonly rewriter: Rewriter;

  constructor(rewriter: Rewriter, tensors: TensorTable) {
    this.rewriter = rewriter;
    this.tensors = tensors;
  }

  embedding(count: number, width: number): string {
    return this.tensors.normal('delta.ptuning.embedding', [count, width], apart('embedding.weight'), 1);
  }

  /** Linears with ReLU between, through the given widths. */
  mlp(x: string, widths: readonly number[]): string {
    for (let i = 0; i + 1 < widths.length; i++) {
      const [from, to] = [widths[i], widths[i + 1]];
      const name = `mlp_head.${2 * i}`;
      const bound = 1 / Math.sqrt(from);
      const file = (part: string, transposed: boolean): FilePlace => apart(`${name}.${part}`, transposed);
      const weight = this.tensors.uniform(
        `delta.ptuning.${name}.weight`,
        [from, to],
        file('weight', true),
        bound,
      );
      const bias = this.tensors.uniform(`delta.ptuning.${name}.bias`, [to], file('bias', false), bound);
      x = this.node(`${name}/Add`, 'Add', [this.node(`${name}/MatMul`, 'MatMul', [x, weight]), bias]);
      if (i + 2 < widths.length) x = this.node(`${name}/Relu`, 'Relu', [x]);
    }
    return x;
  }

  lstm(x: string, layer: number, steps: number, width: number, hidden: number): string {
    const bound = 1 / Math.sqrt(hidden);
    const weights = ['', '_reverse'].map((suffix): LstmWeights => {
      const tensor = (part: string, dims: number[]): string => {
        const name = `lstm_head.${part}_l${layer}${suffix}`;
        return this.tensors.uniform(`delta.ptuning.${name}`, dims, apart(name, dims.length === 2), bound);
      };
      return {
        wIh: tensor('weight_ih', [width, 4 * hidden]),
        wHh: tensor('weight_hh', [hidden, 4 * hidden]),
        bIh: tensor('bias_ih', [4 * hidden]),
        bHh: tensor('bias_hh', [4 * hidden]),
      };
    });
    const path = `${PATH}/lstm${layer}`;
    return bidirectionalLstm(this.rewriter, path, x, steps, hidden, [weights[0], weights[1]], this.nodes);
  }

  dropout(x: string, rate: number): string {
    if (rate === 0) return x;
    const node = dropoutNode(this.rewriter, `${PATH}/Dropout`, x, rate);
    this.nodes.push(node);
    return node.outputs[0];
  }

  private node(hint: string, op: string, inputs: string[]): string {
    const node = this.rewriter.node(`${PATH}/${hint}`, op, inputs);
    this.nodes.push(node);
    return node.outputs[0];
  }
}
