/** What the rows that judge allow to be said, however many seeds agree. */
import { describe, expect, it } from 'vitest';
import { FEW_ROWS, LEAST_DIFFERENT, leastDifference, widestHalf } from '../data/few-rows.ts';
import { PhiloxStream } from '../graph/philox.ts';
import { english } from '../sentence.ts';
import { f1, matthews } from '../train/metrics/classification.ts';
import { differencesTo } from './compare.ts';
import type { MethodOutcome, Outcomes } from './outcome.ts';
import { rowsP } from './row-agreement.ts';
import { mcnemarTest, wilsonInterval } from './rows.ts';
import { CLAIM, verdictOf, type Verdict } from './verdict.ts';
import { verdictText } from './verdict-sentences.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];

/** A method by what it answers with each seed, to rows of two classes in turn. */
function answering(name: string, right: readonly (readonly boolean[])[], seeds = SEEDS): MethodOutcome {
  const truth = right[0].map((_, row) => row % 2);
  return {
    name,
    type: name,
    seeds: seeds.slice(0, right.length),
    lost: [],
    scores: { test: right.map((own) => own.filter(Boolean).length / own.length) },
    answers: right.map((own) => ({
      truth,
      given: own.map((one, row) => (one ? truth[row] : 1 - truth[row])),
    })),
    trainableParameters: 1000,
    peakBytes: name === 'full' ? 1e8 : 4e7,
    seconds: 1,
  };
}

const alike = (own: boolean[]): boolean[][] => SEEDS.map(() => own);
/** So many rows, of which the first are wrong. */
const wrong = (rows: number, first: number): boolean[] =>
  Array.from({ length: rows }, (_, row) => row >= first);

function outcomes(methods: MethodOutcome[], rest: Partial<Outcomes> = {}): Outcomes {
  const reference = { largestClass: 0.5, untuned: 0.5 };
  return {
    metric: 'accuracy',
    classes: 2,
    methods,
    baseline: 'full',
    reference,
    seed: 1,
    resamples: 400,
    ...rest,
  };
}

function told(all: Outcomes): Verdict & { text: string } {
  const verdict = verdictOf(all);
  const { sentences, remarks } = verdictText(verdict, all);
  return { ...verdict, text: [...sentences, ...remarks].map(english).join(' ') };
}

describe('so many rows', () => {
  it('give so much at best: Wilson’s interval at one half, and McNemar’s least p', () => {
    for (const rows of [1, 3, 12, 40, 300]) {
      // One half of an odd count of rows is no whole row.
      const [low, high] = wilsonInterval(rows / 2, rows);
      expect(widestHalf(rows)).toBeCloseTo((high - low) / 2, 12);
    }
    expect(mcnemarTest(LEAST_DIFFERENT, 0)).toBeLessThan(CLAIM);
    expect(mcnemarTest(LEAST_DIFFERENT - 1, 0)).toBeGreaterThan(CLAIM);
    expect(leastDifference(12)).toBe(0.5);
    expect(widestHalf(FEW_ROWS)).toBeLessThan(0.15);
    expect(widestHalf(FEW_ROWS - 1)).toBeGreaterThan(0.149);
  });
});

describe('a verdict of few rows', () => {
  it('claims nothing of three, whatever six seeds say', () => {
    const verdict = told(
      outcomes([answering('full', alike(wrong(3, 0))), answering('lora', alike(wrong(3, 2)))]),
    );
    expect(verdict).toMatchObject({ code: 'nothing-learned', take: null, rowsShort: 3 });
    expect(verdict.text).toContain('Rows that judge: 3. With fewer than 6 nothing can be shown');
    // Nor of a metric that has no interval over rows.
    const { code } = told(
      outcomes([answering('full', alike(wrong(3, 0)))], {
        metric: 'matthews',
        reference: { largestClass: 0, untuned: 0 },
      }),
    );
    expect(code).toBe('nothing-learned');
  });
  it('does not call the cheaper as good on thirty, and says what twelve are worth', () => {
    const verdict = told(
      outcomes([answering('full', alike(wrong(12, 0))), answering('lora', alike(wrong(12, 0)))]),
    );
    // The cheaper of equals is the best; a dearer one that may be as good changes nothing.
    expect(verdict).toMatchObject({ code: 'cheaper-equal', take: 'lora', best: 'lora' });
    expect(verdict.text).toContain(
      'Only 12 rows judge: an accuracy of them is known to 24.6 points at best.',
    );
    const behind = told(
      outcomes([answering('full', alike(wrong(30, 1))), answering('lora', alike(wrong(30, 2)))]),
    );
    expect(behind).toMatchObject({ code: 'too-close', best: 'full', other: 'lora', rowsShort: 30 });
    expect(behind.text).toContain('More seeds would not tell: 30 rows are too few');
    expect(behind.text).not.toContain('cannot rule out chance');
  });
  it('is no winner where the seeds agree and the rows do not show it', () => {
    const few = told(
      outcomes([answering('full', alike(wrong(100, 10))), answering('lora', alike(wrong(100, 14)))]),
    );
    expect(few).toMatchObject({ code: 'too-close', take: 'full', rowsShort: 100, seedsNeeded: null });
    expect(few.difference?.p).toBeLessThan(CLAIM);
    const many = told(
      outcomes([answering('full', alike(wrong(100, 10))), answering('lora', alike(wrong(100, 18)))]),
    );
    expect(many).toMatchObject({ code: 'winner', take: 'full', rowsShort: null });
  });
});

describe('over the rows, seeds taken together', () => {
  it('the exact test is of the rows that differ', () => {
    const [full, lora] = [answering('full', alike(wrong(50, 0))), answering('lora', alike(wrong(50, 7)))];
    expect(rowsP(lora, full, outcomes([full, lora]))).toBeCloseTo(2 / 2 ** 7, 12);
    expect(rowsP(full, full, outcomes([full, lora]))).toBe(1);
    expect(rowsP({ ...full, answers: undefined }, lora, outcomes([full, lora]))).toBeNull();
  });
  it('of many rows that differ, and of other metrics, exchanges are drawn', () => {
    const [full, lora] = [answering('full', alike(wrong(200, 10))), answering('lora', alike(wrong(200, 60)))];
    expect(rowsP(lora, full, outcomes([full, lora]))).toBeLessThan(0.01);
    expect(rowsP(lora, full, outcomes([full, lora], { metric: 'f1' }))).toBeLessThan(0.01);
    const near = answering('lora', alike(wrong(200, 13)));
    expect(rowsP(near, full, outcomes([full, near], { metric: 'f1' }))).toBeGreaterThan(CLAIM);
  });
  it.each([60, 200])(
    'of two methods that are alike, each sure of its %i answers, a winner is named at most one time in twenty',
    (rows) => {
      const stream = new PhiloxStream(14, rows);
      // What a method makes of a row hardly hangs on its seed: only which rows were drawn tells the two apart.
      const drawn = (): boolean[][] => {
        const own = Array.from({ length: rows }, () => stream.below(10) < 8);
        return SEEDS.map(() => own.map((one) => (stream.below(50) === 0 ? !one : one)));
      };
      const named = Array.from({ length: 200 }, () =>
        verdictOf(outcomes([answering('full', drawn()), answering('lora', drawn())], { resamples: 200 })),
      ).filter(({ code }) => code === 'winner');
      expect(named.length / 200).toBeLessThanOrEqual(0.05);
    },
  );
  it.each(['matthews', 'f1'])(
    'of guesses that hardly hang on the seed, %s shows that one learned at most one time in twenty',
    (metric) => {
      const stream = new PhiloxStream(15, 1);
      const truth = Array.from({ length: 100 }, (_, row) => row % 2);
      const guess = (name: string): MethodOutcome => {
        const own = truth.map(() => stream.below(2));
        const answers = SEEDS.map(() => ({
          truth,
          given: own.map((label) => (stream.below(50) === 0 ? 1 - label : label)),
        }));
        const test = answers.map(({ given }) =>
          metric === 'f1' ? f1(given, truth, 2) : matthews(given, truth, 2),
        );
        return { ...answering(name, alike(wrong(100, 0))), scores: { test }, answers };
      };
      const named = Array.from({ length: 60 }, () =>
        verdictOf(
          outcomes([guess('full'), guess('lora'), guess('head')], {
            metric,
            reference: metric === 'f1' ? { largestClass: 0, untuned: 0.5 } : { largestClass: 0, untuned: 0 },
          }),
        ),
      ).filter(({ take }) => take !== null);
      expect(named.length).toBeLessThanOrEqual(3);
    },
  );
  it('a cheaper method two points worse is not called as good for what the rows happen to be', () => {
    const stream = new PhiloxStream(16, 1);
    // What a method makes of a row hardly hangs on its seed, so the seeds lie close together.
    const drawn = (share: number): boolean[][] => {
      const own = Array.from({ length: 300 }, () => stream.below(100) < share);
      return SEEDS.map(() => own.map((one) => (stream.below(50) === 0 ? !one : one)));
    };
    const named = Array.from({ length: 100 }, () => {
      const cheaper = ['lora', 'adapter', 'head'].map((name) => answering(name, drawn(82)));
      return verdictOf(outcomes([answering('full', drawn(84)), ...cheaper], { resamples: 400 }));
    }).filter(({ best, take, code }) => code === 'cheaper-equal' && take !== best);
    expect(named.length).toBeLessThanOrEqual(5);
    // What answers nearly the same is.
    const own = wrong(300, 40);
    const near = SEEDS.map((seed) => own.map((one, row) => (row === seed ? !one : one)));
    const all = outcomes([answering('full', alike(wrong(300, 38))), answering('lora', near)]);
    expect(verdictOf(all)).toMatchObject({ code: 'cheaper-equal', take: 'lora' });
  });
  it('where one seed alone is common, its rows are compared', () => {
    const [early, late] = [wrong(40, 0), wrong(40, 20)];
    const full = answering('full', [early, late], [1, 2]);
    const lora = answering('lora', [late, early], [2, 3]);
    const all = outcomes([full, lora]);
    // With seed 2 they answer the same; the first answers of each are of other seeds.
    expect(differencesTo(all, 'full', 'test')[1]).toMatchObject({
      difference: 0,
      p: 1,
      unit: 'rows',
      pairs: 40,
    });
  });
});

it('gives a word before each resample of the rows, however the metric is resampled', () => {
  for (const metric of ['accuracy', 'f1']) {
    let words = 0;
    const goesOn = () => void words++;
    const three = ['full', 'lora', 'head'].map((name, i) => ({
      ...answering(name, [wrong(90, 10 + 25 * i)]),
      scores: { test: [0.9 - 0.25 * i] },
    }));
    const all = outcomes(three, { metric, goesOn });
    differencesTo(all, 'full', 'test');
    // Three methods resampled; of f1 two randomized besides.
    expect(words).toBe(metric === 'f1' ? 5 * 400 : 3 * 400);
    words = 0;
    expect(rowsP(answering('full', alike(wrong(90, 10))), answering('lora', alike(wrong(90, 60))), all)).toBe(
      1 / 401,
    );
    expect(words).toBe(400);
  }
});
