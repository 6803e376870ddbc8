import { say } from '../../sentence.ts';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, defaultOptions } from '../../deltas/catalogue.ts';
import type { MethodType } from '../../deltas/defaults.ts';
import type { DataSummary, ModelSummary } from '../../protocol/messages.ts';
import { comparisonSpecs, readSpec } from '../../runs/spec.ts';
import {
  defaultForm,
  enabledMethods,
  formErrors,
  methodFields,
  TRAINING_FIELDS,
  withCopy,
  withDraft,
  withoutCopy,
  type Form,
} from './form.ts';
import { readField, splitTargets, writeField, type Field } from './form-fields.ts';
import { draftNames } from './form-names.ts';
import { judgingMetrics } from './form-metric.ts';
import { formToSpec, readJson, saysAll, specToForm } from './form-spec.ts';

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
  tasks: ['classification', 'regression', 'maskedLm'],
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
  fileRows: { train: 4, validation: 2 },
  classes: [],
  labelSource: 'sorted',
  notes: [],
};

const field = (name: string): Field =>
  [...methodFields('lora'), ...TRAINING_FIELDS].find((one) => one.name === name)!;
const setField = (form: Form, id: string, name: string, text: string): Form =>
  withDraft(form, id, (draft) => ({ ...draft, fields: { ...draft.fields, [name]: text } }));
const tick = (form: Form, id: string, enabled: boolean): Form =>
  withDraft(form, id, (draft) => ({ ...draft, enabled }));

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
    ['1', 'dropout', null],
    ['', 'learningRateRatio', undefined],
    ['true', 'dora', true],
    ['pissa', 'initialization', 'pissa'],
    ['other', 'initialization', null],
    ['q, encoder.3.self.v\n/layer\\.[0,1]\\./', 'targets', ['q', 'encoder.3.self.v', '/layer\\.[0,1]\\./']],
    ['/(/', 'targets', null],
    [' , ', 'targets', null],
    ['q: 16, ffn.in: 4', 'rankPattern', { q: 16, 'ffn.in': 4 }],
    ['q: 1.5', 'rankPattern', null],
    ['q: 1.5', 'alphaPattern', { q: 1.5 }],
    ['16', 'rankPattern', null],
  ] as const)('%j for %s is %j', (text, name, expected) => {
    expect(readField(text, field(name))).toEqual(expected);
  });

  it('reads back what it writes', () => {
    expect(splitTargets(writeField(['q', '/a{1,2}/']))).toEqual(['q', '/a{1,2}/']);
    expect(readField(writeField({ q: 4 }), field('rankPattern'))).toEqual({ q: 4 });
  });
});

describe('formToSpec', () => {
  it('gives a spec that the schema accepts, with every method and its options', () => {
    const form = setField(defaultForm(), 'lora', 'rank', '4');
    const spec = formToSpec(form, model, data);
    const runs = comparisonSpecs(readSpec(spec));
    expect(runs.map((run) => run.key)).toEqual(['full', 'lora', 'prompt', 'head']);
    expect(runs[1].spec.method).toMatchObject({ type: 'lora', rank: 4, alpha: 16, targets: ['q', 'v'] });
    expect(runs[2].spec.training.optimizer.learningRate).toBe(2e-2);
    expect(runs[0].spec.data).toMatchObject({ train: 'train.tsv', validation: 'dev.tsv' });
    expect(new Set(runs.map((run) => run.spec.training.seed))).toEqual(new Set([42]));
  });

  it('completes every method to its documented defaults, whatever the form has of them', () => {
    const read: Record<string, object> = { ipt: { prompts: ['a', 'b'] }, fusion: { adapters: ['c', 'd'] } };
    const form = {
      ...defaultForm(),
      methods: defaultForm().methods.map((one) => ({
        ...one,
        enabled: true,
        ...read[one.type],
      })),
    };
    const runs = comparisonSpecs(readSpec(formToSpec(form, model, data)));
    for (const { spec } of runs) {
      const type = (spec.method as { type: MethodType }).type;
      expect(spec.method).toEqual({ ...defaultOptions(type), ...read[type] });
      expect(spec.training.optimizer.learningRate).toBe(CATALOGUE[type].learningRate);
    }
  });

  it('takes the advanced fields once they differ', () => {
    let form = setField(defaultForm(), 'lora', 'dora', 'true');
    form = { ...form, training: { ...form.training, schedule: 'cosine', patience: '2', trainRows: '50' } };
    const [, lora] = comparisonSpecs(readSpec(formToSpec(form, model, data)));
    expect(lora.spec.method).toMatchObject({ dora: true });
    expect(lora.spec.training).toMatchObject({
      schedule: { type: 'cosine' },
      earlyStopping: { patience: 2 },
    });
    expect(lora.spec.data.limit).toEqual({ train: 50 });
    form = { ...form, training: { ...form.training, headLearningRate: '2e-3' } };
    const spec = formToSpec(form, model, data);
    expect(
      comparisonSpecs(readSpec(spec)).map((run) => run.spec.training.optimizer.headLearningRate),
    ).toEqual(Array(4).fill(2e-3));
    expect(specToForm(spec!).training.headLearningRate).toBe('0.002');
  });

  it('weighs classes alike, balanced, or by hand', () => {
    const weights = (text: string) => {
      const form = defaultForm();
      form.training.classWeights = text;
      return formToSpec(form, model, data);
    };
    expect(weights('none')?.data).not.toHaveProperty('classWeights');
    expect(weights('balanced')?.data?.classWeights).toBe('balanced');
    const byHand = weights('{"a, b":2.5,"c":1}')!;
    expect(byHand.data?.classWeights).toEqual({ 'a, b': 2.5, c: 1 });
    expect(specToForm(byHand).training.classWeights).toBe('{"a, b":2.5,"c":1}');
    expect(saysAll(byHand, model, data)).toBe(true);
    for (const text of ['', 'even', '{"a":0}', '{"a":"x"}', '[1]']) expect(weights(text)).toBeNull();
  });

  it('holds rows out when there is no validation file', () => {
    const cut = { ...data, files: { train: 'train.tsv', validation: null }, validationCut: true };
    expect(formToSpec(defaultForm(), model, cut)?.data?.validation).toBe(0.1);
    const large = { ...cut, fileRows: { train: 200_000, validation: 0 } };
    expect(formToSpec(defaultForm(), model, large)?.data?.validation).toBe(0.01);
  });

  it('gives nothing while a field of a ticked method does not read', () => {
    let form = setField(defaultForm(), 'lora', 'rank', 'x');
    form.training.steps = '0';
    expect(formErrors(form, data)).toEqual(['lora.rank', 'training.steps']);
    expect(formToSpec(form, model, data)).toBeNull();
    form.training.steps = '10';
    form = tick(form, 'lora', false);
    expect(formErrors(form, data)).toEqual([]);
    expect(formToSpec(form, model, data)?.compare).toHaveLength(3);
  });

  it('gives nothing when no method is ticked, or the data cannot be used', () => {
    const form = {
      ...defaultForm(),
      methods: defaultForm().methods.map((one) => ({ ...one, enabled: false })),
    };
    expect(formToSpec(form, model, data)).toBeNull();
    expect(formToSpec(defaultForm(), model, { ...data, problem: { message: say`no`, rows: [] } })).toBeNull();
  });
});

describe('a method that stands twice', () => {
  const twice = (): Form => setField(withCopy(defaultForm(), 'lora'), 'lora-2', 'rank', '16');

  it('is named by what differs', () => {
    expect([...draftNames(enabledMethods(twice()))]).toEqual([
      ['full', null],
      ['lora', 'lora-r8'],
      ['lora-2', 'lora-r16'],
      ['prompt', null],
      ['head', null],
    ]);
    const keys = comparisonSpecs(readSpec(formToSpec(twice(), model, data))).map(({ key }) => key);
    expect(keys).toEqual(['full', 'lora-r8', 'lora-r16', 'prompt', 'head']);
  });

  it('is numbered where nothing does, and goes when it is removed', () => {
    const same = withCopy(defaultForm(), 'lora');
    expect(comparisonSpecs(readSpec(formToSpec(same, model, data))).map(({ key }) => key)).toContain(
      'lora-2',
    );
    expect(withoutCopy(same, 'lora-2').methods).toHaveLength(defaultForm().methods.length);
    expect(withoutCopy(same, 'lora').methods).toHaveLength(same.methods.length);
  });
});

describe('specs as JSON', () => {
  it('go into the form and out again', () => {
    let form = setField(withCopy(defaultForm(), 'lora'), 'lora-2', 'targets', 'q, /key/');
    form = tick(form, 'adapter', true);
    form = withDraft(form, 'lora', (draft) => ({ ...draft, init: 'lora-adapter' }));
    const spec = formToSpec(form, model, data)!;
    expect(formToSpec(specToForm(spec), model, data)).toEqual(spec);
    expect(spec.compare?.map(({ method }) => (method as { init?: string }).init)).toContain('lora-adapter');
    expect(saysAll(spec, model, data)).toBe(true);
  });

  it('count instead of the fields, and may say more than these', () => {
    const spec = formToSpec(defaultForm(), model, data)!;
    const combined = { ...spec, compare: [{ method: [{ type: 'lora' }, { type: 'bitfit' }] }] };
    const form = { ...defaultForm(), json: JSON.stringify(combined) };
    expect(formToSpec(form, model, data)?.compare).toHaveLength(1);
    expect(saysAll(formToSpec(form, model, data)!, model, data)).toBe(false);
  });

  it('are refused by the path of the field, for another model or file too', () => {
    const spec = formToSpec(defaultForm(), model, data)!;
    const read = (change: object) => () => readJson(JSON.stringify({ ...spec, ...change }), model, data);
    expect(read({ training: { steps: -1 } })).toThrow(/^training\.steps: got -1/);
    expect(read({ model: { source: 'other' } })).toThrow(/^model\.source: got "other", but "builtin:/);
    expect(read({ data: { ...spec.data, train: 'x.tsv' } })).toThrow(/^data\.train: got "x\.tsv"/);
  });
});

describe('several tasks', () => {
  const trec = {
    ...data,
    name: 'TREC rows.tsv',
    files: { train: 'trec.tsv', validation: null },
    validationCut: true,
    fileRows: { train: 100, validation: 0 },
  };
  const two: DataSummary = { ...data, more: [{ name: 'trec', data: trec }] };

  it('stand in the spec with their files, in order, and come back from it', () => {
    const form = defaultForm();
    form.training = { ...form.training, taskSampling: 'equal', maxLength: '24' };
    const spec = formToSpec(form, model, two)!;
    expect(spec.data).toBeUndefined();
    expect(spec.tasks).toMatchObject([
      { name: 'reviews', train: 'train.tsv', validation: 'dev.tsv', maxLength: 24 },
      { name: 'trec', train: 'trec.tsv', validation: 0.1, maxLength: 24 },
    ]);
    expect(comparisonSpecs(readSpec(spec))[0].spec.training.taskSampling).toBe('equal');
    expect(saysAll(spec, model, two)).toBe(true);
    expect(saysAll(spec, model, data)).toBe(false);
  });

  it('have label words of their own', () => {
    const classes = [
      { label: 'good', train: 5, validation: 5 },
      { label: 'bad', train: 5, validation: 5 },
    ];
    const worded = {
      ...data,
      task: 'maskedLm' as const,
      columns: { text: ['sentence'], label: 'label' },
      classes,
    };
    const masked: DataSummary = {
      ...worded,
      more: [{ name: 'trec', data: { ...worded, ...trec, task: 'maskedLm', classes } }],
    };
    const form = defaultForm();
    form.tasks = { trec: { template: '{mask}: {text}', words: { good: 'fine' } } };
    const spec = formToSpec(form, model, masked)!;
    expect(spec.tasks).toMatchObject([
      { template: '{text} It was {mask}.', verbalizer: { good: 'good', bad: 'bad' } },
      { template: '{mask}: {text}', verbalizer: { good: 'fine', bad: 'bad' } },
    ]);
    expect(formToSpec(specToForm(spec), model, masked)).toEqual(spec);
    form.tasks = { trec: { template: 'no slot', words: {} } };
    expect(formToSpec(form, model, masked)).toBeNull();
  });

  it('written by hand are those that are loaded', () => {
    const spec = formToSpec(defaultForm(), model, two)!;
    const read =
      (change: object, loaded = two) =>
      () =>
        readJson(JSON.stringify({ ...spec, ...change }), model, loaded);
    expect(read({})().tasks).toHaveLength(2);
    expect(read({}, data)).toThrow(/^tasks: 2 of them stand here and 1 are loaded/);
    const [first, second] = spec.tasks!;
    expect(read({ tasks: [first, { ...second, train: 'x.tsv' }] })).toThrow(
      /^tasks\[1\]\.train: got "x\.tsv"/,
    );
  });
});

describe('seeds, test rows and the method to compare with', () => {
  const training = (fields: Record<string, string>): Form => {
    const form = defaultForm();
    return { ...form, training: { ...form.training, ...fields } };
  };

  it('stand in the spec where they are given, and come back from it', () => {
    const form = training({ repeats: '3', testShare: '0.2', baseline: 'head' });
    const spec = formToSpec(form, model, data)!;
    expect(spec).toMatchObject({ repeats: 3, baseline: 'head', data: { test: 0.2 } });
    expect(comparisonSpecs(readSpec(spec))).toHaveLength(3 * enabledMethods(form).length);
    expect(specToForm(spec).training).toMatchObject({ repeats: '3', testShare: '0.2', baseline: 'head' });
    expect(saysAll(spec, model, data)).toBe(true);
    const plain = formToSpec(defaultForm(), model, data)!;
    expect([plain.repeats, plain.seeds, plain.baseline, plain.data!.test]).toEqual(Array(4).fill(undefined));
  });

  it('by hand count in place of how many', () => {
    const spec = formToSpec(training({ repeats: '3', seeds: '7, 1 9' }), model, data)!;
    expect([spec.seeds, spec.repeats]).toEqual([[7, 1, 9], undefined]);
    expect(specToForm(spec).training.seeds).toBe('7, 1, 9');
    for (const seeds of ['1, 1', '1.5', 'a', '-1', '4294967296'])
      expect(formErrors(training({ seeds }), data), seeds).toEqual(['training.seeds']);
  });

  it('leave out a method to compare with that is not ticked, and a share where a file is the test', () => {
    expect(formToSpec(training({ baseline: 'bitfit' }), model, data)!.baseline).toBeUndefined();
    const tested = { ...data, files: { ...data.files, test: 'exam.tsv' } };
    expect(formToSpec(training({ testShare: '0.2' }), model, tested)!.data?.test).toBe('exam.tsv');
    expect(formErrors(training({ testShare: '7' }), tested)).toEqual([]);
    expect(formErrors(training({ testShare: '1' }), data)).toEqual(['training.testShare']);
  });
});

describe('the metric that judges', () => {
  const asked = (metric: string, of: DataSummary = data) =>
    formToSpec({ ...defaultForm(), training: { ...defaultForm().training, metric } }, model, of);

  it('is the one that was chosen, there and back, and checked by the spec', () => {
    const spec = asked('matthews')!;
    expect(spec.training?.metric).toBe('matthews');
    expect(comparisonSpecs(readSpec(spec))[0].spec.training.metric).toBe('matthews');
    expect(formToSpec(specToForm(spec), model, data)).toEqual(spec);
  });

  it('is left to the task where it has no such metric, as after other data were chosen', () => {
    expect(asked('')?.training).not.toHaveProperty('metric');
    expect(asked('accuracy')?.training).not.toHaveProperty('metric');
    const scored: DataSummary = { ...data, task: 'regression' };
    expect(asked('matthews', scored)?.training).not.toHaveProperty('metric');
    expect(comparisonSpecs(readSpec(asked('spearman', scored)))[0].spec.training.metric).toBe('spearman');
    expect(judgingMetrics(scored)).toEqual(['pearson', 'spearman', 'loss']);
  });

  it('is of label words where texts are classified, of texts where they are written', () => {
    const written: DataSummary = { ...data, task: 'text2text', columns: { text: ['a'], target: 'b' } };
    expect(judgingMetrics(written)).toContain('rougeL');
    expect(judgingMetrics(written)).not.toContain('accuracy');
    const words: DataSummary = { ...data, task: 'text2text' };
    expect(judgingMetrics(words)).toEqual(['accuracy', 'f1', 'matthews', 'loss', 'exactMatch']);
  });
});
