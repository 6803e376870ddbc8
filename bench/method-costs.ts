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

/** What a method's step may cost at most: times full fine-tuning's, or times the floor. */
interface Limit {
  times: number;
  of: 'full' | 'floor';
}

/** Those that move every weight take full fine-tuning's work and their own besides. */
const OF_FULL: Partial<Record<CostedMethod, number>> = { said: 1.5, mask: 1.3, diffPruning: 1.3 };
const OF_FLOOR = 1.35;

function limitOf(method: CostedMethod): Limit | null {
  if (method === 'full' || method === 'floor') return null;
  const times = OF_FULL[method];
  return times === undefined ? { times: OF_FLOOR, of: 'floor' } : { times, of: 'full' };
}

const ratio = (value: { wall: number; cpu: number } | null): string =>
  value === null ? 'planned' : `${value.wall.toFixed(2)} · ${value.cpu.toFixed(2)}`;

/**
 * The processor's own time, where it is the device, is what other work on the machine does not change; of a GPU the
 * clock counts.
 */
type Judged = 'wall' | 'cpu';

function aimOf(row: MethodCostRow, judged: Judged): string {
  const limit = limitOf(row.method);
  if (limit === null) return '';
  const time = limit.of === 'full' ? row.timeToFull : row.timeToFloor;
  const met = time === null ? '' : time[judged] <= limit.times ? ', met' : ', MISSED';
  return `${limit.times} of ${limit.of}${met}`;
}

export function methodCostTable(rows: readonly MethodCostRow[], judged: Judged = 'wall'): string {
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
      'aim',
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
      aimOf(row, judged),
    ]),
  );
}

export function methodCostAims(rows: readonly MethodCostRow[], judged: Judged = 'wall'): Aim[] {
  return rows.flatMap((row) => {
    const { method, batchSize, length, timeToFull, timeToFloor, flopsToFull, flopsToFloor } = row;
    const limit = limitOf(method);
    if (limit === null || timeToFull === null || timeToFloor === null) return [];
    const [time, flops, what] =
      limit.of === 'full'
        ? [timeToFull, flopsToFull, "full fine-tuning's"]
        : [timeToFloor, flopsToFloor, 'forward and input gradient'];
    return [
      {
        aim: `${method}'s step at most ${limit.times} of ${what}: batch ${batchSize}×${length}`,
        measured: `${ratio(time)} (arithmetic ${flops.toFixed(2)})`,
        met: time[judged] <= limit.times,
      },
    ];
  });
}
