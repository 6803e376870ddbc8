/** Curves of a method over its seeds: the mean at each step, and Student's band around it, no wider than the seeds are apart. */
import type { RunEvent } from '../../train/events.ts';
import { mean } from '../samples.ts';
import { studentInterval } from '../student.ts';

export type Line = readonly (readonly [x: number, y: number])[];

/** By rising x. */
export type Band = readonly { x: number; y: number; low: number; high: number }[];

/** Points drawn of a curve: beyond these, neighbours are averaged. */
const MOST_POINTS = 240;

export function lossLine(events: readonly RunEvent[]): Line {
  return thin(events.flatMap((event) => (event.type === 'step' ? [[event.step, event.loss] as const] : [])));
}

export function metricLine(events: readonly RunEvent[], metric: string): Line {
  return events.flatMap((event) =>
    event.type === 'evaluate' && event.split === 'validation' && event.task === undefined
      ? [[event.step, event.metrics[metric]] as const]
      : [],
  );
}

/** Mean over the lines that have a point there; with one line it has no width. */
export function bandOf(lines: readonly Line[]): Band {
  const values = new Map<number, number[]>();
  for (const line of lines)
    for (const [x, y] of line) if (Number.isFinite(y)) values.set(x, [...(values.get(x) ?? []), y]);
  return [...values]
    .sort(([a], [b]) => a - b)
    .map(([x, at]) => {
      const y = mean(at);
      const [low, high] = studentInterval(at) ?? [y, y];
      // Student's of two or three would fill the chart: what was seen bounds what is drawn.
      return { x, y, low: Math.max(low, Math.min(...at)), high: Math.min(high, Math.max(...at)) };
    });
}

/** Means of neighbours, so that a long curve stays a small picture. */
function thin(points: Line): Line {
  const group = Math.ceil(points.length / MOST_POINTS);
  if (group <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / group) }, (_, i) => {
    const part = points.slice(i * group, (i + 1) * group);
    return [part[part.length - 1][0], mean(part.map(([, y]) => y))] as const;
  });
}
