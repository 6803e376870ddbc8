/** The figures of an experiment as plain data: drawn as SVG, written as CSV, stored as JSON. */
import type { Band } from '../../evidence/report/curves.ts';
import type { Interval } from '../../evidence/samples.ts';
import type { Sentence, Told } from '../../sentence.ts';

/** A number with how it is shown; or a text. */
export type TableCell = Told | { value: number | null; text: Told };

interface Titled {
  /** Unique in the experiment; names its files. */
  id: string;
  title: Sentence;
  /** How to read it. */
  note?: Sentence;
}

export interface TableFigure extends Titled {
  kind: 'table';
  columns: Told[];
  rows: TableCell[][];
}

export interface CurvesFigure extends Titled {
  kind: 'curves';
  x: Sentence;
  y: Sentence;
  logarithmic?: boolean;
  series: { name: Told; band: Band }[];
}

/** Mean ranks on a line; a bar joins methods that cannot be told apart (Demšar 2006). */
export interface RanksFigure extends Titled {
  kind: 'ranks';
  /** By the names that specs give them. */
  methods: { name: string; rank: number }[];
  /** Ranks nearer than this are not told apart; null where there are too few tasks to say. */
  critical: number | null;
  groups: string[][];
}

export interface ScoresFigure extends Titled {
  kind: 'scores';
  metric: string;
  marks: { name: Told; mean: number; interval: Interval | null }[];
}

/** Bars of parts that add up. */
export interface StacksFigure extends Titled {
  kind: 'stacks';
  parts: Sentence[];
  /** What each bar's length is in. */
  unit: string;
  groups: { name: Told; bars: { name: Told; values: number[] }[] }[];
}

export interface MatrixFigure extends Titled {
  kind: 'matrix';
  rows: Told[];
  columns: Told[];
  values: (number | null)[][];
  digits: number;
}

export type Figure = TableFigure | CurvesFigure | RanksFigure | ScoresFigure | StacksFigure | MatrixFigure;
