/** How the command line tells of a study. */
import { said } from '../../src/app/i18n/said.ts';
import { english, type Told } from '../../src/sentence.ts';
import { cellName, missingTold, type StoredExperiment } from '../../src/study/stored.ts';
import type { Cell, Row } from '../../src/study/study.ts';
import { mebibytes, tableText } from '../output.ts';
import type { Estimates } from '../../src/study/work/estimate.ts';
import type { StudyTotals } from '../../src/study/work/plan.ts';
import type { StudyEvent } from '../../src/study/work/run-cells.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';

/** `12 s`, `4 min`, `2 h 10 min` */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function totalsText(totals: StudyTotals): string {
  const { cells, runs, done, refused, seconds, bytes } = totals;
  const parts = [
    cells === 1 ? '1 cell' : `${cells} cells`,
    ...(done > 0 ? [`${done} done already`] : []),
    ...(refused > 0 ? [`${refused} cannot run`] : []),
    runs === 0 ? 'no training' : `${runs} ${runs === 1 ? 'run' : 'runs'}, about ${durationText(seconds)}`,
    `at most ${mebibytes(bytes)} on the device`,
  ];
  return parts.join(', ');
}

/** `--dry-run` */
export function cellTable(
  cells: readonly Cell[],
  rows: ReadonlyMap<string, Row>,
  estimates: Estimates,
): string {
  const head = ['cell', 'what', 'time', 'memory', 'state'];
  const lines = cells.map((cell) => {
    const { id } = cell;
    const estimate = estimates.known.get(id);
    const state = rows.get(id)?.status ?? (estimates.refused.has(id) ? 'cannot run' : 'to do');
    return [
      id,
      cellName(cell),
      typeof estimate?.seconds === 'number' ? durationText(estimate.seconds) : '–',
      estimate === undefined ? '–' : mebibytes(estimate.memory.total),
      state,
    ];
  });
  return tableText([head, ...lines]);
}

/** What an experiment says in the end. */
export function answerText(
  { same = [], answer, finding, failed, cells }: StoredExperiment,
  language: 'en' | 'zh',
): string {
  const told = (one: Told): string =>
    language === 'zh' ? said(one, 'zh') : typeof one === 'string' ? one : english(one);
  const { missing } = cells;
  return [
    ...same.map(told),
    ...answer.map(told),
    `${language === 'zh' ? '研究的结论：' : 'The study found: '}${told(finding)}`,
    ...failed.map(({ name, why }) => `· ${told(name)}: ${told(why)}`),
    ...(missing > 0 ? [told(missingTold(missing))] : []),
  ].join('\n');
}

/** A line of progress. @param all cells of the experiment; null for what is not told */
export function eventText(event: StudyEvent, all: number): string | null {
  if (event.type === 'begins') return null;
  if (event.type === 'waits') return `Waiting for ${event.cells} cells that other processes are at.`;
  const { cell, row, done, seconds, left } = event;
  const start = `[${done}/${all}] ${cellName(cell)}: `;
  if (row.status !== 'done') return `${start}${row.status}: ${row.why === undefined ? '' : english(row.why)}`;
  if (row.kind === 'measure') return `${start}measured in ${durationText(seconds)}`;
  if (row.kind === 'plan') return `${start}${mebibytes(row.memory?.total ?? 0)}`;
  const { metric, scores } = row;
  const value = (scores.test ?? scores.validation)?.[metric];
  const score = value === undefined ? 'trained' : `${metric} ${shortNumber(value)}`;
  const rest = left === null ? '' : `; about ${durationText(left)} left`;
  return `${start}${score} in ${durationText(seconds)}${rest}`;
}
