/**
 * What a person should know of their data before they train, the gravest first, each once, and what could be done
 * about it. Made from the files as they are now.
 */
import { field, say, type Sentence } from '../../sentence.ts';
import { atOnce, type Steps } from '../../steps.ts';
import type { Dataset } from '../dataset.ts';
import { surveyLengths, type LengthSurvey } from './lengths.ts';
import type { DoctorInput, Finding } from './finding.ts';
import { findOverlap, findRepeats } from './repeats.ts';
import { fewRows } from './row-findings.ts';
import { writingOf } from './scripts.ts';
import { isSpelledOut, surveyVocabulary } from './vocabulary.ts';

const percent = (share: number): string =>
  `${share >= 0.1 ? Math.round(share * 100) : Number((share * 100).toPrecision(2))} %`;

/** Every finding there is. Pure. A step for each row that is looked at: long texts take minutes. */
export function* examineSteps(input: DoctorInput): Steps<Finding[]> {
  const found = [
    yield* vocabularyFinding(input),
    ...fewRows(input),
    ...absentClasses(input),
    ...(yield* leaks(input)),
    yield* repeatsFinding(input),
    yield* cutFinding(input),
    ...balanceFindings(input),
  ];
  const order = ['fault', 'advice', 'fact'];
  return found
    .filter((finding) => finding !== null)
    .sort((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
}

/** All steps of `examineSteps` at once. */
export function examineData(input: DoctorInput): Finding[] {
  return atOnce(examineSteps(input));
}

/** A share of unknown tokens below this happens to every vocabulary: emoji, rare letters. */
const FEW_UNKNOWN = 0.03;
/** From here on the vocabulary is of another language. */
const MOSTLY_UNKNOWN = 0.3;

function* vocabularyFinding({ train, tokenizer }: DoctorInput): Steps<Finding | null> {
  if (tokenizer === null) return null;
  const survey = yield* surveyVocabulary(train, tokenizer);
  const writing = writingOf(train.texts);
  const remedy = { kind: 'model', writing } as const;
  const share = percent(survey.unknown);
  if (survey.unknown >= MOSTLY_UNKNOWN)
    return {
      code: 'vocabulary',
      weight: 'fault',
      sentence:
        writing === 'chinese'
          ? say`${share} of the tokens of these Chinese texts are unknown to this model's vocabulary, so it can hardly read them; choose a Chinese or multilingual model.`
          : say`${share} of the tokens of these texts are unknown to this model's vocabulary, so it can hardly read them; choose a model of their language, or a multilingual one.`,
      remedy,
    };
  if (isSpelledOut(survey, writing === 'chinese'))
    return {
      code: 'vocabulary',
      weight: 'advice',
      sentence: say`this model's vocabulary has no words for these texts and spells them out (${Number((survey.tokens / survey.characters).toPrecision(2))} tokens a letter); a model of their language would learn more.`,
      remedy,
    };
  if (survey.unknown < FEW_UNKNOWN) return null;
  return {
    code: 'vocabulary',
    weight: 'advice',
    sentence: say`${share} of the tokens are unknown to this model's vocabulary; a model of the texts' language would read more of them.`,
    remedy,
  };
}

function countsOf(data: Dataset): number[] {
  const counts = new Array<number>(data.labelSpace?.names.length ?? 0).fill(0);
  if (data.labelSpace !== null) for (const label of data.labels) counts[label]++;
  return counts;
}

const LISTED = 5;

function named(data: Dataset, classes: readonly number[]): string {
  const names = classes.slice(0, LISTED).map((c) => `"${data.labelSpace!.names[c]}"`);
  return classes.length > LISTED ? `${names.join(', ')}, …` : names.join(', ');
}

/** Classes that one part of the rows has and another lacks. */
function absentClasses({ train, validation, test }: DoctorInput): Finding[] {
  if (train.labelSpace === null) return [];
  const inTrain = countsOf(train);
  return [validation, test ?? null].flatMap((part): Finding[] => {
    if (part === null || part.labelSpace === null) return [];
    const counts = countsOf(part);
    const unlearned = counts.flatMap((rows, c) => (rows > 0 && inTrain[c] === 0 ? [c] : []));
    const unasked = counts.flatMap((rows, c) => (rows === 0 && inTrain[c] > 0 ? [c] : []));
    const where = part.split === 'test';
    const finding = (sentence: Sentence): Finding => ({ code: 'absentClass', weight: 'fault', sentence });
    return [
      ...(unlearned.length === 0
        ? []
        : [
            finding(
              where
                ? say`the test rows have classes that no training row has (${named(train, unlearned)}): no method can learn them; add rows of them to ${field('data.train')}.`
                : say`the validation rows have classes that no training row has (${named(train, unlearned)}): no method can learn them; add rows of them to ${field('data.train')}.`,
            ),
          ]),
      ...(unasked.length === 0
        ? []
        : [
            finding(
              where
                ? say`no test row is of the class ${named(train, unasked)}, so scores say nothing about it; add such rows to ${field('data.test')}.`
                : say`no validation row is of the class ${named(train, unasked)}, so scores say nothing about it; add such rows to ${field('data.validation')}.`,
            ),
          ]),
    ];
  });
}

/** Rows that were trained on and are asked again. */
function* leaks({ train, validation, test }: DoctorInput): Steps<Finding[]> {
  const found = [
    validation && { rows: yield* findOverlap(train, validation), sentence: leakIntoValidation },
    test && { rows: yield* findOverlap(train, test), sentence: leakIntoTest },
    test && validation && { rows: yield* findOverlap(validation, test), sentence: leakBetween },
  ];
  return found.flatMap((one): Finding[] => {
    if (!one || one.rows.rows === 0) return [];
    const [{ train: from, validation: to }] = one.rows.examples;
    const of = one.sentence === leakIntoValidation ? validation! : test!;
    const sentence = one.sentence(one.rows.rows, percent(one.rows.rows / of.rows), from, to);
    return [{ code: 'leak', weight: 'fault', sentence }];
  });
}

const leakIntoValidation = (rows: number, share: string, from: number, to: number): Sentence =>
  say`validation rows that stand among the training rows too: ${rows} (${share}), such as line ${to} on line ${from}; they measure memory, not learning, so take them out of one of the two.`;
const leakIntoTest = (rows: number, share: string, from: number, to: number): Sentence =>
  say`test rows that stand among the training rows too: ${rows} (${share}), such as line ${to} on line ${from}; they measure memory, not learning, so take them out of one of the two.`;
const leakBetween = (rows: number, share: string, from: number, to: number): Sentence =>
  say`test rows that stand among the validation rows too: ${rows} (${share}), such as line ${to} on line ${from}; the step is chosen by them, so take them out of one of the two.`;

/** From this share on repeated rows are worth a line. */
const MANY_REPEATS = 0.01;

function* repeatsFinding({ train }: DoctorInput): Steps<Finding | null> {
  const { rows, conflicting, examples } = yield* findRepeats(train);
  if (rows === 0 || (conflicting === 0 && rows / train.rows < MANY_REPEATS)) return null;
  const [{ first, again }] = examples;
  return {
    code: 'repeats',
    weight: 'advice',
    sentence:
      conflicting > 0
        ? say`training rows that repeat others: ${rows}, of them with another label ${conflicting}, such as line ${again} after line ${first}; decide which is right.`
        : say`training rows that repeat others: ${rows} (${percent(rows / train.rows)}), such as line ${again} after line ${first}; leave them out, or they count twice.`,
  };
}

/** The share of rows that a suggested length keeps whole. */
const KEPT = 0.95;

/** The least length at which so many rows stay whole. */
export function lengthFor({ counts, rows }: LengthSurvey, share = KEPT): number {
  let below = 0;
  for (const [length, count] of counts.entries()) {
    below += count;
    if (below >= share * rows) return length;
  }
  return counts.length - 1;
}

function* cutFinding(input: DoctorInput): Steps<Finding | null> {
  const { train, tokenizer, maxLength, template, mostPositions } = input;
  if (tokenizer === null) return null;
  const survey = input.lengths ?? (yield* surveyLengths(train, tokenizer, template));
  const cut = survey.counts.slice(maxLength + 1).reduce((sum, count) => sum + count, 0);
  const share = cut / survey.rows;
  if (share <= 1 - KEPT) return null;
  const wanted = lengthFor(survey);
  const length = Math.min(wanted, mostPositions ?? Infinity);
  const said = percent(share);
  if (length <= maxLength)
    return {
      code: 'cut',
      weight: 'advice',
      sentence: say`${said} of the training rows are longer than ${maxLength} tokens and are cut, and the model takes no more; shorten the texts.`,
    };
  return {
    code: 'cut',
    weight: 'advice',
    sentence:
      length < wanted
        ? say`${said} of the training rows are cut to ${maxLength} tokens; ${length}, the most that the model takes, keeps more of them.`
        : say`${said} of the training rows are cut to ${maxLength} tokens; ${field('data.maxLength')} ${length} keeps 95 % whole.`,
    remedy: { kind: 'maxLength', length },
  };
}

/** So many times more rows of one class than an even share is imbalance. */
const UNEVEN = 1.3;

/** What one class for every row scores, at best: the rows that judge may have another largest class than training. */
function barSentence(train: Dataset, judged: Dataset, largest: number): Sentence {
  const counts = countsOf(judged);
  const most = counts.reduce((best, rows, i) => (rows > counts[best] ? i : best), largest);
  const [best, usual] = [most, largest].map((one) => percent(counts[one] / judged.rows));
  const name = named(train, [largest]);
  return most === largest
    ? say`always answering ${name} scores ${best} accuracy: a method has learned something where it scores more.`
    : say`always answering ${named(train, [most])} scores ${best} accuracy (${name}, the largest class of the training rows, ${usual}): a method has learned something where it scores more.`;
}

/** Imbalance, and what always answering the largest class scores. */
function balanceFindings({ train, validation, test }: DoctorInput): Finding[] {
  if (train.labelSpace === null) return [];
  const counts = countsOf(train);
  const classes = counts.filter((rows) => rows > 0).length;
  const largest = counts.reduce((best, rows, i) => (rows > counts[best] ? i : best), 0);
  const name = named(train, [largest]);
  const judged = test ?? validation ?? train;
  const smallest = counts.reduce((least, rows) => (rows > 0 ? Math.min(least, rows) : least), Infinity);
  const share = counts[largest] / train.rows;
  const uneven = share > Math.min(0.9, UNEVEN / classes) && counts[largest] > 1.5 * smallest;
  const metric = classes === 2 ? 'matthews' : 'f1';
  const findings: Finding[] = [
    {
      code: 'baseline',
      weight: 'fact',
      sentence: barSentence(train, judged, largest),
    },
  ];
  if (!uneven) return findings;
  return [
    {
      code: 'imbalance',
      weight: 'advice',
      sentence:
        metric === 'matthews'
          ? say`${percent(share)} of the training rows are ${name}: set ${field('training.metric')} to "matthews", which gives nothing for always answering that.`
          : say`${percent(share)} of the training rows are ${name} and the rarest class has ${smallest}: set ${field('training.metric')} to "f1", in which all classes count alike.`,
      remedy: { kind: 'metric', metric },
    },
    ...findings,
  ];
}
