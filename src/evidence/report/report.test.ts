import { describe, expect, it } from 'vitest';
import { said } from '../../app/i18n/said.ts';
import { comparisonSpecs, readSpec } from '../../runs/spec.ts';
import { summarize } from '../../runs/summary.ts';
import type { RunEvent } from '../../train/events.ts';
import type { ComparedRun } from '../compared-runs.ts';
import { judge } from '../comparison-summary.ts';
import { bandOf, lossLine } from './curves.ts';
import { reportHtml } from './report.ts';

const spec = readSpec({
  name: 'A <b> & c',
  model: { source: 'm' },
  data: { train: 't', validation: 0.1, test: 0.1 },
  compare: [{ method: { type: 'full' } }, { method: { type: 'lora' } }],
  seeds: [1, 2, 3, 4, 5, 6],
});

function eventsOf(accuracy: number, steps = 20): RunEvent[] {
  const step = (n: number): RunEvent => ({
    type: 'step',
    step: n,
    loss: 1 / n,
    learningRate: 1,
    gradNorm: 1,
    milliseconds: 1,
    tokens: 1,
  });
  const evaluated = (at: number, split: 'train' | 'validation' | 'test', value: number): RunEvent => ({
    type: 'evaluate',
    step: at,
    split,
    metrics: { accuracy: value },
  });
  return [
    { type: 'reference', scores: { test: { largestClass: 0.5, untuned: 0.45 } } },
    evaluated(0, 'validation', 0.5),
    ...Array.from({ length: steps }, (_, i) => step(i + 1)),
    evaluated(steps, 'validation', accuracy),
    evaluated(steps, 'train', accuracy),
    evaluated(steps, 'test', accuracy),
    {
      type: 'end',
      reason: 'completed',
      step: steps,
      best: { step: steps, metric: 'accuracy', value: accuracy },
      seconds: 2,
    },
  ];
}

function page(
  eventsFor: (run: number, name: string) => RunEvent[],
  language: 'en' | 'zh' = 'en',
  of = spec,
): string {
  const runs = comparisonSpecs(of).map(({ key, spec: own }, i): ComparedRun => {
    const events = eventsFor(i % 6, key);
    return { key, spec: own, events, summary: summarize(events) };
  });
  return reportHtml(runs, judge(runs, { resamples: 200 }), {
    name: 'A <b> & c',
    created: '2026-01-01T00:00:00.000Z',
    environment: {
      studio: '1',
      runtime: 'r',
      adapter: { vendor: 'v', architecture: 'a', description: 'd', software: true },
    },
    language,
    said,
  });
}

const usual = (run: number, key: string) => eventsOf((key.startsWith('full') ? 0.9 : 0.8) + run * 0.001);

describe('the report', () => {
  const html = page(usual);
  it('needs nothing but itself, and escapes what is not its own', () => {
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
    expect(html).toContain('<h1>A &#60;b&#62; &#38; c</h1>');
    expect(html).not.toContain('<b>');
  });
  it('begins with the verdict, in both languages', () => {
    expect(html).toContain(
      'Take full: 90.3 ± 0.2 % on the test set, 10.0 points better than lora (p 0.031 over 6 seeds).',
    );
    expect(html).toContain('建议用 full：测试集 90.3 ± 0.2 %');
    expect(html).toContain('id="en" checked');
    expect(page(usual, 'zh')).toContain('id="zh" checked');
    expect(html).not.toContain('引擎原文');
  });
  it('has a row for each method and for what takes no training, and a curve for each seed', () => {
    expect(html.match(/<th scope="row">/g)).toHaveLength(4);
    expect(html).toContain('<td>−10.0 [−10.0, −10.0]</td>');
    expect(html.match(/class="seed"/g)).toHaveLength(2 * 2 * 6);
    expect(html).toContain('always the largest class');
  });
  it('says what failed, and draws what there is', () => {
    const failed: RunEvent[] = [
      { type: 'end', reason: 'failed', best: null, seconds: 0, message: 'no room' },
    ];
    const some = page((run, key) => (run === 0 && key.startsWith('lora') ? failed : usual(run, key)));
    expect(some).toContain('(lost: 1)');
    const none = page(() => failed);
    expect(none).toContain('No run came to its end, so there is nothing to judge.');
    expect(none).not.toContain('<svg');
  });
  it('draws long runs with few points', () => {
    const long = lossLine(eventsOf(0.9, 5000));
    expect(long.length).toBeLessThanOrEqual(240);
    expect(long.at(-1)![0]).toBe(5000);
  });
});

it('a band is no wider than its seeds are apart, and leaves out what is no number', () => {
  const band = bandOf([
    [
      [1, 0.5],
      [2, NaN],
    ],
    [
      [1, 0.7],
      [2, 0.8],
    ],
  ]);
  expect(band[0]).toMatchObject({ x: 1, low: 0.5, high: 0.7 });
  expect(band[1]).toEqual({ x: 2, y: 0.8, low: 0.8, high: 0.8 });
});

it('draws no interval beyond what the metric can be, and names two lines at one height apart', () => {
  const reference: RunEvent = {
    type: 'reference',
    scores: { validation: { largestClass: 0.5, untuned: 0.5 }, test: { largestClass: 0.5, untuned: 0.5 } },
  };
  const apart = (run: number) => [reference, ...eventsOf(run % 2 === 0 ? 0.5 : 1).slice(1)];
  const html = page(apart, 'en', { ...spec, seeds: [1, 2] });
  expect(html).toContain('75.0 % [0.0, 100.0]');
  expect(html).not.toMatch(/[−-]\d{3}\.0 %|[2-9]00\.0 %/);
  expect(html).toMatch(/text-anchor="end"[^>]*>always the largest class/);
  expect(html).toMatch(/text-anchor="start"[^>]*>the untuned model/);
});
