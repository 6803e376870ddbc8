/** Names of the modules of each family, in the order they are computed; `#` is the layer's number. */

export interface NameTable {
  /** Attribute of the bare encoder in models with a head; a bare encoder's names lack it. */
  prefix: string;
  word: string;
  position: string;
  tokenType: string;
  embeddingNorm: string;
  /** Linear layer from the embeddings' width to the hidden width, where these differ. */
  project: string;
  /** q, k, v, o, ffn in, ffn out. */
  linears: readonly string[];
  /** After attention, after feed-forward. */
  norms: readonly string[];
  /** Linear layers (and for fill-mask the norm between them) behind the encoder, by what it is for. */
  classification: readonly string[];
  maskedLm: readonly string[];
  /** Bias of a fill-mask output. */
  maskedLmBias: string;
}

const BERT: Omit<NameTable, 'prefix' | 'classification' | 'maskedLm' | 'maskedLmBias'> = {
  word: 'embeddings.word_embeddings',
  position: 'embeddings.position_embeddings',
  tokenType: 'embeddings.token_type_embeddings',
  embeddingNorm: 'embeddings.LayerNorm',
  project: 'embeddings_project',
  linears: [
    'encoder.layer.#.attention.self.query',
    'encoder.layer.#.attention.self.key',
    'encoder.layer.#.attention.self.value',
    'encoder.layer.#.attention.output.dense',
    'encoder.layer.#.intermediate.dense',
    'encoder.layer.#.output.dense',
  ],
  norms: ['encoder.layer.#.attention.output.LayerNorm', 'encoder.layer.#.output.LayerNorm'],
};

const ALBERT_LAYER = 'encoder.albert_layer_groups.0.albert_layers.0';

/** By `model_type` of config.json. Names behind the encoder carry no prefix but BERT's and ALBERT's pooler. */
export const NAME_TABLES: Readonly<Record<string, NameTable>> = {
  bert: {
    ...BERT,
    prefix: 'bert',
    classification: ['bert.pooler.dense', 'classifier'],
    maskedLm: [
      'cls.predictions.transform.dense',
      'cls.predictions.transform.LayerNorm',
      'cls.predictions.decoder',
    ],
    maskedLmBias: 'cls.predictions.bias',
  },
  roberta: {
    ...BERT,
    prefix: 'roberta',
    classification: ['classifier.dense', 'classifier.out_proj'],
    maskedLm: ['lm_head.dense', 'lm_head.layer_norm', 'lm_head.decoder'],
    maskedLmBias: 'lm_head.bias',
  },
  electra: {
    ...BERT,
    prefix: 'electra',
    classification: ['classifier.dense', 'classifier.out_proj'],
    maskedLm: ['generator_predictions.dense', 'generator_predictions.LayerNorm', 'generator_lm_head'],
    maskedLmBias: 'generator_lm_head.bias',
  },
  distilbert: {
    ...BERT,
    prefix: 'distilbert',
    linears: [
      'transformer.layer.#.attention.q_lin',
      'transformer.layer.#.attention.k_lin',
      'transformer.layer.#.attention.v_lin',
      'transformer.layer.#.attention.out_lin',
      'transformer.layer.#.ffn.lin1',
      'transformer.layer.#.ffn.lin2',
    ],
    norms: ['transformer.layer.#.sa_layer_norm', 'transformer.layer.#.output_layer_norm'],
    classification: ['pre_classifier', 'classifier'],
    maskedLm: ['vocab_transform', 'vocab_layer_norm', 'vocab_projector'],
    maskedLmBias: 'vocab_projector.bias',
  },
  albert: {
    ...BERT,
    prefix: 'albert',
    project: 'encoder.embedding_hidden_mapping_in',
    linears: [
      `${ALBERT_LAYER}.attention.query`,
      `${ALBERT_LAYER}.attention.key`,
      `${ALBERT_LAYER}.attention.value`,
      `${ALBERT_LAYER}.attention.dense`,
      `${ALBERT_LAYER}.ffn`,
      `${ALBERT_LAYER}.ffn_output`,
    ],
    norms: [`${ALBERT_LAYER}.attention.LayerNorm`, `${ALBERT_LAYER}.full_layer_layer_norm`],
    classification: ['albert.pooler', 'classifier'],
    maskedLm: ['predictions.dense', 'predictions.LayerNorm', 'predictions.decoder'],
    maskedLmBias: 'predictions.bias',
  },
};
