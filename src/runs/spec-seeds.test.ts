import { describe, expect, it } from 'vitest';
import { comparisonBaseline, comparisonSpecs, completeSpec, methodRuns, readSpec, runName } from './spec.ts';

const minimal = {
  model: { source: 'builtin:bert-l4-h128' },
  data: { train: 'a.csv', validation: 0.1, test: 0.2 },
};
const compared = { ...minimal, compare: [{ method: { type: 'lora' } }, { method: { type: 'full' } }] };

describe('seeds', () => {
  it('train every method, all on the same rows', () => {
    const runs = comparisonSpecs(readSpec({ ...compared, seeds: [3, 9] }));
    expect(runs.map(({ key }) => key)).toEqual(['lora/seed-3', 'lora/seed-9', 'full/seed-3', 'full/seed-9']);
    expect(runs.map(({ spec }) => spec.training.seed)).toEqual([3, 9, 3, 9]);
    expect(runs.map(({ spec }) => spec.data.splitSeed)).toEqual([42, 42, 42, 42]);
    expect(runs.map(runName)).toEqual(['lora', 'lora', 'full', 'full']);
    for (const { spec } of runs)
      expect(completeSpec(readSpec(JSON.parse(JSON.stringify(spec))))).toEqual(spec);
  });
  it('are counted from the seed of the training', () => {
    const runs = comparisonSpecs(readSpec({ ...compared, repeats: 3, training: { seed: 5 } }), ['head']);
    expect(runs.map(({ key }) => key)).toEqual(['head/seed-5', 'head/seed-6', 'head/seed-7']);
    expect(runs.map(({ spec }) => spec.data.splitSeed)).toEqual([undefined, 5, 5]);
  });
  it('leave names as they are where there is one', () => {
    const runs = comparisonSpecs(readSpec({ ...compared, seeds: [8] }));
    expect(runs.map(({ key }) => key)).toEqual(['lora', 'full']);
    expect(runs[0].spec).toMatchObject({ training: { seed: 8 }, data: { splitSeed: 42 } });
    const files = { ...compared, data: { train: 'a.csv', validation: 'b.csv' }, seeds: [8] };
    expect(comparisonSpecs(readSpec(files))[0].spec.data).not.toHaveProperty('splitSeed');
  });
  it('do not multiply what is planned of methods', () => {
    expect(methodRuns(readSpec({ ...compared, repeats: 6 })).map(({ key }) => key)).toEqual(['lora', 'full']);
  });
  it.each([
    [{ seeds: [1, 2, 1] }, /^seeds: got \[1,2,1\].*1 stands there twice/],
    [{ seeds: [] }, /^seeds: got \[\].*a list of 1 to 20 different seeds/],
    [{ seeds: [1.5] }, /^seeds\[0\]/],
    [{ seeds: Array.from({ length: 21 }, (_, i) => i) }, /^seeds.*a list of 1 to 20/],
    [{ seeds: [1, 2], repeats: 2 }, /^repeats: got 2.*left out, since seeds is given/],
    [{ repeats: 0 }, /^repeats: got 0.*an integer from 1 to 20/],
    [{ repeats: 2, training: { seed: 0xffffffff } }, /^repeats: got 2.*seeds up to 4294967295/],
    [{ baseline: 'adapter' }, /^baseline: got "adapter".*a method of the comparison: lora, full/],
    [{ data: { ...minimal.data, validation: 0.5, test: 0.5 } }, /^data\.test: got 0\.5.*leaves rows/],
    [{ data: { ...minimal.data, test: 0 } }, /^data\.test: got 0 .*a fraction/],
  ])('refuses %j', (more, message) => {
    expect(() => readSpec({ ...compared, ...more })).toThrow(message);
  });
});

describe('the method that differences are taken to', () => {
  const name = (baseline: string | undefined, methods?: string[]) => {
    const input = readSpec({ ...compared, ...(baseline !== undefined && { baseline }) });
    return comparisonBaseline(input, comparisonSpecs(input, methods));
  };
  it('is full fine-tuning where that is there, else the first', () => {
    expect(name(undefined)).toBe('full');
    expect(name(undefined, ['head', 'lora'])).toBe('head');
    expect(name('lora')).toBe('lora');
  });
  it('is one of those that are trained', () => {
    expect(() => name('lora', ['head', 'full'])).toThrow(/^baseline: got "lora".*head, full/);
  });
});
