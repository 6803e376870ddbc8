/** A chart over time as a table: a row a point, for programs. */
import type { GroupLines } from '../state/curve-lines.ts';

export interface CurveNames {
  method: string;
  /** Of the axis: steps, seconds, tokens. */
  x: string;
  /** Of what is drawn. */
  y: string;
  /** Of a moving average of it. */
  average: string;
  /** Of the ends of the band around a mean of seeds. */
  from: string;
  to: string;
  /** Joins a name and what is said of it. */
  part: (name: string, part: string) => string;
}

/** @param nameOf what the page calls a method */
export function curveRows(
  lines: readonly GroupLines[],
  names: CurveNames,
  nameOf: (group: GroupLines['group']) => string,
): string[][] {
  const averaged = lines.some(({ raw }) => raw !== null);
  const banded = lines.some(({ band }) => band !== null);
  const header = [
    names.method,
    names.x,
    names.y,
    ...(averaged ? [names.part(names.y, names.average)] : []),
    ...(banded ? [names.part(names.y, names.from), names.part(names.y, names.to)] : []),
  ];
  const rows = lines.flatMap(({ group, x, y, raw, band }) =>
    Array.from({ length: x.length }, (_, i) => [
      nameOf(group),
      String(x[i]),
      String(raw === null ? y[i] : raw.y[i]),
      ...(averaged ? [raw === null ? '' : String(y[i])] : []),
      ...(banded ? [cell(band?.low[i]), cell(band?.high[i])] : []),
    ]),
  );
  return [header, ...rows];
}

function cell(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '' : String(value);
}
