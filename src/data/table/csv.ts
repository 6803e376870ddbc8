/** CSV after RFC 4180: quoted fields may hold separators, doubled quotes and line ends. */
import { say, type Sentence } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { RowScanner, type QuoteProblem } from './delimited-rows.ts';
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
  const rows = new RowCollector(file, text.length, invalidRows);
  // The line of a `sep=` stands before the first row.
  const before = lineAt(text, offset) - 1;
  const scanner = new RowScanner(text, separator, quote, offset);
  while (!scanner.done) {
    const { cells, line, problem } = scanner.row();
    if (problem !== null) throw dataError(file, lineAt(text, problem.at), QUOTE_PROBLEMS[problem.kind]);
    if (!isBlank(cells)) rows.add(cells, before + line);
  }
  const cells = rows.finish();
  const notes = cells.notes ?? [];
  if (separator !== ',' && !said)
    notes.unshift(say`Columns are separated by the ${separatorName(separator)}.`);
  return { ...cells, notes, separator };
}

const QUOTE_PROBLEMS: Record<QuoteProblem['kind'], Sentence> = {
  unclosed: say`a quoted field opens here and is never closed; close it, or double the quotes inside it ("")`,
  goesOn: say`a quoted field goes on after its closing quote; double the quotes inside it ("")`,
};

/** Line, from 1, of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
