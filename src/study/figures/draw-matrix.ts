/** Numbers of two factors as a table of colours, the darker the higher. */
import type { Bilingual } from '../../evidence/report/bilingual.ts';
import type { Drawing } from '../../evidence/report/chart.ts';
import type { MatrixFigure } from './figure.ts';

const LEFT = 150;
const TOP = 110;
const SIDE = 46;
const ROW = 26;

export function drawMatrix(
  { rows, columns, values, digits }: MatrixFigure,
  language: Bilingual,
): Drawing | null {
  const known = values.flat().filter((value) => value !== null);
  if (known.length === 0) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const shade = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
  const names = [
    ...rows.map((name, i) =>
      language.svg(name, `x="${LEFT - 8}" y="${TOP + i * ROW + 17}" text-anchor="end"`),
    ),
    ...columns.map((name, j) => {
      const x = LEFT + j * SIDE + SIDE / 2;
      return language.svg(name, `x="${x}" y="${TOP - 8}" transform="rotate(-45 ${x} ${TOP - 8})"`);
    }),
  ];
  const cells = values.flatMap((row, i) =>
    row.map((value, j) => {
      const [x, y] = [LEFT + j * SIDE, TOP + i * ROW];
      if (value === null) return `<text x="${x + SIDE / 2}" y="${y + 17}" text-anchor="middle">–</text>`;
      const dark = shade(value);
      return (
        `<rect x="${x}" y="${y}" width="${SIDE - 1}" height="${ROW - 1}" fill="#0072b2" fill-opacity="${(0.08 + 0.87 * dark).toFixed(2)}"/>` +
        `<text x="${x + SIDE / 2}" y="${y + 17}" text-anchor="middle"${dark > 0.55 ? ' class="on-dark"' : ''}>${value.toFixed(digits)}</text>`
      );
    }),
  );
  return {
    width: Math.max(680, LEFT + columns.length * SIDE + 60),
    height: TOP + rows.length * ROW + 10,
    parts: [...cells, ...names],
  };
}
