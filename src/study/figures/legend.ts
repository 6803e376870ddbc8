/** Colours of series and parts, and the legend that names them. */
import { english } from '../../sentence.ts';
import type { Bilingual } from '../../evidence/report/bilingual.ts';

/** Okabe and Ito's colours, told apart by most colour-blind readers, and a few more for many series. */
const COLORS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#8c6d1f',
  '#7f7f7f',
  '#332288',
  '#aa4499',
];

export const colorAt = (i: number): string => COLORS[i % COLORS.length];

/** Rows of coloured squares with their names. */
export function legend(
  items: readonly { text: Parameters<Bilingual['svg']>[0] }[],
  top: number,
  width: number,
  language: Bilingual,
): { entries: string[]; bottom: number } {
  let x = 56;
  let y = top;
  const entries = items.map(({ text }, i) => {
    const room = 30 + 7 * (typeof text === 'string' ? text : english(text)).length;
    if (x + room > width && x > 56) {
      x = 56;
      y += 18;
    }
    const entry =
      `<rect x="${x}" y="${y - 9}" width="11" height="11" rx="2" fill="${colorAt(i)}"/>` +
      language.svg(text, `x="${x + 16}" y="${y}"`);
    x += room;
    return entry;
  });
  return { entries, bottom: y + 12 };
}
