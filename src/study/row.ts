/** A row of `runs.jsonl`, read back. */
import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { Row } from './study.ts';

/** Out of a database numbers come as they are, out of a line of JSON those that are none as null. */
const number = z.number().or(z.nan()).nullable();
const numbers = z.record(z.string(), number);

/** What figures rest on; the rest is for people. */
const schema = z.looseObject({
  cell: z.string(),
  kind: z.enum(['train', 'plan', 'measure']),
  status: z.enum(['done', 'diverged', 'failed', 'refused']),
  metric: z.string(),
  scores: z.record(z.string(), numbers),
  curve: z.array(z.object({ step: z.number(), tokens: z.number(), seconds: z.number(), value: number })),
  trainableParameters: z.number(),
  totalParameters: z.number(),
  seconds: z.number(),
});

export function rowLine(row: Row): string {
  return `${JSON.stringify(row)}\n`;
}

/** Has a cell come to its end? What was refused or failed is tried again, since its cause may have gone. */
export function isFinal({ status }: Pick<Row, 'status'>): boolean {
  return status === 'done' || status === 'diverged';
}

/** The rows of a file, by cell; of a cell that was run again the last. Lines that were cut off are none. */
export function readRows(text: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of text.split('\n')) {
    const row = rowOf(line);
    if (row !== null) rows.set(row.cell, row);
  }
  return rows;
}

function rowOf(line: string): Row | null {
  if (line === '') return null;
  try {
    return readRow(parseJson(line));
  } catch {
    return null;
  }
}

/** Null for what is no row. */
export function readRow(value: unknown): Row | null {
  const read = schema.safeParse(value);
  if (!read.success) return null;
  const row = read.data as unknown as Row;
  // What is no number is stored as null.
  return { ...row, curve: row.curve.filter((point) => Number.isFinite(point.value)) };
}
