import { describe, expect, it } from 'vitest';
import type { DataSummary, ModelSummary } from '../../protocol/messages.ts';
import { comparisonSpecs, readSpec } from '../../runs/spec.ts';
import { ACCEPTS, defaultForm, formErrors, formToSpec, readField } from './form.ts';

const model: ModelSummary = {
  source: 'builtin:bert-l4-h128',
  name: 'bert-l4-h128',
  architecture: 'bert',
  layers: 4,
  hiddenSize: 128,
  vocabularySize: 8192,
  parameters: 1_875_330,
  opset: 18,
  maxPositions: 128,
  hasClassifier: false,
  notes: [],
  bytes: 7_610_160,
};
const data: DataSummary = {
  name: 'reviews',
  files: { train: 'train.tsv', validation: 'dev.tsv' },
  columnNames: ['sentence', 'label'],
  columns: { text: ['sentence'], label: 'label' },
  task: 'classification',
  rows: { train: 100, validation: 10 },
  validationCut: false,
  preview: [],
  classes: [],
  notes: [],
};

describe('readField', () => {
  it.each([
    ['8', 'rank', 8],
    [' 8 ', 'rank', 8],
    ['0', 'rank', null],
    ['1.5', 'rank', null],
    ['', 'rank', null],
    ['eight', 'rank', null],
    ['5e-4', 'learningRate', 5e-4],
    ['0', 'learningRate', null],
    ['-1', 'learningRate', null],
    ['Infinity', 'alpha', null],
    ['0', 'evaluateEvery', 0],
    ['4294967295', 'seed', 4294967295],
    ['4294967296', 'seed', null],
  ] as const)('%j for %s is %j', (text, field, expected) => {
    expect(readField(text, ACCEPTS[field])).toBe(expected);
  });
});

describe('formToSpec', () => {
  it('gives a spec that the schema accepts, with every method and its options', () => {
    const form = defaultForm();
    form.methods.lora.fields.rank = '4';
    const spec = formToSpec(form, model, data);
    const runs = comparisonSpecs(readSpec(spec));
    expect(runs.map((run) => run.key)).toEqual(['full', 'lora', 'prompt', 'head']);
    expect(runs[1].spec.method).toMatchObject({ type: 'lora', rank: 4, alpha: 16, targets: ['q', 'v'] });
    expect(runs[2].spec.training.optimizer.learningRate).toBe(2e-2);
    expect(runs[0].spec.data).toMatchObject({ train: 'train.tsv', validation: 'dev.tsv' });
    expect(new Set(runs.map((run) => run.spec.training.seed))).toEqual(new Set([42]));
  });

  it('holds rows out when there is no validation file', () => {
    const cut = { ...data, files: { train: 'train.tsv', validation: null }, validationCut: true };
    expect(formToSpec(defaultForm(), model, cut)?.data.validation).toBe(0.1);
  });

  it('gives nothing while a field of a ticked method does not read', () => {
    const form = defaultForm();
    form.methods.lora.fields.rank = 'x';
    form.training.steps = '0';
    expect(formErrors(form)).toEqual(['lora.rank', 'training.steps']);
    expect(formToSpec(form, model, data)).toBeNull();
    form.training.steps = '10';
    form.methods.lora.enabled = false;
    expect(formErrors(form)).toEqual([]);
    expect(formToSpec(form, model, data)?.compare).toHaveLength(3);
  });

  it('gives nothing when no method is ticked', () => {
    const form = defaultForm();
    for (const method of Object.values(form.methods)) method.enabled = false;
    expect(formToSpec(form, model, data)).toBeNull();
  });
});
