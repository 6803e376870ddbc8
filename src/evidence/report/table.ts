/** The table of a report: a row for each method, and for what takes no training. */
import { escapeHtml } from '../../runs/svg-chart.ts';
import { say, type Sentence } from '../../sentence.ts';
import type { ComparisonSummary, MethodSummary } from '../comparison-summary.ts';
import { CLAIM } from '../verdict.ts';
import {
  figureText,
  inPoints,
  mebibytesText,
  probabilityText,
  scoreText,
  secondsText,
  shareText,
  signedDistance,
} from '../figures.ts';
import type { Bilingual } from './bilingual.ts';

/** A method as the table shows it. */
export interface TableMethod extends MethodSummary {
  /** Share of all parameters that it trains. */
  share: number | null;
  color: string;
}

export const REFERENCE_NAMES = {
  largestClass: say`always the largest class`,
  mean: say`always the mean`,
  untuned: say`the untuned model`,
};

const NOTHING = '–';

export function comparisonTable(
  summary: ComparisonSummary,
  methods: readonly TableMethod[],
  classes: boolean,
  language: Bilingual,
): string {
  const { metric, judgedOn, baseline, reference } = summary;
  const points = inPoints(metric);
  const heads: Sentence[] = [
    say`Method`,
    say`Seeds`,
    judgedOn === 'test'
      ? say`Test ${metric}, mean and 95 % interval`
      : say`Validation ${metric}, mean and 95 % interval`,
    points
      ? say`Difference to ${baseline} and its 95 % interval, in points`
      : say`Difference to ${baseline} and its 95 % interval`,
    say`p, after Holm`,
    points ? say`Training less this score, in points` : say`Training less this score`,
    say`Trained parameters`,
    say`Memory`,
    say`Time of a run`,
    say`Adapter`,
  ];
  const head = heads.map((title) => `<th scope="col">${language.html(title)}</th>`).join('');
  const rows = methods.map((method) => methodRow(metric, method, language));
  const constant = classes ? REFERENCE_NAMES.largestClass : REFERENCE_NAMES.mean;
  const references = [
    [constant, reference.largestClass] as const,
    [REFERENCE_NAMES.untuned, reference.untuned] as const,
  ].flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          `<tr class="reference"><th scope="row">${language.html(name)}</th><td></td>` +
            `<td>${scoreText(metric, value)}</td>${'<td></td>'.repeat(heads.length - 3)}</tr>`,
        ],
  );
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}${references.join('')}</tbody></table></div>`;
}

function methodRow(metric: string, method: TableMethod, language: Bilingual): string {
  const { name, mean, interval, againstBaseline: against, gap, share } = method;
  const lost = [...method.lost, ...method.failed];
  const cells = [
    lost.length === 0
      ? method.seeds.join(', ')
      : `${method.seeds.join(', ')} ${language.html(say`(lost: ${lost.join(', ')})`)}`,
    mean === null ? NOTHING : escapeHtml(figureText(metric, { mean, interval })),
    against === null
      ? NOTHING
      : signedDistance(metric, against.difference) +
        (against.interval === null
          ? ''
          : ` [${against.interval.map((end) => signedDistance(metric, end)).join(', ')}]`),
    against === null || against.pAdjusted === null
      ? NOTHING
      : escapeHtml(probabilityText(against.pAdjusted)) +
        (against.smallestAdjusted === null || against.smallestAdjusted < CLAIM
          ? ''
          : ` <small>${language.html(say`least ${probabilityText(against.smallestAdjusted)}`)}</small>`),
    gap === null ? NOTHING : signedDistance(metric, gap),
    (method.trainableParameters?.toLocaleString('en') ?? NOTHING) +
      (share === null ? '' : ` <small>${shareText(share)}</small>`),
    method.peakBytes === null ? NOTHING : mebibytesText(method.peakBytes),
    (method.seconds === null ? NOTHING : `${secondsText(method.seconds)} s`) +
      (method.forecastSeconds === null
        ? ''
        : ` <small>${language.html(say`forecast ${secondsText(method.forecastSeconds)} s`)}</small>`),
    method.adapterBytes === null ? NOTHING : `${(method.adapterBytes / 1024).toFixed(0)} KiB`,
  ];
  return (
    `<tr><th scope="row"><i style="background:${method.color}"></i>${escapeHtml(name)}</th>` +
    `${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  );
}
