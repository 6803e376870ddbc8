/** Bars of parts that add up, in groups. */
import type { Bilingual } from '../../evidence/report/bilingual.ts';
import type { Drawing } from '../../evidence/report/chart.ts';
import { escapeHtml, shortNumber, ticks } from '../../runs/svg-chart.ts';
import type { StacksFigure } from './figure.ts';
import { colorAt, legend } from './legend.ts';

const WIDTH = 680;
const LEFT = 110;
const RIGHT = WIDTH - 70;
const ROW = 17;
const HEAD = 20;

export function drawStacks({ groups, parts, unit }: StacksFigure, language: Bilingual): Drawing | null {
  const bars = groups.flatMap((group) => group.bars);
  if (bars.length === 0) return null;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const most = Math.max(...bars.map(({ values }) => sum(values)));
  const px = (value: number): number => LEFT + (value / most) * (RIGHT - LEFT);
  let y = 6;
  const rows = groups.flatMap((group) => {
    const head = language.svg(group.name, `x="8" y="${y + 13}" font-weight="600"`);
    y += HEAD;
    const drawn = group.bars.map(({ name, values }) => {
      let from = 0;
      const pieces = values.map((value, i) => {
        const piece = `<rect x="${px(from).toFixed(1)}" y="${y}" width="${(px(value) - LEFT).toFixed(1)}" height="${ROW - 4}" fill="${colorAt(i)}"/>`;
        from += value;
        return value > 0 ? piece : '';
      });
      const middle = y + ROW / 2 + 2;
      const row =
        language.svg(name, `x="${LEFT - 6}" y="${middle}" text-anchor="end"`) +
        pieces.join('') +
        `<text x="${(px(from) + 5).toFixed(1)}" y="${middle}">${shortNumber(Number(from.toPrecision(3)))}</text>`;
      y += ROW;
      return row;
    });
    y += 4;
    return [head, ...drawn];
  });
  const scale = ticks(0, most).map(
    (value) =>
      `<line class="grid" x1="${px(value).toFixed(1)}" x2="${px(value).toFixed(1)}" y1="6" y2="${y}"/>` +
      `<text x="${px(value).toFixed(1)}" y="${y + 14}" text-anchor="middle">${shortNumber(value)}</text>`,
  );
  const name = `<text x="${RIGHT + 12}" y="${y + 14}">${escapeHtml(unit)}</text>`;
  const { entries, bottom } = legend(
    parts.map((text) => ({ text })),
    y + 38,
    WIDTH,
    language,
  );
  return { width: WIDTH, height: bottom, parts: [...scale, name, ...rows, ...entries] };
}
