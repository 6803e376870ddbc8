import { describe, expect, it } from 'vitest';
import { familyOf, headOf, isHeadModule, labelsOf } from './classify.ts';

describe('headOf', () => {
  it.each([
    ['classifier.weight', true],
    ['pre_classifier.bias', true],
    ['classifier.dense.weight', true],
    ['classifier.out_proj.bias', true],
    ['score.weight', true],
    ['model.score.weight', true],
    ['bert.pooler.dense.weight', false],
    ['bert.encoder.layer.0.output.dense.weight', false],
    ['classifier', false],
    ['encoder.classifiers.0.weight', false],
  ])('%s: %s', (name, isHead) => {
    expect(headOf([name])).toEqual(isHead ? [name] : []);
  });
});

describe('isHeadModule', () => {
  it.each([
    ['cls.predictions.transform.dense.weight', true],
    ['lm_head.dense.weight', true],
    ['vocab_transform.weight', true],
    ['generator_predictions.dense.weight', true],
    ['predictions.dense.weight', true],
    ['qa_outputs.weight', true],
    ['classifier.weight', true],
    ['bert.pooler.dense.weight', false],
    ['bert.encoder.layer.0.output.dense.weight', false],
  ])('%s: %s', (name, isHead) => expect(isHeadModule(name)).toBe(isHead));
});

describe('familyOf', () => {
  it('goes by config.json, then by prefix', () => {
    expect(familyOf({ model_type: 'xlm-roberta' }, [])).toBe('roberta');
    expect(familyOf({ model_type: 'deberta-v2' }, ['bert.a.weight'])).toBe('unknown');
    expect(familyOf({}, ['distilbert.embeddings.word_embeddings.weight'])).toBe('distilbert');
    expect(familyOf({}, ['embeddings.word_embeddings.weight'])).toBe('unknown');
  });
});

describe('labelsOf', () => {
  it('names classes as config.json does, or as Hugging Face would', () => {
    expect(labelsOf({ id2label: { '0': 'bad', '1': 'good' } }, 2)).toEqual(['bad', 'good']);
    expect(labelsOf({}, 2)).toEqual(['LABEL_0', 'LABEL_1']);
    expect(labelsOf({ id2label: null }, 1)).toEqual(['LABEL_0']);
  });
});
