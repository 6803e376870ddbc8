/**
 * The report of a comparison: one HTML page that needs nothing but itself, reads in two languages and prints well. It
 * is made of plain records, the same from page and command line.
 */
import type { RunEnvironment } from '../../runs/record.ts';
import { escapeHtml } from '../../runs/svg-chart.ts';
import { say, type Sentence, type Told } from '../../sentence.ts';
import { methodsOf, referencesOf, type ComparedRun } from '../compared-runs.ts';
import type { JudgedComparison, judgeTasks } from '../comparison-summary.ts';
import { scoreText, shownInterval } from '../figures.ts';
import type { Reference } from '../outcome.ts';
import { Bilingual, type Language, type Said } from './bilingual.ts';
import { curveChart, scoreChart, type CurveSeries, type ReferenceLine } from './chart.ts';
import { bandOf, lossLine, metricLine, type Line } from './curves.ts';
import { STYLE } from './style.ts';
import { comparisonTable, REFERENCE_NAMES, type TableMethod } from './table.ts';

export interface ReportOptions {
  name: string;
  /** ISO 8601. */
  created: string;
  environment: RunEnvironment;
  notes?: readonly Told[];
  /** What `judgeTasks` says of each task, of a comparison of several. */
  tasks?: ReturnType<typeof judgeTasks>;
  /** The one that it opens in. */
  language?: Language;
  said: Said;
}

/** Okabe and Ito's colours, told apart by most colour-blind readers. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6d1f', '#7f7f7f'];

/** The page as text. @param judged what `judge` says of the runs */
export function reportHtml(
  runs: readonly ComparedRun[],
  judged: JudgedComparison,
  options: ReportOptions,
): string {
  const { name, language: first = 'en' } = options;
  const language = new Bilingual(options.said);
  const several = methodsOf(runs).some((method) => method.runs.length > 1);
  const list = (told: readonly Told[]): string => listOf(told, language);
  const own = (options.tasks ?? []).map(
    ({ runs: one, name: task, ...judgedTask }) =>
      `<section class="task"><h2>${language.html(say`Task ${task}`)}</h2>${sectionOf(one, judgedTask, language)}</section>`,
  );
  return `<!doctype html>
<html lang="${first}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<form class="choice" autocomplete="off">
<label><input type="radio" name="language" id="en"${first === 'en' ? ' checked' : ''}>English</label>
<label lang="zh"><input type="radio" name="language" id="zh"${first === 'zh' ? ' checked' : ''}>中文</label>
${several ? `<label><input type="checkbox" id="seeds">${language.html(say`Curves of single seeds`)}</label>` : ''}
</form>
<h1>${escapeHtml(name)}</h1>
${own.length > 0 ? `<h2>${language.html(say`Mean of the tasks`)}</h2>` : ''}
${sectionOf(runs, judged, language)}
${own.join('\n')}
<h2>${language.html(say`How this was measured`)}</h2>
${list([...facts(runs, options), ...MEASURES, ...(options.notes ?? [])])}
</body>
</html>
`;
}

function listOf(told: readonly Told[], language: Bilingual): string {
  if (told.length === 0) return '';
  return `<ul>${told.map((one) => `<li>${language.html(one)}</li>`).join('')}</ul>`;
}

/** Verdict, table and charts of a comparison, or of one of its tasks. */
function sectionOf(
  runs: readonly ComparedRun[],
  { summary, text, outcomes }: Pick<JudgedComparison, 'summary' | 'text' | 'outcomes'>,
  language: Bilingual,
): string {
  const compared = methodsOf(runs);
  const colorOf = (i: number): string => COLORS[i % COLORS.length];
  const classes = outcomes.classes !== undefined;
  const methods = summary.methods.map((method, i): TableMethod => {
    const total = compared[i].runs[0].summary.totalParameters;
    const { trainableParameters: trained } = method;
    const share = total > 0 && trained !== null ? trained / total : null;
    return { ...method, share, color: colorOf(i) };
  });
  const seriesOf = (lineOf: (run: ComparedRun) => Line): CurveSeries[] =>
    compared.map((method, i) => {
      const lines = method.runs.map(lineOf);
      return { name: method.name, color: colorOf(i), mean: bandOf(lines), runs: lines };
    });
  const { metric, judgedOn } = summary;
  const linesOf = (reference: Reference): ReferenceLine[] => {
    const constant = classes ? REFERENCE_NAMES.largestClass : REFERENCE_NAMES.mean;
    return [
      ...(reference.largestClass === undefined ? [] : [{ name: constant, value: reference.largestClass }]),
      ...(reference.untuned === undefined
        ? []
        : [{ name: REFERENCE_NAMES.untuned, value: reference.untuned }]),
    ];
  };
  const scored = methods.filter((method): method is TableMethod & { mean: number } => method.mean !== null);
  const charts = [
    scoreChart(
      scored.map((method) => ({
        ...method,
        interval: method.interval && shownInterval(metric, method.interval),
      })),
      linesOf(summary.reference),
      {
        title: judgedOn === 'test' ? say`Test ${metric} by method` : say`Validation ${metric} by method`,
        tick: (value) => scoreText(metric, value),
      },
      language,
    ),
    curveChart(
      seriesOf(({ events }) => metricLine(events, metric)),
      linesOf(referencesOf(runs, 'validation')),
      { title: say`Validation ${metric}`, x: say`step` },
      language,
    ),
    curveChart(
      seriesOf(({ events }) => lossLine(events)),
      [],
      { title: say`Training loss`, x: say`step` },
      language,
    ),
  ];
  const legend = methods
    .map(({ name: method, color }) => `<li><i style="background:${color}"></i>${escapeHtml(method)}</li>`)
    .join('');
  return `<section class="verdict"><p>${text.sentences.map((one) => language.html(one)).join(' ')}</p>${listOf(text.remarks, language)}</section>
${comparisonTable(summary, methods, classes, language)}
<ul class="legend">${legend}</ul>
${charts.filter((chart) => chart !== null).join('\n')}`;
}

const MEASURES: readonly Sentence[] = [
  say`A method's interval is Student's over seeds; with one seed it is that of the rows.`,
  say`Differences are paired by seed: their interval is the BCa bootstrap's, p that of the exact sign-flip test, after Holm's correction; with one seed the rows are compared.`,
  say`Bands of curves are 95 % intervals, no wider than the seeds are apart.`,
  say`Memory is what the studio's own allocator holds on the device, weights shared between runs included in each; time is each run's own on the device.`,
];

function facts(runs: readonly ComparedRun[], { environment, created }: ReportOptions): Sentence[] {
  const { model, data, tasks } = runs[0].spec;
  const { adapter, runtime, studio } = environment;
  const files = (tasks ?? [data])
    .flatMap((one) => [one.train, one.validation, one.test])
    .filter((one) => one !== undefined)
    .join(', ');
  return [
    say`Model: ${model.source}; data: ${files}.`,
    say`Ran on ${adapter.description || adapter.vendor} (${runtime}, Delta Studio ${studio}), ${created}.`,
  ];
}
