import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../train/events.ts';
import type { StagedCheckpoint } from '../../train/checkpoint.ts';
import { MemoryFiles } from '../../../tests/support/memory-files.ts';
import { comparisonSpecs, readSpec, runMethod } from '../spec.ts';
import { openDatabase } from './database.ts';
import { RunStore } from './run-store.ts';
import { canResume, STORE_FORMAT, type StoredComparison } from './stored.ts';

let count = 0;

async function freshStore(): Promise<{ store: RunStore; files: MemoryFiles }> {
  const files = new MemoryFiles();
  return { store: new RunStore(await openDatabase(`test-${count++}`), files), files };
}

function comparison(id: string, created: string): StoredComparison {
  const spec = readSpec({
    model: { source: 'builtin:bert' },
    data: { train: 'train.tsv' },
    compare: [{ method: { type: 'lora' } }, { method: { type: 'head' } }],
  });
  return {
    format: STORE_FORMAT,
    id,
    name: 'films',
    created,
    spec,
    environment: {
      studio: '0',
      runtime: 'test',
      adapter: { vendor: 'v', architecture: '', description: '', software: true },
    },
    model: { source: 'builtin:bert', hash: 'aa', parameters: 1 },
    labels: { names: ['a', 'b'], source: 'sorted' },
    columns: { text: ['text'], label: 'label' },
    notes: [],
    dataHash: 'bb',
    inputs: { model: 'model:aa', data: 'data:bb' },
    runs: comparisonSpecs(spec).map((run) => ({
      run: run.key,
      method: runMethod(run.spec),
      steps: run.spec.training.steps,
      spec: run.spec,
    })),
  };
}

const step = (n: number): RunEvent => ({
  type: 'step',
  step: n,
  loss: 1 / n,
  learningRate: 0.1,
  gradNorm: 1,
  milliseconds: 1,
  tokens: 4,
});

function checkpoint(at: number): StagedCheckpoint {
  const tensors = new Map([['w', Float32Array.of(at, 0.1)]]);
  const moments = new Map([['w', [Float32Array.of(1, 2), Float32Array.of(3, 4)]]]);
  const run = { step: at, tensors, moments, bestTensors: null, best: null, stale: 0, evaluatedAt: -1 };
  return {
    stage: 0,
    run: { ...run, milliseconds: 5 },
    earlier: [],
    steps: 0,
    seconds: 0,
    kept: 0,
  };
}

describe('the store', () => {
  it('lists comparisons, newest first, with their runs in order', async () => {
    const { store } = await freshStore();
    await store.create(comparison('old', '2026-01-01T00:00:00Z'));
    await store.create(comparison('new', '2026-02-01T00:00:00Z'));
    const list = await store.list();
    expect(list.map((entry) => entry.comparison.id)).toEqual(['new', 'old']);
    expect(list[0].runs.map(({ run, phase }) => [run, phase])).toEqual([
      ['lora', 'waiting'],
      ['head', 'waiting'],
    ]);
    expect(list[0].runs.every(canResume)).toBe(true);
  });

  it('keeps the events of each run apart, in order, and cuts them back', async () => {
    const { store } = await freshStore();
    await store.create(comparison('a', '2026'));
    await store.append('a', 'lora', 0, [step(1), step(2)]);
    await store.append('a', 'head', 0, [step(7)]);
    await store.append('a', 'lora', 2, [step(3), step(4)]);
    const steps = async (run: string) =>
      (await store.events('a', run)).map((event) => event.type === 'step' && event.step);
    expect(await steps('lora')).toEqual([1, 2, 3, 4]);
    await store.truncate('a', 'lora', 3);
    expect(await steps('lora')).toEqual([1, 2, 3]);
    await store.append('a', 'lora', 3, [step(4)]);
    expect(await steps('lora')).toEqual([1, 2, 3, 4]);
    expect(await steps('head')).toEqual([7]);
  });

  it('keeps checkpoints in two places in turn, so a write that fails leaves the one before', async () => {
    const { store, files } = await freshStore();
    await store.create(comparison('a', '2026'));
    const state = async () => (await store.get('a')).runs[0];
    expect(await store.checkpoint(await state())).toBeNull();
    await store.saveCheckpoint('a', 'lora', 10, checkpoint(5));
    expect(await store.checkpoint(await state())).toEqual(checkpoint(5));
    files.refusal = new DOMException('full', 'QuotaExceededError');
    await expect(store.saveCheckpoint('a', 'lora', 20, checkpoint(6))).rejects.toThrow('full');
    expect((await state()).checkpoint).toMatchObject({ step: 5, events: 10 });
    expect(await store.checkpoint(await state())).toEqual(checkpoint(5));
    files.refusal = null;
    await store.saveCheckpoint('a', 'lora', 20, checkpoint(7));
    expect(await store.checkpoint(await state())).toEqual(checkpoint(7));
    await store.dropCheckpoint('a', 'lora');
    expect(files.files.size).toBe(0);
  });

  it('takes a file that is not whole for absent', async () => {
    const { store, files } = await freshStore();
    await store.create(comparison('a', '2026'));
    await store.saveAdapter('a', 'lora', 3, [{ name: '0-lora/x.json', bytes: new Uint8Array(8) }]);
    const [run] = (await store.get('a')).runs;
    expect(await store.adapter(run)).toEqual([{ name: '0-lora/x.json', bytes: new Uint8Array(8) }]);
    files.files.set('runs/a/lora/adapter/0-lora/x.json', new Uint8Array(3));
    expect(await store.adapter(run)).toBeNull();
  });

  it('renames, and deletes with everything but what others use', async () => {
    const { store, files } = await freshStore();
    await store.create(comparison('a', '2026'));
    await store.create({ ...comparison('b', '2026'), inputs: { model: 'model:aa', data: 'data:other' } });
    await store.append('a', 'lora', 0, [step(1)]);
    await store.append('b', 'lora', 0, [step(2)]);
    await store.saveAdapter('a', 'lora', 1, [{ name: 'x', bytes: new Uint8Array(1) }]);
    for (const key of ['model:aa', 'data:bb']) await store.keepInput({ key, source: key, bytes: 1 });
    await store.rename('b', 'better');
    await store.remove('a');
    expect((await store.list()).map((entry) => entry.comparison.name)).toEqual(['better']);
    expect(await store.events('a', 'lora')).toEqual([]);
    expect(await store.events('b', 'lora')).toHaveLength(1);
    expect(files.files.size).toBe(0);
    expect(await store.input('model:aa')).not.toBeNull();
    expect(await store.input('data:bb')).toBeNull();
    await expect(store.get('a')).rejects.toThrow('no longer stored');
    // A run that is still training in a deleted comparison does not bring it back.
    await store.update('a', 'lora', { phase: 'completed' });
    expect(await store.list()).toHaveLength(1);
  });
});
