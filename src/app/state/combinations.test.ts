import { describe, expect, it } from 'vitest';
import type { DataSummary } from '../../protocol/messages.ts';
import { comparisonSpecs, readSpec } from '../../runs/spec.ts';
import {
  combinationNames,
  comparesNothing,
  withCombination,
  withMember,
  withoutCombination,
  withoutMember,
  withRate,
} from './combinations.ts';
import { defaultForm, formErrors, withCopy, withDraft, withoutCopy, type Form } from './form.ts';
import { formToSpec, saysAll, specToForm } from './form-spec.ts';

const model = { source: 'builtin:bert-l4-h128' };
const data = {
  name: 'demo',
  files: { train: 'train.tsv', validation: 'dev.tsv' },
  columns: { text: ['text'], label: 'label' },
  task: 'classification',
  validationCut: false,
  fileRows: { train: 100, validation: 0 },
} as Pick<DataSummary, 'name' | 'files' | 'columns' | 'task' | 'validationCut' | 'fileRows'>;

const spec = (form: Form) => formToSpec(form, model, data)!;
const keys = (form: Form) => comparisonSpecs(readSpec(spec(form))).map(({ key }) => key);
const joined = (form: Form) => form.combinations.map(({ stages }) => stages);

describe('combinations of the form', () => {
  it('are runs beside the ticked methods, with the options of their cards', () => {
    let form = withCombination(defaultForm(), 'lora', 'adapter', 'together');
    form = withDraft(form, 'adapter', (draft) => ({
      ...draft,
      fields: { ...draft.fields, bottleneck: '7' },
    }));
    expect(keys(form)).toEqual(['full', 'lora', 'prompt', 'head', 'lora+adapter']);
    expect(spec(form).compare?.at(-1)?.method).toMatchObject([
      { type: 'lora' },
      { type: 'adapter', bottleneck: 7 },
    ]);
  });

  it('grow by stages and by methods in a stage, and shrink again', () => {
    let form = withCombination(defaultForm(), 'prompt', 'lora', 'then');
    form = withMember(form, 'combination-1', 1, 'bitfit');
    form = withMember(form, 'combination-1', 2, 'head');
    expect(joined(form)).toEqual([[['prompt'], ['lora', 'bitfit'], ['head']]]);
    expect(keys(form).at(-1)).toBe('prompt-then-lora+bitfit-then-head');
    form = withoutMember(form, 'combination-1', 0, 'prompt');
    expect(joined(form)).toEqual([[['lora', 'bitfit'], ['head']]]);
    expect(joined(withMember(form, 'combination-1', 0, 'lora'))).toEqual(joined(form));
    expect(joined(withoutCombination(form, 'combination-1'))).toEqual([]);
  });

  it('are enough for a comparison, and their cards have to read', () => {
    const none = {
      ...defaultForm(),
      methods: defaultForm().methods.map((one) => ({ ...one, enabled: false })),
    };
    expect(comparesNothing(none)).toBe(true);
    let form = withCombination(none, 'lora', 'adapter', 'together');
    expect(keys(form)).toEqual(['lora+adapter']);
    form = withDraft(form, 'lora', (draft) => ({ ...draft, fields: { ...draft.fields, rank: 'x' } }));
    expect(formErrors(form, null)).toEqual(['lora.rank']);
    expect(
      formErrors(withRate(withCombination(none, 'lora', 'ia3', 'together'), 'combination-1', 'x'), null),
    ).toEqual(['combination-1.learningRate']);
  });

  it('lose a copy that is removed, and are numbered where two are alike', () => {
    let form = withCombination(withCopy(defaultForm(), 'lora'), 'lora-2', 'bitfit', 'together');
    form = withCombination(form, 'lora', 'bitfit', 'together');
    expect([...combinationNames(form).values()]).toEqual(['lora+bitfit', 'lora+bitfit-2']);
    expect(keys(form).slice(-2)).toEqual(['lora+bitfit', 'lora+bitfit-2']);
    expect(joined(withoutCopy(form, 'lora-2'))).toEqual([[['bitfit']], [['lora', 'bitfit']]]);
  });

  it('go into a spec and out again, with the rates of stages', () => {
    let form = withCombination(defaultForm(), 'prefix', 'lora', 'then');
    form = withMember(form, 'combination-1', 1, 'bitfit');
    form = withRate(form, 'combination-1', '0.002');
    form = withCombination(form, 'lora', 'ia3', 'together');
    const made = spec(form);
    const again = specToForm(made);
    expect(joined(again)).toEqual([[['prefix'], ['lora', 'bitfit']], [['lora', 'ia3']]]);
    expect(spec(again)).toEqual(made);
    expect(saysAll(made, model, data)).toBe(true);
  });
});
