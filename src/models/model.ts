/** A model as the rest of the studio knows it. Nothing in it is changed after loading. */
import { type Sentence } from '../sentence.ts';
import type { OpenedAdapters } from '../deltas/opened-adapter.ts';
import type { Parameter, SourceGraph } from '../graph/source.ts';
import type { Unsupported } from '../onnx/refuse.ts';
import type { ExportTask, Family } from './classify.ts';

export type { ExportTask, Family } from './classify.ts';

/** Texts of the tokenizer's files; undefined for those the model came without. */
export interface TokenizerFiles {
  /** tokenizer.json */
  tokenizer: string | undefined;
  /** tokenizer_config.json */
  tokenizerConfig: string | undefined;
  /** vocab.txt, for WordPiece models without a tokenizer.json */
  vocabulary: string | undefined;
}

export interface Model {
  /** As the person gave it: `builtin:bert-l4-h128`, a path. */
  source: string;
  /** The .onnx file; of an encoder-decoder its two, `encoder_model.onnx and decoder_model.onnx`. */
  file: string;
  /** Initializers are float32 (half precision is widened) and under their recovered names. */
  graph: SourceGraph;
  parameters: Map<string, Parameter>;
  /** config.json; empty when there is none. */
  config: Readonly<Record<string, unknown>>;
  tokenizer: TokenizerFiles;
  family: Family;
  /** What `graph` computes. */
  task: ExportTask;
  /** Names of a classifier's classes by index. */
  labels: string[];
  /** Parameter names of a classifier's head, which every method trains. */
  head: string[];
  /** Parameter names of a language-model head, which only the methods `full` and `head` train. */
  languageModelHead: string[];
  /** Set when the head was made by us: the hidden states [batch, length, hidden] that it reads. */
  freshHead?: { hidden: string };
  /** Trained adapters that were opened for methods on this model: the one thing that grows after loading. */
  adapters?: OpenedAdapters;
  /** SHA-256 of the weights as loaded, before any head was put on. */
  hash: string;
  opsets: ReadonlyMap<string, number>;
  producer: string;
  /** What rules the model out; empty unless loaded with `unsupported: 'report'`. */
  unsupported: Unsupported[];
  /** What a person should know about how the model was taken, in sentences. */
  notes: Sentence[];
}

/** Numbers in all parameters together. */
export function countParameters(model: Pick<Model, 'parameters'>): number {
  let count = 0;
  for (const { dims } of model.parameters.values()) count += dims.reduce((a, b) => a * b, 1);
  return count;
}
