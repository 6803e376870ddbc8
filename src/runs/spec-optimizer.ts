/** The `training.optimizer` of a run spec, completed: AdamW, or Adafactor as T5 was trained with. */
import { field, say, type Sentence } from '../sentence.ts';
import { z } from 'zod';
import {
  BUILTIN_TRAITS,
  defaultHeadRateOf,
  defaultRateOf,
  type RatedMethod,
  type RateTraits,
} from '../deltas/default-rates.ts';
import { flag, fraction, integer, numberFrom, oneOf, positive, record } from './fields.ts';
import { expects, fieldError } from './refusal.ts';

const beta = fraction();
const RELATIVE_STEP = field('training.optimizer.relativeStep');
const DECAY = expects(say`a number from ${-1} to ${0}`);

export const optimizerSchema = record({
  type: oneOf(['adamw', 'adafactor']).optional(),
  learningRate: numberFrom(0).optional(),
  headLearningRate: numberFrom(0).optional(),
  defaultFor: record({
    kind: oneOf(['encoder', 'encoderDecoder']),
    width: integer(0),
    layers: integer(0),
    pretrained: flag(),
    head: flag().optional(),
  }).optional(),
  weightDecay: numberFrom(0).optional(),
  betas: z.tuple([beta, beta], { error: expects(say`two numbers such as [0.9, 0.999]`) }).optional(),
  epsilon: z
    .union([positive(), z.tuple([positive(), positive()])], {
      error: expects(say`a positive number; two such as [1e-30, 1e-3] with "adafactor"`),
    })
    .optional(),
  relativeStep: flag().optional(),
  scaleParameter: flag().optional(),
  warmupInit: flag().optional(),
  clipThreshold: positive().optional(),
  decayRate: z.number({ error: DECAY }).min(-1, { error: DECAY }).max(0, { error: DECAY }).optional(),
  beta1: beta.optional(),
});

/** Whose learning rates there are, and where they come from. */
interface RateOrigin {
  /** Of the head's weights; absent where they learn at the rate of the rest. The schedule's factor applies to both. */
  headLearningRate?: number;
  /**
   * The model that the rate is the default for (`defaultRate`); absent where it was given. `head`: the head's rate is the
   * default too.
   */
  defaultFor?: RateTraits & { head?: boolean };
}

export interface AdamWSpec extends RateOrigin {
  type: 'adamw';
  learningRate: number;
  /** Decoupled decay (Loshchilov & Hutter 2019), on every trained tensor. */
  weightDecay: number;
  betas: [number, number];
  epsilon: number;
}

/** Shazeer and Stern (2018), with the options of Hugging Face's `Adafactor`. */
export interface AdafactorSpec extends RateOrigin {
  type: 'adafactor';
  /** Absent with `relativeStep`, which makes its own. */
  learningRate?: number;
  /** The rate follows from the step: min(10⁻², 1/√n); the schedule does not apply. */
  relativeStep: boolean;
  /** Rates are relative to the root mean square of each tensor. */
  scaleParameter: boolean;
  /** With `relativeStep`: it grows from 10⁻⁶ by as much a step. */
  warmupInit: boolean;
  /** Largest root mean square of an update. */
  clipThreshold: number;
  /** 1 − β₂ at step n is n^decayRate. */
  decayRate: number;
  /** A first moment, which is memory; none unless given. */
  beta1?: number;
  weightDecay: number;
  /** Added to squared gradients, and the least scale of a tensor. */
  epsilon: [number, number];
}

export type OptimizerSpec = AdamWSpec | AdafactorSpec;

type Input = z.output<typeof optimizerSchema>;

/** Options that one optimizer has and the other lacks, with what it has instead. */
const FOREIGN = {
  adamw: ['relativeStep', 'scaleParameter', 'warmupInit', 'clipThreshold', 'decayRate', 'beta1'],
  adafactor: ['betas'],
} as const;

/**
 * Fills in the documented defaults. Where the learning rate was given and no rate of the head, it is that of both. A rate that is said to be a model's default and is another was given.
 * @param methods whose learning rate an omitted one stands for; the smallest, where several train at once
 * @param headed whether the model has a head of the task's own, which every method trains
 * @throws StudioError `spec` for options that do not go together
 */
export function completeOptimizer(
  input: Input,
  methods: readonly RatedMethod[],
  headed = true,
): OptimizerSpec {
  const type = input.type ?? 'adamw';
  for (const name of FOREIGN[type])
    if (input[name] !== undefined) {
      const hint =
        type === 'adamw'
          ? say`it belongs to "adafactor"`
          : say`"adafactor" has ${field('training.optimizer.beta1')} and ${field('training.optimizer.decayRate')} instead`;
      throw fieldError(`training.optimizer.${name}`, input[name], say`nothing with type "${type}": ${hint}`);
    }
  const traits: RateOrigin['defaultFor'] & RateTraits = input.defaultFor ?? BUILTIN_TRAITS;
  const standard = defaultRateOf(methods, traits);
  const { learningRate = standard } = input;
  const isDefault =
    input.learningRate === undefined || (input.defaultFor !== undefined && learningRate === standard);
  checkHeadRate(input.headLearningRate, learningRate, headed);
  const ofHead = headed ? defaultHeadRateOf(methods, traits) : undefined;
  const { headLearningRate = input.learningRate === undefined ? ofHead : undefined } = input;
  const isHeadDefault =
    headLearningRate !== undefined &&
    headLearningRate === ofHead &&
    (input.headLearningRate === undefined || traits.head === true);
  const { head: _, ...model } = traits;
  const rate = {
    learningRate,
    ...(headLearningRate !== undefined && { headLearningRate }),
    ...(isDefault && { defaultFor: isHeadDefault ? { ...model, head: true } : model }),
  };
  return type === 'adamw' ? adamW(input, rate) : adafactor(input, rate);
}

/** @throws StudioError `spec` for a head's rate that nothing could learn at, or that has no rate beside it */
function checkHeadRate(rate: number | undefined, learningRate: number, headed: boolean): void {
  const refuse = (why: Sentence): never => {
    throw fieldError('training.optimizer.headLearningRate', rate, say`it to be left out, since ${why}`);
  };
  if (rate === undefined) return;
  if (!headed) refuse(say`the task answers in words and has no head of its own`);
  if (learningRate === 0)
    refuse(say`it counts as a multiple of ${field('training.optimizer.learningRate')}, which is ${0}`);
}

type Rate = Required<Pick<AdamWSpec, 'learningRate'>> & RateOrigin;

function adamW(input: Input, rate: Rate): AdamWSpec {
  const { epsilon = 1e-8, betas = [0.9, 0.999] } = input;
  if (Array.isArray(epsilon))
    throw fieldError('training.optimizer.epsilon', epsilon, say`one positive number with type "adamw"`);
  return {
    type: 'adamw',
    ...rate,
    weightDecay: input.weightDecay ?? 0,
    betas: [...betas],
    epsilon,
  };
}

function adafactor(input: Input, rate: Rate): AdafactorSpec {
  const { epsilon = [1e-30, 1e-3], warmupInit = false, beta1 } = input;
  const relativeStep = input.relativeStep ?? input.learningRate === undefined;
  if (relativeStep && input.learningRate !== undefined)
    throw fieldError(
      'training.optimizer.learningRate',
      input.learningRate,
      say`nothing with ${RELATIVE_STEP}, which makes its own rate; leave it out or set ${RELATIVE_STEP} to false`,
    );
  if (relativeStep && input.headLearningRate !== undefined)
    throw fieldError(
      'training.optimizer.headLearningRate',
      input.headLearningRate,
      say`nothing with ${RELATIVE_STEP}, which makes its own rate; leave it out or set ${RELATIVE_STEP} to false`,
    );
  if (warmupInit && !relativeStep)
    throw fieldError(
      'training.optimizer.warmupInit',
      warmupInit,
      say`false without ${RELATIVE_STEP}; ${field('training.schedule.warmupSteps')} warms a given rate up`,
    );
  if (!Array.isArray(epsilon))
    throw fieldError(
      'training.optimizer.epsilon',
      epsilon,
      say`two positive numbers such as [1e-30, 1e-3] with type "adafactor"`,
    );
  return {
    type: 'adafactor',
    ...(!relativeStep && rate),
    relativeStep,
    scaleParameter: input.scaleParameter ?? true,
    warmupInit,
    clipThreshold: input.clipThreshold ?? 1,
    decayRate: input.decayRate ?? -0.8,
    ...(beta1 !== undefined && { beta1 }),
    weightDecay: input.weightDecay ?? 0,
    epsilon: [...epsilon],
  };
}
