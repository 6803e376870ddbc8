/** TSV: tabs separate, line ends end rows, and a quote is an ordinary character that never spans lines. */
import type { Cells } from './cells.ts';
import { RowCollector } from './row-collector.ts';
import type { InvalidRows } from './row-problems.ts';

/**
 * @param text with `\n` line ends; blank lines are passed over
 * @throws StudioError('data') for ragged rows, with the line
 */
export function readTsv(text: string, file: string, invalidRows?: InvalidRows): Cells {
  const rows = new RowCollector(file, invalidRows);
  let line = 1;
  for (let from = 0; from < text.length; line++) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    if (end > from) rows.add(text.slice(from, end).split('\t'), line);
    from = end + 1;
  }
  return rows.finish();
}
