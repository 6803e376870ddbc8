/** Trains a random BERT a few steps, planned one way or another, to compare what comes out bit for bit. */
import { bertConfig, bertModel, type BertConfig } from '../../src/measure/random-bert.ts';
import type { Batch } from '../../src/data/batch.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import type { MemoryBytes } from '../../src/plan/plan.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { compileRun, type CompiledRun, type CompileRequest } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';

export const TINY: BertConfig = { ...bertConfig(32, 2), heads: 2, vocabulary: 128, positions: 16 };

export interface SizedRun {
  compiled: CompiledRun;
  losses: number[];
  norms: number[];
  /** Logits of the first batch after the last step, or its token losses. */
  answers: Float32Array;
  trained: Map<string, Float32Array>;
  memory: { predicted: MemoryBytes; allocated: MemoryBytes };
}

/** Texts of random tokens, the same for the same seed; one row is padding. */
export function randomBatch(
  { graph }: DeltaModel,
  vocabulary: number,
  [size, length]: readonly [number, number],
  seed: number,
): Batch {
  let state = seed * 2654435761;
  const next = (): number => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32;
  const fill = (f: (row: number, at: number) => number): Int32Array =>
    Int32Array.from({ length: size * length }, (_, i) => f(Math.floor(i / length), i % length));
  const inputs: Record<string, Int32Array> = {
    input_ids: fill(() => Math.floor(next() * vocabulary)),
    attention_mask: fill((row, at) => (at < length - row ? 1 : 0)),
    token_type_ids: fill(() => 0),
  };
  return {
    size,
    length,
    rows: size - 1,
    inputs: Object.fromEntries(graph.inputs.map(({ name }) => [name, inputs[name]])),
    labels: Int32Array.from({ length: size }, () => Math.floor(next() * 2)),
    weights: Float32Array.from({ length: size }, (_, i) => (i < size - 1 ? 1 : 0)),
    indices: Array.from({ length: size - 1 }, (_, i) => i),
    tokens: size * length,
  };
}

export interface SizedRequest extends Partial<CompileRequest> {
  config?: BertConfig;
  profile?: Partial<AdapterProfile['limits']>;
  shape?: readonly [number, number];
  steps?: number;
  /** Instead of random texts; all of one shape. */
  batchOf?: (step: number) => Batch;
}

export async function trainSized(
  studio: Studio,
  { config = TINY, profile, shape = [3, 8], steps = 3, batchOf, ...request }: SizedRequest = {},
): Promise<SizedRun> {
  const model = request.model ?? bertModel(config);
  const batchAt = batchOf ?? ((step: number) => randomBatch(model, config.vocabulary, shape, step));
  const { size, length, targetLength } = batchAt(1);
  const lengths = [{ length, ...(targetLength !== undefined && { targetLength }) }];
  const shapes = { batchSize: size, lengths };
  const compiled = compileRun({
    model,
    modelKey: 'sized',
    method: defaultOptions('full'),
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: {
      type: 'adamw',
      weightDecay: 0.01,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm: 1,
      accumulation: 1,
    },
    training: shapes,
    evaluation: shapes,
    adapter: { ...studio.profile, limits: { ...studio.profile.limits, ...profile } },
    ...request,
  });
  const instance = await DeviceInstance.create(studio, compiled, compiled.model, { seed: 1 });
  try {
    const results = [];
    for (let step = 1; step <= steps; step++) {
      results.push(await instance.step([batchAt(step)], { optimizerStep: step, learningRate: 1e-3 }));
    }
    return {
      compiled,
      losses: results.map(({ loss }) => loss),
      norms: results.map(({ gradNorm }) => gradNorm),
      answers: await (targetLength === undefined
        ? instance.forward(batchAt(1))
        : instance.tokenLosses(batchAt(1))),
      trained: await instance.read(),
      memory: instance.memory(),
    };
  } finally {
    instance.destroy();
  }
}
