/** What a verdict says at once, of outcomes of every kind: no two of its sentences may gainsay each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { english, type Sentence } from '../sentence.ts';
import { judgedOn } from './compare.ts';
import type { MethodOutcome, Outcomes } from './outcome.ts';
import { mean } from './samples.ts';
import { verdictOf, type Verdict } from './verdict.ts';
import { verdictText } from './verdict-sentences.ts';

/** Of two sentences that match a pair, one says what the other denies. */
const CONTRADICTIONS: readonly [RegExp, RegExp][] = [
  [/Longer training would not help/, /train longer/],
  [/Longer training would not help/, /[Ss]till (improving|getting better)/],
  [/nothing here is worth keeping\b/, /^(Take|Probably|Too close|\{0\} learned)/],
  [/^(?!.*train longer).*nothing here is worth keeping\.$/, /train longer\.$/],
  [/^No method learned/, /learns? .*by heart/],
  [/^No (method|run) /, /^(Take|Probably|Too close)/],
  [
    /^(Every method diverged|No run came|No method (is left|came))/,
    /^(Take|Probably|Too close|No method learned)/,
  ],
  [/^(Every method diverged|No run came|No method came)/, /left out of the choice/],
  [/^No method (learned|came)/, /six can name a winner/],
  [/seeds would not tell/, /(six|seeds) can (name|give)? ?a winner/],
  [/seeds would not tell/, /^Probably/],
  [/which do not show it\.$/, /^Probably/],
  [/^About \{0\} seeds would tell/, /six can name a winner/],
  [/nothing can be shown/, /^(Take|Probably|Too close)/],
  [/nothing can be shown/, /six can name a winner/],
  [/a difference may be/, /^(No method|Every method diverged|No run)/],
];

/** Sentences of one subject: said twice they would be a stammer, or two counts of it. */
const ONCE = [
  /[Ss]till (improving|getting better)/,
  /by heart/,
  /\bdiverged\b|infinite or undefined/,
  /seeds are an indication|optimistic|With one seed/,
];

type Said = Verdict & { keys: string[]; texts: string[] };

function told(outcomes: Outcomes, defaults: boolean): Said {
  const verdict = verdictOf(outcomes);
  const { sentences, remarks } = verdictText(verdict, outcomes, defaults);
  const all: Sentence[] = [...sentences, ...remarks];
  return { ...verdict, keys: all.map(({ key }) => key), texts: all.map(english) };
}

const CHANCE = 0.5;
const seedLists = fc.constantFrom(1, 2, 3, 5, 6, 8);
/** Several levels and spreads, so that methods tie, lead, trail and scatter. */
const levels = fc.constantFrom(0.3, 0.5, 0.52, 0.6, 0.75, 0.76, 0.9);
const spreads = fc.constantFrom(0, 0.001, 0.01, 0.2);
const shares = fc.constantFrom(0, 0, 0, 1);

function outcomesArbitrary(): fc.Arbitrary<Outcomes> {
  return fc
    .record({
      seeds: seedLists,
      count: fc.integer({ min: 1, max: 4 }),
      rows: fc.constantFrom(0, 4, 12, 60, 200),
      split: fc.constantFrom('test', 'validation', 'train'),
      loss: fc.constantFrom(false, false, true),
    })
    .chain(({ seeds, count, rows, split, loss }) =>
      fc
        .array(methodArbitrary(seeds, loss ? 0 : rows, split), { minLength: count, maxLength: count })
        .map((methods) => ({
          metric: loss ? 'loss' : 'accuracy',
          ...(loss ? { lowerIsBetter: true } : { classes: 2 }),
          methods: methods.map((own, i) => ({
            ...own,
            name: `m${i}`,
            type: `m${i}`,
            peakBytes: 1e8 - i * 3e7,
          })),
          baseline: 'm0',
          reference: loss ? { untuned: 0.6 } : { largestClass: CHANCE, untuned: 0.48 },
          seed: 1,
          resamples: 60,
        })),
    );
}

function methodArbitrary(
  count: number,
  rows: number,
  split: 'test' | 'validation' | 'train',
): fc.Arbitrary<MethodOutcome> {
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  return fc
    .record({
      level: levels,
      spread: spreads,
      noise: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count }),
      train: fc.constantFrom(0, 0.3),
      improving: shares,
      oneClass: shares,
      lost: fc.constantFrom(0, 0, 0, 0, 1, count),
      failed: fc.constantFrom(0, 0, 0, 0, 1, count),
    })
    .map(({ level, spread, noise, train, improving, oneClass, lost, failed }) => {
      const gone = Math.min(count, lost + failed);
      const kept = seeds.slice(gone);
      const scores = kept.map((_, i) => {
        const score = Math.min(1, Math.max(0, level + spread * noise[i]));
        return rows === 0 ? score : Math.round(score * rows) / rows;
      });
      const truth = Array.from({ length: rows }, (_, i) => i % 2);
      return {
        name: '',
        type: '',
        seeds: kept,
        lost: seeds.slice(0, Math.min(lost, count)),
        failed: seeds.slice(Math.min(lost, count), gone),
        scores: { [split]: scores, train: scores.map((score) => Math.min(1, score + train)) },
        improving: kept.map(() => improving === 1),
        oneClass: kept.map(() => oneClass === 1),
        ...(rows > 0 && {
          answers: scores.map((score) => ({
            truth,
            given: truth.map((label, i) => (i < score * rows - 1e-9 ? label : 1 - label)),
          })),
        }),
        trainableParameters: 1000,
        peakBytes: 1,
        seconds: 1,
      };
    });
}

const isWhole = ({ lost, failed = [], seeds }: MethodOutcome): boolean =>
  lost.length + failed.length === 0 && seeds.length > 0;

/** Names that stand in a sentence. */
const namesIn = (text: string): string[] => text.match(/\bm\d\b/g) ?? [];

function check(outcomes: Outcomes, defaults: boolean): void {
  const { keys, texts, take, best, other } = told(outcomes, defaults);
  for (const [one, another] of CONTRADICTIONS) {
    const both = keys.filter((key) => one.test(key)).length > 0 && keys.some((key) => another.test(key));
    expect(both, `${one} and ${another}: ${texts.join(' ')}`).toBe(false);
  }
  for (const subject of ONCE)
    expect(keys.filter((key) => subject.test(key)).length, texts.join(' ')).toBeLessThanOrEqual(1);
  const { methods, lowerIsBetter } = outcomes;
  const broken = methods.filter((method) => !isWhole(method)).map(({ name }) => name);
  for (const chosen of [take, best, other]) expect(broken).not.toContain(chosen);
  for (const text of texts) {
    if (text.startsWith('Every method diverged'))
      expect(methods.every(({ lost }) => lost.length > 0)).toBe(true);
    if (/left out of the choice/.test(text))
      for (const name of namesIn(text)) expect(broken, text).toContain(name);
    if (/^No method learned/.test(text)) expect(methods.some(isWhole), text).toBe(true);
    if (/^No run came/.test(text))
      expect(
        methods.every(({ seeds }) => seeds.length === 0),
        text,
      ).toBe(true);
  }
  if (best === null) return;
  const split = judgedOn(outcomes)!;
  const merit = (name: string): number => {
    const { scores } = methods.find((method) => method.name === name)!;
    return (lowerIsBetter === true ? -1 : 1) * mean(scores[split]!);
  };
  const most = Math.max(...methods.filter(isWhole).map(({ name }) => merit(name)));
  const [main] = texts;
  // What is called the best, or better, is so by its mean.
  if (/the best score,|m\d scores best/.test(main) && !main.includes('of those that learned'))
    expect(merit(best), main).toBe(most);
  if (/ better than m\d/.test(main)) expect(merit(take!), main).toBeGreaterThan(merit(other!));
  if (/ (ahead of|in the mean)/.test(main) && other !== null)
    expect(merit(best), main).toBeGreaterThanOrEqual(merit(other));
  if (/ behind m\d/.test(main)) expect(merit(take!), main).toBeLessThanOrEqual(merit(best));
}

describe('sentences that stand together', () => {
  it('never gainsay each other, nor the outcomes', () => {
    fc.assert(fc.property(outcomesArbitrary(), fc.boolean(), check), { numRuns: 1000 });
  });
});

const SEEDS = [1, 2, 3, 4, 5, 6];

function method(name: string, test: number[], rest: Partial<MethodOutcome> = {}): MethodOutcome {
  return {
    name,
    type: name,
    seeds: SEEDS.slice(0, test.length),
    lost: [],
    scores: { test },
    trainableParameters: 1000,
    peakBytes: name === 'full' ? 1e8 : 4e7,
    seconds: 1,
    ...rest,
  };
}

function of(methods: MethodOutcome[], rest: Partial<Outcomes> = {}): Said {
  const reference = { largestClass: 0.57, untuned: 0.5 };
  const all: Outcomes = { metric: 'accuracy', methods, baseline: 'full', reference, seed: 1, resamples: 200 };
  return told({ ...all, ...rest }, false);
}

describe('what was contradictory once', () => {
  const flat = SEEDS.map(() => 0.56);
  const heart = { scores: { test: flat, train: SEEDS.map(() => 0.95) } };
  it('no more training is advised against where it still helps', () => {
    const both = of([method('full', flat, { ...heart, improving: SEEDS.map(() => true) })]);
    expect(both.texts.slice(1)).toEqual([
      'Get more rows, or look at the labels; nothing here is worth keeping yet.',
      'full knows its training rows by heart: it scores far better on them than on the test set.',
      'Still improving on validation at the last step: full; train longer.',
    ]);
    const alone = of([method('full', flat, heart)]);
    expect(alone.texts[1]).toContain('Longer training would not help');
  });
  it('a method that diverged and one that failed are not "every method"', () => {
    const { code, texts } = of([method('full', [], { lost: [1] }), method('lora', [], { failed: [1] })]);
    expect(code).toBe('diverged');
    expect(texts).toEqual([
      'No method is left to choose: the loss or gradient of full became infinite or undefined.',
      'Lower the learning rates or lengthen the warm-up.',
      'lora could not be trained to its end and is left out of the choice.',
    ]);
  });
  it('one that diverged is not the verdict where the others were only not scored', () => {
    const { code, texts } = of([
      method('full', [], { lost: [1] }),
      method('lora', [], { seeds: [1], scores: { train: [0.9] } }),
    ]);
    expect(code).toBe('nothing-learned');
    expect(texts[0]).toMatch(/^No run was scored/);
  });
  it('methods that failed with a seed did not learn nothing', () => {
    const { texts } = of([method('full', [0.9, 0.91, 0.9], { failed: [4] })]);
    expect(texts).toEqual(['No method came to its end with every seed, so there is nothing to judge.']);
  });
  it('what was stopped before it was scored is not told to hold rows out', () => {
    const unscored = { scores: {}, seeds: [1] };
    const { code, texts } = of([method('full', [], unscored), method('lora', [], unscored)], {
      stopped: true,
    });
    expect(code).toBe('nothing-learned');
    expect(texts).toEqual(['Stopped before the trained weights were scored, so there is nothing to judge.']);
  });
  it('a method that scores more and scatters is no method that was beaten', () => {
    const wild = [0.61, 0.62, 0.9, 0.95, 0.62, 0.9];
    const even = SEEDS.map((seed) => 0.6 + seed / 10_000);
    // What scatters is not shown to have learned, though it is ahead with every seed.
    const dear = of([method('lora', even), method('full', wild)]);
    expect(dear).toMatchObject({ code: 'cheaper-equal', take: 'lora', best: 'lora' });
    expect(dear.texts[0]).toContain('the best score of those that learned');
    const cheap = of([method('full', even), method('lora', wild)]);
    expect(cheap).toMatchObject({ code: 'too-close', best: 'full', other: 'lora' });
    expect(cheap.texts[0]).toContain('of those that learned full scores best');
  });
  it('what no number of seeds would tell is not probable', () => {
    const { code, texts } = of([method('full', [0.851, 0.851, 0.95]), method('lora', [0.85, 0.85, 0.85])]);
    expect(code).toBe('too-close');
    expect(texts[0]).toMatch(/^Too close to call/);
    expect(texts[1]).toMatch(/^Twenty seeds would not tell/);
    expect(texts.join(' ')).not.toContain('six can name');
  });
});
