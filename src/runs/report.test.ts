import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../train/events.ts';
import { reportHtml } from './report.ts';
import { completeSpec, readSpec } from './spec.ts';
import { summarize } from './summary.ts';
import { lineChart, shortNumber, ticks } from './svg-chart.ts';

const spec = completeSpec(
  readSpec({ model: { source: 'm' }, data: { train: 't', validation: 0.1 }, method: { type: 'head' } }),
);

function eventsOf(best: number, steps: number): RunEvent[] {
  const step = (n: number): RunEvent => ({
    type: 'step',
    step: n,
    loss: 1 / n,
    learningRate: 1,
    gradNorm: 1,
    milliseconds: 1,
    tokens: 1,
  });
  return [
    ...Array.from({ length: steps }, (_, i) => step(i + 1)),
    { type: 'evaluate', step: steps, split: 'validation', metrics: { accuracy: best } },
    { type: 'end', reason: 'completed', best: { step: steps, metric: 'accuracy', value: best }, seconds: 2 },
  ];
}

const page = (runs: [key: string, events: RunEvent[]][]) =>
  reportHtml(
    runs.map(([key, events]) => ({ key, spec, summary: summarize(events), events })),
    {
      name: 'A <b> & c',
      created: '2026-01-01T00:00:00.000Z',
      environment: {
        studio: '1',
        runtime: 'r',
        adapter: { vendor: 'v', architecture: 'a', description: 'd', software: true },
      },
    },
  );

describe('reportHtml', () => {
  it('needs nothing but itself, and escapes what is not its own', () => {
    const html = page([['full', eventsOf(0.8, 3)]]);
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
    expect(html).toContain('<h1>A &#60;b&#62; &#38; c</h1>');
    expect(html).not.toContain('<b>');
  });

  it('shows every run in table and curves, with its difference to the first', () => {
    const html = page([
      ['full', eventsOf(0.8, 3)],
      ['lora', eventsOf(0.75, 3)],
    ]);
    expect(html.match(/<polyline/g)).toHaveLength(4);
    expect(html).toContain('<td>−0.05</td>');
    expect(html).toContain('<th scope="row">lora</th>');
  });

  it('says so where nothing was measured, rather than draw nothing', () => {
    const failed: RunEvent = { type: 'end', reason: 'failed', best: null, seconds: 0, message: 'no room' };
    const html = page([['full', [failed]]]);
    expect(html).toContain('Training loss: nothing was measured.');
    expect(html).toContain('failed: no room');
  });

  it('draws a long run with few points and keeps its last step', () => {
    const html = page([['full', eventsOf(0.8, 5000)]]);
    const points = /<polyline points="([^"]+)"/.exec(html)![1].split(' ');
    expect(points.length).toBeLessThanOrEqual(300);
    expect(points.length).toBeGreaterThan(100);
    expect(html.length).toBeLessThan(30_000);
  });
});

describe('charts', () => {
  it('tick at round values within the range', () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(1, 60)).toEqual([20, 40, 60]);
    expect(ticks(0.693, 0.71)).toEqual([0.695, 0.7, 0.705, 0.71]);
    expect(ticks(2, 2)).toEqual([2]);
  });

  it('leave out what is not finite', () => {
    const svg = lineChart(
      [
        {
          name: 'a',
          color: 'red',
          points: [
            [1, 1],
            [2, NaN],
            [3, 3],
          ],
        },
      ],
      { title: 't', xLabel: 'x', yLabel: 'y' },
    );
    expect(svg).not.toContain('NaN');
    expect(/<polyline points="([^"]+)"/.exec(svg)![1].split(' ')).toHaveLength(2);
  });

  it('label numbers briefly', () => {
    expect([0.123456, 1234.5, 2e-5, 0, 1234567].map(shortNumber)).toEqual([
      '0.1235',
      '1235',
      '2.0e-5',
      '0',
      '1.2e+6',
    ]);
  });
});
