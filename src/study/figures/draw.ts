/** Figures as pictures; a table has none. */
import type { Bilingual } from '../../evidence/report/bilingual.ts';
import { curveDrawing, scoreDrawing, type Drawing } from '../../evidence/report/chart.ts';
import type { Told } from '../../sentence.ts';
import { scoreText } from '../../evidence/figures.ts';
import { drawMatrix } from './draw-matrix.ts';
import { drawRanks } from './draw-ranks.ts';
import { drawStacks } from './draw-stacks.ts';
import type { Figure } from './figure.ts';
import { colorAt, legend } from './legend.ts';

/** Null for tables, and where nothing was measured. */
export function drawingOf(figure: Figure, language: Bilingual): Drawing | null {
  switch (figure.kind) {
    case 'table':
      return null;
    case 'curves': {
      const series = figure.series.map(({ name, band }, i) => ({
        name,
        color: colorAt(i),
        mean: band,
        runs: [],
      }));
      const drawing = curveDrawing(series, [], figure, language);
      return (
        drawing &&
        withLegend(
          drawing,
          figure.series.map(({ name }) => name),
          language,
          figure.y,
        )
      );
    }
    case 'scores': {
      const marks = figure.marks.map((mark, i) => ({ ...mark, color: colorAt(i) }));
      return scoreDrawing(marks, [], { tick: (value) => scoreText(figure.metric, value) }, language);
    }
    case 'ranks':
      return drawRanks(figure, language);
    case 'stacks':
      return drawStacks(figure, language);
    case 'matrix':
      return drawMatrix(figure, language);
  }
}

/** Names with their colours below a drawing, and what its height shows above it. */
function withLegend(
  { width, height, parts }: Drawing,
  names: readonly Told[],
  language: Bilingual,
  y: Parameters<Bilingual['svg']>[0],
): Drawing {
  const top = 18;
  const { entries, bottom } = legend(
    names.map((name) => ({ text: name })),
    top + height + 14,
    width,
    language,
  );
  const axis = language.svg(y, `x="8" y="12" text-anchor="start"`);
  return {
    width,
    height: bottom,
    parts: [axis, `<g transform="translate(0 ${top})">${parts.join('')}</g>`, ...entries],
  };
}

const SVG_STYLE =
  'text{font:11px system-ui,sans-serif;fill:#222}.grid{stroke:#ddd}.reference{stroke:#222;stroke-opacity:.6}.on-dark{fill:#fff}';

/** A picture as a file of its own, in one language; null where there is none. */
export function svgFile(figure: Figure, language: Bilingual): string | null {
  const drawing = drawingOf(figure, language);
  if (drawing === null) return null;
  const { width, height, parts } = drawing;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<style>${SVG_STYLE}</style><rect width="${width}" height="${height}" fill="#fff"/>${parts.join('')}</svg>\n`
  );
}
