/**
 * Lines that open with their label, as question-classification corpora have them:
 * `COARSE:fine question …`. Columns: `label` (coarse), `fine` (`COARSE:fine`) and `text`.
 */
import { say } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError, quoted } from './error.ts';
import { checkRowCount, mostRows } from './limits.ts';

export const LABELLED_LINE = /^([A-Za-z_]+):([A-Za-z_]+) +(\S.*)$/;

/** @throws StudioError('data') with the line that has no `LABEL:fine` in front */
export function readLabelledLines(text: string, file: string): Cells {
  const columns: string[][] = [[], [], []];
  const lines: number[] = [];
  const most = mostRows(text.length);
  text.split('\n').forEach((source, i) => {
    if (source.trim() === '') return;
    const match = LABELLED_LINE.exec(source);
    if (!match)
      throw dataError(
        file,
        i + 1,
        say`${quoted(source)} does not open with LABEL:fine and a space; put its label in front`,
      );
    columns[0].push(match[1]);
    columns[1].push(`${match[1]}:${match[2]}`);
    columns[2].push(match[3]);
    lines.push(i + 1);
    checkRowCount(lines.length, most, file);
  });
  return { columns, lines, names: ['label', 'fine', 'text'] };
}
