import { describe, expect, it } from 'vitest';
import { comparisonSpecs, readSpec } from '../runs/spec.ts';
import { summarize } from '../runs/summary.ts';
import type { RunEvent } from '../train/events.ts';
import { outcomesOf, type ComparedRun } from './compared-runs.ts';
import { judge, storedVerdict } from './comparison-summary.ts';

const spec = readSpec({
  model: { source: 'm' },
  data: { train: 't.csv', validation: 0.1, test: 0.2 },
  compare: [{ method: { type: 'lora' } }, { method: { type: 'full' } }],
  seeds: [1, 2],
});

interface Told {
  curve?: number[];
  train?: number;
  test?: number;
  given?: string;
  reason?: 'completed' | 'nonFinite' | 'failed' | 'stopped';
}

/** Events of a run whose best step is that of its best evaluation. */
function eventsOf({
  curve = [0.5, 0.7, 0.8, 0.8],
  train = 0.85,
  test,
  given,
  reason = 'completed',
}: Told): RunEvent[] {
  const best = curve.indexOf(Math.max(...curve));
  const evaluations = curve.map((accuracy, i): RunEvent => ({
    type: 'evaluate',
    step: i * 10,
    split: 'validation',
    metrics: { accuracy },
  }));
  const scored = (split: 'train' | 'test', accuracy: number | undefined): RunEvent[] =>
    accuracy === undefined ? [] : [{ type: 'evaluate', step: best * 10, split, metrics: { accuracy } }];
  const last = (curve.length - 1) * 10;
  return [
    {
      type: 'reference',
      scores: { test: { largestClass: 0.5, untuned: 0.4 }, validation: { untuned: 0.45 } },
    },
    ...evaluations,
    ...scored('train', train),
    ...scored('test', test),
    ...(given === undefined
      ? []
      : [{ type: 'answers' as const, split: 'test' as const, step: best * 10, truth: '0 1 2 1', given }]),
    {
      type: 'end',
      reason,
      step: last,
      best: { step: best * 10, metric: 'accuracy', value: curve[best] },
      seconds: 4,
    },
  ];
}

function runs(told: Record<string, Told>): ComparedRun[] {
  return comparisonSpecs(spec).map(({ key, spec: run }) => {
    const events = eventsOf(told[key] ?? {});
    return { key, spec: run, events, summary: summarize(events), adapterBytes: 100 };
  });
}

describe('runs as outcomes', () => {
  it('have a score of each set by seed, with the weights that were kept', () => {
    const told = {
      'lora/seed-1': { test: 0.75, given: '0 1 1 1' },
      'lora/seed-2': { curve: [0.5, 0.9, 0.6], test: 0.5, given: '0 2 2 0' },
      'full/seed-1': { test: 1, given: '0 1 2 1' },
      'full/seed-2': { test: 1, given: '0 1 2 1' },
    };
    const outcomes = outcomesOf(runs(told));
    expect(outcomes).toMatchObject({
      metric: 'accuracy',
      baseline: 'full',
      classes: 3,
      reference: { largestClass: 0.5 },
      methods: [
        {
          name: 'lora',
          seeds: [1, 2],
          lost: [],
          scores: { train: [0.85, 0.85], validation: [0.8, 0.9], test: [0.75, 0.5] },
          oneClass: [true, true],
        },
        { name: 'full', scores: { test: [1, 1] }, oneClass: [false, false], seconds: 4 },
      ],
    });
    expect(outcomes.reference.untuned).toBeCloseTo(0.4, 12);
    expect(outcomes.methods[0].answers?.[1].given).toEqual([0, 2, 2, 0]);
  });

  it('are judged by validation where one was not tested', () => {
    const found = judge(runs({ 'lora/seed-1': { test: 0.7 } }), { resamples: 200 });
    expect(found.summary.judgedOn).toBe('validation');
    expect(found.summary.reference.largestClass).toBeUndefined();
    expect(found.summary.reference.untuned).toBeCloseTo(0.45, 12);
    expect(storedVerdict(found).sentences.join(' ')).toContain('which also chose the step: it is optimistic');
  });

  it('still improve where the last evaluation is the best by more than noise', () => {
    const improving = (curve: number[], reason?: Told['reason']) =>
      outcomesOf(runs({ 'lora/seed-1': { curve, reason } })).methods[0].improving?.[0];
    expect(improving([0.5, 0.6, 0.7])).toBe(true);
    expect(improving([0.5, 0.7, 0.702])).toBe(false);
    expect(improving([0.5, 0.7, 0.6])).toBe(false);
    expect(improving([0.5, 0.7])).toBe(false);
    expect(improving([0.5, 0.6, 0.7], 'stopped')).toBe(false);
  });

  it('that diverged or failed are no part of the scores and do not break the rest', () => {
    const told = {
      'lora/seed-2': { reason: 'nonFinite' as const },
      'full/seed-1': { reason: 'failed' as const },
    };
    const { methods } = outcomesOf(runs(told));
    expect(methods[0]).toMatchObject({ seeds: [1], lost: [2], failed: [] });
    expect(methods[1]).toMatchObject({ seeds: [2], lost: [], failed: [1] });
    const { summary, verdict } = judge(runs(told), { resamples: 200 });
    expect(verdict).toMatchObject({ code: 'diverged', take: null });
    expect(summary.methods.map(({ mean }) => mean)).toEqual([0.8, 0.8]);
  });

  it('take differences to the method that is asked for, and refuse one that is not there', () => {
    expect(judge(runs({}), { baseline: 'lora', resamples: 200 }).summary.baseline).toBe('lora');
    expect(() => judge(runs({}), { baseline: 'head' })).toThrow(/^baseline: got "head"/);
  });
});
