/** A comparison judged: what `summary.json` says, and the page and the report show. Numbers are fractions. */
import { StudioError } from '../errors.ts';
import { english, type Sentence } from '../sentence.ts';
import {
  adapterBytesOf,
  forecastOf,
  methodsOf,
  outcomesOf,
  type Asked,
  type ComparedRun,
} from './compared-runs.ts';
import { runsOfTask, taskNames } from './compared-tasks.ts';
import { differencesTo, figureOf, judgedOn, type Difference } from './compare.ts';
import type { Outcomes, Reference, Split } from './outcome.ts';
import type { Interval } from './samples.ts';
import { gapOf, verdictOf, type Verdict, type VerdictCode } from './verdict.ts';
import { verdictText, type VerdictText } from './verdict-sentences.ts';

export interface MethodSummary {
  name: string;
  type: string;
  /** That came to an end, in order; the scores are by these, and null of a set that was not scored with all. */
  seeds: readonly number[];
  /** Seeds that diverged, and that came to nothing otherwise. */
  lost: readonly number[];
  failed: readonly number[];
  scores: Record<Split, readonly number[] | null>;
  /** Of the judged set, and Student's 95 % interval over seeds; with one seed that of the rows. */
  mean: number | null;
  interval: Interval | null;
  /** Null of the baseline itself, and where nothing is common. */
  againstBaseline: Difference | null;
  /** Training score less the judged one. */
  gap: number | null;
  /** These three are null where no run of it could be planned, or came to an end. */
  trainableParameters: number | null;
  peakBytes: number | null;
  /** Of one run: the mean over seeds. */
  seconds: number | null;
  forecastSeconds: number | null;
  /** Of the first seed's. */
  adapterBytes: number | null;
}

export interface ComparisonSummary {
  metric: string;
  /** Null where no set was scored with all methods. */
  judgedOn: Split | null;
  baseline: string;
  reference: Reference;
  methods: MethodSummary[];
}

/** What is kept and shown of a judged comparison. */
export interface Judged {
  summary: ComparisonSummary;
  verdict: StoredVerdict;
  /** The same of each task, of runs of several; what stands above is of their mean. */
  tasks?: readonly JudgedTask[];
}

export interface JudgedTask {
  name: string;
  summary: ComparisonSummary;
  verdict: StoredVerdict;
}

/** A comparison and what is said of it. */
export interface JudgedComparison {
  summary: ComparisonSummary;
  verdict: Verdict;
  text: VerdictText;
  outcomes: Outcomes;
}

/**
 * @param runs of the comparison, at least one
 * @throws StudioError('spec') for a baseline that is none of the methods
 */
export function judge(runs: readonly ComparedRun[], asked: Asked = {}): JudgedComparison {
  const outcomes = outcomesOf(runs, asked);
  const verdict = verdictOf(outcomes);
  const defaultRates = runs.every(({ spec }) => spec.training.optimizer.defaultFor !== undefined);
  return {
    summary: summaryOf(runs, outcomes),
    verdict,
    text: verdictText(verdict, outcomes, defaultRates),
    outcomes,
  };
}

/**
 * Each task of runs of several, judged by itself; none of runs of one data set.
 * @throws StudioError as `judge`
 */
export function judgeTasks(
  runs: readonly ComparedRun[],
  asked: Asked = {},
): (JudgedComparison & { name: string; runs: ComparedRun[] })[] {
  return taskNames(runs).map((name, index) => {
    const own = runsOfTask(runs, index);
    return { name, runs: own, ...judge(own, asked) };
  });
}

function summaryOf(runs: readonly ComparedRun[], outcomes: Outcomes): ComparisonSummary {
  const split = judgedOn(outcomes);
  const { metric, baseline, reference, methods } = outcomes;
  const differences = split === null ? [] : differencesTo(outcomes, baseline, split);
  const compared = methodsOf(runs);
  return {
    metric,
    judgedOn: split,
    baseline,
    reference,
    methods: methods.map((method, i) => {
      const figure = split === null ? null : figureOf(method, split, outcomes);
      return {
        name: method.name,
        type: method.type,
        seeds: method.seeds,
        lost: method.lost,
        failed: method.failed ?? [],
        scores: {
          train: method.scores.train ?? null,
          validation: method.scores.validation ?? null,
          test: method.scores.test ?? null,
        },
        mean: figure?.mean ?? null,
        interval: figure?.interval ?? null,
        againstBaseline: differences[i] ?? null,
        gap: gapOf(method, split),
        trainableParameters: method.trainableParameters || null,
        peakBytes: method.peakBytes || null,
        seconds: method.seeds.length === 0 ? null : method.seconds,
        forecastSeconds: forecastOf(compared[i]),
        adapterBytes: adapterBytesOf(compared[i]),
      };
    }),
  };
}

/** The verdict as `summary.json` has it. */
export interface StoredVerdict {
  code: VerdictCode;
  take: string | null;
  /** Codes of what else holds. */
  also: VerdictCode[];
  /** In English, one to three. */
  sentences: string[];
  remarks: string[];
  /** The same with their values apart, to be told in another language. */
  told: { sentences: Sentence[]; remarks: Sentence[] };
  /** Methods that each of `also` is about. */
  about: Partial<Record<VerdictCode, readonly string[]>>;
  best: string | null;
  other: string | null;
  difference: Difference | null;
  /** Of a winner: the largest p of its differences to all others, uncorrected. */
  largestP: number | null;
  seedsNeeded: number | null;
  /** Rows that judged, where they are too few for what was seen; absent in older ones. */
  rowsShort?: number | null;
}

export function storedVerdict({ verdict, text }: JudgedComparison): StoredVerdict {
  const { code, take, also, best, other, difference, largestP, seedsNeeded, rowsShort } = verdict;
  return {
    code,
    take,
    also: also.map((note) => note.code),
    sentences: text.sentences.map(english),
    remarks: text.remarks.map(english),
    told: { sentences: text.sentences, remarks: text.remarks },
    about: Object.fromEntries(also.map((note) => [note.code, note.methods])),
    best,
    other,
    difference,
    largestP,
    seedsNeeded,
    rowsShort,
  };
}

/**
 * What is to be said of runs that have ended.
 * @param goesOn called now and then: many rows take minutes
 * @returns null where nothing was evaluated, or where the baseline is none of the runs
 */
export function judgedRuns(
  runs: readonly ComparedRun[],
  baseline: string | undefined,
  goesOn?: () => void,
): Judged | null {
  if (runs.length === 0) return null;
  try {
    const asked = { ...(baseline !== undefined && { baseline }), ...(goesOn && { goesOn }) };
    const judged = judge(runs, asked);
    if (judged.summary.judgedOn === null && judged.verdict.code !== 'diverged') return null;
    const tasks = judgeTasks(runs, asked).map((task): JudgedTask => ({
      name: task.name,
      summary: task.summary,
      verdict: storedVerdict(task),
    }));
    return {
      summary: judged.summary,
      verdict: storedVerdict(judged),
      ...(tasks.length > 0 && { tasks }),
    };
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
