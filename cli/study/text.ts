/** How the command line tells of a study. */
import { said } from '../../src/app/i18n/said.ts';
import { english, type Told } from '../../src/sentence.ts';
import { cellName, type StoredExperiment } from '../../src/study/stored.ts';
import type { Cell, Row } from '../../src/study/study.ts';
import { mebibytes, tableText } from '../output.ts';
import type { CellEstimate, Estimates } from './estimate.ts';

/** `12 s`, `4 min`, `2 h 10 min` */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is left to do, and what it takes. */
export function totalsOf(
  cells: readonly Cell[],
  rows: ReadonlyMap<string, Row>,
  { known, refused }: Estimates,
): { cells: number; runs: number; done: number; refused: number; seconds: number; bytes: number } {
  const left = cells.filter(({ id }) => !rows.has(id));
  const estimates = left
    .map(({ id }) => known.get(id))
    .filter((one): one is CellEstimate => one !== undefined);
  return {
    cells: cells.length,
    runs: left.filter(({ id, kind }) => kind === 'train' && !refused.has(id)).length,
    done: cells.length - left.length,
    refused: left.filter(({ id }) => refused.has(id)).length,
    seconds: estimates.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    bytes: estimates.reduce((most, { memory }) => Math.max(most, memory.total), 0),
  };
}

export function totalsText(totals: ReturnType<typeof totalsOf>): string {
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
  { answer, finding, failed, cells }: StoredExperiment,
  language: 'en' | 'zh',
): string {
  const told = (one: Told): string =>
    language === 'zh' ? said(one, 'zh') : typeof one === 'string' ? one : english(one);
  return [
    ...answer.map(told),
    `${language === 'zh' ? '研究的结论：' : 'The study found: '}${told(finding)}`,
    ...failed.map(({ name, why }) => `· ${name}: ${told(why)}`),
    ...(cells.missing > 0 ? [`${cells.missing} cells are missing.`] : []),
  ].join('\n');
}
