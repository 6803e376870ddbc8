/** Which format a data file has, by its extension, and by its first lines where that says nothing. */
import { dataError } from './error.ts';
import { LABELLED_LINE } from './labelled-lines.ts';

export type TableFormat = 'csv' | 'tsv' | 'jsonl' | 'labelledLines';

const BY_EXTENSION: Record<string, TableFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};

/**
 * @param text the decoded file
 * @throws StudioError('data') where neither name nor content tells
 */
export function detectFormat(text: string, file: string): TableFormat {
  const extension = /\.([^./\\]+)$/.exec(file)?.[1].toLowerCase() ?? '';
  const byName = BY_EXTENSION[extension];
  if (byName) return byName;

  const lines = firstLines(text, 20);
  if (lines[0]?.trimStart().startsWith('['))
    throw dataError(file, 1, 'a JSON array is not read; write one JSON object a line (JSON Lines, .jsonl)');
  if (lines.length > 0 && lines.every((line) => line.trimStart().startsWith('{'))) return 'jsonl';
  if (extension === 'json')
    throw dataError(file, 1, 'JSON is read only with one object a line (JSON Lines, .jsonl); write it so');
  if (lines.length > 0 && lines.every((line) => line.includes('\t'))) return 'tsv';
  if (lines.length > 0 && lines.every((line) => LABELLED_LINE.test(line))) return 'labelledLines';
  if (lines.length > 0 && lines.every((line) => line.includes(','))) return 'csv';
  throw dataError(
    file,
    null,
    'neither its name nor its content tells the format; name it .csv, .tsv or .jsonl by what it holds',
  );
}

/** Up to `count` lines that are not blank. */
export function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (let from = 0; from < text.length && lines.length < count;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    if (line.trim() !== '') lines.push(line);
    if (end < 0) break;
    from = end + 1;
  }
  return lines;
}
