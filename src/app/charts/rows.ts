/** Curves as the rows that recharts wants: one a step, with a column for each curve that has a point there. */

export interface Curve {
  key: string;
  points: readonly (readonly [x: number, y: number])[];
}

export type Row = { step: number } & Record<string, number>;

/** Rows in order of step. Values that are not finite are left out, so the line breaks off there. */
export function curveRows(curves: readonly Curve[]): Row[] {
  const rows = new Map<number, Row>();
  for (const { key, points } of curves) {
    for (const [step, value] of points) {
      if (!Number.isFinite(value)) continue;
      const row: Row = rows.get(step) ?? { step };
      row[key] = value;
      rows.set(step, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}
