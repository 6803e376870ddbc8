/**
 * Did the pilots show that anything was learned? The advised is the best of many on few rows, so its score alone does
 * not say. Two things have to hold: the lower end of its interval lies above the best that one class for every row
 * scores, and luck is ruled out: were the right answers dealt to the rows at random, the best of all candidates would
 * score as much less than one time in twenty (the permutation of the largest statistic, Westfall & Young 1993, which
 * knows that the candidates answer much alike).
 */
import { bestConstant } from '../evidence/constant-answers.ts';
import type { Outcomes } from '../evidence/outcome.ts';
import { rowMetric, type RowMetric } from '../evidence/row-metric.ts';
import type { Interval } from '../evidence/samples.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { PilotRecord } from './pilot-record.ts';

/** Philox stream of the right answers as they are dealt. */
const STREAM = 0xda7a0025;
const DEALS = 1000;
/** A chance of luck from this on is not ruled out. */
const LEVEL = 0.05;

export interface PilotLearning {
  shown: boolean;
  /** What one class for every row scores, where the advised is not clearly above it. */
  constant: number | null;
  /** How often the best of all candidates would score as much by luck. */
  luck: number;
}

/**
 * @param of the advised alone, as `bestConstant` takes them
 * @returns null where rows do not tell the metric
 */
export function pilotLearning(
  chosen: PilotRecord,
  ranking: readonly PilotRecord[],
  of: Outcomes,
  [low, high]: Interval,
): PilotLearning | null {
  const metricOf = rowMetric(of);
  const answers = of.methods[0].answers?.[0];
  if (metricOf === null || answers === undefined) return null;
  const lowerIsBetter = of.metric === 'loss';
  const constant = bestConstant(of);
  const above = constant === null || (lowerIsBetter ? high < constant : low > constant);
  const given = [chosen, ...ranking.filter(({ key }) => key !== chosen.key)]
    .map((pilot) => pilot.answers ?? [])
    .filter(({ length }) => length === answers.truth.length);
  const luck = luckOf(given, Array.from(answers.truth), metricOf, lowerIsBetter, of.seed);
  return { shown: above && luck < LEVEL, constant: above ? null : constant, luck };
}

/** @param given answers by candidate, those of the advised first */
function luckOf(
  given: readonly (readonly number[])[],
  truth: readonly number[],
  metricOf: RowMetric,
  lowerIsBetter: boolean,
  seed: number,
): number {
  const sign = lowerIsBetter ? -1 : 1;
  const seen = sign * metricOf(given[0], truth);
  const random = new PhiloxStream(seed, STREAM);
  const dealt = [...truth];
  let asGood = 0;
  for (let deal = 0; deal < DEALS; deal++) {
    for (let i = dealt.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [dealt[i], dealt[j]] = [dealt[j], dealt[i]];
    }
    const values = given.map((own) => sign * metricOf(own, dealt)).filter(Number.isFinite);
    if (Math.max(...values) >= seen - 1e-12) asGood++;
  }
  return (asGood + 1) / (DEALS + 1);
}
