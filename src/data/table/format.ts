/** Which format a data file has, by its extension, and by its first lines where that says nothing. */
import { say } from '../../sentence.ts';
import { dataError } from './error.ts';
import { firstLines } from './first-lines.ts';
import { LABELLED_LINE } from './labelled-lines.ts';
import { sniffSeparator } from './separator.ts';

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
    throw dataError(
      file,
      1,
      say`a JSON array is not read; write one JSON object a line (JSON Lines, .jsonl)`,
    );
  if (lines.length > 0 && lines.every((line) => line.trimStart().startsWith('{'))) return 'jsonl';
  if (extension === 'json')
    throw dataError(file, 1, say`JSON is read only with one object a line (JSON Lines, .jsonl); write it so`);
  if (lines.length > 0 && lines.every((line) => LABELLED_LINE.test(line))) return 'labelledLines';
  const separator = sniffSeparator(text);
  if (separator !== null) return separator === '\t' ? 'tsv' : 'csv';
  throw dataError(
    file,
    null,
    say`neither its name nor its content tells the format (comma, semicolon, tab and pipe were tried as separators); name it .csv, .tsv or .jsonl by what it holds`,
  );
}
