/** The critical-difference diagram (Demšar 2006): best at the left, bars over what cannot be told apart. */
import type { Drawing } from '../../evidence/report/chart.ts';
import type { Bilingual } from '../../evidence/report/bilingual.ts';
import { named, say } from '../../sentence.ts';
import type { RanksFigure } from './figure.ts';

const WIDTH = 680;
const LEFT = 150;
const RIGHT = WIDTH - 150;
const AXIS = 46;
const ROW = 20;

export function drawRanks({ methods, critical, groups }: RanksFigure, language: Bilingual): Drawing {
  const most = Math.max(2, methods.length);
  const px = (rank: number): number => LEFT + ((rank - 1) / (most - 1)) * (RIGHT - LEFT);
  const at = (rank: number): string => px(rank).toFixed(1);
  const sorted = [...methods].sort((a, b) => a.rank - b.rank);
  const rankOf = new Map(methods.map(({ name, rank }) => [name, rank]));
  const ticks = Array.from({ length: most }, (_, i) => i + 1).map(
    (rank) =>
      `<line class="reference" x1="${at(rank)}" x2="${at(rank)}" y1="${AXIS - 5}" y2="${AXIS}"/>` +
      `<text x="${at(rank)}" y="${AXIS - 9}" text-anchor="middle">${rank}</text>`,
  );
  const bars = groups.map((group, i) => {
    const ranks = group.map((name) => rankOf.get(name)!);
    const y = AXIS + 10 + i * 8;
    const [from, to] = [px(Math.min(...ranks)) - 4, px(Math.max(...ranks)) + 4];
    return `<line x1="${from.toFixed(1)}" x2="${to.toFixed(1)}" y1="${y}" y2="${y}" stroke="#d55e00" stroke-width="4" stroke-linecap="round"/>`;
  });
  const first = AXIS + 22 + groups.length * 8;
  const half = Math.ceil(sorted.length / 2);
  const labels = sorted.map(({ name, rank }, i) => {
    const left = i < half;
    // The outermost stand lowest, so that no line crosses a name.
    const y = first + (left ? half - 1 - i : i - half) * ROW;
    const end = left ? LEFT - 12 : RIGHT + 12;
    return (
      `<polyline points="${at(rank)},${AXIS} ${at(rank)},${y} ${end},${y}" fill="none" class="reference"/>` +
      language.svg(
        say`${named(name)} (${rank.toFixed(2)})`,
        `x="${end + (left ? -4 : 4)}" y="${y}" dy="0.32em" text-anchor="${left ? 'end' : 'start'}"`,
      )
    );
  });
  const axis = `<line class="reference" x1="${LEFT}" x2="${RIGHT}" y1="${AXIS}" y2="${AXIS}"/>`;
  const length = critical === null ? 0 : Math.min(RIGHT - LEFT, (critical / (most - 1)) * (RIGHT - LEFT));
  const ruler =
    critical === null
      ? ''
      : `<line x1="${LEFT}" x2="${(LEFT + length).toFixed(1)}" y1="12" y2="12" stroke="#d55e00" stroke-width="2"/>` +
        `<text x="${(LEFT + length + 6).toFixed(1)}" y="16">CD ${critical.toFixed(2)}</text>`;
  return { width: WIDTH, height: first + half * ROW + 6, parts: [ruler, axis, ...ticks, ...labels, ...bars] };
}
