/** A batch ready for the device. Rows beyond `rows` are padding: copies of row 0 with weight 0. */
export interface Batch {
  /** Rows of the compiled shape. */
  size: number;
  /** Tokens a row of the compiled shape (a bucket). */
  length: number;
  /** Real rows. */
  rows: number;
  /** `input_ids`, `attention_mask`, `token_type_ids`: row-major [size, length]. */
  inputs: Record<string, Int32Array>;
  /** Class indices, or targets of a regression. [size] */
  labels: Int32Array | Float32Array;
  /** 1 for a real row, 0 for padding. [size] */
  weights: Float32Array;
  /** Index into the data set of every real row. */
  indices: number[];
  /** Real tokens (attention mask 1), padding rows left out. */
  tokens: number;
}
