import { describe, expect, it } from 'vitest';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../plan/plan.ts';
import type { DataSummary, ModelSummary } from '../../protocol/messages.ts';
import { defaultForm } from './form.ts';
import { formToSpec } from './form-spec.ts';
import { formChanged, memoryRows } from './memory-rows.ts';
import type { RunSnapshot } from './recorder.ts';

type MemoryState = Parameters<typeof memoryRows>[0] & Parameters<typeof formChanged>[0];

function bytes(each: number): MemoryBytes {
  const entries = MEMORY_CATEGORIES.map((category) => [category, each]);
  return { ...Object.fromEntries(entries), total: each * MEMORY_CATEGORIES.length } as MemoryBytes;
}
const asked = <Value>(value: Value) => ({ loading: false, value, problem: null });
const model = { source: 'builtin:bert-l4-h128' } as ModelSummary;
const data = {
  name: 'demo',
  task: 'classification',
  files: { train: 'a.tsv', validation: null },
  validationCut: true,
  fileRows: { train: 100, validation: 0 },
  columns: { text: ['text'], label: 'label' },
} as DataSummary;
const forecast = (run: string, each: number) => ({
  run,
  method: run,
  trainableParameters: 1,
  totalParameters: 2,
  dispatches: 3,
  memory: bytes(each),
});
const run = (key: string, memory: RunSnapshot['memory']): RunSnapshot => ({
  run: key,
  method: key,
  steps: 1,
  phase: 'running',
  step: 0,
  loss: null,
  stepMilliseconds: null,
  start: null,
  memory,
  lastMetrics: null,
  bestMetrics: {},
  seconds: 0,
  tokens: 0,
  end: null,
  left: null,
});

const form = defaultForm();
const base: MemoryState = {
  forecast: asked([forecast('full', 5), forecast('head', 1)]),
  runs: [],
  form,
  model: asked(model),
  data: asked(data),
  startedSpec: null,
};

describe('memoryRows', () => {
  it('shows the forecast before anything is started', () => {
    expect(memoryRows(base)).toEqual([
      { run: 'full', method: 'full', predicted: bytes(5), allocated: null },
      { run: 'head', method: 'head', predicted: bytes(1), allocated: null },
    ]);
  });

  it('sets the allocation beside the run’s own forecast, and waits for runs that have not begun', () => {
    const memory = { type: 'memory' as const, predicted: bytes(5), allocated: bytes(5) };
    const rows = memoryRows({
      ...base,
      runs: [run('full', memory), run('head', null)],
    });
    expect(rows).toEqual([
      { run: 'full', method: 'full', predicted: bytes(5), allocated: bytes(5) },
      { run: 'head', method: 'head', predicted: bytes(1), allocated: null },
    ]);
  });

  it('keeps the runs’ figures when the form asks for something else, and knows that it does', () => {
    const memory = { type: 'memory' as const, predicted: bytes(5), allocated: bytes(5) };
    const done = { ...base, runs: [run('full', memory)], startedSpec: formToSpec(form, model, data) };
    expect(memoryRows(done)[0].allocated).toEqual(bytes(5));
    expect(formChanged(done)).toBe(false);
    const changed = { ...done, form: { ...form, training: { ...form.training, batchSize: '64' } } };
    expect(memoryRows(changed)[0].allocated).toEqual(bytes(5));
    expect(formChanged(changed)).toBe(true);
  });
});
