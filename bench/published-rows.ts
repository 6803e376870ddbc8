/** Data sets as they are published, cut to tables that the command line reads. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Example = readonly [label: string, text: string];

/** In an order that is the same everywhere and has nothing to do with the file's. */
function mixed(rows: readonly Example[]): Example[] {
  const keyOf = ([label, text]: Example): string =>
    createHash('sha256').update(`${text}\t${label}`).digest('hex');
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
}

/**
 * Writes `OUT/data/NAME-train.tsv` and `NAME-test.tsv` (columns `label` and `text`) of SST-2, TREC and CoLA, as many rows as
 * asked for or as there are.
 * @param datasets has sst2/train-4000.tsv and test-labeled.tsv, trec/train.txt and test.txt, cola/train.tsv and dev.tsv
 */
export function writePublishedRows(
  datasets: string,
  out: string,
  most: { train: number; test: number },
): void {
  const lines = (file: string, encoding: BufferEncoding = 'utf8'): string[] =>
    readFileSync(path.resolve(datasets, file), encoding)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
  const cells = (file: string): string[][] => lines(file).map((line) => line.split('\t'));
  const sst2 = (file: string): Example[] =>
    cells(file)
      .slice(1)
      .map(([text, label]) => [label.trim(), text.trim()]);
  const trec = (file: string): Example[] =>
    lines(file, 'latin1').map((line) => [
      line.slice(0, line.indexOf(':')),
      line
        .slice(line.indexOf(' ') + 1)
        .replaceAll('\t', ' ')
        .trim(),
    ]);
  const cola = (file: string): Example[] => cells(file).map((one) => [one[1], one[3].trim()]);
  const write = (name: string, rows: readonly Example[], count: number): void =>
    writeFileSync(
      path.join(out, 'data', name),
      `label\ttext\n${mixed(rows)
        .slice(0, count)
        .map((row) => `${row.join('\t')}\n`)
        .join('')}`,
    );
  mkdirSync(path.join(out, 'data'), { recursive: true });
  write('sst2-train.tsv', sst2('sst2/train-4000.tsv'), most.train);
  write('sst2-test.tsv', sst2('sst2/test-labeled.tsv'), most.test);
  write('trec-train.tsv', trec('trec/train.txt'), most.train);
  write('trec-test.tsv', trec('trec/test.txt'), most.test);
  write('cola-train.tsv', cola('cola/train.tsv'), most.train);
  write('cola-test.tsv', cola('cola/dev.tsv'), most.test);
}
