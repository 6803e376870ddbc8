import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../tests/support/memory-files.ts';
import type { StagedCheckpoint } from '../../train/checkpoint.ts';
import type { RunEvent } from '../../train/events.ts';
import type { Row } from '../study.ts';
import { CellStore } from './cell-store.ts';

let count = 0;
const open = async (files = new MemoryFiles()) => ({
  files,
  store: await CellStore.open(files, `cells-${count++}`),
});

const row = (cell: string, value = 0.5): Row => ({
  cell,
  kind: 'train',
  factors: { model: 'm', data: 'd', method: 'lora', seed: 1 },
  created: '2026-01-01T00:00:00Z',
  status: 'done',
  metric: 'accuracy',
  scores: { test: { accuracy: value } },
  curve: [
    { step: 0, tokens: 0, seconds: 0, value },
    { step: 1, tokens: 8, seconds: 1, value: NaN },
  ],
  trainableParameters: 1,
  totalParameters: 2,
  seconds: 3,
  steps: 4,
  learningRate: 0.1,
});

const step = (n: number): RunEvent => ({
  type: 'step',
  step: n,
  loss: 1,
  learningRate: 0.1,
  gradNorm: 1,
  milliseconds: 1,
  tokens: 4,
});

const checkpoint = (at: number): StagedCheckpoint => ({
  stage: 0,
  run: {
    step: at,
    tensors: new Map([['w', Float32Array.of(at)]]),
    moments: new Map([['w', [Float32Array.of(1), Float32Array.of(2)]]]),
    bestTensors: null,
    best: null,
    stale: 0,
    evaluatedAt: -1,
    milliseconds: 5,
  },
  earlier: [],
  steps: 0,
  seconds: 0,
  kept: 0,
});

describe('the store of cells', () => {
  it('keeps the last row of each cell', async () => {
    const { store } = await open();
    await store.append(row('a'));
    await store.append(row('b'));
    await store.append(row('a', 0.75));
    const rows = await store.rows();
    expect([...rows.keys()]).toEqual(['a', 'b']);
    expect(rows.get('a')!.scores).toEqual({ test: { accuracy: 0.75 } });
    expect(rows.get('b')!.curve.map(({ step: at }) => at)).toEqual([0]);
  });

  it('goes on from the last whole checkpoint, with the events up to it', async () => {
    const { store, files } = await open();
    expect(await store.kept('a')).toBeNull();
    await store.keep('a', [step(1)], checkpoint(1));
    await store.keep('a', [step(1), step(2)], checkpoint(2));
    const kept = await store.kept('a');
    expect(kept!.state.run.step).toBe(2);
    expect(kept!.events).toHaveLength(2);
    // A write that was cut short leaves what was there before.
    files.write = () => Promise.reject(new Error('no room'));
    await expect(store.keep('a', [step(1), step(2), step(3)], checkpoint(3))).rejects.toThrow('no room');
    expect((await store.kept('a'))!.state.run.step).toBe(2);
  });

  it('keeps what another cell starts from, and forgets all of a cell', async () => {
    const { store } = await open();
    await store.keep('a', [step(1)], checkpoint(1));
    await store.finish('a', [{ name: 'adapter_config.json', bytes: new TextEncoder().encode('{}') }]);
    await store.append(row('a'));
    expect(await store.kept('a')).toBeNull();
    expect(await store.hasAdapter('a')).toBe(true);
    expect(new TextDecoder().decode(await store.adapterFile('a', 'adapter_config.json'))).toBe('{}');
    await store.forget(['a']);
    expect(await store.hasAdapter('a')).toBe(false);
    expect(await store.adapterFile('a', 'adapter_config.json')).toBeUndefined();
    expect(await store.rows()).toEqual(new Map());
  });
});
