/** A comparison as the command line shows it: the verdict, then a row for each method and for what takes no training. */
import { said } from '../src/app/i18n/said.ts';
import type { JudgedComparison } from '../src/evidence/comparison-summary.ts';
import {
  figureText,
  inPoints,
  probabilityText,
  scoreText,
  secondsText,
  signedDistance,
} from '../src/evidence/figures.ts';
import type { RunRecord } from '../src/runs/record.ts';
import { english, type Sentence } from '../src/sentence.ts';
import { mebibytes, tableText } from './output.ts';

/** One sentence a line. */
export function verdictLines({ text }: JudgedComparison, language: 'en' | 'zh'): string {
  const told = (sentence: Sentence): string =>
    language === 'en' ? english(sentence) : said(sentence, language);
  return [...text.sentences.map(told), ...text.remarks.map((remark) => `· ${told(remark)}`)].join('\n');
}

/** Scores of each task by run, with the weights that were kept; empty of runs of one task. */
export function taskTable(
  runs: readonly { key: string; record: Pick<RunRecord, 'spec' | 'summary'> }[],
): string {
  const names = runs[0]?.record.spec.tasks?.map(({ name }) => name) ?? [];
  if (names.length === 0) return '';
  const { metric } = runs[0].record.spec.training;
  const rows = runs.map(({ key, record }) => [
    key,
    ...names.map((name) => {
      const scores = record.summary.tasks?.find((task) => task.name === name)?.scores;
      const value = (scores?.test ?? scores?.validation)?.[metric];
      return value === undefined ? '–' : scoreText(metric, value);
    }),
  ]);
  return `${tableText([[`${metric} by task`, ...names], ...rows])}\n`;
}

export function comparisonTable({ summary, outcomes }: JudgedComparison): string {
  const { metric, judgedOn, baseline, reference, methods } = summary;
  const set = judgedOn === 'test' ? 'test' : 'validation';
  const several = methods.some(({ seeds }) => seeds.length > 1);
  const unit = inPoints(metric) ? ', points' : '';
  const head = [
    'method',
    ...(several ? ['seeds'] : []),
    `${set} ${metric}`,
    `to ${baseline}${unit}`,
    'p, Holm',
    `gap${unit}`,
    'trained',
    'memory',
    'time',
  ];
  const rows = methods.map((method) => {
    const { name, seeds, mean, interval, againstBaseline, gap } = method;
    return [
      name,
      ...(several ? [String(seeds.length)] : []),
      mean === null ? '–' : figureText(metric, { mean, interval }),
      againstBaseline === null ? '–' : signedDistance(metric, againstBaseline.difference),
      againstBaseline?.pAdjusted === null || againstBaseline === null
        ? '–'
        : probabilityText(againstBaseline.pAdjusted),
      gap === null ? '–' : signedDistance(metric, gap),
      method.trainableParameters?.toLocaleString('en') ?? '–',
      method.peakBytes === null ? '–' : mebibytes(method.peakBytes),
      method.seconds === null ? '–' : `${secondsText(method.seconds)} s`,
    ];
  });
  const blank = Array<string>(head.length - (several ? 3 : 2)).fill('');
  const references = [
    [outcomes.classes === undefined ? 'the mean' : 'largest class', reference.largestClass] as const,
    ['untuned model', reference.untuned] as const,
  ].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, ...(several ? [''] : []), scoreText(metric, value), ...blank]],
  );
  return tableText([head, ...rows, ...references]);
}
