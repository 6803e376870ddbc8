/**
 * What methods allocate on the built-in BERT, from their plans: none but `full`, `mask` and `diffPruning` holds anything
 * of the size of the model's weights beside the weights themselves, and each trains exactly what it says.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { elementCount } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { withTwoAdapters } from '../support/fused.ts';
import { compileRun, type CompiledRun } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';

const PROFILE: AdapterProfile = {
  kind: 'webgpu',
  vendor: 'test',
  architecture: 'test',
  description: 'test',
  software: false,
  subgroups: false,
  f16: false,
  timestamps: false,
  limits: {
    maxStorageBufferBindingSize: 128 * 2 ** 20,
    maxBufferSize: 256 * 2 ** 20,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
    minStorageBufferOffsetAlignment: 256,
  },
};

const LORA = defaultOptions('lora') as Extract<MethodOptions, { type: 'lora' }>;
const ADAPTER = defaultOptions('adapter') as Extract<MethodOptions, { type: 'adapter' }>;
const EVERY = ['q', 'k', 'v', 'o', 'ffn.in', 'ffn.out'];
const VARIANTS: MethodOptions[] = [
  ...METHOD_TYPES.filter((type) => type !== 'fusion').map(defaultOptions),
  // Over two adapters that are open (support/fused.ts).
  { type: 'fusion', adapters: ['one', 'two'], penalty: 0.01 },
  { ...LORA, dora: true },
  { ...LORA, initialization: 'pissa', targets: EVERY },
  { ...LORA, bias: 'all', targets: EVERY },
  { ...ADAPTER, placement: 'pfeiffer' },
  { ...ADAPTER, placement: 'scaledParallel', learnedScale: true },
  { type: 'prefix', virtualTokens: 5, initialization: 'zero', projection: true, encoderHiddenSize: 64 },
  {
    ...defaultOptions('ptuning'),
    encoderReparameterizationType: 'lstm',
    encoderHiddenSize: 32,
  } as MethodOptions,
];

let model: DeltaModel;
let weights = 0;

beforeAll(async () => {
  const folder = join(import.meta.dirname, '../../public/models/bert-l4-h128');
  const loaded = await loadModel(modelFiles(folder), folder);
  const bare = deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: ['a', 'b'], seed: 1 }));
  ({ model } = withTwoAdapters(bare));
  for (const { dims } of model.parameters.values()) weights += 4 * elementCount(dims);
});

function compile(method: MethodOptions): CompiledRun {
  return compileRun({
    model,
    modelKey: 'memory',
    method,
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: {
      type: 'adamw',
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm: 1,
      accumulation: 1,
    },
    training: { batchSize: 1, lengths: [{ length: 8 }] },
    adapter: PROFILE,
  });
}

describe('memory', () => {
  it.each(VARIANTS.map((method) => [JSON.stringify(method), method] as const))('of %s', (_name, method) => {
    const { memory, trainableParameters, delta } = compile(method);
    // Alignment rounds every tensor up.
    const slack = 256 * (delta.graph.initializers.size + 8);
    const own = [...delta.tensors.map(({ dims }) => elementCount(dims))].reduce((n, size) => n + size, 0);
    const unfrozen = new Set([...delta.unfrozen, ...model.head]);
    let kept = 0;
    for (const name of unfrozen) kept += elementCount(model.parameters.get(name)?.dims ?? [0]);
    // A head over the text does not read the pooler, so its weights may be there and not train.
    expect(trainableParameters).toBeLessThanOrEqual(own + kept);
    expect(trainableParameters).toBeGreaterThanOrEqual(own);
    expect(memory.trainable).toBeLessThan(4 * trainableParameters + slack);
    if (method.type === 'full') return;
    // Both say so before they start: the masked matrices twice, the model three times.
    const times = { mask: 2, diffPruning: 3 }[method.type as string];
    if (times !== undefined) {
      expect(memory.frozenWeights + memory.trainable).toBeLessThan(times * weights + slack);
      expect(memory.trainable).toBeGreaterThanOrEqual(4 * own);
      return;
    }
    expect(memory.trainable).toBeLessThan(weights / 4);
    // No second copy of weights: frozen ones and what trains are the model and the delta (VeRA's with its pair, a
    // subspace with its decoder, a fusion with its adapters and the identity that its penalty compares with).
    const frozen = (delta.fused ?? []).flatMap(({ tensors }) => tensors);
    const identity = delta.fused === undefined ? 0 : 128 ** 2;
    const fixed = [...(delta.fixed ?? []), ...(delta.given ?? []), ...frozen].reduce(
      (n, { dims }) => n + elementCount(dims),
      identity,
    );
    expect(memory.frozenWeights + memory.trainable).toBeLessThan(weights + 4 * (own + fixed) + slack);
    expect(memory.activations + memory.workspace).toBeLessThan(weights / 2);
  });
});
