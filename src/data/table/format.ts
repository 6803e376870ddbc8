/** Which format a data file has, by its extension, and by its first lines where that says nothing. */
import { say } from '../../sentence.ts';
import { dataError } from './error.ts';
import { firstLines } from './first-lines.ts';
import { isDocument } from './json.ts';
import { LABELLED_LINE } from './labelled-lines.ts';
import { sniffSeparator } from './separator.ts';

export type TableFormat = 'csv' | 'tsv' | 'jsonl' | 'json' | 'labelledLines';

const BY_EXTENSION: Record<string, TableFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
};

const JSON_NAMES: readonly string[] = ['json', 'jsonl', 'ndjson'];

/**
 * @param text the decoded file
 * @throws StudioError('data') where neither name nor content tells
 */
export function detectFormat(text: string, file: string): TableFormat {
  const extension = /\.([^./\\]+)$/.exec(file)?.[1].toLowerCase() ?? '';
  const byName = BY_EXTENSION[extension];
  if (byName) return byName;

  const lines = firstLines(text, 20);
  const content = text.trimStart();
  // Arrays are also saved as .jsonl, and JSON Lines as .json.
  if (JSON_NAMES.includes(extension) || content.startsWith('{') || /^\[\s*[{\]]/.test(content))
    return jsonFormat(content, extension);
  if (lines.length > 0 && lines.every((line) => LABELLED_LINE.test(line))) return 'labelledLines';
  const separator = sniffSeparator(text);
  if (separator !== null) return separator === '\t' ? 'tsv' : 'csv';
  throw dataError(
    file,
    null,
    say`neither its name nor its content tells the format (comma, semicolon, tab and pipe were tried as separators); name it .csv, .tsv or .jsonl by what it holds`,
  );
}

/** @param content from its first sign that is no blank */
function jsonFormat(content: string, extension: string): 'json' | 'jsonl' {
  const lines = extension === 'jsonl' || extension === 'ndjson';
  if (content.startsWith('[')) return 'json';
  if (content.startsWith('{')) return isDocument(content, lines) ? 'json' : 'jsonl';
  return extension === 'json' ? 'json' : 'jsonl';
}
