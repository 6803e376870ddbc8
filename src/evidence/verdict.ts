/**
 * The verdict: which method to take, by the rules of docs/verdict.md. It is data, a code with the methods and the
 * numbers it rests on; verdict-sentences.ts says it.
 */
import { differencesTo, judgedOn, type Difference } from './compare.ts';
import { isConstant } from './constant-answers.ts';
import { confidenceOfAny, hasLearned } from './learned.ts';
import type { MethodOutcome, Outcomes, Split } from './outcome.ts';
import { fewRows, judgedRows, rowsInterval, rowsP } from './row-agreement.ts';
import { deviation, mean, type Interval } from './samples.ts';
import { studentInterval } from './student.ts';

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
/**
 * A method within this of the best, at the worst end of the interval, is as good for the purpose: two points. Of a
 * loss, which has no scale, this share of the best.
 */
export const MARGIN = 0.02;
/** A training score this far above the judged one is learning by heart; or a loss of at most this share of it. */
export const LARGE_GAP = 0.1;
const LOW_LOSS = 0.5;
/** Costs less: by at least this share of memory. */
const SAVES = 0.95;
/** Scales of metrics that do not go from 0 to 1. */
const SCALES: Readonly<Record<string, number>> = { bleu: 100, chrf: 100 };

export interface Verdict {
  code: VerdictCode;
  /** Name of the method to take; null where none is to be had. */
  take: string | null;
  /** Further codes, each with the methods that it is about. */
  also: readonly { code: VerdictCode; methods: readonly string[] }[];
  judgedOn: Split | null;
  /** The method with the best mean of those that learned. */
  best: string | null;
  /** Of a winner the next; else the cheaper one that is as good, or that may be. */
  other: string | null;
  /** From the best to the other. */
  difference: Difference | null;
  /** Of a winner: the largest p of its differences to all others, which is what it can be claimed with. */
  largestP: number | null;
  /**
   * Of `too-close`: seeds in all that would tell, at the difference seen; null where none are in reach. Of one seed the
   * fewest that can.
   */
  seedsNeeded: number | null;
  /** Rows that judged, where they are too few for what was seen: more seeds alone would not tell. */
  rowsShort: number | null;
}

/** Most seeds that anybody is asked for, or that a spec takes. */
const MOST_SEEDS = 20;
/** The fewest seeds whose smallest p is below `CLAIM`. */
export const FEWEST_SEEDS = 6;

export function verdictOf(outcomes: Outcomes): Verdict {
  const split = judgedOn(outcomes);
  const whole = outcomes.methods.filter(
    ({ lost, failed = [], seeds }) => lost.length + failed.length === 0 && seeds.length > 0,
  );
  const also = notes(outcomes, whole, split);
  const nothing = {
    take: null,
    judgedOn: split,
    best: null,
    difference: null,
    other: null,
    largestP: null,
    seedsNeeded: null,
    rowsShort: fewRows(outcomes),
  };
  const said = (code: VerdictCode): Verdict => ({
    ...nothing,
    code,
    also: also.filter((one) => one.code !== code),
  });
  if (whole.length === 0 || split === null)
    return said(
      whole.length === 0 && also.some(({ code }) => code === 'diverged') ? 'diverged' : 'nothing-learned',
    );
  const learned = whole.filter((method) => hasLearned(method, outcomes, split, whole.length));
  if (learned.length === 0)
    return said(whole.every(({ oneClass }) => mostly(oneClass)) ? 'one-class' : 'nothing-learned');
  return { ...chosen(outcomes, whole, learned, split), also };
}

type Choice = Omit<Verdict, 'also'>;

/**
 * @param whole methods that lost no seed. The best is held against all of them: one that is not shown to have learned
 *   need not be worse than one that is.
 */
function chosen(
  outcomes: Outcomes,
  whole: readonly MethodOutcome[],
  learned: readonly MethodOutcome[],
  split: Split,
): Choice {
  const sign = outcomes.lowerIsBetter === true ? -1 : 1;
  const merit = (method: MethodOutcome): number => sign * mean(method.scores[split]!);
  // Of equals the cheaper, then the first by name: the order in which methods stand changes nothing.
  const ranked = [...whole].sort(
    (a, b) => merit(b) - merit(a) || cost(a) - cost(b) || (a.name < b.name ? -1 : 1),
  );
  const best = ranked.find((method) => learned.includes(method))!;
  const base = {
    judgedOn: split,
    best: best.name,
    other: null,
    difference: null,
    largestP: null,
    seedsNeeded: null,
    rowsShort: fewRows(outcomes),
  };
  const differences = differencesTo({ ...outcomes, methods: whole }, best.name, split);
  const differenceOf = (method: MethodOutcome): Difference | null => differences[whole.indexOf(method)];
  const rivals = ranked.filter((method) => method !== best);
  // One that is ahead and not shown to have learned is not told from the best, however sure its lead.
  const bySeeds = new Set(
    rivals.filter((method) => merit(method) < merit(best) && isClaim(differenceOf(method))),
  );
  const equals = rivals.filter((method) => !bySeeds.has(method) || !rowsShow(method, best, outcomes));
  if (equals.length === 0) {
    const [next] = rivals;
    if (next === undefined) return { ...base, code: 'winner', take: best.name };
    const largestP = Math.max(...rivals.map((rival) => differenceOf(rival)!.p!));
    const difference = differenceOf(next);
    return { ...base, code: 'winner', take: best.name, other: next.name, difference, largestP };
  }
  const cheaper = equals
    .filter((method) => cost(method) <= SAVES * cost(best))
    .sort((a, b) => cost(a) - cost(b) || merit(b) - merit(a) || (a.name < b.name ? -1 : 1));
  // Nothing that may be as good costs less: there is nothing to decide.
  if (cheaper.length === 0) return { ...base, code: 'cheaper-equal', take: best.name };
  const confidence = confidenceOfAny(cheaper.length);
  const asGood = cheaper.find(
    (method) =>
      base.rowsShort === null &&
      learned.includes(method) &&
      withinMargin(method, best, outcomes, split, differenceOf(method), confidence),
  );
  if (asGood !== undefined) {
    const difference = differenceOf(asGood);
    return { ...base, code: 'cheaper-equal', take: asGood.name, other: asGood.name, difference };
  }
  // The one that comes nearest is what more seeds would be spent on.
  const nearest = ranked.find((method) => cheaper.includes(method))!;
  const seedsNeeded = bySeeds.has(nearest) || base.rowsShort !== null ? null : needed(nearest, best, split);
  // Seeds that would tell are no use on rows that do not show the difference; where none are in reach it is not asked.
  const short = bySeeds.has(nearest) || (seedsNeeded !== null && !rowsShow(nearest, best, outcomes));
  return {
    ...base,
    code: 'too-close',
    take: best.name,
    other: nearest.name,
    difference: differenceOf(nearest),
    seedsNeeded,
    rowsShort: short ? judgedRows(outcomes) : base.rowsShort,
  };
}

/**
 * Is a difference shown? A winner takes one to each of its rivals. All of them have to be shown, so each is tested at
 * the full level and none is corrected for the others (the intersection-union test of Berger 1982): Holm's correction
 * guards against claiming any of several, and with six seeds and seven methods it could not claim the clearest.
 */
function isClaim(difference: Difference | null): boolean {
  return difference !== null && difference.p !== null && difference.p < CLAIM;
}

/**
 * Do the rows show what the seeds do? With one seed they are what was tested, and where answers are not known they
 * cannot speak against it.
 */
function rowsShow(one: MethodOutcome, other: MethodOutcome, outcomes: Outcomes): boolean {
  if (one.seeds.length < 2) return true;
  const p = rowsP(one, other, outcomes);
  return p === null || p < CLAIM;
}

/**
 * Is even the worse end of the interval close enough to the best? Over seeds it is Student's of the differences: the
 * bootstrap of a handful is too narrow to promise anything by. Over the rows it has to be so too: seeds share them, and
 * a method that is worse can be as good on these with every seed.
 */
function withinMargin(
  one: MethodOutcome,
  other: MethodOutcome,
  outcomes: Outcomes,
  split: Split,
  difference: Difference | null,
  confidence: number,
): boolean {
  const { metric, lowerIsBetter } = outcomes;
  const near = ([low, high]: Interval): boolean =>
    lowerIsBetter === true
      ? high <= MARGIN * Math.abs(mean(other.scores[split]!))
      : low >= -MARGIN * (SCALES[metric] ?? 1);
  const differences = pairedDifferences(one, other, split);
  const several = differences.length > 1;
  const interval = several ? studentInterval(differences, confidence) : (difference?.interval ?? null);
  if (interval === null || !near(interval)) return false;
  if (!several) return true;
  const overRows = rowsInterval(one, other, outcomes, confidence);
  return overRows === null || near(overRows);
}

/** Bytes, and parameters where bytes are alike. */
function cost({ peakBytes, trainableParameters }: MethodOutcome): number {
  return peakBytes + trainableParameters * 1e-9;
}

function pairedDifferences(one: MethodOutcome, other: MethodOutcome, split: Split): number[] {
  const at = (method: MethodOutcome, seed: number) => method.scores[split]![method.seeds.indexOf(seed)];
  return one.seeds
    .filter((seed) => other.seeds.includes(seed))
    .map((seed) => at(one, seed) - at(other, seed))
    .filter(Number.isFinite);
}

/**
 * Seeds at which a difference like the one seen would be found four times in five (two-sided, 0.05): the usual
 * (1.96 + 0.84)² · s² / d² (Cohen 1988), and no fewer than can give such a p at all.
 */
function needed(one: MethodOutcome, other: MethodOutcome, split: Split): number | null {
  const differences = pairedDifferences(one, other, split);
  if (differences.length < 2) return FEWEST_SEEDS;
  const count = Math.ceil(((1.96 + 0.84) * (deviation(differences) / mean(differences))) ** 2);
  const seeds = Math.max(FEWEST_SEEDS, differences.length + 1, count);
  return seeds <= MOST_SEEDS ? seeds : null;
}

function mostly(flags: readonly boolean[] | undefined): boolean {
  return flags !== undefined && flags.length > 0 && flags.filter(Boolean).length > flags.length / 2;
}

/** What holds of single methods. */
function notes(outcomes: Outcomes, whole: readonly MethodOutcome[], split: Split | null): Verdict['also'] {
  const names = (list: readonly MethodOutcome[]): string[] => list.map(({ name }) => name).sort();
  const diverged = outcomes.methods.filter(({ lost }) => lost.length > 0);
  return [
    { code: 'diverged' as const, methods: names(diverged) },
    {
      code: 'overfitted' as const,
      methods: names(whole.filter((one) => isOverfitted(one, outcomes, split))),
    },
    { code: 'one-class' as const, methods: names(whole.filter(({ oneClass }) => mostly(oneClass))) },
    { code: 'undertrained' as const, methods: names(whole.filter(({ improving }) => mostly(improving))) },
  ].filter((note) => note.methods.length > 0);
}

function isOverfitted(method: MethodOutcome, outcomes: Outcomes, split: Split | null): boolean {
  const { metric, lowerIsBetter, reference, classes } = outcomes;
  const gap = gapOf(method, split);
  if (gap === null || split === null) return false;
  // One class for every row is nothing known by heart: the sets have other shares of it.
  if (classes !== undefined && mostly(method.answers?.map(isConstant))) return false;
  // What knows rows by heart scores on them what takes no training does not, by as much as the gap has to be.
  const trained = mean(method.scores.train!);
  const large = LARGE_GAP * (SCALES[metric] ?? 1);
  const better = (bar: number | undefined): boolean =>
    bar === undefined || (lowerIsBetter === true ? trained < bar : trained > bar + large);
  if (!better(reference.largestClass) || !better(reference.untuned)) return false;
  if (lowerIsBetter === true) return -gap > (1 - LOW_LOSS) * Math.abs(mean(method.scores[split]!));
  return gap > large;
}

/** Training score less the judged one: the generalisation gap; null where either is missing. */
export function gapOf({ scores }: MethodOutcome, split: Split | null): number | null {
  const judged = split === null ? undefined : scores[split];
  if (judged === undefined || scores.train === undefined || judged.length === 0) return null;
  return mean(scores.train) - mean(judged);
}
