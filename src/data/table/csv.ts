/** CSV after RFC 4180, through papaparse: quoted fields may hold separators, doubled quotes and line ends. */
import { say, type Sentence } from '../../sentence.ts';
import Papa from 'papaparse';
import type { Cells } from './cells.ts';
import { dataError } from './error.ts';
import { RowCollector } from './row-collector.ts';
import type { InvalidRows } from './row-problems.ts';
import { findSeparator, isBlank, separatorName, type Separated } from './separator.ts';

/**
 * @param text with `\n` line ends
 * @param separated how cells are separated; found out if left out
 * @throws StudioError('data') with its line for a stray or unclosed quote and for ragged rows, and where no
 * separator gives a table
 */
export function readCsv(
  text: string,
  file: string,
  invalidRows?: InvalidRows,
  separated: Separated = findSeparator(text, file),
): Cells {
  const { separator, offset, said, quote = '"' } = separated;
  const rows = new RowCollector(file, invalidRows);
  let line = 1 + countNewlines(text.slice(0, offset));
  Papa.parse<string[]>(text.slice(offset), {
    delimiter: separator,
    quoteChar: quote,
    newline: '\n',
    header: false,
    skipEmptyLines: false,
    step: ({ data, errors }) => {
      for (const error of errors)
        throw dataError(
          file,
          lineOf(text, offset + (error.index ?? 0), line),
          QUOTE_PROBLEMS[error.code] ?? say`${error.message}`,
        );
      if (!isBlank(data)) rows.add(data, line);
      line++;
      // A field spans lines only inside quotes; the row then took that many lines more.
      for (const field of data) line += countNewlines(field);
    },
  });
  const cells = rows.finish();
  const notes = cells.notes ?? [];
  if (separator !== ',' && !said)
    notes.unshift(say`Columns are separated by the ${separatorName(separator)}.`);
  return { ...cells, notes, separator };
}

const QUOTE_PROBLEMS: Record<string, Sentence> = {
  MissingQuotes: say`a quoted field opens here and is never closed; close it, or double the quotes inside it ("")`,
  InvalidQuotes: say`a quoted field goes on after its closing quote; double the quotes inside it ("")`,
};

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Line of a character offset; papaparse gives none in a few cases, where the row's own line stands in. */
function lineOf(text: string, offset: number, rowLine: number): number {
  return offset > 0 ? 1 + countNewlines(text.slice(0, offset)) : rowLine;
}
