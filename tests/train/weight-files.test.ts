/**
 * Files of methods that choose among the model's own weights: small, read back to the same function, and exported as
 * the model with other weights.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { bake, foldWeights } from '../../src/deltas/bake.ts';
import { attachAll, type Composition } from '../../src/deltas/compose.ts';
import type { Delta, DeltaModel } from '../../src/deltas/delta.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { elementCount, floatInitializer, floatsOf } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { readSafetensors, writeSafetensors } from '../../src/onnx/safetensors.ts';
import { adapterLayout, type AdapterTensor } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import type { SavedFile } from '../../src/runs/adapter-names.ts';
import { saveAdapter } from '../../src/runs/adapter-save.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';

const SPARSE: MethodOptions = { type: 'sparse', rank: 2, targets: ['q', 'ffn.in'] };
const MASK: MethodOptions = {
  type: 'mask',
  threshold: 0.01,
  initialSparsity: 0.3,
  targets: ['q', 'ffn.out'],
};
const DIFF: MethodOptions = { type: 'diffPruning', sparsity: 0.02, structured: true, penalty: 1e-6 };
const SAID: MethodOptions = { type: 'said', dimension: 300, byLayer: true, projectionKey: 2 };

let model: DeltaModel;

beforeAll(async () => {
  const folder = join(ORACLES, 'bert');
  const loaded = await loadModel(modelFiles(folder), folder);
  model = deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
});

function logits(graph: Delta['graph']): Float64Array {
  const ids = {
    input_ids: [2, 30, 60, 100, 3],
    attention_mask: [1, 1, 1, 1, 1],
    token_type_ids: [0, 0, 0, 1, 1],
  };
  const feeds = Object.fromEntries(
    model.graph.inputs.map(({ name }) => [name, refTensor([1, 5], ids[name as 'input_ids'], 'int64')]),
  );
  return interpretSource(graph, feeds).get('logits')!.data;
}

const difference = (a: Float64Array, b: Float64Array): number =>
  Math.max(...a.map((v, i) => Math.abs(v - b[i])));

/** As a run leaves it: for diff pruning after the projection. */
function trained(delta: Composition): Map<string, Float32Array> {
  const values = new Map(
    delta.tensors.map(({ name, dims, data }) => [
      name,
      name.endsWith('.alpha') || name.endsWith('.group')
        ? data
        : data.map(
            (v, i) => v + (delta.type === 'mask' ? 0.05 : 0.3) * Math.sin(i * 1.7 + elementCount(dims)),
          ),
    ]),
  );
  for (const { apply, first } of delta.training?.events ?? [])
    for (const [name, data] of apply(first, values)) values.set(name, data);
  for (const name of model.head) values.set(name, floatsOf(model.graph.initializers.get(name)!));
  return values;
}

const layoutOf = (delta: Delta): AdapterTensor[] =>
  adapterLayout(
    delta,
    [
      ...delta.tensors.map(({ name, dims }) => ({ name, shape: dims })),
      ...model.head.map((name) => ({ name, shape: model.parameters.get(name)!.dims })),
    ],
    model.parameters,
  );

const written = (delta: Delta, values: ReadonlyMap<string, Float32Array>): Delta['graph'] => {
  const initializers = new Map(delta.graph.initializers);
  for (const [name, data] of values)
    initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, data));
  return { ...delta.graph, initializers };
};

const folderOf = (files: readonly SavedFile[]) => ({
  read: (name: string) => Promise.resolve(files.find((file) => file.name === name)?.bytes),
});

const attach = (method: MethodOptions): Composition => attachAll(model, [method], 5, { steps: 20 });

describe.each([SPARSE, MASK, DIFF, SAID])('$type', (method) => {
  it('is small in files and comes back as the same function, to use and to train on', async () => {
    const delta = attach(method);
    const values = trained(delta);
    const expected = logits(written(delta, values));
    expect(difference(expected, logits(model.graph))).toBeGreaterThan(1e-3);
    const files = saveAdapter(delta, layoutOf(delta), values, { method });
    const bytes = files.reduce((n, file) => n + file.bytes.length, 0);
    const whole = 4 * [...model.parameters.values()].reduce((n, { dims }) => n + elementCount(dims), 0);
    expect(bytes).toBeLessThan(whole / 4);
    const use = bake(attach(method), new Map()).delta;
    const read = await loadAdapter(folderOf(files), 'saved', use, layoutOf(use), { method });
    expect(difference(logits(written(use, read)), expected)).toBeLessThan(1e-5);
    const again = attach(method);
    const start = await loadAdapter(folderOf(files), 'saved', again, layoutOf(again), { method });
    expect(difference(logits(written(again, start)), expected)).toBeLessThan(1e-5);
    // And what it then saves is the same again.
    const started = new Map([...again.tensors.map(({ name, data }) => [name, data] as const), ...start]);
    for (const [i, file] of saveAdapter(again, layoutOf(again), started, { method }).entries())
      expect(Buffer.compare(file.bytes, files[i].bytes), file.name).toBe(0);
  });
});

describe.each([MASK, DIFF, SAID])('an export of $type', (method) => {
  it('is the model with other weights', () => {
    const delta = attach(method);
    const values = trained(delta);
    const { delta: plain, values: baked } = bake(delta, values);
    const graph = written(plain, baked);
    const folded = foldWeights(graph, plain.folds);
    expect(difference(logits(folded), logits(graph))).toBeLessThan(1e-5);
    expect(folded.nodes.map(({ op }) => op)).toEqual(model.graph.nodes.map(({ op }) => op));
    expect([...folded.initializers.keys()].some((name) => name.startsWith('delta.'))).toBe(false);
  });
});

describe('damaged files', () => {
  it.each([
    [MASK, /mask of type float32 and shape \[3\] where uint8/],
    [DIFF, /has index -1 of .*\.diff/],
    [SPARSE, /shira_indices where method\.maskSeed gives/],
  ] as const)('of %j are refused by name', async (method, message) => {
    const delta = attach(method);
    const files = saveAdapter(delta, layoutOf(delta), trained(delta), { method });
    const file = files.find(({ name }) => name.endsWith('.safetensors'))!;
    const { tensors, metadata } = readSafetensors(file.bytes);
    const spoiled = [...tensors.values()].map((tensor) => {
      if (/\.mask$/.test(tensor.name)) return floatInitializer(tensor.name, [3], new Float32Array(3));
      if (tensor.bytes.length < 4 || !/\.(indices|shira_indices)$/.test(tensor.name)) return tensor;
      const bytes = new Uint8Array(tensor.bytes);
      bytes.set([255, 255, 255, 255], 0);
      return { ...tensor, bytes };
    });
    const damaged = files.map((one) =>
      one === file ? { ...file, bytes: writeSafetensors(spoiled, metadata) } : one,
    );
    const again = bake(attach(method), new Map()).delta;
    await expect(loadAdapter(folderOf(damaged), 'saved', again, layoutOf(again), { method })).rejects.toThrow(
      message,
    );
  });
});

describe('a projection', () => {
  it('moves nothing at the start, and another one makes something else of the same vector', async () => {
    expect(difference(logits(attach(SAID).graph), logits(model.graph))).toBe(0);
    const delta = attach(SAID);
    const values = trained(delta);
    const other = attach({ ...SAID, projectionKey: 3 });
    expect(difference(logits(written(other, values)), logits(written(delta, values)))).toBeGreaterThan(1e-3);
    const files = saveAdapter(delta, layoutOf(delta), values, { method: SAID });
    const method = { ...SAID, projectionKey: 3 };
    await expect(loadAdapter(folderOf(files), 'saved', other, layoutOf(other), { method })).rejects.toThrow(
      /projectionKey/,
    );
  });

  it('has exactly the numbers it says', () => {
    const count = attach(SAID).tensors.reduce((n, { dims }) => n + elementCount(dims), 0);
    expect(count).toBe(SAID.dimension);
  });
});

describe('options that cannot be', () => {
  it('are refused with their field', () => {
    expect(() => attach({ ...SPARSE, rank: 17 })).toThrow(
      /^method\.rank: got 17, which makes 1088 entries of the 32 × 32 matrix .* choose at most 16/,
    );
    expect(() => attach({ ...MASK, threshold: -0.03 })).toThrow(/^method\.threshold: got -0\.03/);
    expect(() => attach({ ...SAID, dimension: 10 ** 6 })).toThrow(
      /^method\.dimension: got 1000000, more than the \d+ weights/,
    );
    expect(() => attach({ ...SAID, dimension: 3 })).toThrow(
      /^method\.dimension: got 3, of which method\.byLayer takes 3 as factors/,
    );
    expect(() => attach({ ...DIFF, fixedMaskSteps: 20 })).toThrow(
      /^method\.fixedMaskSteps: got 20, and the run has 20 steps/,
    );
  });
});
