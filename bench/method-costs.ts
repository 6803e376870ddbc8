/** The table of what methods cost, and what they are held to. */
import type { CostedMethod, MethodCostRow } from './peers/methods.ts';
import type { Aim } from './results.ts';
import { mebibytes, table } from './table.ts';

/** The delta tuning study's order by performance (its adapter, prefix and prompt in the addition group). */
const STUDY_ORDER: Partial<Record<CostedMethod, number>> = {
  full: 1,
  lora: 2,
  adapter: 3,
  prefix: 4,
  prompt: 5,
};

/** Methods that may cost at most so many times a forward pass and the gradient of its input. */
const HELD: readonly CostedMethod[] = ['lora', 'adapter', 'bitfit', 'ia3'];
const AT_MOST = 1.35;

const ratio = (value: { wall: number; cpu: number } | null): string =>
  value === null ? 'planned' : `${value.wall.toFixed(2)} · ${value.cpu.toFixed(2)}`;

export function methodCostTable(rows: readonly MethodCostRow[]): string {
  return table(
    [
      'method',
      'study',
      'batch',
      'trained',
      'MiB',
      'own MiB',
      'flops ÷full',
      'flops ÷floor',
      'time ÷full',
      'time ÷floor',
    ],
    rows.map((row) => [
      row.method,
      `${STUDY_ORDER[row.method] ?? '–'}`,
      `${row.batchSize}×${row.length}`,
      `${row.trainableParameters}`,
      mebibytes(row.total),
      mebibytes(row.own),
      row.flopsToFull.toFixed(2),
      row.flopsToFloor.toFixed(2),
      ratio(row.timeToFull),
      ratio(row.timeToFloor),
    ]),
  );
}

export function methodCostAims(rows: readonly MethodCostRow[]): Aim[] {
  return rows
    .filter(({ method, timeToFloor }) => HELD.includes(method) && timeToFloor !== null)
    .map(({ method, batchSize, length, timeToFloor, flopsToFloor }) => ({
      aim: `${method}'s step at most ${AT_MOST} of forward and input gradient: batch ${batchSize}×${length}`,
      measured: `${ratio(timeToFloor)} (arithmetic ${flopsToFloor.toFixed(2)})`,
      met: timeToFloor!.wall <= AT_MOST,
    }));
}
