/** Places for the names of points in a plot, such that none covers another or a point. */

export interface LabelledPoint {
  x: number;
  y: number;
  /** Width of its text. */
  width: number;
}

export interface PlacedLabel {
  /** Middle of the text, and its baseline. */
  x: number;
  y: number;
  /** Whether it stands so far off that a line leads to its point. */
  led: boolean;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Height of a line of text, and how much of it stands above the baseline. */
const LINE = 14;
const ASCENT = 11;
/** Half the width of a point with its ring. */
const POINT = 10;
/** Rows up and down that are tried. */
const MOST_ROWS = 14;

/**
 * Each label takes the first free place of: above, below, at the right, at the left, then ever further up and
 * down. Where there is none within the plot it stands above its point.
 * @param area what labels must stay within
 */
export function placeLabels(points: readonly LabelledPoint[], area: Box): PlacedLabel[] {
  const taken: Box[] = points.map(({ x, y }) => ({
    left: x - POINT,
    right: x + POINT,
    top: y - POINT,
    bottom: y + POINT,
  }));
  return points.map((point) => {
    const candidates = [...places(point)];
    const free = candidates.find(
      (place) =>
        within(boxOf(place, point.width), area) &&
        !taken.some((box) => overlap(box, boxOf(place, point.width))),
    );
    const place = free ?? candidates[0];
    taken.push(boxOf(place, point.width));
    return place;
  });
}

function* places({ x, y, width }: LabelledPoint): Generator<PlacedLabel> {
  const side = POINT + 2 + width / 2;
  yield { x, y: y - POINT - 3, led: false };
  yield { x, y: y + POINT + 1 + ASCENT, led: false };
  yield { x: x + side, y: y + 4, led: false };
  yield { x: x - side, y: y + 4, led: false };
  for (let row = 1; row <= MOST_ROWS; row++) {
    for (const sign of [-1, 1]) {
      const off = y + sign * (POINT + 6 + row * LINE) + (sign > 0 ? ASCENT : 0);
      yield { x, y: off, led: true };
      yield { x: x + side, y: off, led: true };
      yield { x: x - side, y: off, led: true };
    }
  }
}

function boxOf({ x, y }: PlacedLabel, width: number): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - ASCENT, bottom: y + LINE - ASCENT };
}

function within(box: Box, area: Box): boolean {
  return box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
