/** Rows of a table that can be learnt from, and what is done about the others. */
import type { Sentence } from '../sentence.ts';
import type { DatasetOptions } from './dataset-options.ts';
import type { LabelSpace } from './labels.ts';
import { isMissingText, missingLabels, type IsMissing } from './missing.ts';
import {
  beyondNames,
  beyondNamesProblem,
  classOf,
  missingClassProblem,
  missingProblem,
  numberOf,
  severalLabels,
  severalLabelsProblem,
} from './rows.ts';
import { asking } from './table/question.ts';
import { RowProblems, type RowProblem } from './table/row-problems.ts';
import type { ColumnName, Table } from './table/table.ts';

/** Which labels are missing ones; null where there are targets. */
export function missingRule(table: Table, options: DatasetOptions): IsMissing | null {
  const { columns, task, verbalizer, labelSpace: known, model, aliases, reading } = options;
  if (columns.label === undefined) return null;
  const trained = known && (known.source === 'indices' ? known.names.map((_, i) => String(i)) : known.names);
  return missingLabels(table.column(columns.label), {
    ...(reading?.missingValues && { words: reading.missingValues }),
    classes: [
      ...(trained ?? []),
      ...Object.keys(verbalizer ?? {}),
      ...Object.keys(aliases ?? {}),
      ...table.classNames(columns.label),
      ...Object.values(model?.id2label ?? {}).map(String),
    ],
    others: trained ?? [],
    numbers: task === 'regression',
  });
}

/**
 * Rows that can be used, with their classes or numbers (0 where there are targets).
 * @throws StudioError('data') for the others, unless they are to be left out
 */
export function usableRows(
  table: Table,
  chosen: readonly number[],
  options: DatasetOptions,
  space: LabelSpace | null,
  isMissing: IsMissing | null,
): { rows: number[]; values: number[]; notes: Sentence[] } {
  const { columns, verbalizer, reading = {} } = options;
  const { target, label } = columns;
  const textsOf = (what: 'text' | 'target', names: readonly ColumnName[]) =>
    names.map((name) => ({ name, cells: table.column(name), what }));
  const texts = [
    ...textsOf('text', columns.text),
    ...textsOf('target', target === undefined ? [] : [target]),
  ];
  const labels = label === undefined ? null : table.column(label);
  /** What is missing in a row, as a sentence; null where nothing is. */
  const missingIn = (row: number): RowProblem | null => {
    for (const { name, cells, what } of texts)
      if (isMissingText(cells[row])) return missingProblem(name, cells[row], what);
    if (label === undefined || labels === null || !isMissing?.(labels[row])) return null;
    return space ? missingClassProblem(label, labels[row]) : missingProblem(label, labels[row], 'label');
  };
  const valueOf = label === undefined ? () => 0 : valueRule(label, space, verbalizer !== undefined);
  // What has a word of its own is meant as one class.
  const single = label === undefined || space === null || verbalizer !== undefined;
  const isSeveral = single ? null : severalLabels(table, label);
  const isBeyond = single || options.aliases ? null : beyondNames(table, label);
  /** What keeps a label from being a class at all. */
  const wrongIn = (row: number): RowProblem | null => {
    if (isSeveral?.(row)) return severalLabelsProblem(label!);
    return isBeyond?.(labels![row]) ? beyondNamesProblem(table, label!, labels![row]) : null;
  };
  const skip = reading.invalidRows === 'skip';
  const drop = skip || reading.missing === 'drop';
  const left = new RowProblems(table.name);
  const refused = new RowProblems(table.name);
  const asked = new Set<string>();
  let missing = 0;
  const rows: number[] = [];
  const values: number[] = [];
  for (const row of chosen) {
    const lack = missingIn(row);
    if (lack !== null) {
      missing++;
      if (labels !== null && isMissing?.(labels[row])) asked.add(labels[row].trim());
      (drop ? left : refused).add(table.lineOf(row), lack);
      continue;
    }
    const value = wrongIn(row) ?? valueOf(labels?.[row] ?? '');
    if (typeof value !== 'number') (skip ? left : refused).add(table.lineOf(row), value);
    else {
      rows.push(row);
      values.push(value);
    }
  }
  if (refused.count > 0) {
    const error = refused.error();
    throw missing === refused.count ? asking(error, { kind: 'missing', labels: [...asked] }) : error;
  }
  if (rows.length === 0) throw left.error();
  const note = left.note();
  return { rows, values, notes: note === null ? [] : [note] };
}

/** Labels whose class is kept. */
const REMEMBERED = 1000;

/** A label's class or number; rows by the million have few classes between them. */
function valueRule(
  column: ColumnName,
  space: LabelSpace | null,
  words: boolean,
): (label: string) => number | RowProblem {
  if (space === null) return (label) => numberOf(column, label);
  const known = new Map<string, number>();
  return (label) => {
    const index = known.get(label);
    if (index !== undefined) return index;
    const value = classOf(column, label, space, words);
    if (typeof value === 'number' && known.size < REMEMBERED) known.set(label, value);
    return value;
  };
}
