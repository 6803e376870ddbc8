/**
 * Rewrites of real exports: the file they give runs in onnxruntime-web as our interpreter says, step 0
 * leaves the model as it was where the method promises it, nothing the model fused is lost, and shared
 * or aliased weights stay what they are.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import type { Delta, DeltaModel } from '../../src/deltas/delta.ts';
import { attachDelta } from '../../src/deltas/registry.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';
import { runOrt } from '../support/ort.ts';

const FAMILIES = ['bert', 'distilbert', 'roberta', 'albert', 'electra', 'bert-fill-mask', 'bert-features'];

const LORA: MethodOptions = {
  type: 'lora',
  rank: 3,
  alpha: 6,
  dropout: 0.1,
  targets: ['q', 'v', 'ffn.in'],
  rankStabilized: false,
};
const PROMPT: MethodOptions = { type: 'prompt', virtualTokens: 4, initialization: 'vocab' };

async function load(family: string): Promise<DeltaModel> {
  const folder = join(ORACLES, family);
  const loaded = await loadModel(modelFiles(folder), folder);
  const labels = loaded.labels.length > 1 ? loaded.labels : ['a', 'b'];
  return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels, seed: 3 }));
}

const IDS = [
  [2, 30, 60, 100, 21, 3],
  [2, 45, 99, 3, 0, 0],
];

function feeds(model: DeltaModel): Record<string, { dims: number[]; data: number[] }> {
  const all: Record<string, number[][]> = {
    input_ids: IDS,
    attention_mask: IDS.map((row) => row.map((id) => (id === 0 ? 0 : 1))),
    token_type_ids: IDS.map((row) => row.map((_, i) => (i > 3 ? 1 : 0))),
  };
  return Object.fromEntries(
    model.graph.inputs.map(({ name }) => [name, { dims: [2, 6], data: all[name].flat() }]),
  );
}

function logits(model: DeltaModel, graph: Delta['graph']): Float64Array {
  const given = Object.fromEntries(
    Object.entries(feeds(model)).map(([name, { dims, data }]) => [name, refTensor(dims, data, 'int64')]),
  );
  return interpretSource(graph, given).get('logits')!.data;
}

/** How often each op occurs in the compiled forward pass. */
function census(model: DeltaModel, graph: Delta['graph']): Record<string, number> {
  const inputShapes = Object.fromEntries(graph.inputs.map(({ name }) => [name, [2, 6]]));
  const { program } = compileForward(graph, model.parameters, { inputShapes, mode: 'eval' });
  const counts: Record<string, number> = {};
  for (const { op } of program.nodes) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

describe.each(FAMILIES)('%s', (family) => {
  it.each([LORA, PROMPT])('$type gives a file that onnxruntime runs as we do', async (method) => {
    const model = await load(family);
    const delta = attachDelta(model, method, 5);
    for (const tensor of delta.tensors) {
      // B of LoRA starts at zero: give it something, or the file's arithmetic would go untested.
      const values = Float32Array.from(tensor.data, (_, i) => Math.sin(i + 1) / 8);
      const initializer = delta.graph.initializers.get(tensor.name)!;
      delta.graph.initializers.set(tensor.name, { ...initializer, bytes: new Uint8Array(values.buffer) });
    }
    const expected = logits(model, delta.graph);
    const { logits: actual } = await runOrt(writeModel(delta.graph), feeds(model));
    expect(actual.data.length).toBe(expected.length);
    actual.data.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-4));
    const before = logits(model, model.graph);
    expect(Math.max(...expected.map((v, i) => Math.abs(v - before[i])))).toBeGreaterThan(1e-4);
  });

  it('lora leaves the model as it was at step 0 and costs no fusion', async () => {
    const model = await load(family);
    const delta = attachDelta(model, LORA, 5);
    const before = logits(model, model.graph);
    logits(model, delta.graph).forEach((value, i) => expect(value).toBe(before[i]));
    const plain = census(model, model.graph);
    const tuned = census(model, delta.graph);
    for (const op of ['Attention', 'LayerNorm', 'Gather']) expect(tuned[op], op).toBe(plain[op]);
    const sites = model.roles.layers.encoder * 3;
    expect(tuned['MatMul']).toBe(plain['MatMul'] + 2 * sites);
  });

  it('prompt costs no fusion and reads a second table', async () => {
    const model = await load(family);
    const delta = attachDelta(model, PROMPT, 5);
    const plain = census(model, model.graph);
    const tuned = census(model, delta.graph);
    for (const op of ['Attention', 'LayerNorm', 'Gather', 'MatMul']) expect(tuned[op], op).toBe(plain[op]);
    const word = model.roles.embeddings.find((site) => site.role === 'embeddings.word')!;
    expect(delta.tensors[0].dims).toEqual([4, model.graph.initializers.get(word.weight)!.dims[1]]);
  });

  it('does not touch the model it is attached to', async () => {
    const model = await load(family);
    const before = JSON.stringify(model.graph.nodes);
    const names = [...model.graph.initializers.keys()];
    for (const method of [LORA, PROMPT]) attachDelta(model, method, 5);
    expect(JSON.stringify(model.graph.nodes)).toBe(before);
    expect([...model.graph.initializers.keys()]).toEqual(names);
  });
});

describe.each(['t5', 't5-gated'])('%s', (family) => {
  const places = ['encoder', 'decoder', 'cross'] as const;
  const methods: MethodOptions[] = [
    LORA,
    PROMPT,
    { type: 'prefix', virtualTokens: 3, initialization: 'random' },
    { type: 'prefix', virtualTokens: 3, initialization: 'random', placements: places },
    { type: 'adapter', bottleneck: 4, activation: 'silu', placement: 'both' },
  ];
  it.each(methods)('$type gives a file that onnxruntime runs as we do', async (method) => {
    const folder = join(ORACLES, family);
    const model = deltaModelOf(await loadModel(modelFiles(folder), folder));
    const delta = attachDelta(model, method, 5);
    for (const { name, data } of delta.tensors) {
      const values = Float32Array.from(data, (_, i) => Math.sin(i + 1) / 8);
      const initializer = delta.graph.initializers.get(name)!;
      delta.graph.initializers.set(name, { ...initializer, bytes: new Uint8Array(values.buffer) });
    }
    const target = { decoder_input_ids: { dims: [2, 3], data: [0, 9, 8, 0, 7, 7] } };
    const ids = [2, 30, 60, 95, 21, 1, 2, 45, 94, 1, 0, 0];
    const source = {
      input_ids: { dims: [2, 6], data: ids },
      attention_mask: { dims: [2, 6], data: ids.map((id) => (id === 0 ? 0 : 1)) },
    };
    const given = { ...source, ...target };
    const inputs = Object.fromEntries(
      Object.entries(given).map(([name, { dims, data }]) => [name, refTensor(dims, data, 'int64')]),
    );
    const expected = interpretSource(delta.graph, inputs).get('logits')!.data;
    const { logits: actual } = await runOrt(writeModel(delta.graph), given);
    expect(actual.data.length).toBe(expected.length);
    actual.data.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-4));
    const before = interpretSource(model.graph, inputs).get('logits')!.data;
    expect(Math.max(...expected.map((v, i) => Math.abs(v - before[i])))).toBeGreaterThan(1e-4);
  });
});

describe('lora', () => {
  it('shares one pair of factors among the uses of a shared weight', async () => {
    const model = await load('albert');
    const delta = attachDelta(model, LORA, 5);
    expect(model.roles.layers.encoder).toBeGreaterThan(1);
    expect(delta.tensors).toHaveLength(6);
  });

  it('starts A within ±1/√in by seed and name, B at zero', async () => {
    const model = await load('bert');
    const [a, b] = attachDelta(model, LORA, 5).tensors;
    expect(a.file.name).toMatch(/^base_model\.model\.bert\.encoder\.layer\.0\..*\.lora_A\.weight$/);
    expect(Math.max(...a.data.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(a.dims[0]));
    expect(Math.max(...a.data.map(Math.abs))).toBeGreaterThan(0.8 / Math.sqrt(a.dims[0]));
    expect(b.data.every((value) => value === 0)).toBe(true);
    expect(attachDelta(model, LORA, 5).tensors[0].data).toEqual(a.data);
    expect(attachDelta(model, LORA, 6).tensors[0].data).not.toEqual(a.data);
  });

  it('refuses a rank larger than a matrix, by field and module', async () => {
    const model = await load('bert');
    expect(() => attachDelta(model, { ...LORA, rank: 33 }, 1)).toThrow(
      /method\.rank: got 33, larger than the 32 × 32 matrix of ".*query"; choose at most 32/,
    );
  });
});

describe('prompt', () => {
  it('starts as rows of the vocabulary', async () => {
    const model = await load('bert');
    const [{ data, dims }] = attachDelta(model, PROMPT, 5).tensors;
    const word = model.roles.embeddings.find((site) => site.role === 'embeddings.word')!;
    const table = floatsOf(model.graph.initializers.get(word.weight)!);
    for (let row = 0; row < dims[0]; row++) {
      const wanted = data.slice(row * dims[1], (row + 1) * dims[1]);
      const found = Array.from({ length: table.length / dims[1] }, (_, i) => i).some((i) =>
        wanted.every((value, j) => value === table[i * dims[1] + j]),
      );
      expect(found).toBe(true);
    }
  });
});
