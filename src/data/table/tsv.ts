/**
 * TSV: tabs separate, line ends end rows, and a quote is an ordinary character that never spans lines, unless
 * the whole file is quoted as spreadsheets and data frames do it.
 */
import { say } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { readCsv } from './csv.ts';
import { firstLines } from './first-lines.ts';
import { RowCollector } from './row-collector.ts';
import type { InvalidRows } from './row-problems.ts';
import { filledWidth } from './separator.ts';
import { hasQuotedCells, hasSingleQuotedCells } from './tsv-quotes.ts';

/**
 * @param text with `\n` line ends; blank lines are passed over
 * @throws StudioError('data') for ragged rows, with the line
 */
export function readTsv(text: string, file: string, invalidRows?: InvalidRows): Cells {
  // A name that promises tabs where there are none: any separator that gives a table will do.
  if (!(firstLines(text, 1)[0] ?? '').includes('\t')) return readCsv(text, file, invalidRows);
  const quote = hasQuotedCells(text) ? '"' : hasSingleQuotedCells(text) ? "'" : null;
  if (quote !== null) {
    const cells = readCsv(text, file, invalidRows, { separator: '\t', offset: 0, said: true, quote });
    return { ...cells, notes: [QUOTES_TAKEN_OFF, ...(cells.notes ?? [])] };
  }
  const rows = new RowCollector(file, text.length, invalidRows);
  let line = 1;
  for (let from = 0; from < text.length; line++) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const cells = text.slice(from, end).split('\t');
    if (filledWidth(cells) > 0) rows.add(cells, line);
    from = end + 1;
  }
  return { ...rows.finish(), separator: '\t' };
}

const QUOTES_TAKEN_OFF = say`Cells of this TSV file are quoted as in CSV: their quotes were taken off, and doubled ones inside are one.`;
