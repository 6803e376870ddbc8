/** What a verdict says: one to three sentences, and remarks beside them. */
import { listed, say, type Sentence } from '../sentence.ts';
import { FEW_ROWS, LEAST_DIFFERENT, widestHalf } from '../data/few-rows.ts';
import { figureOf } from './compare.ts';
import { bestConstant } from './constant-answers.ts';
import {
  distanceWords,
  figureText,
  mebibytesText,
  probabilityText,
  scoreText,
  secondsText,
  shareText,
} from './figures.ts';
import type { MethodOutcome, Outcomes } from './outcome.ts';
import { rowMetric } from './row-metric.ts';
import { mean } from './samples.ts';
import { MOST_PAIRS, pairsToClaim, smallestP } from './sign-flip.ts';
import { noteSentence } from './verdict-notes.ts';
import { CLAIM, FEWEST_SEEDS, type Verdict, type VerdictCode } from './verdict.ts';

export interface VerdictText {
  /** One to three. */
  sentences: Sentence[];
  /** What else holds, a sentence each. */
  remarks: Sentence[];
}

/** Most sentences of a verdict; what more there is to say is a remark. */
const MOST = 3;
/** Scores that differ by less are one. */
const SAME = 1e-9;

/** @param defaultRates were all learning rates the methods' defaults? */
export function verdictText(verdict: Verdict, outcomes: Outcomes, defaultRates = false): VerdictText {
  const all = [
    ...mainSentences(verdict, outcomes),
    ...rowsTell(verdict, outcomes),
    ...certainty(verdict, outcomes),
    ...verdict.also
      .filter((note) => note !== advised(verdict, outcomes))
      .map((note) => noteSentence(note, verdict, outcomes)),
    ...failures(verdict, outcomes),
  ];
  const rates =
    verdict.take === null
      ? say`All learning rates are defaults.`
      : say`All learning rates are defaults: a difference may be the rate's rather than the method's.`;
  return {
    sentences: all.slice(0, MOST),
    remarks: [
      ...all.slice(MOST),
      ...afterHolm(verdict, outcomes),
      ...(defaultRates && verdict.judgedOn !== null ? [rates] : []),
    ],
  };
}

function mainSentences(verdict: Verdict, outcomes: Outcomes): Sentence[] {
  switch (verdict.code) {
    case 'winner':
      return [winner(verdict, outcomes), ...costs(verdict, outcomes)];
    case 'cheaper-equal':
      return [cheaperEqual(verdict, outcomes)];
    case 'too-close':
      return tooClose(verdict, outcomes);
    case 'diverged':
      return diverged(outcomes);
    case 'one-class':
      return [
        say`No method learned: every one leaves a class out of its answers, and none is clearly better than what takes no training (${barsText(outcomes)}).`,
        byHeart(verdict, outcomes)
          ? say`Look at the data first (labels, words that the model does not know), then give rare classes more weight, get more rows or try other learning rates; nothing here is worth keeping yet.`
          : say`Look at the data first (labels, words that the model does not know), then give rare classes more weight, train longer or try other learning rates; nothing here is worth keeping.`,
      ];
    default:
      return nothingLearned(verdict, outcomes);
  }
}

/** Those that failed otherwise are named beside it. */
function diverged({ methods }: Outcomes): Sentence[] {
  const lost = methods.filter((method) => method.lost.length > 0);
  const what =
    lost.length < methods.length
      ? say`No method is left to choose: the loss or gradient of ${listed(lost.map(({ name }) => name))} became infinite or undefined.`
      : methods.every(({ seeds }) => seeds.length === 0)
        ? say`Every method diverged: its loss or gradient became infinite or undefined.`
        : say`Every method diverged with at least one seed: its loss or gradient became infinite or undefined.`;
  return [what, say`Lower the learning rates or lengthen the warm-up.`];
}

function winner(verdict: Verdict, outcomes: Outcomes): Sentence {
  const { take, other, difference } = verdict;
  const score = scoreOn(verdict, outcomes, take!);
  if (other === null || difference === null)
    return say`${take!} learned: ${score}, clearly better than what takes no training (${barsText(outcomes)}).`;
  const p = probabilityText(verdict.largestP ?? 1);
  const ahead = distanceWords(outcomes.metric, difference.difference);
  const { pairs, unit } = difference;
  const many = outcomes.methods.length > 2;
  if (unit === 'rows')
    return many
      ? say`Take ${take!}: ${score}, ${ahead} better than ${other} and ahead of every other method (p at most ${p} for each, over ${pairs} rows).`
      : say`Take ${take!}: ${score}, ${ahead} better than ${other} (p ${p} over ${pairs} rows).`;
  return many
    ? say`Take ${take!}: ${score}, ${ahead} better than ${other} and ahead of every other method (p at most ${p} for each, over ${pairs} seeds).`
    : say`Take ${take!}: ${score}, ${ahead} better than ${other} (p ${p} over ${pairs} seeds).`;
}

/** What the winner takes beside the next. */
function costs({ take, other }: Verdict, outcomes: Outcomes): Sentence[] {
  if (other === null) return [];
  const [one, next] = [methodOf(outcomes, take!), methodOf(outcomes, other)];
  const [memory, nextMemory] = [one, next].map(({ peakBytes }) => mebibytesText(peakBytes));
  return [
    say`It takes ${memory} of memory and ${secondsText(one.seconds)} s a run; ${other} takes ${nextMemory} and ${secondsText(next.seconds)} s.`,
  ];
}

function cheaperEqual(verdict: Verdict, outcomes: Outcomes): Sentence {
  const { take, best, difference } = verdict;
  const score = scoreOn(verdict, outcomes, take!);
  if (take === best || difference === null)
    return leads(verdict, outcomes)
      ? say`Take ${take!}: ${score}, the best score, and no method that may be as good needs less memory.`
      : say`Take ${take!}: ${score}, the best score of those that learned, and no method that may be as good needs less memory.`;
  const [one, other] = [methodOf(outcomes, take!), methodOf(outcomes, best!)];
  const behind = distanceWords(outcomes.metric, difference.difference);
  const memory = shareText(one.peakBytes / other.peakBytes);
  const parameters = shareText(one.trainableParameters / other.trainableParameters);
  return difference.unit === 'rows'
    ? say`Take ${take!}: ${score}, ${behind} behind ${best!}, which ${difference.pairs} rows cannot tell from zero, at ${memory} of its memory and ${parameters} of its trained parameters.`
    : say`Take ${take!}: ${score}, ${behind} behind ${best!}, which ${difference.pairs} seeds cannot tell from zero, at ${memory} of its memory and ${parameters} of its trained parameters.`;
}

function tooClose(verdict: Verdict, outcomes: Outcomes): Sentence[] {
  return [leading(verdict, outcomes), wouldTell(verdict)];
}

/** What it would take to call it. */
function wouldTell({ other, seedsNeeded, rowsShort, difference }: Verdict): Sentence {
  if (seedsNeeded === null)
    return rowsShort === null
      ? say`Twenty seeds would not tell a difference of that size: take ${other!} if memory counts.`
      : say`More seeds would not tell: ${rowsShort} rows are too few to show such a difference; judge by more rows.`;
  // How far seeds lie apart is not to be seen in one.
  if (difference?.unit !== 'seeds')
    return say`One seed does not say how many would tell: ${seedsNeeded} are the fewest that can.`;
  return rowsShort === null
    ? say`About ${seedsNeeded} seeds would tell a difference of that size.`
    : say`About ${seedsNeeded} seeds would tell a difference of that size, by more rows than these ${rowsShort}, which do not show it.`;
}

/** How the best stands to a cheaper method that it was not told from. */
function leading(verdict: Verdict, outcomes: Outcomes): Sentence {
  const { best, other, difference, seedsNeeded, rowsShort } = verdict;
  const score = scoreOn(verdict, outcomes, best!);
  const ahead = difference === null ? 0 : -difference.difference * (outcomes.lowerIsBetter === true ? -1 : 1);
  // A method can have the better mean and yet not be shown to have learned.
  if (difference === null || ahead < 0)
    return say`Too close to call: of those that learned ${best!} scores best (${score}), but ${other!}, which needs less memory, may be as good.`;
  const far = distanceWords(outcomes.metric, difference.difference);
  const { unit, p, smallestP: least, pairs } = difference;
  // All seeds agree, and are too few to say more: not where rows do not show it, or no number of seeds would.
  const near = seedsNeeded !== null && rowsShort === null;
  if (near && unit === 'seeds' && p !== null && p === least && p >= CLAIM)
    return say`Probably ${best!}: ${score}, with each of ${pairs} seeds ahead of ${other!}, the nearest that needs less memory, by ${far} in the mean; so few cannot rule out chance.`;
  return leads(verdict, outcomes)
    ? say`Too close to call: ${best!} scores best (${score}), ${far} ahead of ${other!}, which needs less memory and may be as good.`
    : say`Too close to call: of those that learned ${best!} scores best (${score}), ${far} ahead of ${other!}, which needs less memory and may be as good.`;
}

/** Has none of those that can be chosen a better mean than the best of those that learned? */
function leads({ best, judgedOn }: Verdict, { methods, lowerIsBetter }: Outcomes): boolean {
  const sign = lowerIsBetter === true ? -1 : 1;
  const merit = ({ scores }: MethodOutcome): number => sign * mean(scores[judgedOn!]!);
  const [first] = methods.filter(({ name }) => name === best);
  return methods.filter(isWhole).every((method) => merit(method) <= merit(first));
}

/** Has it come to its end with every seed? */
function isWhole({ lost, failed = [], seeds }: MethodOutcome): boolean {
  return lost.length + failed.length === 0 && seeds.length > 0;
}

function nothingLearned(verdict: Verdict, outcomes: Outcomes): Sentence[] {
  if (outcomes.methods.every(({ seeds }) => seeds.length === 0))
    return [say`No run came to its end, so there is nothing to judge.`];
  if (!outcomes.methods.some(isWhole))
    return [say`No method came to its end with every seed, so there is nothing to judge.`];
  if (verdict.judgedOn === null && outcomes.stopped === true)
    return [say`Stopped before the trained weights were scored, so there is nothing to judge.`];
  if (verdict.judgedOn === null)
    return [say`No run was scored on rows that it was not trained on: hold some out to validate or to test.`];
  return [
    say`No method learned: none is clearly better than what takes no training (${barsText(outcomes)}).`,
    advice(verdict, outcomes),
  ];
}

/** What so few rows can tell at all; where all is said of them already, nothing. */
function rowsTell({ judgedOn, code, rowsShort }: Verdict, { metric }: Outcomes): Sentence[] {
  if (judgedOn === null || rowsShort === null || rowsShort >= FEW_ROWS || code === 'diverged') return [];
  if (rowsShort < LEAST_DIFFERENT)
    return [
      say`Rows that judge: ${rowsShort}. With fewer than ${LEAST_DIFFERENT} nothing can be shown, whatever they say: judge by more rows.`,
    ];
  if (metric !== 'accuracy') return [say`Only ${rowsShort} rows judge, which leaves every score uncertain.`];
  const half = distanceWords(metric, widestHalf(rowsShort));
  return [say`Only ${rowsShort} rows judge: an accuracy of them is known to ${half} at best.`];
}

/** What to do where nothing was learned: what holds of half of the methods tells. */
function advice(verdict: Verdict, outcomes: Outcomes): Sentence {
  if (verdict.rowsShort !== null)
    return say`So few rows can hardly show that anything was learned: hold out more to judge by.`;
  const improving = methodsWith('undertrained', verdict);
  if (byHeart(verdict, outcomes))
    return improving.length === 0
      ? say`Longer training would not help: get more rows, or look at the labels; nothing here is worth keeping.`
      : say`Get more rows, or look at the labels; nothing here is worth keeping yet.`;
  if (improving.length === 0)
    return say`Look at the data first (labels, words that the model does not know), then train longer or try other learning rates; nothing here is worth keeping.`;
  return improving.length > 1 && improving.length === outcomes.methods.length
    ? say`Every method was still getting better on validation at its last step: train longer; nothing here is worth keeping yet.`
    : say`Still improving on validation at the last step: ${listed(improving)}; train longer; nothing here is worth keeping yet.`;
}

/** The note that the advice says already. */
function advised(verdict: Verdict, outcomes: Outcomes): Verdict['also'][number] | undefined {
  if (verdict.code !== 'nothing-learned' || verdict.rowsShort !== null || byHeart(verdict, outcomes))
    return undefined;
  return verdict.also.find(({ code }) => code === 'undertrained');
}

/** Does half of the methods or more know the training rows by heart? */
function byHeart(verdict: Verdict, { methods }: Outcomes): boolean {
  return methodsWith('overfitted', verdict).length >= methods.length / 2;
}

function methodsWith(wanted: VerdictCode, { also }: Verdict): readonly string[] {
  return also.find(({ code }) => code === wanted)?.methods ?? [];
}

/** What takes no training, and scores: `always the largest class: 51.0 %, and the untuned model: 49.0 %`. */
function barsText(outcomes: Outcomes): Sentence {
  const { reference, metric, classes } = outcomes;
  const { largestClass, untuned } = reference;
  const parts: Sentence[] = [];
  const constant = bestConstant(outcomes);
  if (constant !== null && constant > (largestClass ?? constant) + SAME) {
    // The judged rows have another largest class than the training rows.
    const text = scoreText(metric, constant);
    const ofTraining = scoreText(metric, largestClass!);
    const same = say`one class for every row: ${text} at best, ${ofTraining} with the largest of the training rows`;
    return untuned === undefined ? same : say`${same}, and ${untunedText(metric, untuned)}`;
  }
  if (largestClass !== undefined) {
    const text = scoreText(metric, largestClass);
    parts.push(
      classes === undefined ? say`always the mean: ${text}` : say`always the largest class: ${text}`,
    );
  }
  if (untuned !== undefined) parts.push(untunedText(metric, untuned));
  const [first = say`unknown here`, second] = parts;
  return second === undefined ? first : say`${first}, and ${second}`;
}

function untunedText(metric: string, untuned: number): Sentence {
  return say`the untuned model: ${scoreText(metric, untuned)}`;
}

/** How far a handful of seeds, or validation, can be trusted. */
function certainty(verdict: Verdict, outcomes: Outcomes): Sentence[] {
  const { judgedOn, code, rowsShort } = verdict;
  if (judgedOn === null || code === 'diverged' || !outcomes.methods.some(isWhole)) return [];
  const { methods, metric } = outcomes;
  const seeds = Math.max(...methods.map((method) => method.seeds.length));
  const p = probabilityText(smallestP(seeds));
  const few = seeds < FEWEST_SEEDS;
  if (judgedOn === 'test') {
    if (!few) return [];
    if (seeds === 1) return [comparesRows(outcomes) ? ROWS_ALONE : NOTHING_TESTED];
    // What it takes is said where it is too close, and nothing promised of rows that are too few.
    return code === 'cheaper-equal' && rowsShort === null
      ? [say`${seeds} seeds are an indication: the smallest p they can give is ${p}; six can name a winner.`]
      : [say`${seeds} seeds are an indication: the smallest p they can give is ${p}.`];
  }
  if (!few)
    return [
      say`The ${metric} was measured on the validation rows, which also chose the step: it is optimistic.`,
    ];
  return seeds === 1
    ? [
        comparesRows(outcomes)
          ? say`The ${metric} was measured on the validation rows, which also chose the step: it is optimistic, and another seed may say otherwise.`
          : say`The ${metric} was measured on the validation rows, which also chose the step: it is optimistic, and with one seed nothing tells a difference from chance.`,
      ]
    : [
        say`The ${metric} was measured on the validation rows, which also chose the step: it is optimistic, and ${seeds} seeds are an indication (their smallest p is ${p}).`,
      ];
}

/**
 * What the p beside the methods can come to. Holm's correction guards all differences to the baseline at once, which
 * takes more seeds the more there are; a winner's lead, which has to be shown to each of its rivals, it does not touch.
 */
function afterHolm({ take }: Verdict, { methods, baseline }: Outcomes): Sentence[] {
  const base = methods.find(({ name }) => name === baseline);
  // Where nothing learned no two are compared.
  if (take === null || base === undefined) return [];
  const pairs = methods
    .filter((method) => method !== base)
    .map(({ seeds }) => seeds.filter((seed) => base.seeds.includes(seed)).length)
    .filter((common) => common > 1);
  const seeds = Math.max(0, ...pairs);
  const least = Math.min(1, pairs.length * smallestP(Math.min(MOST_PAIRS, seeds)));
  if (pairs.length < 2 || least < CLAIM) return [];
  const enough = pairsToClaim(pairs.length, CLAIM);
  return [
    say`The p of the table are Holm's, of ${pairs.length} differences to ${baseline} at once: the smallest that ${seeds} seeds can give is ${probabilityText(least)}; ${enough} can give one below ${CLAIM}.`,
  ];
}

const ROWS_ALONE = say`With one seed only the rows are compared: another seed may say otherwise.`;
const NOTHING_TESTED = say`With one seed and this metric nothing tells a difference from chance; six seeds can.`;

/** Are there answers row by row, from which the metric can be told? */
function comparesRows(outcomes: Outcomes): boolean {
  return rowMetric(outcomes) !== null && outcomes.methods.some(({ answers }) => answers !== undefined);
}

/** Methods that could not be trained, or not with every seed; why stands with their runs. */
function failures({ code }: Verdict, { methods }: Outcomes): Sentence[] {
  // Of those that diverged too that is said; where all failed there is no choice that one could be left out of.
  const failed = methods
    .filter(({ lost, failed: seeds = [] }) => lost.length === 0 && seeds.length > 0)
    .map(({ name }) => name);
  if (failed.length === 0 || (code === 'nothing-learned' && !methods.some(isWhole))) return [];
  return [
    failed.length === 1
      ? say`${listed(failed)} could not be trained to its end and is left out of the choice.`
      : say`${listed(failed)} could not be trained to their end and are left out of the choice.`,
  ];
}

function methodOf({ methods }: Outcomes, name: string): MethodOutcome {
  return methods.find((method) => method.name === name)!;
}

/** `84.1 ± 0.6 % on the test set` */
function scoreOn({ judgedOn }: Pick<Verdict, 'judgedOn'>, outcomes: Outcomes, name: string): Sentence {
  const figure = figureOf(methodOf(outcomes, name), judgedOn!, outcomes)!;
  const score = figureText(outcomes.metric, figure);
  return judgedOn === 'test' ? say`${score} on the test set` : say`${score} on validation`;
}
