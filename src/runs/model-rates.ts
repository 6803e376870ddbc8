/**
 * Default learning rates follow the model, which a spec names and does not hold: once it is loaded, rates that were
 * left out are those for it. The completed spec says whose default a rate is (`training.optimizer.defaultFor`).
 */
import { defaultHeadRateOf, defaultRateOf, type RateTraits } from '../deltas/default-rates.ts';
import { say, type Sentence } from '../sentence.ts';
import { methodList, type Methods } from './spec-method.ts';
import { comparisonSpecs, type RunSpec, type SpecInput, type TrainingSpec } from './spec.ts';

type Optimizer = TrainingSpec['optimizer'];

/** A completed spec with the default rates of its model. */
export function withModelRates(spec: RunSpec, traits: RateTraits): RunSpec {
  const rated = (method: Methods, optimizer: Optimizer): Optimizer => {
    if (optimizer.defaultFor === undefined) return optimizer;
    const methods = methodList(method);
    const learningRate = defaultRateOf(methods, traits);
    if (!optimizer.defaultFor.head) return { ...optimizer, learningRate, defaultFor: { ...traits } };
    const headLearningRate = defaultHeadRateOf(methods, traits);
    return { ...optimizer, learningRate, headLearningRate, defaultFor: { ...traits, head: true } };
  };
  const { stages, training } = spec;
  const first = spec.method ?? stages![0].method;
  return {
    ...spec,
    training: { ...training, optimizer: rated(first, training.optimizer) },
    ...(stages && {
      stages: stages.map((stage) => ({
        ...stage,
        training: { ...stage.training, optimizer: rated(stage.method, stage.training.optimizer) },
      })),
    }),
  };
}

/** A comparison as it is written, with the default rates of its model written out. */
export function withModelRatesWritten(input: SpecInput, traits: RateTraits): SpecInput {
  const completed = comparisonSpecs(input).map(({ spec }) => withModelRates(spec, traits));
  return {
    ...input,
    compare: input.compare!.map((entry, i) => {
      const { defaultFor, learningRate, headLearningRate } = completed[i].training.optimizer;
      if (defaultFor === undefined) return entry;
      const ofHead = defaultFor.head && { headLearningRate };
      const optimizer = { ...entry.training?.optimizer, learningRate, ...ofHead, defaultFor };
      return { ...entry, training: { ...entry.training, optimizer } };
    }),
  };
}

/** Where a rate comes from, as part of a sentence. */
export function rateOrigin({ defaultFor: traits }: Pick<Optimizer, 'defaultFor'>): Sentence {
  if (traits === undefined) return say`given`;
  const { kind, width, pretrained } = traits;
  if (kind === 'encoder')
    return pretrained
      ? say`default for a pretrained encoder of width ${width}`
      : say`default for an untrained encoder of width ${width}`;
  return pretrained
    ? say`default for a pretrained encoder-decoder of width ${width}`
    : say`default for an untrained encoder-decoder of width ${width}`;
}
