/** Methods together: order of attachment, conflicts, and what each adds at step 0. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import type { Delta, DeltaModel } from '../../src/deltas/delta.ts';
import { attachDelta } from '../../src/deltas/registry.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';

const LORA: MethodOptions = {
  type: 'lora',
  rank: 2,
  alpha: 4,
  dropout: 0,
  targets: ['q', 'v', 'o', 'ffn.out'],
  rankStabilized: false,
};
const ADAPTER: MethodOptions = { type: 'adapter', bottleneck: 4, activation: 'gelu', placement: 'both' };
const IA3: MethodOptions = { type: 'ia3', targets: ['k', 'v', 'o', 'ffn.out'] };
const PROMPT: MethodOptions = { type: 'prompt', virtualTokens: 3, initialization: 'vocab' };
const PREFIX: MethodOptions = { type: 'prefix', virtualTokens: 3, initialization: 'zero' };

/** Methods that leave the model as it was before their first update. */
const IDENTITY: MethodOptions[] = [
  LORA,
  { ...LORA, dora: true },
  { ...LORA, initialization: 'pissa' },
  { ...LORA, dora: true, initialization: 'pissa' },
  ADAPTER,
  { ...ADAPTER, placement: 'ffn', activation: 'silu' },
  { ...ADAPTER, placement: 'pfeiffer', activation: 'silu' },
  { ...ADAPTER, placement: 'scaledParallel', learnedScale: true },
  { ...ADAPTER, placement: 'parallel', activation: 'relu' },
  { ...ADAPTER, placement: 'scaledParallel', activation: 'tanh' },
  IA3,
  { type: 'bitfit' },
  { type: 'layernorm' },
  { type: 'lastLayer', layers: 1 },
  { type: 'selective', budget: 0.2 },
  { type: 'sparse', rank: 2, targets: ['q', 'v', 'ffn.in'] },
  { type: 'said', dimension: 50, byLayer: true, projectionKey: 1 },
  { type: 'diffPruning', sparsity: 0.1, structured: true, penalty: 1e-6 },
  { type: 'full' },
  { type: 'head' },
];

async function load(family: string): Promise<DeltaModel> {
  const folder = join(ORACLES, family);
  const loaded = await loadModel(modelFiles(folder), folder);
  return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
}

function logits(model: DeltaModel, graph: Delta['graph']): Float64Array {
  const all: Record<string, number[]> = {
    input_ids: [2, 30, 60, 100, 3, 2, 45, 99, 3, 0],
    attention_mask: [1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
    token_type_ids: [0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
  };
  const feeds = Object.fromEntries(
    model.graph.inputs.map(({ name }) => [name, refTensor([2, 5], all[name], 'int64')]),
  );
  return interpretSource(graph, feeds).get('logits')!.data;
}

function expectSame(actual: Float64Array, expected: Float64Array): void {
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-6));
}

/** Every tensor of the delta gets a value that shows. */
function disturb(delta: Delta, seed = 0): void {
  for (const { name, dims } of delta.tensors) {
    const n = dims.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: n }, (_, i) => 0.3 * Math.sin(i + seed + name.length));
    const initializer = delta.graph.initializers.get(name)!;
    delta.graph.initializers.set(name, { ...initializer, bytes: new Uint8Array(values.buffer) });
  }
}

describe.each(['bert', 'distilbert', 'roberta', 'albert', 'electra'])('%s', (family) => {
  it.each(IDENTITY.map((method) => [JSON.stringify(method), method] as const))(
    'step 0 of %s leaves the model as it was',
    async (_name, method) => {
      const model = await load(family);
      expectSame(logits(model, attachDelta(model, method, 5).graph), logits(model, model.graph));
    },
  );

  it('takes all additions together, each still at identity', async () => {
    const model = await load(family);
    const delta = attachAll(model, [LORA, ADAPTER, IA3], 5);
    expect(delta.type).toBe('lora+adapter+ia3');
    expectSame(logits(model, delta.graph), logits(model, model.graph));
    disturb(delta);
    const moved = logits(model, delta.graph);
    const before = logits(model, model.graph);
    expect(Math.max(...moved.map((v, i) => Math.abs(v - before[i])))).toBeGreaterThan(1e-3);
  });

  it('gives the same function whichever of LoRA and adapter comes first', async () => {
    const model = await load(family);
    const one = attachAll(model, [LORA, ADAPTER], 5);
    const other = attachAll(model, [ADAPTER, LORA], 5);
    disturb(one);
    disturb(other);
    expectSame(logits(model, one.graph), logits(model, other.graph));
  });

  it('prompt and prefix go together and see each other', async () => {
    const model = await load(family);
    const delta = attachAll(model, [PROMPT, PREFIX], 5);
    expect(delta.virtualTokens).toBe(6);
    disturb(delta);
    const both = logits(model, delta.graph);
    expect(both.every(Number.isFinite)).toBe(true);
    const prompt = attachDelta(model, PROMPT, 5);
    disturb(prompt);
    const alone = logits(model, prompt.graph);
    expect(Math.max(...both.map((v, i) => Math.abs(v - alone[i])))).toBeGreaterThan(1e-4);
  });
});

describe('conflicts', () => {
  it('two methods that train one tensor are refused by name', async () => {
    const model = await load('bert');
    expect(() => attachAll(model, [{ type: 'bitfit' }, { type: 'layernorm' }], 1)).toThrow(
      /"bitfit" and "layernorm" both train ".*LayerNorm\.bias"; leave one of them out/,
    );
    expect(() => attachAll(model, [LORA, LORA], 1)).toThrow(/"lora" and "lora" both train "delta\.lora\./);
    expect(() => attachAll(model, [], 1)).toThrow(/empty list/);
  });

  it('budgets and layers that cannot be are refused with their field', async () => {
    const model = await load('bert');
    expect(() => attachAll(model, [{ type: 'selective', budget: 1e-6 }], 1)).toThrow(
      /method\.budget: got 0\.000001/,
    );
    expect(() => attachAll(model, [{ type: 'lastLayer', layers: 9 }], 1)).toThrow(
      /method\.layers: got 9, and the model has 2 layers/,
    );
  });
});
