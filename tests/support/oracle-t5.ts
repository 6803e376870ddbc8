/** The recorded runs of T5 under tests/oracle, and ours set up the same way. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../src/data/batch.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { ORACLES } from './oracle.ts';

interface RecordedBatch {
  input_ids: number[][];
  attention_mask: number[][];
  decoder_input_ids: number[][];
  /** −100 where the target is padded. */
  labels: number[][];
}

export interface T5Case {
  family: string;
  case: string;
  task: 'text2text';
  method: Record<string, unknown> & { type: string };
  training: {
    steps: number;
    batchSize: number;
    accumulation: number;
    optimizer: {
      type: string;
      learningRate: number;
      weightDecay: number;
      betas: [number, number];
      epsilon: number;
    };
    maxGradNorm: number | null;
  };
  batches: RecordedBatch[];
  trainable: { name: string; shape: number[] }[];
  trainableParameters: number;
  learningRates: number[];
  losses: number[];
  /** Of a method that adds to the loss. */
  penalties?: number[];
  gradNorms: number[];
  /** [1][1][target token][vocabulary], of the first row of the first batch. */
  logits: { initial: number[][][][]; final: number[][][][] };
  tensors: { initial: string | null; gradients: string | null; final: string | null };
  undetermined: string[];
}

/** Folders with an encoder and a decoder. */
export function t5Families(): string[] {
  return readdirSync(ORACLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ORACLES, entry.name, 'encoder_model.onnx')))
    .map((entry) => entry.name);
}

/** Recorded runs of a family whose optimizer is AdamW. */
export function t5Cases(family: string): T5Case[] {
  return readdirSync(join(ORACLES, family))
    .filter((name) => name.endsWith('.json') && !/^(generation_)?config\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(ORACLES, family, name), 'utf8')) as T5Case)
    .filter(({ task, training }) => task === 'text2text' && training?.optimizer?.type === 'adamw');
}

/** The method's options, completed. */
export function t5MethodOf({ method }: T5Case): MethodOptions {
  const defaults: Record<string, object> = {
    lora: { dropout: 0 },
    prompt: { initialization: 'vocab' },
    prefix: { initialization: 'random' },
    ia3: { targets: ['k', 'v', 'ffn.out'] },
  };
  return { ...defaults[method.type], ...method } as MethodOptions;
}

/** A recorded batch, padded to the compiled number of rows: copies of the first with weight 0. */
export function t5BatchOf(oracle: T5Case, index: number): Batch {
  const recorded = oracle.batches[index % oracle.batches.length];
  const size = oracle.training.batchSize;
  const rows = recorded.labels.length;
  const flat = (table: number[][]): number[] =>
    Array.from({ length: size }, (_, i) => table[i < rows ? i : 0]).flat();
  const targetLength = recorded.labels[0].length;
  const labels = flat(recorded.labels);
  return {
    size,
    length: recorded.input_ids[0].length,
    targetLength,
    rows,
    inputs: {
      input_ids: Int32Array.from(flat(recorded.input_ids)),
      attention_mask: Int32Array.from(flat(recorded.attention_mask)),
      decoder_input_ids: Int32Array.from(flat(recorded.decoder_input_ids)),
    },
    labels: Int32Array.from(labels, (id) => Math.max(0, id)),
    weights: Float32Array.from(labels, (id, i) => (id >= 0 && i < rows * targetLength ? 1 : 0)),
    indices: Array.from({ length: rows }, (_, i) => i),
    tokens: recorded.attention_mask.flat().reduce((n, m) => n + m, 0),
  };
}
