import { describe, expect, it } from 'vitest';
import { labelIndex, labelSpace, nearLabels } from './labels.ts';
import { missingLabels } from './missing.ts';
import { started } from '../../tests/support/processor-time.ts';

describe('labelSpace', () => {
  it('takes the order of classes that the file gives', () => {
    const order = ['World', 'Sports', 'Business'];
    expect(labelSpace(['Business', 'World'], {}, undefined, order)).toEqual({ names: order, source: 'file' });
    const generic = { id2label: { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' }, outputs: 3 };
    expect(labelSpace(['Business', 'World'], generic, undefined, order).names).toEqual(order);
    expect(labelSpace(['Other', 'World'], {}, undefined, order).source).toBe('sorted');
    const space = labelSpace(['Business', 'World'], {}, undefined, order);
    expect(['World', ' Business', 'Other', '1'].map((label) => labelIndex(space, label))).toEqual([
      0, 2, -1, -1,
    ]);
  });

  it('sorts by code points, those beyond U+FFFF last', () => {
    const names = ['\u{1f600}', '\uff5e', 'b', 'ab', 'a', '\ud7ff'];
    expect(labelSpace(names).names).toEqual(['a', 'ab', 'b', '\ud7ff', '\uff5e', '\u{1f600}']);
  });

  it('is quick with hundreds of thousands of classes', () => {
    const labels = Array.from({ length: 300_000 }, (_, i) => `x${i}`);
    const seconds = started();
    const space = labelSpace(labels);
    expect(labels.every((label) => space.names[labelIndex(space, label)] === label)).toBe(true);
    expect(nearLabels(labels, space)).toEqual({ matched: [], apart: [] });
    const numbers = labels.map((_, i) => String(i));
    expect(labelSpace(numbers).source).toBe('indices');
    expect(missingLabels(numbers)('-1')).toBe(true);
    // A quarter of a second on a quiet machine; looked up one by one it is hours.
    expect(seconds()).toBeLessThan(20);
  });

  it('takes integers 0..n−1 as class indices', () => {
    expect(labelSpace(['1', '0', '2', '0'])).toEqual({ names: ['0', '1', '2'], source: 'indices' });
    expect(labelSpace(['1.0', '0.0'])).toEqual({ names: ['0', '1'], source: 'indices' });
  });

  it('keeps indices, and the names, of a model with more classes', () => {
    const id2label = { 0: 'no', 1: 'maybe', 2: 'yes' };
    expect(labelSpace(['0', '2'], { id2label })).toEqual({
      names: ['no', 'maybe', 'yes'],
      source: 'indices',
    });
    expect(labelSpace(['0', '1'], { outputs: 3 })).toEqual({ names: ['0', '1', '2'], source: 'indices' });
  });

  it('grows past a model with fewer', () => {
    expect(labelSpace(['0', '1', '2'], { id2label: { 0: 'a', 1: 'b' } }).names).toEqual(['0', '1', '2']);
  });

  it('takes integers that are not 0..n−1 as names', () => {
    expect(labelSpace(['4', '0'])).toEqual({ names: ['0', '4'], source: 'sorted' });
    expect(labelSpace(['-1', '1'])).toEqual({ names: ['-1', '1'], source: 'sorted' });
    expect(labelSpace(['2', '10', '1'])).toEqual({ names: ['1', '10', '2'], source: 'sorted' });
  });

  it('looks other labels up in id2label', () => {
    const id2label = { 0: 'positive', 1: 'negative' };
    const space = labelSpace(['negative', 'positive'], { id2label });
    expect(space).toEqual({ names: ['positive', 'negative'], source: 'id2label' });
    expect(labelIndex(space, 'negative')).toBe(1);
  });

  it('else sorts them by code point', () => {
    const id2label = { 0: 'LABEL_0', 1: 'LABEL_1' };
    expect(labelSpace(['b', 'a', 'B', 'é'], { id2label }).names).toEqual(['B', 'a', 'b', 'é']);
    // U+FF21 sorts before U+1F600, though its UTF-16 unit is the larger.
    expect(labelSpace(['😀', 'Ａ']).names).toEqual(['Ａ', '😀']);
  });
});

describe('labelIndex', () => {
  it('is −1 for what the space has not', () => {
    expect(labelIndex(labelSpace(['0', '1']), '2')).toBe(-1);
    expect(labelIndex(labelSpace(['0', '1']), 'one')).toBe(-1);
    expect(labelIndex(labelSpace(['a', 'b']), '0')).toBe(-1);
  });

  it('does not mind space around a label', () => {
    expect(labelIndex(labelSpace([' a', 'b']), 'a ')).toBe(0);
  });
});

describe('labels and those of a kept classifier', () => {
  const id2label = { 0: 'POSITIVE', 1: 'NEGATIVE', 2: 'Very  Neutral' };
  const model = { id2label, outputs: 3 };

  it.each([
    [
      ['negative', 'positive', 'very neutral'],
      [1, 0, 2],
    ],
    [
      ['Negative', ' POSITIVE ', 'VeryNeutral'],
      [1, 0, 2],
    ],
    [
      ['ＮＥＧＡＴＩＶＥ', 'positive'],
      [1, 0],
    ],
    [
      ['negative', 'NEGATIVE', 'Positive'],
      [1, 1, 0],
    ],
  ])('are matched whatever their case and spacing: %j', (labels, indices) => {
    const space = labelSpace(labels, model);
    expect(space).toEqual({ names: Object.values(id2label), source: 'id2label' });
    expect(labels.map((label) => labelIndex(space, label))).toEqual(indices);
    expect(labelIndex(space, 'neither')).toBe(-1);
  });

  it('are told apart by case where the model tells its own apart by it', () => {
    const cased = { id2label: { 0: 'May', 1: 'may' }, outputs: 2 };
    expect(labelIndex(labelSpace(['may', 'May'], cased), 'may')).toBe(1);
    expect(() => labelSpace(['MAY', 'may'], cased)).toThrow(/are not those/);
  });

  it.each([[['pos', 'neg', 'neu']], [['negative', 'positive', 'mixed']], [['1', '2', '3']]])(
    'are asked about where they differ more: %j',
    (labels) => {
      expect(() => labelSpace(labels, model)).toThrow(
        /^The labels ".*" are not those that the model's classifier was made for, "POSITIVE", "NEGATIVE", "Very Neutral": say in data\.labels which is which \("[^"]+": "POSITIVE" or another, and so on\), or set model\.head to "fresh" to train a new classifier\.$/,
      );
      expect(labelSpace(labels, { ...model, fresh: true }).source).toBe('sorted');
    },
  );

  it('are asked about in few words, however many and long they are', () => {
    const many = Array.from({ length: 40 }, (_, i) => `${i} ${'long '.repeat(30)}`);
    const named = { id2label: Object.fromEntries(many.map((name, i) => [i, `not ${name}`])), outputs: 40 };
    expect.assertions(1);
    try {
      labelSpace(many, named);
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(400);
    }
  });

  it('need no asking where the last layer starts anew, or its outputs have no names', () => {
    expect(labelSpace(['a', 'b'], model).names).toEqual(['a', 'b']);
    expect(labelSpace(['a', 'b'], { id2label: { 0: 'LABEL_0', 1: 'LABEL_1' }, outputs: 2 }).source).toBe(
      'sorted',
    );
  });

  it('are what data.labels calls them', () => {
    const space = labelSpace(['bad', 'good', 'ok'], model, {
      good: 'positive',
      bad: 'NEGATIVE',
      ok: 'Very neutral',
    });
    expect(['good', 'bad', 'ok', 'NEGATIVE'].map((label) => labelIndex(space, label))).toEqual([0, 1, 2, 1]);
    const merged = labelSpace(['1 star', '2 stars', '5 stars'], {}, { '1 star': 'bad', '2 stars': 'bad' });
    expect(merged.names).toEqual(['5 stars', 'bad']);
    expect(labelIndex(merged, '2 stars')).toBe(1);
    const numbered = labelSpace(['no', 'yes'], {}, { no: '0', yes: '1' });
    expect(numbered).toMatchObject({ names: ['0', '1'], source: 'indices' });
    expect(labelIndex(numbered, 'yes')).toBe(1);
  });
});

describe('nearLabels', () => {
  it('tells what was matched, and what was not', () => {
    const model = { id2label: { 0: 'HAM', 1: 'SPAM' }, outputs: 2 };
    expect(nearLabels(['ham', 'SPAM', 'ham'], labelSpace(['ham', 'SPAM'], model))).toEqual({
      matched: [['ham', 'HAM']],
      apart: [],
    });
    const unseen = ['bad', 'bad\u200b', 'very good', 'very\u00a0good', 'soft\u00adly', 'softly'];
    expect(nearLabels(unseen, labelSpace(unseen)).apart).toEqual([
      ['bad', 'bad\u200b'],
      ['very good', 'very\u00a0good'],
      ['soft\u00adly', 'softly'],
    ]);
    const labels = ['spam', 'Spam', 'not spam', 'ham', 'not  spam', '', 'SPAM'];
    expect(nearLabels(labels, labelSpace(labels))).toEqual({
      matched: [],
      apart: [
        ['spam', 'Spam'],
        ['not spam', 'not  spam'],
        ['spam', 'SPAM'],
      ],
    });
  });
});
