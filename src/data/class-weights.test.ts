import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { english } from '../sentence.ts';
import { classWeights, type ClassWeights } from './class-weights.ts';
import type { LabelSpace } from './labels.ts';

const SPACE: LabelSpace = { names: ['ham', 'spam', 'other'], source: 'sorted', aliases: { S: 'spam' } };
const LABELS = [0, 0, 0, 0, 1, 0, 2, 1];

function refusal(wanted: ClassWeights, labels: number[] = LABELS): string {
  try {
    classWeights(wanted, SPACE, labels);
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    return (error as StudioError).message;
  }
  throw new Error('it was accepted');
}

describe('classWeights', () => {
  it('balances as scikit-learn does: rows / (classes × rows of the class)', () => {
    expect(classWeights('balanced', SPACE, LABELS)).toEqual({
      weights: [8 / (3 * 5), 8 / (3 * 2), 8 / 3],
      notes: [],
    });
  });

  it('takes weights by label, also by what the files call it; a class that is not named weighs 1', () => {
    expect(classWeights({ S: 3 }, SPACE, LABELS).weights).toEqual([1, 3, 1]);
    expect(classWeights({ other: 0.5, ham: 2 }, SPACE, LABELS).weights).toEqual([2, 1, 0.5]);
  });

  it('takes the names of the classes where labels of the files are indices', () => {
    const space: LabelSpace = { names: ['NEG', 'POS'], source: 'indices' };
    expect(classWeights({ 0: 2, POS: 3 }, space, [0, 1]).weights).toEqual([2, 3]);
    expect(() => classWeights({ 1: 2, POS: 3 }, space, [0, 1])).toThrow('the same class');
  });

  it('refuses what it cannot weigh, by name', () => {
    expect(refusal({ egg: 1 })).toBe(
      'data.classWeights has a weight for "egg", which is none of the classes "ham", "spam", "other".',
    );
    expect(refusal({ S: 1, spam: 2 })).toMatch(/"S" and one for "spam", which are the same class/);
    expect(refusal('balanced', [0, 1, 0])).toMatch(/no training row is of class "other"/);
  });

  it('says where a weight does nothing', () => {
    const { weights, notes } = classWeights({ other: 5 }, SPACE, [0, 1, 0]);
    expect(weights).toEqual([1, 1, 5]);
    expect(notes.map(english)).toEqual([
      'The weight of class "other" does nothing: no training row is of that class.',
    ]);
  });
});
