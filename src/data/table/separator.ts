/** Which character separates the cells of a delimited text: told by a `sep=` line, or the one that gives a table. */
import { say, type Sentence } from '../../sentence.ts';
import { RowScanner, type DelimitedRow } from './delimited-rows.ts';
import { dataError } from './error.ts';

/** The likeliest first. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** Rows and characters looked at. */
const SAMPLE_ROWS = 500;
const SAMPLE_CHARACTERS = 1 << 20;
/** A separator gives a table where at least so many of the rows are as wide as the first. */
const LEAST_SHARE = 0.5;

export interface Separated {
  separator: string;
  /** Where the rows begin: after a `sep=` line. */
  offset: number;
  /** Whether the file itself names its separator. */
  said: boolean;
  /** What stands around cells, where it is not the double quote. */
  quote?: string;
}

/** How well a separator suits a text. */
interface Fit {
  separator: string;
  /** Columns of the first row. */
  width: number;
  /** Share of the rows, of those looked at, that are as wide as the first. */
  share: number;
  /** Share of the cells after the first that open with a blank, as after a comma in prose. */
  prose: number;
  /** Columns of a row that is not as wide as the first. */
  other: number | null;
}

/** The line that spreadsheets write and read to name the separator. */
const SEP_LINE = /^"?sep=([^\n"])"?[\t ;,|]*\n/i;

/**
 * @param text with `\n` line ends
 * @throws StudioError('data') that names what was tried
 */
export function findSeparator(text: string, file: string): Separated {
  const said = SEP_LINE.exec(text);
  if (said) return { separator: said[1], offset: said[0].length, said: true };
  const [best] = fits(text);
  if (best.width > 1 && best.share >= LEAST_SHARE)
    return { separator: best.separator, offset: 0, said: false };
  throw dataError(file, null, noTable(best));
}

/** The separator of a text whose name says nothing; null where none gives a table. */
export function sniffSeparator(text: string): string | null {
  const said = SEP_LINE.exec(text);
  if (said) return said[1];
  const [best] = fits(text);
  return best.width > 1 && best.share >= 0.9 ? best.separator : null;
}

function noTable({ separator, width, share, other }: Fit): Sentence {
  const tried = say`comma, semicolon, tab and pipe were tried as separators`;
  if (width < 2)
    return say`${tried} and the first line is one column with each; choose a table with a text and a label column, or name its separator in a first line such as sep=;`;
  const wrong = Math.round((1 - share) * 100);
  return say`${tried} and none gives a table: with the ${separatorName(separator)} the first line has ${width} columns and ${wrong}% of the rows have another number, such as ${other ?? 0}; put cells that hold the separator in quotes, or name another in a first line such as sep=;`;
}

const NAMES: Readonly<Record<string, Sentence>> = {
  ',': say`comma`,
  ';': say`semicolon`,
  '\t': say`tab`,
  '|': say`pipe`,
};

/** What a separator is called in a sentence. */
export function separatorName(separator: string): Sentence {
  return NAMES[separator] ?? say`character ${JSON.stringify(separator)}`;
}

/** Every separator's fit, the best first. */
function fits(text: string): Fit[] {
  const cut = text.length > SAMPLE_CHARACTERS;
  const sample = cut ? text.slice(0, SAMPLE_CHARACTERS) : text;
  const all = SEPARATORS.map((separator) => fitOf(sample, separator, cut));
  // Array.sort is stable: of equals the likelier separator stays first.
  return all.sort((a, b) => rank(b) - rank(a) || a.prose - b.prose);
}

function rank({ width, share }: Fit): number {
  return width > 1 ? share : -1;
}

function fitOf(sample: string, separator: string, cut: boolean): Fit {
  const scanner = new RowScanner(sample, separator);
  const read: DelimitedRow[] = [];
  while (!scanner.done && read.length < SAMPLE_ROWS) read.push(scanner.row());
  // The last row of a sample may go on after it.
  if (cut && scanner.done && read.length > 1) read.pop();
  const rows = read.filter(({ cells }) => !isBlank(cells));
  const width = rows[0]?.cells.length ?? 0;
  const least = filledWidth(rows[0]?.cells ?? []);
  const fitting = rows.filter(({ cells, problem }) => problem === null && fitsWidth(cells, width, least));
  const other = rows.find(({ cells }) => !fitsWidth(cells, width, least));
  const later = rows.flatMap(({ cells }) => cells.slice(1));
  return {
    separator,
    width,
    share: fitting.length / Math.max(1, rows.length),
    prose: later.filter((cell) => cell.startsWith(' ')).length / Math.max(1, later.length),
    other: other?.cells.length ?? null,
  };
}

/** A line without anything in it, or of separators alone, as spreadsheets leave below a table. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

/** Cells up to the last that holds something. */
export function filledWidth(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

/**
 * Does a row suit a table? Empty cells at its end, too many or too few, say nothing.
 * @param width columns of the first row
 * @param least those of them up to the last that holds something
 */
export function fitsWidth(cells: readonly string[], width: number, least: number): boolean {
  if (cells.length === width) return true;
  return cells.length > width ? filledWidth(cells) <= width : cells.length >= Math.max(least, 1);
}
