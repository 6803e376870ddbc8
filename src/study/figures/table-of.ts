/** Every figure as a table of plain values: what its CSV file holds. */
import { english, type Told } from '../../sentence.ts';
import type { Figure, TableCell } from './figure.ts';

type Value = string | number | null;

export interface PlainTable {
  columns: Value[];
  rows: Value[][];
}

export function plainTable(figure: Figure): PlainTable {
  switch (figure.kind) {
    case 'table':
      return { columns: figure.columns.map(told), rows: figure.rows.map((row) => row.map(valueOf)) };
    case 'curves':
      return {
        columns: ['series', 'x', 'mean', 'low', 'high'],
        rows: figure.series.flatMap(({ name, band }) =>
          band.map(({ x, y, low, high }) => [told(name), x, y, low, high]),
        ),
      };
    case 'ranks':
      return {
        columns: ['method', 'rank', 'critical difference'],
        rows: figure.methods.map(({ name, rank }) => [name, rank, figure.critical]),
      };
    case 'scores':
      return {
        columns: ['method', figure.metric, 'low', 'high'],
        rows: figure.marks.map(({ name, mean, interval }) => [
          told(name),
          mean,
          ...(interval ?? [null, null]),
        ]),
      };
    case 'stacks':
      return {
        columns: ['group', 'name', ...figure.parts.map((part) => `${told(part)} (${figure.unit})`)],
        rows: figure.groups.flatMap(({ name, bars }) =>
          bars.map((bar) => [told(name), told(bar.name), ...bar.values]),
        ),
      };
    case 'matrix':
      return {
        columns: ['', ...figure.columns.map(told)],
        rows: figure.rows.map((name, i) => [told(name), ...figure.values[i]]),
      };
  }
}

function told(text: Told): string {
  return typeof text === 'string' ? text : english(text);
}

function valueOf(cell: TableCell): Value {
  return typeof cell === 'object' && 'value' in cell ? cell.value : told(cell);
}

/** RFC 4180. */
export function csvOf(figure: Figure): string {
  const { columns, rows } = plainTable(figure);
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
