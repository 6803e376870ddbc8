/** The report of a comparison: one HTML page that needs nothing but itself. */
import type { RunEvent } from '../train/events.ts';
import type { RunEnvironment } from './record.ts';
import type { RunSpec } from './spec.ts';
import { escapeHtml, lineChart, shortNumber, type ChartSeries } from './svg-chart.ts';
import type { RunSummary } from './summary.ts';

export interface ReportedRun {
  key: string;
  spec: RunSpec;
  summary: RunSummary;
  events: readonly RunEvent[];
}

export interface ReportOptions {
  name: string;
  /** ISO 8601. */
  created: string;
  environment: RunEnvironment;
  notes?: readonly string[];
}

/** Okabe and Ito's colours, told apart by most colour-blind readers. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6d1f', '#7f7f7f'];

const REASONS: Record<RunSummary['reason'], string> = {
  completed: 'completed',
  stopped: 'stopped',
  earlyStopped: 'stopped early',
  nonFinite: 'not finite',
  deviceLost: 'device lost',
  failed: 'failed',
};

/** Points drawn of a curve: beyond these, neighbours are averaged. */
const MOST_POINTS = 300;

/** The page as text. */
export function reportHtml(runs: readonly ReportedRun[], options: ReportOptions): string {
  const metric = runs[0]?.spec.training.metric ?? 'loss';
  const colored = runs.map((run, i) => ({ ...run, color: COLORS[i % COLORS.length] }));
  const losses = colored.map(({ key, color, events }): ChartSeries => ({
    name: key,
    color,
    points: thin(events.flatMap((e) => (e.type === 'step' ? [[e.step, e.loss] as const] : []))),
  }));
  const metrics = colored.map(({ key, color, events }): ChartSeries => ({
    name: key,
    color,
    points: events.flatMap((e) =>
      e.type === 'evaluate' && e.split === 'validation' ? [[e.step, e.metrics[metric]] as const] : [],
    ),
  }));
  const { adapter, runtime, studio } = options.environment;
  const data = runs[0]?.spec.data;
  const facts = [
    `Model ${runs[0]?.spec.model.source ?? ''}`,
    `data ${data?.train ?? ''}`,
    `seed ${runs[0]?.spec.training.seed ?? ''}`,
    `adapter ${adapter.description || adapter.vendor}`,
    `${runtime}, Delta Studio ${studio}`,
    options.created,
  ];
  const legend = colored
    .map(({ key, color }) => `<li><span style="background:${color}"></span>${escapeHtml(key)}</li>`)
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.name)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(options.name)}</h1>
<p>${facts.map(escapeHtml).join(' · ')}</p>
${table(colored, metric)}
<ul class="legend">${legend}</ul>
${lineChart(losses, { title: 'Training loss', xLabel: 'step', yLabel: 'loss' })}
${lineChart(metrics, { title: `Validation ${metric}`, xLabel: 'step', yLabel: metric })}
${notes(options.notes ?? [])}
<p>Memory is what the studio's own allocator holds on the device, weights shared between runs included in
each; time is each run's own on the device.</p>
</body>
</html>
`;
}

/** Adafactor's relative step has no rate of its own. */
function learningRateText(rate: number | undefined): string {
  return rate === undefined ? 'relative' : shortNumber(rate);
}

function table(runs: readonly (ReportedRun & { color: string })[], metric: string): string {
  const baseline = runs[0]?.summary.best?.value;
  const rows = runs.map(({ key, summary, spec }) => {
    const { best, last, memory } = summary;
    const share =
      summary.totalParameters > 0 ? (100 * summary.trainableParameters) / summary.totalParameters : null;
    const cells = [
      summary.trainableParameters.toLocaleString('en'),
      share === null ? '–' : `${shortNumber(share)} %`,
      learningRateText(spec.training.optimizer.learningRate),
      best ? `${shortNumber(best.value)} <small>at ${best.step}</small>` : '–',
      last ? shortNumber(last.metrics[metric]) : '–',
      best && baseline !== undefined ? signed(best.value - baseline) : '–',
      summary.lastLoss === null ? '–' : shortNumber(summary.lastLoss),
      `${shortNumber(summary.seconds)} s`,
      summary.millisecondsPerStep === null ? '–' : `${shortNumber(summary.millisecondsPerStep)} ms`,
      memory ? `${(memory.allocated.total / 2 ** 20).toFixed(1)} MiB` : '–',
      REASONS[summary.reason] + (summary.message ? `: ${escapeHtml(summary.message)}` : ''),
    ];
    return `<tr><th scope="row">${escapeHtml(key)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const heads = [
    'Method',
    'Trained parameters',
    'Share',
    'Learning rate',
    `Best ${metric}`,
    `Last ${metric}`,
    'Difference',
    'Last loss',
    'Time',
    'Step',
    'Memory',
    'Ended',
  ];
  const head = heads.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${shortNumber(Math.abs(value))}`;
}

function notes(sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return `<ul>${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>`;
}

/** Means of neighbours, so that a long curve stays a small picture. */
function thin(points: (readonly [number, number])[]): (readonly [number, number])[] {
  const group = Math.ceil(points.length / MOST_POINTS);
  if (group <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / group) }, (_, i) => {
    const part = points.slice(i * group, (i + 1) * group);
    const mean = part.reduce((sum, [, y]) => sum + y, 0) / part.length;
    return [part[part.length - 1][0], mean] as const;
  });
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --text: light-dark(#222, #ddd); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
td { white-space: nowrap; } th:first-child, td:last-child { text-align: left; white-space: normal; }
figure { margin: 1.5rem 0; } figcaption { font-weight: 600; }
svg { width: 100%; max-width: 44rem; height: auto; } svg text { font-size: 11px; fill: var(--text); }
.grid { stroke: var(--line); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; }
.legend span { display: inline-block; width: 0.9rem; height: 0.9rem; border-radius: 2px; margin-right: 0.4rem; vertical-align: -0.1rem; }
`;
