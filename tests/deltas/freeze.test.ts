/** Stages: what one has learned stays in the graph, exactly, and the next one starts from it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import type { Delta, DeltaModel } from '../../src/deltas/delta.ts';
import { freezeDelta } from '../../src/deltas/freeze.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { floatInitializer, floatsOf } from '../../src/graph/tensor.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';

const LORA: MethodOptions = {
  type: 'lora',
  rank: 2,
  alpha: 4,
  dropout: 0,
  targets: ['q', 'v', 'ffn.out'],
  rankStabilized: false,
};
const ADAPTER: MethodOptions = { type: 'adapter', bottleneck: 4, activation: 'gelu', placement: 'both' };
const IA3: MethodOptions = { type: 'ia3', targets: ['k', 'v', 'o', 'ffn.out'] };
const PROMPT: MethodOptions = { type: 'prompt', virtualTokens: 3, initialization: 'vocab' };
const PREFIX: MethodOptions = { type: 'prefix', virtualTokens: 3, initialization: 'random' };
const PISSA: MethodOptions = { ...LORA, initialization: 'pissa' };

/** First stages, and second ones that change nothing before their first update. */
const FIRST: MethodOptions[] = [
  LORA,
  { ...LORA, dora: true },
  PISSA,
  ADAPTER,
  IA3,
  PROMPT,
  PREFIX,
  { type: 'bitfit' },
  { type: 'sparse', rank: 2, targets: ['q', 'ffn.in'] },
  { type: 'mask', threshold: 0.01, initialSparsity: 0.2, targets: ['q', 'ffn.in'] },
];
const SECOND: MethodOptions[] = [
  LORA,
  { ...LORA, dora: true },
  ADAPTER,
  IA3,
  { type: 'bitfit' },
  { type: 'sparse', rank: 2, targets: ['q', 'ffn.in'] },
  { type: 'full' },
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

/** Values as training might leave them: what the delta and the head hold, moved. */
function trainedValues(model: DeltaModel, delta: Delta): Map<string, Float32Array> {
  const names = [...delta.tensors.map(({ name }) => name), ...delta.unfrozen, ...model.head];
  return new Map(
    names.map((name) => [
      name,
      floatsOf(delta.graph.initializers.get(name)!).map(
        (value, i) => value + 0.2 * Math.sin(i + name.length),
      ),
    ]),
  );
}

function written(delta: Delta, values: ReadonlyMap<string, Float32Array>): Delta['graph'] {
  const initializers = new Map(delta.graph.initializers);
  for (const [name, data] of values)
    initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, data));
  return { ...delta.graph, initializers };
}

describe.each(['bert', 'roberta', 'albert'])('stages on %s', (family) => {
  it.each(FIRST)('go on from what $type learned', async (method) => {
    const model = await load(family);
    const untouched = logits(model, model.graph);
    const first = attachAll(model, [method], 5);
    const values = trainedValues(model, first);
    const expected = logits(model, written(first, values));
    const next = freezeDelta(model, first, values, 1);
    expect(logits(model, next.graph)).toEqual(expected);
    expect(Math.max(...expected.map((value, i) => Math.abs(value - untouched[i])))).toBeGreaterThan(1e-3);
    for (const second of SECOND) {
      const start = logits(model, attachAll(next, [second], 7).graph);
      start.forEach((value, i) =>
        expect(Math.abs(value - expected[i]), `${method.type} then ${second.type}`).toBeLessThan(2e-6),
      );
    }
    expect(logits(model, model.graph)).toEqual(untouched);
  });
});

describe('a frozen delta', () => {
  it('leaves nothing of its own for the next stage to overwrite', async () => {
    const model = await load('bert');
    const first = attachAll(model, [LORA], 5);
    const values = trainedValues(model, first);
    const next = freezeDelta(model, first, values, 1);
    const second = attachAll(next, [LORA], 9);
    for (const { name } of first.tensors) {
      const frozen = `delta.stage1.${name.slice('delta.'.length)}`;
      expect(floatsOf(second.graph.initializers.get(frozen)!)).toEqual(values.get(name));
      expect(floatsOf(second.graph.initializers.get(name)!)).not.toEqual(values.get(name));
    }
    const third = freezeDelta(next, second, new Map(), 2);
    expect([...third.graph.initializers.keys()].some((name) => name.startsWith('delta.lora'))).toBe(false);
    expect([...third.own!].sort()).toEqual([...model.head].sort());
  });

  it('refuses to split a weight twice', async () => {
    const model = await load('bert');
    const next = freezeDelta(model, attachAll(model, [PISSA], 5), new Map(), 1);
    expect(() => attachAll(next, [PISSA], 5)).toThrow(
      /^method\.initialization: got "pissa", but an earlier method/,
    );
  });
});
