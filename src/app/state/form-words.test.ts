import { describe, expect, it } from 'vitest';
import { comparisonSpecs, readSpec } from '../../runs/spec.ts';
import { defaultForm, formErrors, trainingFields } from './form.ts';
import { formToSpec, saysAll, specToForm, wordProblem } from './form-spec.ts';
import { readableWords, usualWord } from './form-words.ts';

const model = { source: 'tiny-t5' };
const rows = {
  name: 'rows',
  files: { train: 'train.tsv', validation: 'dev.tsv' },
  fileRows: { train: 100, validation: 100 },
  validationCut: false,
};
const classes = ['0', '1'].map((label) => ({ label, train: 4, validation: 2 }));
const free = { ...rows, task: 'text2text' as const, columns: { text: ['source'], target: 'target' } };
const words = { ...rows, task: 'text2text' as const, columns: { text: ['text'], label: 'label' }, classes };
const masked = { ...words, task: 'maskedLm' as const };
const pair = { ...masked, columns: { text: ['a', 'b'], label: 'label' } };

const specOf = (form: ReturnType<typeof defaultForm>, data: typeof free | typeof words | typeof masked) =>
  comparisonSpecs(readSpec(formToSpec(form, model, data)))[0].spec;

describe('a form over texts and words', () => {
  it('writes free targets, within their limit', () => {
    const form = defaultForm();
    form.training.maxTargetLength = '12';
    form.training.generationRows = '5';
    const { data, generation, model: asked } = specOf(form, free);
    expect(asked.task).toBe('text2text');
    expect(data).toMatchObject({ columns: free.columns, maxTargetLength: 12 });
    expect(data.template).toBeUndefined();
    expect(generation).toEqual({ rows: 5, beams: 1, maxNewTokens: 12 });
  });

  it('answers labels with their words, few of each', () => {
    const form = { ...defaultForm(), template: 'say {text}', words: { 1: ' good ' } };
    form.training.fewShot = '4';
    const { data } = specOf(form, words);
    expect(data).toMatchObject({
      template: 'say {text}',
      verbalizer: { 0: 'no', 1: 'good' },
      fewShot: 4,
    });
  });

  it('masks a word in a template that suits one text or two', () => {
    expect(specOf(defaultForm(), masked).data.template).toBe('{text} It was {mask}.');
    expect(specOf(defaultForm(), pair).data.template).toBe('{text} {mask}, {text2}');
    expect(specOf(defaultForm(), masked).data.maxTargetLength).toBeUndefined();
    expect(specOf(defaultForm(), masked).generation).toBeUndefined();
  });

  it('says what is wrong with a template or a word by its field, and asks for nothing meanwhile', () => {
    const problem = (change: object, data: typeof words | typeof masked = words) => {
      const form = { ...defaultForm(), ...change };
      expect(formToSpec(form, model, data)).toBeNull();
      return wordProblem(form, data);
    };
    expect(problem({ template: 'no text' })).toMatchObject({ where: 'data.template' });
    expect(problem({ template: '{text}' }, masked)).toMatchObject({ where: 'data.template' });
    expect(problem({ words: { 0: '' } })).toMatchObject({ where: 'data.verbalizer.0' });
    expect(problem({ words: { 0: 'yes' } })?.message).toContain('"yes" stands for two');
    expect(wordProblem(defaultForm(), free)).toBeNull();
  });

  it('goes through a spec and back', () => {
    const form = { ...defaultForm(), template: 'say {text}', words: { 0: 'bad', 1: 'good' } };
    const spec = formToSpec(form, model, words)!;
    expect(formToSpec(specToForm(spec), model, words)).toEqual(spec);
    expect(saysAll(spec, model, words)).toBe(true);
  });

  it('shows the fields that have a meaning, and minds only these', () => {
    const names = (asks: Parameters<typeof trainingFields>[0]) =>
      trainingFields(asks).map(({ name }) => name);
    expect(names(free)).toContain('maxTargetLength');
    expect(names(free)).not.toContain('fewShot');
    expect(names(free)).not.toContain('pooling');
    expect(names(masked)).toContain('fewShot');
    expect(names(null)).not.toContain('beams');
    const form = defaultForm();
    form.training.maxTargetLength = 'x';
    expect(formErrors(form, free)).toEqual(['training.maxTargetLength']);
    expect(formErrors(form, masked)).toEqual([]);
  });

  it('looks at rows with the words that read so far', () => {
    const form = { ...defaultForm(), template: 'half a {tex', words: { 0: '' } };
    expect(readableWords(form, words)).toEqual({});
    expect(readableWords({ ...form, template: 'say {text}', words: {} }, words)).toEqual({
      template: 'say {text}',
      verbalizer: { 0: 'no', 1: 'yes' },
    });
    expect(usualWord('sports', ['sports', 'world'])).toBe('sports');
  });
});
