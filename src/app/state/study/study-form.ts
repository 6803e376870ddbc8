/** The form of a study: what is ticked and typed, and the spec that it stands for, the same as the command line's. */
import { METHOD_TYPES } from '../../../deltas/defaults.ts';
import { isPair } from '../../../models/builtin.ts';
import { EXPERIMENTS } from '../../../study/experiments/experiments.ts';
import { EXPERIMENT_NAMES, type ExperimentName, type StudyOptions } from '../../../study/study.ts';

/** Values that grids run over, as the form has fields for them. */
export const OPTION_NAMES = [
  'batchSizes',
  'ranks',
  'bottlenecks',
  'lengths',
  'dimensions',
  'shots',
  'typos',
  'drops',
  'templates',
  'starts',
] as const;
export type OptionName = (typeof OPTION_NAMES)[number];

export const STUDY_FIELDS = [
  'seeds',
  'steps',
  'batchSize',
  'evaluateEvery',
  'trainRows',
  'validationRows',
  'testRows',
] as const;
export type StudyField = (typeof STUDY_FIELDS)[number];

export interface StudyForm {
  experiment: ExperimentName;
  /** Built-in tasks by their names, the person's own as `own:NAME`, those of a hub as `hub:owner/name`. */
  datasets: readonly string[];
  /** `model.source` of each. */
  models: readonly string[];
  /** None: those of the experiment. */
  methods: readonly string[];
  /** Learning rates as typed, by method; empty for the default. */
  rates: Readonly<Record<string, string>>;
  fields: Readonly<Record<StudyField, string>>;
  /** As typed; empty for the experiment's own. */
  options: Readonly<Partial<Record<OptionName, string>>>;
  /** The whole description as JSON, which then counts instead of the fields; null for the fields. */
  json: string | null;
}

export const DEFAULT_STUDY: StudyForm = {
  experiment: 'performance',
  datasets: ['shop-reviews'],
  models: ['builtin:bert-l4-h128'],
  methods: [],
  rates: {},
  fields: {
    seeds: '3',
    steps: '100',
    batchSize: '16',
    evaluateEvery: '20',
    trainRows: '',
    validationRows: '',
    testRows: '',
  },
  options: {},
  json: null,
};

/** Data of the person's own: the training file, and what validates and tests where there are files for it. */
export interface OwnData {
  name: string;
  train: File;
  validation: File | null;
  test: File | null;
  /** How the comparison reads the same files, where they came from there: columns, template and label words. */
  data?: Record<string, unknown>;
}

/** A model that is open in the page, and what it is asked for. */
export interface OpenModel {
  source: string;
  task: string;
}

const OWN = 'own:';
/** Data sets of a hub stand as they are written: `hub:owner/name`. */
export const HUB = 'hub:';
export const ownKey = ({ name }: Pick<OwnData, 'name'>): string => `${OWN}${name}`;

/** The description as JSON. What does not read stands in it as it was typed, so that it is refused by its name. */
export function studyJson(form: StudyForm, own: readonly OwnData[], open: OpenModel | null): string {
  if (form.json !== null) return form.json;
  const { fields } = form;
  const value = {
    version: 1,
    models: form.models.map((source) => modelOf(source, open)),
    datasets: form.datasets.flatMap((key) => dataOf(key, own)),
    ...(form.methods.length > 0 && { compare: form.methods.map((type) => entryOf(type, form.rates[type])) }),
    repeats: numberOf(fields.seeds),
    training: {
      steps: numberOf(fields.steps),
      batchSize: numberOf(fields.batchSize),
      evaluateEvery: numberOf(fields.evaluateEvery),
    },
    ...optionsOf(form),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function modelOf(source: string, open: OpenModel | null): unknown {
  if (source === open?.source) return open.task === 'classification' ? source : open;
  return isPair(source) ? { source, task: 'text2text' } : source;
}

function dataOf(key: string, own: readonly OwnData[]): unknown[] {
  if (key.startsWith(HUB)) return [key];
  if (!key.startsWith(OWN)) return [`builtin:${key}`];
  const found = own.find((one) => ownKey(one) === key);
  if (found === undefined) return [];
  const { name, train, validation, test, data = {} } = found;
  return [
    {
      name,
      ...data,
      train: pathOf(name, train),
      validation: validation === null ? shareOf(data.validation, 0.1) : pathOf(name, validation),
      test: test === null ? shareOf(data.test, 0.2) : pathOf(name, test),
    },
  ];
}

/** What a file of a data set is called in a description: two sets may have a train.tsv each. */
const pathOf = (set: string, file: File): string => `${set}/${file.name}`;

/** A share that is held out as the comparison has it, where no file has these rows. */
const shareOf = (share: unknown, fallback: number): number => (typeof share === 'number' ? share : fallback);

function entryOf(type: string, rate: string | undefined): unknown {
  const learningRate = numberOf(rate);
  return {
    method: { type },
    ...(learningRate !== undefined && { training: { optimizer: { learningRate } } }),
  };
}

function optionsOf({ experiment, options, fields }: StudyForm): { study?: unknown } {
  const known = EXPERIMENTS[experiment].options ?? {};
  const values = OPTION_NAMES.filter((name) => name in known).flatMap((name) => {
    const text = options[name]?.trim() ?? '';
    return text === '' ? [] : [[name, optionValue(name, text)] as const];
  });
  const limits = (['train', 'validation', 'test'] as const).flatMap((part) => {
    const rows = numberOf(fields[`${part}Rows`]);
    return rows === undefined ? [] : [[part, rows] as const];
  });
  const study = {
    ...Object.fromEntries(values),
    ...(limits.length > 0 && { limit: Object.fromEntries(limits) }),
  };
  return Object.keys(study).length === 0 ? {} : { study };
}

function optionValue(name: OptionName, text: string): unknown {
  if (name === 'starts') return flagOf(text);
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (name === 'templates') return words.map(flagOf);
  return words.map((word) => (word === ALL_ROWS ? null : (numberOf(word) ?? word)));
}

/** What says neither yes nor no as it was typed. */
function flagOf(word: string): boolean | string {
  return word === 'true' ? true : word === 'false' ? false : word;
}

/** How a list of rows a class says all of them. */
export const ALL_ROWS = 'all';

/** A value of an experiment's own as the form would have it typed. */
export function optionText(value: StudyOptions[OptionName]): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((one) => (one === null ? ALL_ROWS : String(one))).join(', ');
}

/** Undefined for nothing; what is no number as it was typed. */
function numberOf(text: string | undefined): number | string | undefined {
  const trimmed = (text ?? '').trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** The files that a description names. */
export function studyFiles(own: readonly OwnData[]): Record<string, File> {
  return Object.fromEntries(
    own.flatMap(({ name, train, validation, test }) =>
      [train, validation, test].flatMap((file) =>
        file === null ? [] : [[pathOf(name, file), file] as const],
      ),
    ),
  );
}

/** A kept form, with what it lacks put right. */
export function readStudyForm(value: unknown): StudyForm {
  if (typeof value !== 'object' || value === null) return DEFAULT_STUDY;
  const kept = value as Partial<Record<keyof StudyForm, unknown>>;
  const experiment = EXPERIMENT_NAMES.find((name) => name === kept.experiment) ?? DEFAULT_STUDY.experiment;
  const list = (of: unknown, fallback: readonly string[]): readonly string[] =>
    Array.isArray(of) ? of.filter((one) => typeof one === 'string') : fallback;
  const texts = (of: unknown): Record<string, string> =>
    Object.fromEntries(
      Object.entries(of ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  const types: readonly string[] = METHOD_TYPES;
  return {
    experiment,
    datasets: list(kept.datasets, DEFAULT_STUDY.datasets),
    models: list(kept.models, DEFAULT_STUDY.models),
    methods: list(kept.methods, []).filter((type) => types.includes(type)),
    rates: texts(kept.rates),
    fields: { ...DEFAULT_STUDY.fields, ...texts(kept.fields) },
    options: texts(kept.options),
    json: typeof kept.json === 'string' ? kept.json : null,
  };
}
