import { describe, expect, it } from 'vitest';
import { english } from '../sentence.ts';
import type { MethodOutcome, Outcomes } from './outcome.ts';
import { noteSentence } from './verdict-notes.ts';
import { verdictOf, type VerdictCode } from './verdict.ts';

const TRUTH = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3];

function method(name: string, given: number[][]): MethodOutcome {
  return {
    name,
    type: name,
    seeds: given.map((_, i) => i),
    lost: [],
    scores: { test: given.map(() => 0.8) },
    answers: given.map((own) => ({ truth: TRUTH, given: own })),
    trainableParameters: 1,
    peakBytes: 1,
    seconds: 1,
  };
}

function told(code: VerdictCode, methods: string[], all: MethodOutcome[], names: string[] | null): string {
  const outcomes: Outcomes = {
    metric: 'accuracy',
    classes: 4,
    ...(names && { classNames: names }),
    methods: all,
    baseline: all[0].name,
    reference: {},
    seed: 1,
    resamples: 10,
  };
  return english(noteSentence({ code, methods }, verdictOf(outcomes), outcomes));
}

const NAMES = ['ABBR', 'DESC', 'HUM', 'LOC'];
const without = (...labels: number[]) => TRUTH.map((label) => (labels.includes(label) ? 0 : label));

describe('a class that is never answered', () => {
  const some = [
    method('lora', [without(2), without(2, 3), without(2)]),
    method('head', [without(2, 3), without(2, 3), without(3)]),
    method('full', [TRUTH, TRUTH, TRUTH]),
  ];
  it('is named, with its rows', () => {
    expect(told('one-class', ['lora'], some, NAMES)).toBe('lora never answers HUM (2 of the 10 rows).');
    expect(told('one-class', ['head'], some, NAMES)).toBe(
      'head never answers HUM and LOC (4 of the 10 rows).',
    );
  });
  it('is named of several methods where all of them leave it out', () => {
    expect(told('one-class', ['head', 'lora'], some, NAMES)).toBe(
      'head and lora never answer HUM (2 of the 10 rows).',
    );
    expect(told('one-class', ['head', 'lora'], some.slice(0, 2), NAMES)).toBe(
      'No method ever answers HUM (2 of the 10 rows).',
    );
  });
  it('is not named where the methods differ, or names are not known', () => {
    const other = [method('lora', [without(2)]), method('head', [without(3)])];
    expect(told('one-class', ['head', 'lora'], other, NAMES)).toBe(
      'Every method leaves a class that is there out of its answers.',
    );
    expect(told('one-class', ['lora'], some, null)).toBe('lora never answers a class that is there.');
  });
});

it('what holds of every method does not list them', () => {
  const all = [method('lora', [TRUTH]), method('head', [TRUTH])];
  expect(told('undertrained', ['head', 'lora'], all, NAMES)).toBe(
    'Every method was still getting better on validation at its last step: train longer.',
  );
  expect(told('undertrained', ['head'], all, NAMES)).toBe(
    'Still improving on validation at the last step: head; train longer.',
  );
  expect(told('overfitted', ['head', 'lora'], all, NAMES)).toBe(
    'Every method knows its training rows by heart: it scores far better on them than on the test set.',
  );
});
