/** Tokens a row of a compiled shape: of the text and, for text to text, of the target. */
export interface BatchLengths {
  length: number;
  targetLength?: number;
}

/** Names a compiled shape: `32`, or `32x16` where there are targets. */
export function lengthsKey({ length, targetLength }: BatchLengths): string {
  return targetLength === undefined ? `${length}` : `${length}x${targetLength}`;
}

/** Names a compiled shape of one task, where each has plans of its own. */
export function shapeKey(lengths: BatchLengths, task: number | undefined): string {
  return task === undefined ? lengthsKey(lengths) : `${task}:${lengthsKey(lengths)}`;
}

/** A batch ready for the device. Rows beyond `rows` are padding: copies of row 0 with weight 0. */
export interface Batch extends BatchLengths {
  /** Rows of the compiled shape. */
  size: number;
  /** Real rows. */
  rows: number;
  /** Which of several tasks its rows are of, where each has plans of its own. */
  task?: number;
  /**
   * `input_ids`, `attention_mask`, `token_type_ids`: row-major [size, length]. For text to text also
   * `decoder_input_ids` [size, targetLength]: the labels moved one to the right, the decoder's start token first.
   */
  inputs: Record<string, Int32Array>;
  /** Class indices, or targets of a regression [size]; token ids of the targets [size, targetLength]. */
  labels: Int32Array | Float32Array;
  /** Of a real row its class's weight, else 1; 0 for padding [size]. For text to text 1 for a real target token [size, targetLength]. */
  weights: Float32Array;
  /** Index into the data set of every real row. */
  indices: number[];
  /** Real tokens (attention mask 1), padding rows left out. */
  tokens: number;
}
