/**
 * Models of a hub that are known to import, for texts that the loaded one cannot read: the layouts of BERT,
 * DistilBERT and T5 as transformers.js publishes them (`onnx/model.onnx`, or an encoder and a decoder). Sizes are those of the single-precision
 * files.
 */
import type { Writing } from '../data/analysis/scripts.ts';
import type { MemoryBytes } from '../plan/plan.ts';

export interface Suggestion {
  /** On the hub, as `model.source` takes it. */
  id: string;
  reads: 'english' | 'chinese' | 'multilingual';
  writes: boolean;
  parameters: number;
  /** Those that its files hold, where some are in two of them. */
  inFiles?: number;
  layers: number;
  width: number;
}

/** Smallest first; the numbers are those of their configurations (`tools/export-hub-models.py`). */
export const SUGGESTIONS: readonly Suggestion[] = [
  {
    id: 'Xenova/all-MiniLM-L6-v2',
    reads: 'english',
    writes: false,
    parameters: 22_713_216,
    layers: 6,
    width: 384,
  },
  {
    id: 'Xenova/bge-small-zh-v1.5',
    reads: 'chinese',
    writes: false,
    parameters: 23_953_920,
    layers: 4,
    width: 512,
  },
  {
    id: 'Xenova/bge-small-en-v1.5',
    reads: 'english',
    writes: false,
    parameters: 33_360_000,
    layers: 12,
    width: 384,
  },
  {
    id: 'Xenova/t5-small',
    reads: 'english',
    writes: true,
    parameters: 60_506_624,
    inFiles: 76_956_160,
    layers: 12,
    width: 512,
  },
  {
    id: 'Xenova/distilbert-base-uncased',
    reads: 'english',
    writes: false,
    parameters: 66_985_530,
    layers: 6,
    width: 768,
  },
  {
    id: 'Xenova/bert-base-chinese',
    reads: 'chinese',
    writes: false,
    parameters: 102_290_312,
    layers: 12,
    width: 768,
  },
  {
    id: 'Xenova/bert-base-uncased',
    reads: 'english',
    writes: false,
    parameters: 109_514_298,
    layers: 12,
    width: 768,
  },
  {
    id: 'Xenova/paraphrase-multilingual-MiniLM-L12-v2',
    reads: 'multilingual',
    writes: false,
    parameters: 117_653_760,
    layers: 12,
    width: 384,
  },
  {
    id: 'Xenova/multilingual-e5-small',
    reads: 'multilingual',
    writes: false,
    parameters: 117_653_760,
    layers: 12,
    width: 384,
  },
];

/** Bytes of a single-precision weight. */
const FLOAT = 4;

/** Bytes to download. */
export function downloadBytes({ parameters, inFiles = parameters }: Suggestion): number {
  return inFiles * FLOAT;
}

/** Those that read a writing, those made for it first. @param writes must it write texts? */
export function suggestionsFor(writing: Writing, writes: boolean): Suggestion[] {
  const fits = SUGGESTIONS.filter(({ writes: can }) => can === writes);
  const own = fits.filter(({ reads }) => reads === writing);
  const any = writing === 'english' ? [] : fits.filter(({ reads }) => reads === 'multilingual');
  return [...own, ...any];
}

/** What a method takes on the model at hand. */
export interface KnownCost {
  memory: MemoryBytes;
  /** Null where it was not measured. */
  seconds: number | null;
  trainableParameters: number;
  totalParameters: number;
}

/**
 * What a method would take on another model, by the arithmetic of transformers: time goes with layers times width
 * squared, what is kept for the backward pass with layers times width, what trains with the width, or with all
 * weights where they all train. Rough, and meant to choose by.
 */
export function costOn(
  { parameters, layers, width }: Suggestion,
  known: KnownCost,
  at: { layers: number; width: number },
): { bytes: number; seconds: number | null } {
  const { memory, seconds, trainableParameters, totalParameters } = known;
  const deep = layers / at.layers;
  const wide = width / at.width;
  const trained = memory.trainable + memory.gradients + memory.optimizer;
  const all = trainableParameters > totalParameters / 2;
  // Weights, gradients and two moments where all train.
  const weights = all ? 4 * FLOAT * parameters : FLOAT * parameters + trained * wide;
  return {
    bytes: weights + memory.activations * deep * wide + memory.workspace + memory.batch,
    seconds: seconds === null ? null : seconds * deep * wide ** 2,
  };
}
