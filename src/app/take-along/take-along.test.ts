import { describe, expect, it } from 'vitest';
import type { ComparisonSummary } from '../../evidence/comparison-summary.ts';
import type { ValidationPredictions } from '../../protocol/predictions.ts';
import { en } from '../i18n/en.ts';
import { curveRows } from './curve-rows.ts';
import { answerRows } from './answer-rows.ts';
import { evidenceRows } from './evidence-rows.ts';
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

describe('the table behind the verdict', () => {
  it('has a figure a cell, with the ends of its intervals', () => {
    const summary = {
      metric: 'accuracy',
      judgedOn: 'test',
      baseline: 'full',
      reference: { largestClass: 0.5, untuned: 0.25 },
      methods: [
        {
          ...{
            name: 'full',
            type: 'full',
            mean: 0.75,
            interval: [0.5, 1],
            againstBaseline: null,
            gap: 0.125,
          },
          ...{ trainableParameters: 1000, peakBytes: 2048, seconds: 1.5 },
        },
        {
          ...{ name: 'lora', type: 'lora', mean: 0.5, interval: null, gap: null },
          againstBaseline: { difference: -0.25, interval: [-0.5, 0], pAdjusted: 0.25 },
          ...{ trainableParameters: 10, peakBytes: 1024, seconds: null },
        },
      ],
    } as unknown as ComparisonSummary;
    const rows = evidenceRows(summary, en, ({ name }) => name.toUpperCase());
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([rows[0].length]));
    expect(rows[0].slice(0, 5)).toEqual([
      ...['Method', 'Accuracy', 'Accuracy: 95% from', 'Accuracy: 95% to', 'Against FULL'],
    ]);
    expect(rows.slice(1).map((row) => row.join('|'))).toEqual([
      'FULL|0.75|0.5|1|||||0.125|1000|2048|1.5',
      'LORA|0.5|||-0.25|-0.5|0|0.25||10|1024|',
      'Largest class, always|0.5||||||||||',
      'The untuned model|0.25||||||||||',
    ]);
  });
});

describe('a chart over time', () => {
  it('is a row a point: what is averaged with its average, a mean of seeds with its band', () => {
    const named = (name: string) => ({ name, method: name, runs: [] });
    const common = { smooth: false, single: [], at: () => 0 };
    const [lora, head] = [
      {
        ...common,
        group: named('lora'),
        x: [1, 2],
        y: [0.5, 0.4],
        raw: { run: 'lora', x: [1, 2], y: [0.6, 0.2] },
      },
      { ...common, group: named('head'), x: [1], y: [0.7], raw: null },
    ];
    const names = {
      method: 'M',
      x: 'Steps',
      y: 'Loss',
      average: 'smoothed',
      from: 'low',
      to: 'high',
      part: en.verdict.part,
    };
    const lines = [
      { ...lora, band: null },
      { ...head, band: { low: [0.6], high: [NaN] } },
    ];
    expect(curveRows(lines, names, ({ name }) => name)).toEqual([
      ['M', 'Steps', 'Loss', 'Loss: smoothed', 'Loss: low', 'Loss: high'],
      ['lora', '1', '0.6', '0.5', '', ''],
      ['lora', '2', '0.2', '0.4', '', ''],
      ['head', '1', '0.7', '', '0.6', ''],
    ]);
    expect(curveRows([{ ...head, band: null }], names, () => 'h')).toEqual([
      ['M', 'Steps', 'Loss'],
      ['h', '1', '0.7'],
    ]);
  });
});

describe('rows that are judged', () => {
  it('are all taken along, with every answer and how sure it is', () => {
    const predictions = {
      ...{ texts: ['good', 'bad'], pairs: null, labels: [1, 0], labelNames: ['no', 'yes'], lines: [2, 7] },
      references: null,
      runs: [{ run: 'lora', step: 1, values: new Float32Array([0.25, 0.75, 0.5, 0.5]) }],
    } as unknown as ValidationPredictions;
    const rows = answerRows(predictions, [{ row: 0 }], en, () => 'LoRA');
    expect(rows).toEqual([
      ['Line', 'Text', 'True label', 'LoRA', 'LoRA: Confidence'],
      ['2', 'good', 'yes', 'yes', '0.75'],
    ]);
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
