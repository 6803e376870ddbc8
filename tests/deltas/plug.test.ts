/**
 * Plug and unplug: deltas come onto a loaded model and go again, in any order, and whatever they were trained
 * to, the base stays bit for bit what it was.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { bake } from '../../src/deltas/bake.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { attachAll, type Composition } from '../../src/deltas/compose.ts';
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { freezeDelta } from '../../src/deltas/freeze.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { elementCount, floatInitializer, heldBytes } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { withTwoAdapters } from '../support/fused.ts';
import { ORACLES } from '../support/oracle.ts';

const LORA: MethodOptions = { ...defaultOptions('lora'), rank: 2 } as MethodOptions;
const ADAPTER: MethodOptions = {
  ...defaultOptions('adapter'),
  bottleneck: 4,
  placement: 'pfeiffer',
} as MethodOptions;
const IA3 = defaultOptions('ia3');
const PTUNING: MethodOptions = { ...defaultOptions('ptuning'), virtualTokens: 3 } as MethodOptions;

async function load(): Promise<DeltaModel> {
  const folder = join(ORACLES, 'bert');
  const loaded = await loadModel(modelFiles(folder), folder);
  return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
}

/** Of nodes, names and every weight's bytes. */
function fingerprint({ graph, parameters }: DeltaModel): string {
  const hash = createHash('sha256').update(JSON.stringify([graph.nodes, graph.inputs, graph.outputs]));
  for (const [name, tensor] of graph.initializers) hash.update(name).update(heldBytes(tensor));
  return hash.update(JSON.stringify([...parameters])).digest('hex');
}

function logits({ graph }: Pick<DeltaModel, 'graph'>): number[] {
  const ids: Record<string, number[]> = {
    input_ids: [2, 30, 60, 100, 3],
    attention_mask: [1, 1, 1, 1, 1],
    token_type_ids: [0, 0, 0, 1, 1],
  };
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name }) => [name, refTensor([1, 5], ids[name], 'int64')]),
  );
  return [...interpretSource(graph, feeds).get('logits')!.data];
}

/** As training would, values that show, by the tensor's name alone. */
function trained(delta: Composition): Map<string, Float32Array> {
  return new Map(
    delta.tensors.map(({ name, dims }) => [
      name,
      Float32Array.from({ length: elementCount(dims) }, (_, i) => 0.2 * Math.sin(i + name.length)),
    ]),
  );
}

function withValues(delta: Composition): Composition {
  const values = trained(delta);
  for (const { name, dims } of delta.tensors)
    delta.graph.initializers.set(name, floatInitializer(name, dims, values.get(name)!));
  return delta;
}

describe('plug and unplug', () => {
  it('every method leaves the base bit for bit as it was', async () => {
    const { model, method: fusion } = withTwoAdapters(await load());
    const before = fingerprint(model);
    for (const type of METHOD_TYPES) {
      const small = { rank: 2, bottleneck: 4, virtualTokens: 2, reduction: 8 };
      const options = Object.entries(defaultOptions(type)).map(([key, value]) => [
        key,
        key in small ? small[key as 'rank'] : (value as unknown),
      ]);
      const method = type === 'fusion' ? fusion : (Object.fromEntries(options) as MethodOptions);
      const delta = withValues(attachAll(model, [method], 1));
      const baked = bake(delta, trained(delta));
      freezeDelta(model, baked.delta, baked.values, 1);
      expect(fingerprint(model), type).toBe(before);
    }
  });

  it('deltas come and go in any order', async () => {
    const model = await load();
    const bare = logits(model);
    const plugged = (methods: MethodOptions[]): number[] => logits(withValues(attachAll(model, methods, 1)));
    const both = plugged([LORA, IA3]);
    const all = plugged([LORA, ADAPTER, IA3]);
    expect(all).not.toEqual(both);
    // Without the one in the middle, without the first, without any, and with them again.
    expect(plugged([LORA, IA3])).toEqual(both);
    expect(plugged([IA3])).not.toEqual(both);
    expect(logits(model)).toEqual(bare);
    expect(plugged([LORA, ADAPTER, IA3])).toEqual(all);
  });

  it('an encoder’s rows stand for it', async () => {
    const model = await load();
    const delta = withValues(attachAll(model, [PTUNING, LORA], 1));
    const { delta: plain, values } = bake(delta, trained(delta));
    const [one, other] = [logits(delta), logits(plain)];
    one.forEach((value, i) => expect(Math.abs(value - other[i])).toBeLessThan(1e-6));
    expect(values.has('delta.ptuning.rows')).toBe(true);
    expect([...plain.graph.initializers.keys()].some((name) => name.includes('mlp_head'))).toBe(false);
  });
});
