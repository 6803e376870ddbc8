/**
 * The verdict: which method to take, by the rules of docs/verdict.md. It is data, a code with the methods and the
 * numbers it rests on; verdict-sentences.ts says it.
 */
import { differencesTo, figureOf, judgedOn, type Difference } from './compare.ts';
import type { MethodOutcome, Outcomes, Split } from './outcome.ts';
import { deviation, mean } from './samples.ts';

export const VERDICT_CODES = [
  'winner',
  'cheaper-equal',
  'too-close',
  'nothing-learned',
  'diverged',
  'undertrained',
  'overfitted',
  'one-class',
] as const;
export type VerdictCode = (typeof VERDICT_CODES)[number];

/** Chance below which a difference is claimed. */
export const CLAIM = 0.05;
/** A method within this of the best, at the worst end of the interval, is as good for the purpose: two points. */
export const MARGIN = 0.02;
/** A training score this far above the judged one is learning by heart. */
export const LARGE_GAP = 0.1;
/** Costs less: by at least this share of memory. */
const SAVES = 0.95;

export interface Verdict {
  code: VerdictCode;
  /** Name of the method to take; null where none is to be had. */
  take: string | null;
  /** Further codes, each with the methods that it is about. */
  also: readonly { code: VerdictCode; methods: readonly string[] }[];
  judgedOn: Split | null;
  /** The method with the best mean, and how the one to take differs from it. */
  best: string | null;
  difference: Difference | null;
  /** Of `too-close`: seeds in all that would tell, at the difference seen; null where none are in reach. */
  seedsNeeded: number | null;
}

/** Most seeds that anybody is asked for. */
const MOST_SEEDS = 50;
/** The fewest seeds whose smallest p is below `CLAIM`. */
const FEWEST_SEEDS = 6;

export function verdictOf(outcomes: Outcomes): Verdict {
  const split = judgedOn(outcomes);
  const failed = outcomes.methods.filter(({ lost }) => lost.length > 0);
  const whole = outcomes.methods.filter(({ lost, seeds }) => lost.length === 0 && seeds.length > 0);
  const also = notes(outcomes, whole, split);
  const nothing = { take: null, judgedOn: split, best: null, difference: null, seedsNeeded: null };
  if (whole.length === 0 || split === null)
    return { ...nothing, code: failed.length > 0 ? 'diverged' : 'nothing-learned', also };
  const learned = whole.filter((method) => hasLearned(method, outcomes, split));
  if (learned.length === 0) {
    const narrow = whole.every(({ oneClass }) => mostly(oneClass));
    const code = narrow ? 'one-class' : 'nothing-learned';
    return { ...nothing, code, also: also.filter((one) => one.code !== code) };
  }
  return { ...chosen(outcomes, learned, split), also };
}

type Choice = Omit<Verdict, 'also'>;

function chosen(outcomes: Outcomes, learned: readonly MethodOutcome[], split: Split): Choice {
  const sign = outcomes.lowerIsBetter === true ? -1 : 1;
  const merit = (method: MethodOutcome): number => sign * mean(method.scores[split]!);
  const best = learned.reduce((one, other) => (merit(other) > merit(one) ? other : one));
  const base = { judgedOn: split, best: best.name, seedsNeeded: null };
  const differences = differencesTo({ ...outcomes, methods: learned }, best.name, split);
  const equals = learned.filter((method, i) => method !== best && !isClaim(differences[i]));
  if (equals.length === 0) return { ...base, code: 'winner', take: best.name, difference: null };
  const cheapest = [best, ...equals].reduce((one, other) => (cost(other) < cost(one) ? other : one));
  const difference = differences[learned.indexOf(cheapest)];
  // Nothing that may be as good costs less: there is nothing to decide.
  if (cheapest === best || cost(cheapest) > SAVES * cost(best))
    return { ...base, code: 'cheaper-equal', take: best.name, difference: null };
  if (withinMargin(difference, sign))
    return { ...base, code: 'cheaper-equal', take: cheapest.name, difference };
  const seedsNeeded = needed(cheapest, best, split);
  return { ...base, code: 'too-close', take: best.name, difference, seedsNeeded };
}

function isClaim(difference: Difference | null): boolean {
  return difference?.pAdjusted !== null && difference !== null && difference.pAdjusted < CLAIM;
}

/** Is even the worse end of the interval close enough to the best? */
function withinMargin(difference: Difference | null, sign: number): boolean {
  if (!difference?.interval) return false;
  const worst = sign > 0 ? difference.interval[0] : -difference.interval[1];
  return worst >= -MARGIN;
}

/** Bytes, and parameters where bytes are alike. */
function cost({ peakBytes, trainableParameters }: MethodOutcome): number {
  return peakBytes + trainableParameters * 1e-9;
}

/** Is its score, at the worse end of its interval, above what takes no learning? */
function hasLearned(
  method: MethodOutcome,
  { reference, metric, lowerIsBetter }: Outcomes,
  split: Split,
): boolean {
  const figure = figureOf(method, split, metric);
  if (figure === null) return false;
  const bars = [reference.largestClass, reference.untuned].filter((bar) => bar !== undefined);
  const [low, high] = figure.interval ?? [figure.mean, figure.mean];
  return lowerIsBetter === true ? bars.every((bar) => high < bar) : bars.every((bar) => low > bar);
}

/**
 * Seeds at which a difference like the one seen would be found four times in five (two-sided, 0.05): the usual
 * (1.96 + 0.84)² · s² / d² (Cohen 1988), and no fewer than can give such a p at all.
 */
function needed(one: MethodOutcome, other: MethodOutcome, split: Split): number | null {
  const common = one.seeds.filter((seed) => other.seeds.includes(seed));
  const at = (method: MethodOutcome, seed: number) => method.scores[split]![method.seeds.indexOf(seed)];
  const differences = common.map((seed) => at(one, seed) - at(other, seed));
  if (differences.length < 2) return FEWEST_SEEDS;
  const count = Math.ceil(((1.96 + 0.84) * (deviation(differences) / mean(differences))) ** 2);
  if (!(count <= MOST_SEEDS)) return null;
  return Math.max(FEWEST_SEEDS, common.length + 1, count);
}

function mostly(flags: readonly boolean[] | undefined): boolean {
  return flags !== undefined && flags.length > 0 && flags.filter(Boolean).length > flags.length / 2;
}

/** What holds of single methods. */
function notes(
  { methods, lowerIsBetter }: Outcomes,
  whole: readonly MethodOutcome[],
  split: Split | null,
): Verdict['also'] {
  const names = (list: readonly MethodOutcome[]): string[] => list.map(({ name }) => name);
  const overfitted = whole.filter((method) => {
    const gap = gapOf(method, split);
    return gap !== null && (lowerIsBetter === true ? -gap : gap) > LARGE_GAP;
  });
  return [
    { code: 'diverged' as const, methods: names(methods.filter(({ lost }) => lost.length > 0)) },
    { code: 'undertrained' as const, methods: names(whole.filter(({ improving }) => mostly(improving))) },
    { code: 'overfitted' as const, methods: names(overfitted) },
    { code: 'one-class' as const, methods: names(whole.filter(({ oneClass }) => mostly(oneClass))) },
  ].filter((note) => note.methods.length > 0);
}

/** Training score less the judged one: the generalisation gap; null where either is missing. */
export function gapOf({ scores }: MethodOutcome, split: Split | null): number | null {
  const judged = split === null ? undefined : scores[split];
  if (judged === undefined || scores.train === undefined || judged.length === 0) return null;
  return mean(scores.train) - mean(judged);
}
