/** `delta inspect DATA`: how a data file reads, what its columns seem to hold, and its classes. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { inspectTable, type TableInspection } from '../../src/data/inspect-table.ts';
import { separatorName } from '../../src/data/table/separator.ts';
import { english } from '../../src/sentence.ts';
import { trueOrFalse, type Arguments } from '../arguments.ts';
import { loadTable } from '../load.ts';
import { print, printJson, tableText } from '../output.ts';

const DATA_NAME = /\.(csv|tsv|tab|txt|jsonl|ndjson|parquet)$/i;
/** Classes that are listed. */
const SHOWN_CLASSES = 200;
const MODEL_NAME = /\.onnx$/i;

/** Is it a file of data that is to be looked at, rather than a model? */
export function namesData(target: string): boolean {
  if (DATA_NAME.test(target)) return true;
  return !MODEL_NAME.test(target) && existsSync(target) && statSync(target).isFile();
}

export async function inspectData({ target, flags, json }: Arguments): Promise<number> {
  const { text, label } = flags;
  const columns = [...(text ?? []), ...(label === undefined ? [] : [label])];
  const table = await loadTable(target!, '.', 'DATA', {
    columns,
    encoding: flags.encoding,
    header: trueOrFalse('header', flags.header),
  });
  const found = inspectTable(table, { text, label });
  if (json) printJson(found);
  else print(describe(found, path.basename(target!)));
  return 0;
}

/** The first classes; the others are only counted, and stand in `--json`. */
function classesText(classes: TableInspection['classes']): string {
  const shown = classes.slice(0, SHOWN_CLASSES).map((one) => [one.label, String(one.rows)]);
  const more = classes.length - shown.length;
  const rest = more > 0 ? `\n… and ${more.toLocaleString('en')} more` : '';
  return tableText([['class', 'rows'], ...shown]) + rest;
}

function describe(found: TableInspection, name: string): string {
  const { format, encoding, separator, header, rows, missing, columns, guessed, classes, notes, first } =
    found;
  const read = [
    format,
    ...(encoding === null ? [] : [encoding]),
    ...(separator === null ? [] : [`separated by the ${english(separatorName(separator))}`]),
    header ? 'with named columns' : 'without a header',
  ];
  const lines = [
    `${name}: ${read.join(', ')}`,
    `${rows.toLocaleString('en')} rows${missing > 0 ? `, ${missing.toLocaleString('en')} of them with a missing value` : ''}`,
    `columns: ${columns.join(', ')}`,
    `text: ${guessed.text.join(', ')}; ${guessed.label === undefined ? `target: ${guessed.target}` : `label: ${guessed.label}`}`,
  ];
  if (classes.length > 0) lines.push('', classesText(classes));
  if (first !== null)
    lines.push('', `first row: ${first.text.join(' | ')} -> ${first.label ?? first.target ?? ''}`);
  for (const note of [...notes, ...found.findings.map(({ message }) => message)])
    lines.push('', `note: ${note}`);
  return lines.join('\n');
}
