/**
 * Roles: what each place in the graph *is*, found from structure after fusion. Deltas address these.
 *
 * Role strings: `<stack>.<layer>.<block>.<part>`; stack is `encoder` or `decoder`, block `self`,
 * `cross` or `ffn`. Linears: `encoder.3.self.q|k|v|o`, `encoder.3.ffn.in|gate|out`,
 * `embeddings.project` (ALBERT, ELECTRA), `pooler`, `head.<name>` (T5's is `head.lm_head`).
 * Where a layer's weights are shared (ALBERT), every use has its own site and the sites name the
 * same parameter.
 */

/** A linear layer in the source graph: MatMul (+Add) or Gemm over a parameter. */
export interface LinearSite {
  role: string;
  /** Parameter names (keys of `graph.initializers`). */
  weight: string;
  bias?: string;
  /** Recovered module path: the weight's name without `.weight`. */
  module: string;
  /** Source node that multiplies (MatMul or Gemm). */
  matmul: string;
  /** Source value that enters. */
  input: string;
  /** Source value after the bias. */
  output: string;
  inFeatures: number;
  outFeatures: number;
  /** True for [in, out] storage (MatMul), false for [out, in] (Gemm with transB, Transpose(parameter)). */
  stored: 'inOut' | 'outIn';
}

export interface NormSite {
  /** `embeddings.norm`, `encoder.0.self.norm`, `encoder.0.ffn.norm`, `encoder.norm`, `head.norm`... */
  role: string;
  weight: string;
  bias?: string;
  module: string;
  input: string;
  output: string;
}

export interface EmbeddingSite {
  /**
   * `embeddings.word` (once for each text that is looked up in it), `embeddings.position`, `embeddings.tokenType`,
   * `encoder.relativePositions`, `decoder.relativePositions`
   */
  role: string;
  weight: string;
  module: string;
  /** Source Gather node. */
  node: string;
  /** Source value of the ids. */
  ids: string;
  output: string;
}

export interface AttentionSite {
  /** `encoder.3.self`, `decoder.3.cross` */
  role: string;
  /** Source values [batch, length, heads·dim] that enter: outputs of the projections. */
  q: string;
  k: string;
  v: string;
  /** Source value of the context [batch, length, heads·dim], input of `o`. */
  output: string;
  heads: number;
  /** Source values of the additive mask or of the Where condition, if any. */
  mask?: string;
  /** Source value of the probabilities [batch, heads, query, key] as they meet the values: where dropout acts. */
  probabilities?: string;
}

/** A transformer layer: where sub-layer outputs join the residual stream. */
export interface SublayerSite {
  /** `encoder.3.self`, `encoder.3.ffn` */
  role: string;
  /** Residual stream entering the sub-layer. */
  input: string;
  /** Sub-layer output before the residual addition (after the last linear's bias). */
  output: string;
  /** The residual Add node and its result. */
  add: string;
  sum: string;
}

export interface Roles {
  linears: LinearSite[];
  norms: NormSite[];
  embeddings: EmbeddingSite[];
  attentions: AttentionSite[];
  sublayers: SublayerSite[];
  layers: { encoder: number; decoder: number };
  /** Width of the residual stream. */
  hidden: number;
  /** Source value of the encoder's last hidden state [batch, length, hidden]. */
  encoderOutput: string;
}
