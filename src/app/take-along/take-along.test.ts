import { describe, expect, it } from 'vitest';
import { barsSvg, curvesSvg, type CurveChart } from './drawn.ts';
import { csvOf, markdownOf } from './tables.ts';

describe('tables as text', () => {
  const rows = [
    ['Method', 'Best', 'a, "b" | c'],
    ['LoRA', '0.84', 'two\nlines'],
    ['Head', '–', ''],
  ];

  it('as CSV, with quotes where a cell needs them', () => {
    expect(csvOf(rows)).toBe('Method,Best,"a, ""b"" | c"\r\nLoRA,0.84,"two\nlines"\r\nHead,–,\r\n');
  });

  it('as Markdown, numbers at the right, bars and line ends kept out of the way', () => {
    expect(markdownOf(rows)).toBe(
      '| Method | Best | a, "b" \\| c |\n| --- | --: | --- |\n| LoRA | 0.84 | two lines |\n| Head | – |  |\n',
    );
  });
});

const chart: CurveChart = {
  title: 'Loss < 1 & "so on"',
  xName: 'Steps',
  xMax: 10,
  log: false,
  formatX: String,
  formatY: (y) => y.toFixed(2),
  curves: [
    {
      name: 'LoRA raw',
      color: '#123456',
      dash: [],
      faint: true,
      points: [
        [0, 1],
        [5, NaN],
        [10, 3],
      ],
    },
    {
      name: 'LoRA & co',
      color: '#123456',
      dash: [6, 3],
      points: [
        [0, 1],
        [10, 3],
        [20, 9],
      ],
    },
    { name: 'nothing', color: '#000000', dash: [], points: [] },
  ],
};

describe('drawings', () => {
  it('are files of their own: a size, a white ground, no classes, styles or tokens of the page', () => {
    const bars = [{ name: 'LoRA', parts: [{ share: 0.5, color: '#111111' }], text: '50 %' }];
    for (const svg of [curvesSvg(chart), barsSvg('Scores', bars, [{ name: 'a < b', color: '#222222' }])]) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="720" height="\d+" viewBox=/);
      expect(svg).toContain('<rect width="100%" height="100%" fill="#ffffff"/>');
      expect(svg).not.toMatch(/class=|style=|var\(|NaN|Infinity|undefined/);
      // Well formed as far as ampersands and angles of texts go.
      expect(svg.replace(/&(#\d+|quot);/g, '').includes('&')).toBe(false);
    }
  });

  it('draw what is in range, name what is not faint, and dash what is dashed', () => {
    const svg = curvesSvg(chart);
    const lines = [...svg.matchAll(/<polyline points="([^"]*)"[^>]*>/g)];
    expect(lines).toHaveLength(2);
    // From the left edge at the least value to the right one at the greatest; beyond the axis nothing.
    for (const [, points] of lines) {
      const [first, last, ...others] = points.split(' ').map((point) => point.split(',').map(Number));
      expect(others).toEqual([]);
      expect([first[0], last[0]]).toEqual([64, 700]);
      expect(first[1]).toBeGreaterThan(last[1]);
    }
    expect(lines[1][0]).toContain('stroke-dasharray="6 3"');
    expect(svg).toContain('LoRA &#38; co');
    expect(svg).not.toContain('LoRA raw');
    expect(svg).not.toContain('nothing');
  });

  it('on a logarithmic axis leave out what has no logarithm', () => {
    const svg = curvesSvg({
      ...chart,
      log: true,
      curves: [
        {
          name: 'a',
          color: '#000000',
          dash: [],
          points: [
            [0, 0],
            [1, 0.01],
            [2, 100],
          ],
        },
      ],
    });
    expect(/points="([^"]*)"/.exec(svg)![1].split(' ')).toHaveLength(2);
  });
});
