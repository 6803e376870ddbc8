/** JSON Lines: one object a line; its keys are the columns, in the order they first appear. */
import { say, type Sentence } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError, quoted } from './error.ts';
import { checkColumnCount } from './limits.ts';

/**
 * Strings stay, numbers and booleans are written out, a missing key or null is an empty cell, a list of
 * strings is joined by spaces, and anything else stays JSON.
 * @throws StudioError('data') with the line of what is not a JSON object
 */
export function readJsonLines(text: string, file: string): Cells {
  const columns = new Map<string, string[]>();
  const lines: number[] = [];
  const lists = new Map<string, Map<number, readonly string[]>>();
  let line = 1;
  for (let from = 0; from < text.length; line++) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const source = text.slice(from, end);
    from = end + 1;
    if (source.trim() === '') continue;
    const row = parseObject(source, file, line);
    checkColumnCount(Object.keys(row).length, file, line);
    for (const [key, value] of Object.entries(row)) {
      let column = columns.get(key);
      if (!column) columns.set(key, (column = []));
      while (column.length < lines.length) column.push('');
      column.push(cellOf(value));
      if (!isTexts(value) || value.length < 2) continue;
      const rows = lists.get(key) ?? new Map<number, readonly string[]>();
      lists.set(key, rows.set(lines.length, value));
    }
    lines.push(line);
  }
  if (lines.length === 0) throw dataError(file, null, say`the file has no rows; choose a file with rows`);
  for (const column of columns.values()) while (column.length < lines.length) column.push('');
  return { columns: [...columns.values()], lines, names: [...columns.keys()], lists };
}

function parseObject(source: string, file: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    const nan = /[:[,]\s*-?(NaN|Infinity)\b/.exec(source);
    const why = nan ? say`${nan[1]} is not JSON` : say`not valid JSON, beginning ${quoted(source)}`;
    throw dataError(file, line, say`${why}; write one complete JSON object a line`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw dataError(
      file,
      line,
      say`${kindOf(value)} where an object is needed; write ${'{"text": …, "label": …}'}`,
    );
  return value as Record<string, unknown>;
}

function kindOf(value: unknown): Sentence {
  if (value === null) return say`a JSON null`;
  if (Array.isArray(value)) return say`a JSON array`;
  if (typeof value === 'string') return say`a JSON string`;
  return typeof value === 'number' ? say`a JSON number` : say`a JSON boolean`;
}

/** A value as a cell. */
export function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (isTexts(value)) return value.join(' ');
  // 64-bit integers of Parquet.
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
