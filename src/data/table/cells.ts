/** What every reader yields: columns of strings and the line each row began on. */
import { type Sentence } from '../../sentence.ts';
export interface Cells {
  /** Column-wise: `columns[c][r]`. Arrays of strings, so a large file costs little beyond its text. */
  columns: string[][];
  /** Line, from 1, on which each row begins. */
  lines: number[];
  /** Names the format itself gives (JSON keys); null where the first row may be a header. */
  names: string[] | null;
  /** What stands between cells; absent where the format has its own syntax. */
  separator?: string;
  /** What was done about single rows, a sentence each. */
  notes?: Sentence[];
  /** Lists of several strings, by column name and row, for what may have more than one right value. */
  lists?: ReadonlyMap<string, ReadonlyMap<number, readonly string[]>>;
}
