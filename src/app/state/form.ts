/**
 * What the person has typed: text as typed, so that a half-written number is not lost. `form-spec.ts` goes
 * from here to a run spec and back.
 */
import { PRECISIONS } from '../../plan/precisions.ts';
import { RECOMPUTE_MODES } from '../../plan/recompute-modes.ts';
import { CATALOGUE } from '../../deltas/catalogue.ts';
import { BUILTIN_TRAITS, defaultRate, type RateTraits } from '../../deltas/default-rates.ts';
import { missingStart, type DraftStarts } from './draft-starts.ts';
import { badRate, usedDrafts, withoutDraft, type Combination } from './combinations.ts';
import type { Asks } from './form-metric.ts';
import { METHOD_TYPES, type MethodType } from '../../deltas/defaults.ts';
import { MOST_SEEDS } from '../../runs/spec-seeds.ts';
import { TASK_SAMPLINGS, TRAINING_DEFAULTS } from '../../runs/spec-training.ts';
import { readField, writeField, type Field, type MethodField } from './form-fields.ts';

/** One line of the comparison. A method may stand in it more than once, with other options. */
export interface MethodDraft extends DraftStarts {
  /** The type, or `lora-2` for a further one. */
  id: string;
  type: MethodType;
  enabled: boolean;
  /** Texts by option, and `learningRate`. */
  fields: Record<string, string>;
}

/** What stands around the texts of a data set, and its labels' words. */
export interface TaskWords {
  template: string | null;
  words: Record<string, string>;
}

export interface Form {
  /** Every method once, in the order of the comparison; copies stand behind the first of their type. */
  methods: MethodDraft[];
  /** Methods trained together or in turn, beside those alone. */
  combinations: readonly Combination[];
  training: Record<TrainingField, string>;
  /** Around the texts; null for the usual one. */
  template: string | null;
  /** Words of labels, where they are not the usual ones. */
  words: Record<string, string>;
  /** Both of further tasks, by their names. */
  tasks: Readonly<Record<string, TaskWords>>;
  /** A spec written out by hand, which then counts instead of the fields; null while the fields count. */
  json: string | null;
}

const LEARNING_RATE: Omit<Extract<Field, { kind: 'number' }>, 'usual'> = {
  name: 'learningRate',
  kind: 'number',
  min: 0,
  minOpen: true,
  max: 100,
  // Left empty it is the default for method and model.
  default: null,
  advanced: false,
};

/** So many times more or less than the default is far from what is usual. */
const FAR = 8;

/**
 * Fields of a method in the order in which they are shown, the learning rate last.
 * @param traits of the model, which says what rates are usual
 */
export function methodFields(type: MethodType, traits: RateTraits = BUILTIN_TRAITS): readonly MethodField[] {
  const rate = defaultRate({ type }, traits);
  const usual = [rate / FAR, rate * FAR].map((bound) => Number(bound.toPrecision(2)));
  return [...CATALOGUE[type].options, { ...LEARNING_RATE, usual: usual as [number, number] }];
}

const integer = (name: string, standard: number | null, min: number, max: number, advanced = false) =>
  ({ name, kind: 'integer', default: standard, min, max, usual: [min, max], advanced }) as const;

const number = (name: string, standard: number, max: number, maxOpen = false) =>
  ({
    name,
    kind: 'number',
    default: standard,
    min: 0,
    minOpen: false,
    max,
    maxOpen,
    usual: [0, max],
    advanced: true,
  }) as const;

/** What all methods share. Steps and length are sized so that a software adapter compares the defaults in minutes. */
const TRAINING = [
  integer('steps', 100, 1, 1_000_000),
  integer('batchSize', TRAINING_DEFAULTS.batchSize, 1, 4096),
  integer('maxLength', 32, 4, 8192),
  integer('maxTargetLength', 32, 2, 8192),
  integer('evaluateEvery', TRAINING_DEFAULTS.evaluateEvery, 0, 1_000_000),
  integer('seed', TRAINING_DEFAULTS.seed, 0, 0xffffffff),
  integer('repeats', 1, 1, MOST_SEEDS),
  { ...number('testShare', 0, 1, true), default: null, minOpen: true, usual: [0.05, 0.5], advanced: false },
  { name: 'baseline', kind: 'name', default: null, advanced: false },
  { name: 'metric', kind: 'name', default: null, advanced: false },
  { name: 'seeds', kind: 'seeds', default: null, most: MOST_SEEDS, advanced: true },
  integer('gradientAccumulation', TRAINING_DEFAULTS.gradientAccumulation, 1, 1024, true),
  {
    name: 'schedule',
    kind: 'choice',
    default: TRAINING_DEFAULTS.schedule,
    choices: ['linear', 'cosine', 'constant'],
    advanced: true,
  },
  integer('warmupSteps', TRAINING_DEFAULTS.warmupSteps, 0, 1_000_000, true),
  {
    ...number('headLearningRate', 0, 1e6),
    default: null,
    minOpen: true,
    usual: [1e-5, 0.1],
  },
  number('weightDecay', TRAINING_DEFAULTS.weightDecay, 10),
  number('maxGradNorm', TRAINING_DEFAULTS.maxGradNorm, 1e6),
  number('dropout', TRAINING_DEFAULTS.dropout, 1, true),
  {
    name: 'recompute',
    kind: 'choice',
    default: 'auto',
    choices: ['auto', ...RECOMPUTE_MODES],
    advanced: true,
  },
  integer('fitMemory', null, 1, 2 ** 22, true),
  { name: 'precision', kind: 'choice', default: 'f32', choices: PRECISIONS, advanced: true },
  {
    name: 'taskSampling',
    kind: 'choice',
    default: 'proportional',
    choices: TASK_SAMPLINGS,
    advanced: false,
  },
  integer('patience', null, 1, 1000, true),
  integer('fewShot', null, 1, 1_000_000, true),
  { name: 'classWeights', kind: 'weights', default: 'none', advanced: true },
  integer('generationRows', 16, 0, 1_000_000, true),
  integer('beams', 1, 1, 32, true),
  integer('trainRows', null, 1, 100_000_000, true),
  integer('validationRows', null, 1, 100_000_000, true),
  { name: 'head', kind: 'choice', default: 'keep', choices: ['keep', 'fresh'], advanced: true },
  { name: 'pooling', kind: 'choice', default: 'mean', choices: ['mean', 'first'], advanced: true },
  {
    name: 'compareOrder',
    kind: 'choice',
    default: 'inTurn',
    choices: ['inTurn', 'oneAfterAnother'],
    advanced: true,
  },
] as const satisfies readonly Field[];

export type TrainingField = (typeof TRAINING)[number]['name'];
export type TrainingFieldInfo = (typeof TRAINING)[number];
export const TRAINING_FIELDS: readonly TrainingFieldInfo[] = TRAINING;

/** Has the field a meaning for the task? */
function applies(name: TrainingField, { task, columns, files, more }: Asks): boolean {
  switch (name) {
    case 'taskSampling':
      return more !== undefined;
    // A file of test rows is all the test there is.
    case 'testShare':
      return files?.test === undefined;
    case 'maxTargetLength':
    case 'generationRows':
    case 'beams':
      return task === 'text2text';
    case 'fewShot':
      return task !== 'regression' && columns.label !== undefined;
    case 'classWeights':
      return (task === 'classification' || task === 'maskedLm') && columns.label !== undefined;
    case 'head':
    case 'headLearningRate':
    case 'pooling':
      return task === 'classification' || task === 'regression';
    default:
      return true;
  }
}

/** The fields that have a meaning for the data; without any, those of a classification. */
export function trainingFields(asks: Asks | null): readonly TrainingFieldInfo[] {
  const known: Asks = asks ?? { task: 'classification', columns: { text: [], label: '' } };
  return TRAINING_FIELDS.filter(({ name }) => applies(name, known));
}

/** Ticked when the page opens: what differs most in cost. */
const TICKED: readonly MethodType[] = ['full', 'lora', 'prompt', 'head'];

/** A method with its defaults. */
export function freshDraft(type: MethodType, id: string = type, enabled = true): MethodDraft {
  const fields = methodFields(type).map((field) => [field.name, writeField(field.default)]);
  return { id, type, enabled, fields: Object.fromEntries(fields) as Record<string, string> };
}

export function defaultForm(): Form {
  return {
    methods: METHOD_TYPES.map((type) => freshDraft(type, type, TICKED.includes(type))),
    combinations: [],
    training: Object.fromEntries(TRAINING.map((field) => [field.name, writeField(field.default)])),
    template: null,
    words: {},
    tasks: {},
    json: null,
  };
}

/** The form with one more of a method, a copy of the last one, ticked. */
export function withCopy(form: Form, type: MethodType): Form {
  const same = form.methods.filter((draft) => draft.type === type);
  const taken = new Set(same.map(({ id }) => id));
  let count = 2;
  while (taken.has(`${type}-${count}`)) count++;
  const last = same.at(-1)!;
  const copy = { ...last, id: `${type}-${count}`, enabled: true, fields: { ...last.fields } };
  const at = form.methods.indexOf(last) + 1;
  return { ...form, methods: [...form.methods.slice(0, at), copy, ...form.methods.slice(at)] };
}

/** The form without a copy; the first of a type stays. */
export function withoutCopy(form: Form, id: string): Form {
  if (!form.methods.some((draft) => draft.id === id && draft.id !== draft.type)) return form;
  return withoutDraft({ ...form, methods: form.methods.filter((draft) => draft.id !== id) }, id);
}

/** The form with a draft changed. */
export function withDraft(form: Form, id: string, change: (draft: MethodDraft) => MethodDraft): Form {
  return { ...form, methods: form.methods.map((draft) => (draft.id === id ? change(draft) : draft)) };
}

/** The ticked methods, in the order of the comparison. */
export function enabledMethods(form: Form): MethodDraft[] {
  return form.methods.filter(({ enabled }) => enabled);
}

/** Fields that do not read, as `lora.rank` or `training.steps`. Methods that are neither ticked nor in a combination do not count. */
export function formErrors(form: Form, asks: Asks | null): string[] {
  const methods = usedDrafts(form).flatMap((draft) =>
    [
      ...methodFields(draft.type)
        .filter((field) => readField(draft.fields[field.name] ?? '', field) === null)
        .map(({ name }) => name),
      ...[missingStart(draft)].filter((place) => place !== null),
    ].map((name) => `${draft.id}.${name}`),
  );
  const training = trainingFields(asks)
    .filter((field) => readField(form.training[field.name], field) === null)
    .map(({ name }) => `training.${name}`);
  const combinations = form.combinations.filter(badRate).map(({ id }) => `${id}.learningRate`);
  return [...methods, ...combinations, ...training];
}
