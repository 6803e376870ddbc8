import { describe, expect, it } from 'vitest';
import { labelIndex, labelSpace } from './labels.ts';

describe('labelSpace', () => {
  it('takes integers 0..n−1 as class indices', () => {
    expect(labelSpace(['1', '0', '2', '0'])).toEqual({ names: ['0', '1', '2'], source: 'indices' });
    expect(labelSpace(['1.0', '0.0', ''])).toEqual({ names: ['0', '1'], source: 'indices' });
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
