import { describe, expect, it } from 'vitest';
import { said } from '../app/i18n/said.ts';
import { PhiloxStream } from '../graph/philox.ts';
import { english } from '../sentence.ts';
import type { PilotRecord } from './pilot-record.ts';
import { choose, reasonsFor } from './recommend.ts';
import { learningOf, pilotInterval, type PilotScoring } from './pilot-evidence.ts';

const MIB = 2 ** 20;

/** A classification's validation rows, half of them of each class. */
function scoringOf(rows: number, metric = 'accuracy'): PilotScoring {
  return { metric, classes: 2, rows, truth: Array.from({ length: rows }, (_, i) => i % 2), seed: 1 };
}

/** A pilot of the last round with all rows right but those given. */
function pilot(method: string, scoring: PilotScoring, wrong: readonly number[], bytes = 10): PilotRecord {
  const answers = Array.from(scoring.truth!, (label, row) => (wrong.includes(row) ? 1 - label : label));
  const accuracy = 1 - wrong.length / scoring.rows;
  return {
    key: `${method} at 0.005`,
    method,
    learningRate: 0.005,
    round: 2,
    steps: 100,
    score: accuracy,
    seconds: 3,
    metrics: { accuracy, loss: 0.5 },
    answers,
    bytes: bytes * MIB,
  };
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const told = (ranking: PilotRecord[], scoring: PilotScoring, complete = true): string[] =>
  reasonsFor(choose(ranking)!, ranking, complete, scoring).sentences.map(english);

describe('the reasons of advice', () => {
  it('call a difference of four rows in eighty noise, with the interval of the score beside it', () => {
    const scoring = scoringOf(80);
    const ranking = [pilot('lora', scoring, range(0, 16)), pilot('full', scoring, range(10, 30))];
    const [answer, rows, beside, ...more] = told(ranking, scoring);
    expect(answer).toBe(
      'Take lora at the rate 0.005: it came out best, with accuracy 80.0 % after 100 steps (candidates tried: 2).',
    );
    // Wilson's interval of 64 of 80, as statsmodels' proportion_confint has it.
    expect(rows).toBe(
      'It was scored on 80 validation rows, which leave its accuracy anywhere from 70.0 % to 87.3 % (95 % interval).',
    );
    // 10 rows that lora alone has right beyond 14 shared ones, 14 that full alone has: McNemar's exact p.
    expect(beside).toMatch(
      /^full at the rate 0\.005 scored 5\.0 points less \(95 % interval −1\d\.\d to \+\d\.\d, p 0\.54\): that is noise; /,
    );
    expect(more).toEqual([]);
  });

  it('say first where nothing was shown to be learned: no better than one class, or than luck', () => {
    const scoring = scoringOf(80);
    const ranking = [pilot('lora', scoring, range(0, 36)), pilot('full', scoring, range(0, 40))];
    const [answer, change, rows, beside, ...more] = told(ranking, scoring);
    expect(answer).toBe(
      'Nothing was shown to be learned: lora at the rate 0.005 only led the pilots, with accuracy 55.0 % after 100 steps, where one class for every row scores 50.0 % (candidates tried: 2).',
    );
    expect(change).toMatch(
      /^Look at the data first .+ more steps, give the pilots more minutes, or hold out/,
    );
    expect(rows).toMatch(/^It was scored on 80/);
    expect(beside).toMatch(/that is noise/);
    expect(more).toEqual([]);
    const reasons = reasonsFor(ranking[0], ranking, true, scoring);
    expect(reasons.learned).toBe(false);
    expect(said(reasons.sentences[0], 'zh')).toMatch(
      /^看不出学到了任何东西：lora（学习率 0\.005） ?只是在试跑中领先/,
    );

    // 61 % of 80 rows is above one half by its interval, but the best of forty such comes to it by luck.
    const one = pilot('lora', scoring, range(0, 31));
    expect(reasonsFor(one, [one], true, scoring)).toMatchObject({ learned: true });
    const stream = new PhiloxStream(1, 1);
    const guesses = Array.from({ length: 40 }, (_, i) => ({
      ...pilot(`guess ${i}`, scoring, []),
      answers: Array.from({ length: 80 }, () => stream.below(2)),
    }));
    const many = reasonsFor(one, [one, ...guesses], true, scoring);
    expect(many.learned).toBe(false);
    expect(english(many.sentences[0])).toMatch(
      /which the best of 41 candidates reaches by luck too \(p 0\.\d+\)/,
    );
    // Candidates that answer alike are no more tries than one.
    const same = Array.from({ length: 40 }, (_, i) => ({ ...one, key: `same ${i}` }));
    expect(reasonsFor(one, [one, ...same], true, scoring)).toMatchObject({ learned: true });
  });

  it('of candidates that learned nothing, say that something was learned at most one time in twenty', () => {
    const scoring = scoringOf(80);
    const stream = new PhiloxStream(2, 1);
    const guess = (method: string) => {
      const own = pilot(method, scoring, []);
      const answers = Array.from({ length: 80 }, () => stream.below(2));
      const accuracy = answers.filter((answer, row) => answer === scoring.truth![row]).length / 80;
      return { ...own, answers, score: accuracy, metrics: { accuracy, loss: 0.7 } };
    };
    const shown = Array.from({ length: 60 }, () => {
      const ranking = Array.from({ length: 8 }, (_, i) => guess(`m${i}`)).sort((a, b) => b.score - a.score);
      return learningOf(ranking[0], ranking, scoring)!.shown;
    }).filter(Boolean);
    expect(shown.length).toBeLessThanOrEqual(3);
  });

  it('call one of forty rows in four hundred more than noise, and of one training all the same', () => {
    const scoring = scoringOf(400);
    const ranking = [pilot('lora', scoring, range(0, 40)), pilot('full', scoring, range(0, 80))];
    expect(told(ranking, scoring)[2]).toMatch(
      /p < 0\.001\): more than the noise of the rows, but each was trained once/,
    );
  });

  it('say that the cheaper one was taken for its memory, and that the other scored more', () => {
    const scoring = scoringOf(200);
    const ranking = [pilot('full', scoring, range(0, 20), 40), pilot('head', scoring, range(0, 21), 10)];
    const [answer, , beside] = told(ranking, scoring);
    expect(answer).toMatch(
      /^Take head at the rate 0\.005: with accuracy 89\.5 % after 100 steps it is within a point/,
    );
    expect(beside).toMatch(/^full at the rate 0\.005 scored 0\.5 points more .+ p 1\): that is noise/);
  });

  it('compare only with what was trained for as long, and only where rows tell the metric', () => {
    const scoring = scoringOf(80);
    const alone = [pilot('lora', scoring, [1]), { ...pilot('full', scoring, [2]), round: 1, steps: 20 }];
    expect(told(alone, scoring)[2]).toMatch(/^No other candidate was trained for as long/);
    const byLoss = { ...scoring, metric: 'loss' };
    expect(pilotInterval(alone[0], byLoss)).toBeNull();
    expect(told(alone, byLoss)).toEqual([
      expect.stringMatching(/^Take lora/),
      'It was scored on 80 validation rows, which do not tell a difference in loss from noise; compare over several seeds before you rely on it.',
    ]);
    // Of pilots that an older file keeps there are no answers.
    const old = alone.map((one) => ({ ...one, answers: undefined }));
    expect(told(old, scoring)).toHaveLength(2);
  });

  it('are said in Chinese, in its own order', () => {
    const scoring = scoringOf(80);
    const ranking = [pilot('lora', scoring, range(0, 16)), pilot('full', scoring, range(10, 30))];
    const { sentences } = reasonsFor(ranking[0], ranking, true, scoring);
    const chinese = sentences.map((one) => said(one, 'zh'));
    expect(chinese[0]).toMatch(/^请用 lora（学习率 0\.005）：它最好，100 步后/);
    expect(chinese[2]).toMatch(/^full（学习率 0\.005）低 5\.0 个百分点（.+这只是噪声/);
  });
});
