import { describe, expect, it } from 'vitest';
import { english } from '../sentence.ts';
import { rateOrigin, withModelRates, withModelRatesWritten } from './model-rates.ts';
import { comparisonSpecs, completeSpec, readSpec } from './spec.ts';

const traits = { kind: 'encoder', width: 384, layers: 3, pretrained: true } as const;
const base = {
  model: { source: 'minilm' },
  data: { train: 'train.tsv', validation: 'dev.tsv', columns: { text: ['sentence'], label: 'label' } },
};

describe('rates of a model', () => {
  it('take the place of those that were left out, and only of those', () => {
    const spec = completeSpec(readSpec({ ...base, method: { type: 'lora' } }));
    const { optimizer } = withModelRates(spec, traits).training;
    expect(optimizer).toMatchObject({ learningRate: 2e-3, defaultFor: traits });
    expect(english(rateOrigin(optimizer))).toBe('default for a pretrained encoder of width 384');
    const training = { optimizer: { learningRate: 5e-3 } };
    const given = completeSpec(readSpec({ ...base, method: { type: 'lora' }, training }));
    expect(withModelRates(given, traits)).toEqual(given);
    expect(english(rateOrigin(given.training.optimizer))).toBe('given');
  });

  it('are the head’s too where it has a default of its own, and as they were given otherwise', () => {
    const ratesOf = (optimizer: object): object => {
      const spec = readSpec({ ...base, method: { type: 'said' }, training: { optimizer } });
      return withModelRates(completeSpec(spec), traits).training.optimizer;
    };
    expect(ratesOf({})).toMatchObject({
      learningRate: 4e-4,
      headLearningRate: 1e-3,
      defaultFor: { head: true },
    });
    expect(ratesOf({ headLearningRate: 2e-3 })).toMatchObject({ learningRate: 4e-4, headLearningRate: 2e-3 });
    const written = withModelRatesWritten(
      readSpec({ ...base, compare: [{ method: { type: 'said' } }] }),
      traits,
    );
    const [{ spec }] = comparisonSpecs(readSpec(written));
    expect(spec.training.optimizer).toEqual(ratesOf({}));
  });

  it('are each stage’s own', () => {
    const spec = completeSpec(readSpec({ ...base, stages: [{ type: 'prompt' }, { type: 'full' }] }));
    const rates = withModelRates(spec, traits).stages!.map(({ training }) => training.optimizer.learningRate);
    expect(rates).toEqual([1e-2, 2e-4]);
  });

  it('survive in a completed spec, which is a spec', () => {
    const spec = withModelRates(completeSpec(readSpec({ ...base, method: { type: 'lora' } })), traits);
    expect(completeSpec(readSpec(JSON.parse(JSON.stringify(spec))))).toEqual(spec);
  });

  it('are no default any more once the rate is changed', () => {
    const optimizer = { learningRate: 1e-3, defaultFor: traits };
    const spec = completeSpec(readSpec({ ...base, method: { type: 'lora' }, training: { optimizer } }));
    expect(spec.training.optimizer).not.toHaveProperty('defaultFor');
  });

  it('are written into a comparison', () => {
    const compare = [
      { method: { type: 'full' } },
      { method: { type: 'lora' }, training: { optimizer: { learningRate: 1 } } },
    ];
    const written = withModelRatesWritten(readSpec({ ...base, compare }), traits);
    const runs = comparisonSpecs(readSpec(written));
    expect(runs.map(({ spec }) => spec.training.optimizer)).toMatchObject([
      { learningRate: 2e-4, defaultFor: traits },
      { learningRate: 1 },
    ]);
  });
});
