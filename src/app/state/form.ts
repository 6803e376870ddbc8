/**
 * What the person has typed: text as typed, so that a half-written number is not lost, and the way from
 * there to a run spec. A spec comes out only when every field reads.
 */
import {
  DEFAULT_LEARNING_RATES,
  LORA_DEFAULTS,
  PROMPT_DEFAULTS,
  type MethodType,
} from '../../deltas/defaults.ts';
import type { DataSummary, ModelSummary } from '../../protocol/messages.ts';
import type { SpecInput } from '../../runs/spec.ts';

/** The methods that the page offers, in the order in which they are shown. */
export const FORM_METHODS = ['full', 'lora', 'prompt', 'head'] as const satisfies readonly MethodType[];
export type FormMethod = (typeof FORM_METHODS)[number];

export type MethodField = 'rank' | 'alpha' | 'virtualTokens' | 'learningRate';
export type TrainingField = 'steps' | 'batchSize' | 'maxLength' | 'seed' | 'evaluateEvery';

/** Number fields that a method has, in the order in which they are shown. */
export const METHOD_FIELDS: Record<FormMethod, readonly MethodField[]> = {
  full: ['learningRate'],
  lora: ['rank', 'alpha', 'learningRate'],
  prompt: ['virtualTokens', 'learningRate'],
  head: ['learningRate'],
};
export const TRAINING_FIELDS: readonly TrainingField[] = [
  'steps',
  'batchSize',
  'maxLength',
  'evaluateEvery',
  'seed',
];

export interface MethodForm {
  enabled: boolean;
  fields: Partial<Record<MethodField, string>>;
}

export interface Form {
  methods: Record<FormMethod, MethodForm>;
  training: Record<TrainingField, string>;
}

/** What a field accepts: integers or numbers above zero, within bounds. */
export interface Accepts {
  integer: boolean;
  min: number;
  max: number;
}

const POSITIVE: Accepts = { integer: false, min: Number.MIN_VALUE, max: 1e6 };

export const ACCEPTS: Record<MethodField | TrainingField, Accepts> = {
  rank: { integer: true, min: 1, max: 4096 },
  alpha: POSITIVE,
  virtualTokens: { integer: true, min: 1, max: 4096 },
  learningRate: { integer: false, min: Number.MIN_VALUE, max: 100 },
  steps: { integer: true, min: 1, max: 1_000_000 },
  batchSize: { integer: true, min: 1, max: 4096 },
  maxLength: { integer: true, min: 4, max: 8192 },
  seed: { integer: true, min: 0, max: 0xffffffff },
  evaluateEvery: { integer: true, min: 0, max: 1_000_000 },
};

export function defaultForm(): Form {
  const rate = (type: FormMethod): string => String(DEFAULT_LEARNING_RATES[type]);
  return {
    methods: {
      full: { enabled: true, fields: { learningRate: rate('full') } },
      lora: {
        enabled: true,
        fields: {
          rank: String(LORA_DEFAULTS.rank),
          alpha: String(LORA_DEFAULTS.alpha),
          learningRate: rate('lora'),
        },
      },
      prompt: {
        enabled: true,
        fields: { virtualTokens: String(PROMPT_DEFAULTS.virtualTokens), learningRate: rate('prompt') },
      },
      head: { enabled: true, fields: { learningRate: rate('head') } },
    },
    training: { steps: '100', batchSize: '16', maxLength: '32', evaluateEvery: '50', seed: '42' },
  };
}

/** The number a field's text stands for, or null when it does not read as what the field accepts. */
export function readField(text: string, accepts: Accepts): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const value = Number(trimmed);
  if (!Number.isFinite(value) || value < accepts.min || value > accepts.max) return null;
  return accepts.integer && !Number.isInteger(value) ? null : value;
}

/** Names of the ticked methods, in the order of the page. */
export function enabledMethods(form: Form): FormMethod[] {
  return FORM_METHODS.filter((type) => form.methods[type].enabled);
}

/** Fields that do not read, as `lora.rank` or `training.steps`. Methods that are not ticked do not count. */
export function formErrors(form: Form): string[] {
  const methods = enabledMethods(form).flatMap((type) =>
    METHOD_FIELDS[type]
      .filter((field) => readField(form.methods[type].fields[field] ?? '', ACCEPTS[field]) === null)
      .map((field) => `${type}.${field}`),
  );
  const training = TRAINING_FIELDS.filter(
    (field) => readField(form.training[field], ACCEPTS[field]) === null,
  ).map((field) => `training.${field}`);
  return [...methods, ...training];
}

/** Share of the training rows held out when no validation file is given; as in the data summary. */
export const VALIDATION_SHARE = 0.1;

/**
 * The run spec of the form over a loaded model and dataset, or null when a field does not read or no
 * method is ticked.
 */
export function formToSpec(form: Form, model: ModelSummary, data: DataSummary): SpecInput | null {
  const methods = enabledMethods(form);
  if (methods.length === 0 || formErrors(form).length > 0) return null;
  const training = (field: TrainingField): number => Number(form.training[field]);
  const validation = data.validationCut ? VALIDATION_SHARE : data.files.validation;
  return {
    version: 1,
    name: `${data.name}-comparison`,
    model: { source: model.source, task: data.task },
    data: {
      train: data.files.train,
      ...(validation === null ? {} : { validation }),
      columns: data.columns,
      maxLength: training('maxLength'),
    },
    training: {
      steps: training('steps'),
      batchSize: training('batchSize'),
      seed: training('seed'),
      shuffle: true,
      evaluateEvery: training('evaluateEvery'),
    },
    compare: methods.map((type) => {
      const number = (field: MethodField): number => Number(form.methods[type].fields[field]);
      return {
        method: methodSpec(type, number),
        training: { optimizer: { learningRate: number('learningRate') } },
      };
    }),
  };
}

type CompareMethod = NonNullable<SpecInput['compare']>[number]['method'];

function methodSpec(type: FormMethod, number: (field: MethodField) => number): CompareMethod {
  switch (type) {
    case 'lora':
      return { type, rank: number('rank'), alpha: number('alpha') };
    case 'prompt':
      return { type, virtualTokens: number('virtualTokens') };
    case 'full':
    case 'head':
      return { type };
  }
}
