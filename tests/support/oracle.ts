/** Reads the recorded runs under tests/oracle and sets ours up the same way. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../src/data/batch.ts';
import type { Delta } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { unpackTensor } from '../../src/runs/adapter-layout.ts';
import type {
  AdafactorSettings,
  AdamWSettings,
  OptimizerSettings,
} from '../../src/plan/optimizer-settings.ts';
import type { AdapterTensor } from '../../src/runs/adapter-layout.ts';

export const ORACLES = join(import.meta.dirname, '..', 'oracle');

interface RecordedBatch {
  input_ids: number[][];
  attention_mask: number[][];
  token_type_ids?: number[][];
  labels: number[];
}

type RecordedOptimizer =
  | (Omit<AdamWSettings, 'accumulation' | 'maxGradNorm'> & {
      learningRate: number;
      headLearningRate?: number;
    })
  | (Omit<AdafactorSettings, 'accumulation' | 'maxGradNorm' | 'beta1'> & {
      learningRate: number | null;
      beta1: number | null;
    });

export interface OracleCase {
  family: string;
  case: string;
  reference: string;
  task: 'classification' | 'regression';
  labels: number;
  freshHead: boolean;
  /** Of a fill-mask model that answers by words: the mask token and the words' tokens. */
  words?: { mask: number; ids: number[] };
  method: Record<string, unknown> & { type: string };
  training: {
    steps: number;
    batchSize: number;
    accumulation: number;
    optimizer: RecordedOptimizer;
    maxGradNorm: number | null;
  };
  batches: RecordedBatch[];
  trainable: { name: string; shape: number[] }[];
  trainableParameters: number;
  learningRates: number[];
  losses: number[];
  losses64: number[];
  /** A method's own term of the loss, by step. */
  penalties?: number[];
  gradNorms: number[];
  logits: { initial: number[][][]; final: number[][][] };
  tensors: { initial: string | null; gradients: string | null; final: string | null; baked?: string };
  undetermined: string[];
}

export function oracleFamilies(): string[] {
  return readdirSync(ORACLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ORACLES, entry.name, 'model.onnx')))
    .map((entry) => entry.name);
}

export function oracleCases(family: string): OracleCase[] {
  return readdirSync(join(ORACLES, family))
    .filter((name) => name.endsWith('.json') && name !== 'config.json')
    .map((name) => JSON.parse(readFileSync(join(ORACLES, family, name), 'utf8')) as OracleCase);
}

/** The optimizer, as plans take it. */
export function optimizerOf({ training }: OracleCase): OptimizerSettings {
  const { optimizer, accumulation } = training;
  const common = { maxGradNorm: training.maxGradNorm ?? 0, accumulation };
  if (optimizer.type === 'adamw') return { ...optimizer, ...common };
  return { ...optimizer, beta1: optimizer.beta1 ?? undefined, ...common };
}

/** How many times the rate of the rest the head's is, where it has its own. */
export function headRateOf({ training: { optimizer } }: OracleCase): number | undefined {
  if (optimizer.type !== 'adamw' || optimizer.headLearningRate === undefined) return undefined;
  return optimizer.headLearningRate / optimizer.learningRate;
}

/** The method's options, completed. */
export function methodOf({ method }: OracleCase): MethodOptions {
  if (method.type === 'lora') return { dropout: 0, ...method } as MethodOptions;
  if (method.type === 'prompt') return { initialization: 'vocab', ...method } as MethodOptions;
  if (method.type === 'prefix') return { initialization: 'random', ...method } as MethodOptions;
  if (method.type === 'ia3') return { targets: ['k', 'v', 'o', 'ffn.out'], ...method } as MethodOptions;
  return { ...method } as MethodOptions;
}

/** A recorded batch, padded to the compiled number of rows as the batcher does. */
export function batchOf(oracle: OracleCase, index: number, inputNames: readonly string[]): Batch {
  const recorded = oracle.batches[index % oracle.batches.length];
  const size = oracle.training.batchSize;
  const rows = recorded.labels.length;
  const length = recorded.input_ids[0].length;
  const row = (i: number): number => (i < rows ? i : 0);
  const flat = (table: number[][]): Int32Array =>
    Int32Array.from({ length: size * length }, (_, i) => table[row(Math.floor(i / length))][i % length]);
  const inputs: Record<string, Int32Array> = {};
  for (const name of inputNames) inputs[name] = flat(recorded[name as 'input_ids']);
  const labels = Array.from({ length: size }, (_, i) => recorded.labels[row(i)]);
  return {
    size,
    length,
    rows,
    inputs,
    labels: oracle.task === 'regression' ? Float32Array.from(labels) : Int32Array.from(labels),
    weights: Float32Array.from({ length: size }, (_, i) => (i < rows ? 1 : 0)),
    indices: Array.from({ length: rows }, (_, i) => i),
    tokens: recorded.attention_mask.flat().reduce((n, m) => n + m, 0),
  };
}

/**
 * What a recorded run started from, by the names in our graph: what trains, and frozen tensors that lie beside it.
 * @param trained layout of what trains
 */
export function recordedStart(
  folder: string,
  delta: Delta,
  trained: readonly AdapterTensor[],
): Map<string, Float32Array> {
  const file = ['adapter_model.safetensors', 'model.safetensors']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path))!;
  const given = (delta.given ?? []).map(({ name, dims, file: place }) => ({ name, dims, file: place }));
  return new Map([
    ...recordedTensors(file, trained),
    ...(given.length === 0 ? [] : recordedTensors(join(folder, 'encoder.safetensors'), given)),
  ]);
}

/** Tensors of one recorded file by the name they have in our graph, in our layout. */
export function recordedTensors(file: string, layout: readonly AdapterTensor[]): Map<string, Float32Array> {
  const { tensors } = readSafetensors(readFileSync(file), file);
  const result = new Map<string, Float32Array>();
  for (const tensor of layout) {
    const found = tensors.get(tensor.file.name);
    if (!found) continue;
    result.set(tensor.name, unpackTensor(tensor, Float32Array.from(floatsOf(found))));
  }
  return result;
}
