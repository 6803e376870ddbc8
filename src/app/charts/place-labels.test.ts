import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels, type LabelledPoint, type PlacedLabel } from './place-labels.ts';

const area = { left: 0, right: 600, top: 0, bottom: 300 };

function overlap(a: PlacedLabel & { width: number }, b: PlacedLabel & { width: number }): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < 14;
}

describe('labels of a plot', () => {
  it('stand above a point that is alone', () => {
    const [label] = placeLabels([{ x: 300, y: 150, width: 40 }], area);
    expect(label).toEqual({ x: 300, y: 137, led: false });
  });

  it('stay in the plot', () => {
    const [label] = placeLabels([{ x: 300, y: 5, width: 40 }], area);
    expect(label.y).toBeGreaterThan(5);
  });

  it('do not overlap, even where fourteen points lie on one another', () => {
    const points: LabelledPoint[] = Array.from({ length: 14 }, (_, i) => ({
      x: 300 + i,
      y: 150,
      width: 30 + 5 * i,
    }));
    const labels = placeLabels(points, area).map((label, i) => ({ ...label, width: points[i].width }));
    for (const [i, label] of labels.entries())
      for (const other of labels.slice(i + 1)) expect(overlap(label, other)).toBe(false);
  });

  it('do not overlap wherever the points are', () => {
    const point = fc.record({
      x: fc.integer({ min: 60, max: 540 }),
      y: fc.integer({ min: 20, max: 280 }),
      width: fc.integer({ min: 20, max: 80 }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 8 }), (points) => {
        const labels = placeLabels(points, area).map((label, i) => ({ ...label, width: points[i].width }));
        return labels.every((label, i) => labels.slice(i + 1).every((other) => !overlap(label, other)));
      }),
    );
  });
});
