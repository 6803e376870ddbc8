import { describe, expect, it } from 'vitest';
import { readStudy } from '../../../study/read-study.ts';
import { tabOf } from '../tab.ts';
import { DEFAULT_STUDY, ownKey, readStudyForm, studyFiles, studyJson, type StudyForm } from './study-form.ts';

const file = (name: string) => new File(['text\tlabel\n'], name);
const own = { name: 'days', train: file('train.tsv'), validation: file('dev.tsv'), test: null };
const card = {
  name: 'shop-reviews',
  kind: 'sentiment',
  train: 'builtin:shop-reviews/train.tsv',
  validation: 0.1,
};
const jsonOf = (changed: Partial<StudyForm>) =>
  JSON.parse(studyJson({ ...DEFAULT_STUDY, ...changed }, [own], null)) as Record<string, unknown>;

describe('the form of a study', () => {
  it('is a description that the command line reads', () => {
    const json = studyJson(
      {
        ...DEFAULT_STUDY,
        datasets: ['shop-reviews', ownKey(own)],
        methods: ['lora', 'head'],
        rates: { lora: '0.002', prompt: '9' },
        fields: { ...DEFAULT_STUDY.fields, seeds: '2', trainRows: '64' },
      },
      [own],
      null,
    );
    const study = readStudy(json, 'performance', { builtinTask: () => card });
    expect(study.seeds).toHaveLength(2);
    expect(study.datasets.map(({ name }) => name)).toEqual(['shop-reviews', 'days']);
    const drafts = study.runs({
      model: study.models[0],
      data: study.datasets[1],
      methods: study.entries(['full']),
    });
    expect(drafts.map(({ factors }) => factors.method)).toEqual(['lora', 'lora', 'head', 'head']);
    const [{ spec }] = drafts;
    expect(spec.training.optimizer.learningRate).toBe(0.002);
    expect(spec.data).toMatchObject({
      train: 'days/train.tsv',
      validation: 'days/dev.tsv',
      test: 0.2,
      limit: { train: 64 },
    });
    expect(Object.keys(studyFiles([own]))).toEqual(['days/train.tsv', 'days/dev.tsv']);
  });

  it('gives the values that the experiment runs over, and no others', () => {
    const options = { ranks: '1, 8', shots: '16, all', templates: 'true', starts: 'false' };
    expect(jsonOf({ experiment: 'sensitivity', options }).study).toEqual({ ranks: [1, 8] });
    expect(jsonOf({ experiment: 'combination', options }).study).toEqual({
      shots: [16, null],
      templates: [true],
    });
    expect(jsonOf({ experiment: 'transfer', options }).study).toEqual({ starts: false });
    expect(jsonOf({ experiment: 'performance', options }).study).toBeUndefined();
  });

  it('asks an encoder and decoder for texts', () => {
    expect(jsonOf({ models: ['builtin:bert-l4-h128', 'builtin:t5-l3-h128'] }).models).toEqual([
      'builtin:bert-l4-h128',
      { source: 'builtin:t5-l3-h128', task: 'text2text' },
    ]);
  });

  it('leaves what does not read to be refused by its name', () => {
    const json = studyJson(
      { ...DEFAULT_STUDY, fields: { ...DEFAULT_STUDY.fields, steps: 'many' } },
      [],
      null,
    );
    expect(() => readStudy(json, 'performance', { builtinTask: () => card })).toThrow(
      'training.steps: got "many" (a string); expected an integer from 0',
    );
  });

  it.each([
    [
      'combination',
      { templates: 'true, no' },
      'study.templates[1]: got "no" (a string); expected a list of true and false',
    ],
    ['transfer', { starts: 'yes' }, 'study.starts: got "yes" (a string); expected true or false'],
    [
      'sensitivity',
      { ranks: '1, many' },
      'study.ranks[1]: got "many" (a string); expected an integer from 1',
    ],
  ] as const)('refuses values of %s that are none: %j', (experiment, options, message) => {
    const json = studyJson({ ...DEFAULT_STUDY, experiment, options }, [], null);
    expect(() => readStudy(json, experiment, { builtinTask: () => card })).toThrow(message);
  });

  it('reads what was kept, and puts right what is none', () => {
    expect(readStudyForm(null)).toEqual(DEFAULT_STUDY);
    expect(
      readStudyForm({ experiment: 'nothing', methods: ['lora', 'magic'], fields: { steps: '7' } }),
    ).toEqual({
      ...DEFAULT_STUDY,
      methods: ['lora'],
      fields: { ...DEFAULT_STUDY.fields, steps: '7' },
    });
  });
});

it('knows the tab of an address', () => {
  expect(tabOf('')).toEqual({ tab: 'compare', experiment: null });
  expect(tabOf('#study')).toEqual({ tab: 'study', experiment: null });
  expect(tabOf('#study=memory')).toEqual({ tab: 'study', experiment: 'memory' });
  expect(tabOf('#study=nothing')).toEqual({ tab: 'study', experiment: null });
  expect(tabOf('#spec=1.abc')).toBeNull();
});
