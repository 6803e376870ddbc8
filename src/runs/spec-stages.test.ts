import { describe, expect, it } from 'vitest';
import { DEFAULT_LEARNING_RATES } from '../deltas/defaults.ts';
import { StudioError } from '../errors.ts';
import { comparisonSpecs, completeSpec, readSpec, runMethod, stageRuns, totalSteps } from './spec.ts';

const base = { model: { source: 'm' }, data: { train: 'a.tsv', validation: 'b.tsv' } };
const complete = (patch: Record<string, unknown>) => completeSpec(readSpec({ ...base, ...patch }));

function refused(patch: Record<string, unknown>): StudioError {
  try {
    complete(patch);
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('methods combined', () => {
  it('are each completed and named together', () => {
    const spec = complete({ method: [{ type: 'lora' }, { type: 'bitfit' }] });
    expect(spec.method).toEqual([
      {
        type: 'lora',
        rank: 8,
        alpha: 16,
        dropout: 0,
        targets: ['q', 'v'],
        rankStabilized: false,
        dora: false,
        initialization: 'default',
        bias: 'none',
      },
      { type: 'bitfit' },
    ]);
    expect(spec.name).toBe('lora+bitfit');
    expect(runMethod(spec)).toBe('lora+bitfit');
  });

  it('learn at the smallest of their own rates unless one is given', () => {
    const method = [{ type: 'prompt' }, { type: 'full' }, { type: 'lora' }];
    expect(complete({ method }).training.optimizer.learningRate).toBe(DEFAULT_LEARNING_RATES.full);
    const training = { optimizer: { learningRate: 0.25 } };
    expect(complete({ method, training }).training.optimizer.learningRate).toBe(0.25);
  });

  it('are a spec again once completed', () => {
    const spec = complete({ method: [{ type: 'adapter' }, { type: 'head', init: 'x', initForce: true }] });
    expect(completeSpec(readSpec(JSON.parse(JSON.stringify(spec))))).toEqual(spec);
  });

  it('are refused by the field of the one that is wrong', () => {
    expect(refused({ method: [] }).message).toMatch(
      /^method: got \[\] \(a list\); expected a list with at least one/,
    );
    expect(refused({ method: [{ type: 'lora' }, { type: 'adapter', bottleneck: 0 }] }).message).toBe(
      'method[1].bottleneck: got 0 (a number); expected an integer from 1',
    );
  });
});

describe('stages of an entry of a comparison', () => {
  const base = { model: { source: 'm' }, data: { train: 't.tsv', validation: 0.1 } };

  it('stand beside plain methods, each stage with its own rate', () => {
    const runs = comparisonSpecs(
      readSpec({
        ...base,
        compare: [
          { method: { type: 'lora' } },
          {
            stages: [
              { method: { type: 'lora' }, training: { optimizer: { learningRate: 1e-3 } } },
              [{ type: 'adapter' }, { type: 'bitfit' }],
            ],
          },
        ],
      }),
    );
    expect(runs.map(({ key }) => key)).toEqual(['lora', 'lora-then-adapter+bitfit']);
    expect(stageRuns(runs[1].spec).map(({ training }) => training.optimizer.learningRate)[0]).toBe(1e-3);
  });

  it('are refused beside a method, and by the path of what is wrong', () => {
    const stages = [{ type: 'lora' as const, rank: 0 }];
    const compare = (entry: object) => () => readSpec({ ...base, compare: [entry] });
    expect(compare({ stages })).toThrow(/compare\[0\]\.stages\[0\]\.rank/);
    expect(compare({ method: { type: 'head' }, stages: [{ type: 'lora' }] })).toThrow(/compare\[0\]\.stages/);
    expect(compare({})).toThrow(/compare\[0\]\.method/);
    expect(compare({ stages: [{ type: 'prompt' }, { type: 'prompt' }] })).toThrow(
      /compare\[0\]\.stages\[1\]/,
    );
  });
});

describe('stages', () => {
  it('have their methods’ own learning rates and their own steps and schedules', () => {
    const spec = complete({
      stages: [
        { type: 'lora' },
        { method: [{ type: 'ia3' }], training: { steps: 3, schedule: { type: 'constant' } } },
      ],
      training: { steps: 10, schedule: { warmupSteps: 2 } },
    });
    expect(spec.method).toBeUndefined();
    const [first, second] = stageRuns(spec).map(({ training }) => training);
    expect(first.optimizer.learningRate).toBe(DEFAULT_LEARNING_RATES.lora);
    expect(second.optimizer.learningRate).toBe(DEFAULT_LEARNING_RATES.ia3);
    expect([first.steps, second.steps, totalSteps(spec)]).toEqual([10, 3, 13]);
    expect(first.schedule).toEqual({ type: 'linear', warmupSteps: 2 });
    expect(second.schedule).toEqual({ type: 'constant', warmupSteps: 2 });
    expect(spec.name).toBe('lora-then-ia3');
  });

  it('are a spec again once completed', () => {
    const spec = complete({ stages: [{ type: 'lora' }, [{ type: 'bitfit' }, { type: 'ia3' }]] });
    expect(completeSpec(readSpec(JSON.parse(JSON.stringify(spec))))).toEqual(spec);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['none', { stages: [] }, 'stages', /a list with at least one method/],
    ['no list', { stages: { type: 'lora' } }, 'stages', /a list of methods to train in turn/],
    [
      'beside a method',
      { stages: [{ type: 'lora' }], method: { type: 'full' } },
      'stages',
      /since method is given/,
    ],
    ['a wrong option', { stages: [{ type: 'lora', rank: 0 }] }, 'stages[0].rank', /an integer from 1/],
    [
      'a wrong option of an entry',
      { stages: [{ type: 'head' }, { method: { type: 'prefix', virtualTokens: 0 } }] },
      'stages[1].method.virtualTokens',
      /an integer from 1/,
    ],
    [
      'training that must hold for all',
      { stages: [{ method: { type: 'head' }, training: { seed: 1 } }] },
      'stages[0].training.seed',
      /steps, optimizer, schedule/,
    ],
    [
      'a second prompt',
      { stages: [{ type: 'prompt' }, { type: 'lora' }, { type: 'prompt' }] },
      'stages[2]',
      /another method than "prompt"/,
    ],
  ])('are refused: %s', (_, patch, where, message) => {
    const error = refused(patch);
    expect(error.where).toBe(where);
    expect(error.message).toMatch(message);
  });
});
