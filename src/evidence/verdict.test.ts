import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { said } from '../app/i18n/said.ts';
import { PhiloxStream } from '../graph/philox.ts';
import { english } from '../sentence.ts';
import { differencesTo } from './compare.ts';
import { pairsToClaim, signFlipTest, smallestP } from './sign-flip.ts';
import type { MethodOutcome, Outcomes } from './outcome.ts';
import { CLAIM, verdictOf } from './verdict.ts';
import { verdictText } from './verdict-sentences.ts';

function method(name: string, test: number[], rest: Partial<MethodOutcome> = {}): MethodOutcome {
  return {
    name,
    type: name,
    seeds: test.map((_, i) => i + 1),
    lost: [],
    scores: { test },
    trainableParameters: name === 'full' ? 1e6 : 1e4,
    peakBytes: name === 'full' ? 1e8 : 4e7,
    seconds: 1,
    ...rest,
  };
}

function outcomes(methods: MethodOutcome[], rest: Partial<Outcomes> = {}): Outcomes {
  const reference = { largestClass: 0.51, untuned: 0.49 };
  return {
    metric: 'accuracy',
    methods,
    baseline: methods[0].name,
    reference,
    seed: 1,
    resamples: 400,
    ...rest,
  };
}

const around = (centre: number, spread: number, n = 6): number[] =>
  Array.from({ length: n }, (_, i) => centre + spread * (i - (n - 1) / 2));

describe('recorded outcomes of each kind', () => {
  it('a method that is ahead in each of six seeds wins', () => {
    const verdict = verdictOf(
      outcomes([method('full', around(0.9, 0.002)), method('lora', around(0.8, 0.002))]),
    );
    expect(verdict).toMatchObject({ code: 'winner', take: 'full', best: 'full', judgedOn: 'test' });
  });
  it('six seeds can make a winner of any number of methods', () => {
    const others = ['lora', 'adapter', 'prefix', 'prompt', 'bitfit', 'head'];
    const verdict = verdictOf(
      outcomes([
        method('full', around(0.9, 0.002)),
        ...others.map((name, i) => method(name, around(0.8 - i / 100, 0.002))),
      ]),
    );
    expect(verdict).toMatchObject({ code: 'winner', take: 'full', other: 'lora', largestP: 0.03125 });
    // Holm's, of any difference at all among six, cannot be below 0.05 with so many seeds.
    expect(verdict.difference?.pAdjusted).toBeCloseTo(6 / 32, 12);
  });
  it('what p can come to after Holm follows from the seeds and the methods, and is said where no claim is in reach', () => {
    const others = ['lora', 'adapter', 'prefix', 'prompt', 'bitfit', 'head'];
    const told = (count: number, seeds: number) => {
      const all = outcomes([
        method('full', around(0.9, 0.002, seeds)),
        ...others.slice(0, count).map((name) => method(name, around(0.8, 0.002, seeds))),
      ]);
      const text = verdictText(verdictOf(all), all);
      const of = [...text.sentences, ...text.remarks].find((one) => english(one).includes('Holm'));
      const least = differencesTo(all, 'full', 'test').map((one) => one?.smallestAdjusted);
      return { least: least.slice(1), en: of && english(of), zh: of && said(of, 'zh') };
    };
    const seven = told(6, 6);
    expect(seven.least).toEqual(others.map(() => 6 / 32));
    expect(seven.en).toBe(
      "The p of the table are Holm's, of 6 differences to full at once: the smallest that 6 seeds can give is 0.19; 8 can give one below 0.05.",
    );
    expect(seven.zh).toMatch(/^表中的 p 经 Holm 校正.+与 full 的 6 个差：6 个随机种子.+0\.19，8 个/);
    expect(told(6, 8)).toMatchObject({ least: others.map(() => 6 / 128), en: undefined });
    expect(told(2, 6).en).toContain('that 6 seeds can give is 0.063; 7 can');
    expect(told(1, 6)).toEqual({ least: [1 / 32], en: undefined, zh: undefined });
    expect(told(3, 3).en).toContain('that 3 seeds can give is 0.75; 7 can');
  });
  it('where neither seeds nor rows show a difference, it takes both', () => {
    const truth = Array.from({ length: 200 }, (_, i) => i % 2);
    const wrong = [
      [20, 24],
      [22, 23],
      [20, 30],
      [23, 22],
      [21, 26],
      [20, 23],
    ];
    const of = (which: 0 | 1, seeds: number) =>
      wrong.slice(0, seeds).map((pair) => ({
        truth,
        // The wrong answers of the two are to different rows.
        given: truth.map((label, i) => ((which ? 199 - i : i) < pair[which] ? 1 - label : label)),
      }));
    const told = (seeds: number) => {
      const named = (name: string, which: 0 | 1) =>
        method(
          name,
          wrong.slice(0, seeds).map((pair) => 1 - pair[which] / 200),
          { answers: of(which, seeds) },
        );
      const all = outcomes([named('full', 0), named('lora', 1)], { classes: 2 });
      const verdict = verdictOf(all);
      return { verdict, said: verdictText(verdict, all).sentences.map(english)[1] };
    };
    expect(told(6).verdict).toMatchObject({ code: 'too-close', other: 'lora', rowsShort: 200 });
    const { seedsNeeded } = told(6).verdict;
    expect(told(6).said).toBe(
      `About ${seedsNeeded} seeds would tell a difference of that size, by more rows than these 200, which do not show it.`,
    );
    expect(told(1).said).toBe('One seed does not say how many would tell: 6 are the fewest that can.');
  });
  it('one rival that is not told from the best is enough that it does not win', () => {
    const verdict = verdictOf(
      outcomes([
        method('full', [0.9, 0.91, 0.9, 0.91, 0.9, 0.91]),
        method('lora', [0.91, 0.9, 0.85, 0.86, 0.9, 0.84]),
        method('head', around(0.7, 0.002)),
      ]),
    );
    expect(verdict).toMatchObject({ code: 'too-close', take: 'full', other: 'lora', largestP: null });
  });
  it('three seeds cannot make a winner', () => {
    const verdict = verdictOf(
      outcomes([method('full', around(0.9, 0.002, 3)), method('lora', around(0.8, 0.002, 3))]),
    );
    expect(verdict).toMatchObject({ code: 'too-close', take: 'full', seedsNeeded: 6 });
  });
  it('the cheaper one is taken where it is as good', () => {
    const verdict = verdictOf(
      outcomes([
        method('full', [0.841, 0.842, 0.84, 0.843, 0.839, 0.841]),
        method('lora', [0.842, 0.84, 0.839, 0.844, 0.838, 0.84]),
      ]),
    );
    expect(verdict).toMatchObject({ code: 'cheaper-equal', take: 'lora', best: 'full' });
    expect(verdict.difference?.pAdjusted).toBeGreaterThan(0.05);
  });
  it('nothing is above the largest class', () => {
    const verdict = verdictOf(
      outcomes([method('full', around(0.51, 0.01)), method('lora', around(0.5, 0.01))]),
    );
    expect(verdict).toMatchObject({ code: 'nothing-learned', take: null });
  });
  it('one class is all that anything answers', () => {
    const oneClass = Array<boolean>(6).fill(true);
    const verdict = verdictOf(outcomes([method('full', around(0.51, 0), { oneClass })]));
    expect(verdict).toMatchObject({ code: 'one-class', take: null });
  });
  it('one class for every row is nothing learned, though it is not the largest of the training rows', () => {
    const truth = Array.from({ length: 100 }, (_, i) => (i < 38 ? 0 : 1));
    const answers = (label: number) =>
      Array.from({ length: 6 }, () => ({ truth, given: truth.map(() => label) }));
    const told = (metric: string, score: number, constant: number) =>
      verdictOf(
        outcomes([method('full', around(score, 0), { answers: answers(1), oneClass: Array(6).fill(true) })], {
          metric,
          classes: 2,
          reference: { largestClass: constant, untuned: constant },
        }),
      );
    expect(told('accuracy', 0.62, 0.38)).toMatchObject({ code: 'one-class', take: null });
    // Of F1 the class that training rows have most of scores nothing.
    expect(told('f1', (2 * 0.62) / 1.62, 0)).toMatchObject({ code: 'one-class', take: null });
    expect(told('matthews', 0, 0)).toMatchObject({ code: 'one-class', take: null });
    // What looks at the rows and is as good as the best class is no better than it; what is better has learned.
    const looking = (wrong: number) => {
      const given = truth.map((label, i) => (i < wrong ? 1 - label : label));
      const one = { answers: Array.from({ length: 6 }, () => ({ truth, given })) };
      return verdictOf(
        outcomes([method('full', around(1 - wrong / 100, 0.001), one)], {
          classes: 2,
          reference: { largestClass: 0.38 },
        }),
      );
    };
    expect(looking(36).code).toBe('nothing-learned');
    expect(looking(10)).toMatchObject({ code: 'winner', take: 'full' });
  });
  it('a training score that is the share of a class is nothing known by heart', () => {
    const truth = Array.from({ length: 100 }, (_, i) => (i < 38 ? 0 : 1));
    const scores = { train: around(0.5, 0), test: around(0.38, 0) };
    const also = (given: number[]) =>
      verdictOf(
        outcomes(
          [
            method('full', scores.test, {
              scores,
              answers: Array.from({ length: 6 }, () => ({ truth, given })),
            }),
          ],
          { classes: 2, reference: { largestClass: 0.38 } },
        ),
      ).also;
    expect(also(truth.map(() => 0))).toEqual([]);
    expect(also(truth.map((_, i) => i % 2))).toEqual([{ code: 'overfitted', methods: ['full'] }]);
  });
  it('a training score hardly above what takes no training is nothing known by heart, whatever the gap', () => {
    const also = (train: number) =>
      verdictOf(
        outcomes(
          [method('full', [], { seeds: [1, 2], scores: { train: [train, train], test: [-0.13, -0.14] } })],
          {
            metric: 'pearson',
            reference: { largestClass: 0, untuned: -0.18 },
          },
        ),
      ).also;
    expect(also(0.02)).toEqual([]);
    expect(also(0.6)).toEqual([{ code: 'overfitted', methods: ['full'] }]);
  });
  it('what diverged in a seed is not taken', () => {
    const verdict = verdictOf(
      outcomes([
        method('full', around(0.95, 0.001, 5), { lost: [6] }),
        method('lora', around(0.8, 0.002)),
        method('head', around(0.6, 0.002), { peakBytes: 2e7 }),
      ]),
    );
    expect(verdict).toMatchObject({ code: 'winner', take: 'lora' });
    expect(verdict.also).toContainEqual({ code: 'diverged', methods: ['full'] });
    const all = verdictOf(outcomes([method('full', [], { lost: [1, 2] })]));
    expect(all).toMatchObject({ code: 'diverged', take: null });
  });
  it('says what still improves, and what is known by heart', () => {
    const verdict = verdictOf(
      outcomes([
        method('full', around(0.8, 0.002), {
          scores: { train: around(0.99, 0.001), test: around(0.8, 0.002) },
          improving: [true, true, true, true, false, false],
        }),
      ]),
    );
    expect(verdict.also).toEqual([
      { code: 'overfitted', methods: ['full'] },
      { code: 'undertrained', methods: ['full'] },
    ]);
  });
  it('without a test set the validation set is the judge', () => {
    const scores = { validation: around(0.9, 0.002) };
    expect(verdictOf(outcomes([method('full', around(0.9, 0.002), { scores })])).judgedOn).toBe('validation');
  });
  it('of a loss, less is better', () => {
    const verdict = verdictOf(
      outcomes([method('full', around(2, 0.01)), method('lora', around(3, 0.01))], {
        lowerIsBetter: true,
        metric: 'loss',
        reference: { untuned: 9 },
      }),
    );
    expect(verdict).toMatchObject({ code: 'winner', take: 'full' });
  });
  it('with one seed the rows decide', () => {
    const truth = Array.from({ length: 400 }, (_, i) => i % 2);
    const answers = (wrong: number) => [
      { truth, given: truth.map((label, i) => (i < wrong ? 1 - label : label)) },
    ];
    const verdict = verdictOf(
      outcomes(
        [method('full', [0.9], { answers: answers(40) }), method('lora', [0.7], { answers: answers(120) })],
        { classes: 2 },
      ),
    );
    expect(verdict).toMatchObject({ code: 'winner', take: 'full' });
  });
});

/** Outcomes with a known truth: seeds shift all methods alike, and each has noise of its own. */
function synthetic(truths: readonly number[], seeds: number, stream: PhiloxStream): Outcomes {
  const shifts = Array.from({ length: seeds }, () => stream.normal(0.01));
  return outcomes(
    truths.map((truth, i) =>
      method(
        `m${i}`,
        shifts.map((shift) => truth + shift + stream.normal(0.008)),
        { peakBytes: 1e8 - i * 1e7 },
      ),
    ),
  );
}

describe('outcomes with a known truth', () => {
  it.each([2, 3, 5, 7])(
    'of %i methods that are all alike, a winner is named at most one time in twenty',
    (count) => {
      const stream = new PhiloxStream(7, count);
      const truths = Array<number>(count).fill(0.8);
      const named = Array.from({ length: 400 }, () => verdictOf(synthetic(truths, 6, stream))).filter(
        ({ code }) => code === 'winner',
      );
      expect(named.length / 400).toBeLessThanOrEqual(0.05);
    },
  );
  it('a method three points worse is not called as good more than one time in ten', () => {
    const stream = new PhiloxStream(8, 1);
    const equal = Array.from({ length: 300 }, () => verdictOf(synthetic([0.82, 0.79], 6, stream))).filter(
      ({ code }) => code === 'cheaper-equal',
    );
    expect(equal.length / 300).toBeLessThanOrEqual(0.1);
  });
  it.each([3, 7])('of %i methods that learned nothing, one is named at most one time in twenty', (count) => {
    const stream = new PhiloxStream(10, count);
    const truths = Array<number>(count).fill(0.51);
    const named = Array.from({ length: 400 }, () => {
      const one = synthetic(truths, 6, stream);
      // What seeds have in common is no evidence of learning: here each is on its own.
      const methods = one.methods.map((own) =>
        method(
          own.name,
          own.seeds.map(() => 0.51 + stream.normal(0.02)),
        ),
      );
      return verdictOf({ ...one, methods, reference: { largestClass: 0.51 } });
    }).filter(({ take }) => take !== null);
    expect(named.length / 400).toBeLessThanOrEqual(0.05);
  });
  it('near the reference too, of two that are alike a winner is named at most one time in twenty', () => {
    const stream = new PhiloxStream(11, 1);
    const named = Array.from({ length: 400 }, () => {
      const one = synthetic([0.525, 0.525], 6, stream);
      return verdictOf({ ...one, reference: { largestClass: 0.51 } });
    }).filter(({ code }) => code === 'winner');
    expect(named.length / 400).toBeLessThanOrEqual(0.05);
  });
  it('of cheaper methods two points worse, one is called as good at most one time in twenty', () => {
    const stream = new PhiloxStream(12, 1);
    const equal = Array.from({ length: 400 }, () =>
      verdictOf(synthetic([0.84, 0.82, 0.82, 0.82], 6, stream)),
    ).filter(({ code, take }) => code === 'cheaper-equal' && take !== 'm0');
    expect(equal.length / 400).toBeLessThanOrEqual(0.05);
  });
  it('over rows of one seed, of two that are alike a winner is named at most one time in twenty', () => {
    const stream = new PhiloxStream(13, 1);
    const truth = Array.from({ length: 200 }, (_, i) => i % 2);
    const answered = () => truth.map((label) => (stream.below(10) < 8 ? label : 1 - label));
    const named = Array.from({ length: 200 }, () => {
      const methods = ['full', 'lora'].map((name) => {
        const given = answered();
        const right = given.filter((answer, row) => answer === truth[row]).length;
        return method(name, [right / 200], { answers: [{ truth, given }] });
      });
      return verdictOf(outcomes(methods, { classes: 2, resamples: 100 }));
    }).filter(({ code }) => code === 'winner');
    expect(named.length / 200).toBeLessThanOrEqual(0.05);
  });
  it('a clear difference is found', () => {
    const stream = new PhiloxStream(9, 1);
    const found = Array.from({ length: 200 }, () => verdictOf(synthetic([0.85, 0.75], 6, stream))).filter(
      ({ code, take }) => code === 'winner' && take === 'm0',
    );
    expect(found.length / 200).toBeGreaterThan(0.95);
  });
});

describe('properties', () => {
  it('the scale of a loss changes nothing', () => {
    const scaled = (factor: number) =>
      verdictOf(
        outcomes(
          [
            method(
              'full',
              [2, 2.1, 2.05, 1.98, 2.02, 2.04].map((value) => value * factor),
            ),
            method(
              'lora',
              [2.01, 2.1, 2.06, 1.99, 2.02, 2.05].map((value) => value * factor),
            ),
          ],
          { metric: 'loss', lowerIsBetter: true, reference: { untuned: 9 * factor } },
        ),
      );
    const { code, take } = scaled(1);
    expect(code).toBe('cheaper-equal');
    expect([0.01, 100].map((factor) => scaled(factor))).toEqual([
      expect.objectContaining({ code, take }),
      expect.objectContaining({ code, take }),
    ]);
  });
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const lists = fc
    .integer({ min: 1, max: 5 })
    .chain((seeds) =>
      fc.array(fc.array(score, { minLength: seeds, maxLength: seeds }), { minLength: 1, maxLength: 4 }),
    );
  it('what is taken is a method of the comparison that lost no seed', () => {
    fc.assert(
      fc.property(lists, fc.nat(3), (scores, broken) => {
        const methods = scores.map((list, i) => method(`m${i}`, list, { lost: i === broken ? [9] : [] }));
        const { take, code } = verdictOf(outcomes(methods));
        if (take === null) expect(['nothing-learned', 'one-class', 'diverged']).toContain(code);
        else expect(methods.find(({ name }) => name === take)?.lost).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
  it('the order in which methods stand changes nothing', () => {
    fc.assert(
      fc.property(lists, (scores) => {
        const methods = scores.map((list, i) => method(`m${i}`, list, { peakBytes: 1e8 + i }));
        const one = verdictOf(outcomes(methods));
        const other = verdictOf(outcomes([...methods].reverse()));
        const tied =
          new Set(scores.map((list) => list.reduce((sum, value) => sum + value, 0))).size < scores.length;
        if (!tied) expect(other).toEqual(one);
      }),
      { numRuns: 100 },
    );
  });
  it('so many pairs and no fewer can give a claim among so many differences', () => {
    for (let differences = 1; differences <= 40; differences++) {
      const pairs = pairsToClaim(differences, CLAIM);
      expect(differences * smallestP(pairs)).toBeLessThan(CLAIM);
      expect(differences * smallestP(pairs - 1)).toBeGreaterThanOrEqual(CLAIM);
    }
  });
  it('p is no less than the least that so many pairs can give, and flips with the sign', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }),
        (list) => {
          const p = signFlipTest(list);
          expect(p).toBeGreaterThanOrEqual(2 / 2 ** list.length - 1e-12);
          expect(signFlipTest(list.map((value) => -value))).toBeCloseTo(p, 12);
        },
      ),
      { numRuns: 100 },
    );
  });
});
