/**
 * Reads what a study is asked for: an ordinary run spec, in which there may be several models and several data sets.
 *
 *   { "models": ["builtin:bert-l4-h128", ...], "datasets": ["builtin:shop-reviews", { "name": "mine", "train": ... }],
 *     "study": { "ranks": [1, 8, 32] }, "compare": [...], "seeds": [1, 2, 3], "training": { ... } }
 */
import { z } from 'zod';
import { parseJson } from '../json.ts';
import { StudioError } from '../errors.ts';
import { isPair } from '../models/builtin.ts';
import { parseHubData } from '../models/hub/hub-data.ts';
import { flag, integer, record, text } from '../runs/fields.ts';
import { expects, fieldError, refusal } from '../runs/refusal.ts';
import { isMethodType } from '../runs/spec-method.ts';
import { seedsOf } from '../runs/spec-seeds.ts';
import {
  comparisonSpecs,
  readSpec,
  runName,
  type ComparisonRun,
  type RunSpec,
  type SpecInput,
} from '../runs/spec.ts';
import { field, say } from '../sentence.ts';
import { dataFor, tasksFor, without, type DatasetInput } from './dataset-input.ts';
import type {
  Draft,
  ExperimentName,
  GridMethod,
  RunRequest,
  Study,
  StudyData,
  StudyModel,
  StudyOptions,
} from './study.ts';

/** Seeds of a study that names none: the least that shows a spread. */
const DEFAULT_SEEDS = 3;

const integers = (min: number) =>
  z.array(integer(min), { error: expects(say`a list of integers from ${min}`) }).min(1, {
    error: expects(say`a list of integers from ${min}`),
  });
const shares = () => {
  const error = expects(say`a list of shares between 0 and 1`);
  return z.array(z.number({ error }).gt(0, { error }).lt(1, { error }), { error }).min(1, { error });
};
const shots = expects(say`a list of numbers of rows a class; null is all rows`);
const flags = expects(say`a list of true and false`);

const optionsSchema = record({
  batchSizes: integers(1).optional(),
  shots: z
    .array(z.union([z.null(), integer(1)], { error: shots }), { error: shots })
    .min(1, { error: shots })
    .optional(),
  templates: z
    .array(z.boolean({ error: flags }), { error: flags })
    .min(1, { error: flags })
    .optional(),
  ranks: integers(1).optional(),
  bottlenecks: integers(1).optional(),
  lengths: integers(1).optional(),
  dimensions: integers(1).optional(),
  typos: shares().optional(),
  drops: shares().optional(),
  starts: flag().optional(),
  measures: flag().optional(),
  limit: record({
    train: integer(1).optional(),
    validation: integer(1).optional(),
    test: integer(1).optional(),
  }).optional(),
});

const named = say`a list of data sets such as ["builtin:NAME"]`;
const modelNames = say`a list of models such as ["builtin:bert-l4-h128"]`;
const dataList = () =>
  z
    .array(z.union([text(named), z.looseObject({})], { error: expects(named) }), { error: expects(named) })
    .min(1, { error: expects(named) })
    .optional();
const outerSchema = z.looseObject(
  {
    models: z
      .array(z.union([text(modelNames), z.looseObject({})], { error: expects(modelNames) }), {
        error: expects(modelNames),
      })
      .min(1, { error: expects(modelNames) })
      .optional(),
    datasets: dataList(),
    // As a run of several tasks has them.
    tasks: dataList(),
    study: optionsSchema.optional(),
  },
  { error: expects(say`an object such as {"models": [...], "datasets": [...]}`) },
);

export interface ReadStudyOptions {
  /** `--seeds` */
  seeds?: number;
  /** `--methods` */
  methods?: readonly string[];
  /** What a built-in task's card says. @throws StudioError('data') where there is none of that name */
  builtinTask: (name: string) => unknown;
}

/**
 * @param json the spec file
 * @throws StudioError('spec') naming the field
 */
export function readStudy(json: string, experiment: ExperimentName, options: ReadStudyOptions): Study {
  const value = parsed(json);
  const read = outerSchema.safeParse(value);
  if (!read.success) throw refusal(read.error, value);
  const { models: manyModels, datasets, tasks, study = {}, ...rest } = read.data;
  const models = manyModels?.map((model, i) => modelOf(model, `models[${i}]`)) ?? [
    modelOf(rest.model, 'model'),
  ];
  const doubled = datasets !== undefined ? 'datasets' : rest.data !== undefined ? 'data' : null;
  if (tasks !== undefined && doubled !== null)
    throw fieldError('tasks', tasks, say`it to be left out, since ${field(doubled)} is given`);
  const asked = datasets ?? tasks ?? (Array.isArray(rest.data) ? rest.data : [rest.data]);
  const inputs = asked.map((one) => limited(datasetOf(one, options.builtinTask), study.limit));
  if (rest.stages !== undefined)
    throw fieldError('stages', rest.stages, say`it as an entry of ${field('compare')}`);
  const base = without(rest, 'model', 'data', 'compare', 'method', 'stages', 'baseline', 'repeats');
  const inputOf = (
    model: ModelEntry,
    data: DatasetInput,
    request: RunRequest,
    compare: readonly GridMethod[],
  ): SpecInput =>
    readSpec(
      defined({
        ...base,
        training: merged(base.training, model.training, request.batchSize),
        ...dataOfRequest(model, data, request),
        compare: compare.map(({ method, stages, training }) =>
          defined({
            method,
            stages,
            training: request.scoredOnly === true ? { ...training, steps: 0 } : training,
          }),
        ),
        seeds: request.seeds ?? seeds,
      }),
    );
  const dataOfRequest = (model: ModelEntry, data: DatasetInput, request: RunRequest) => {
    if (request.tasks === undefined) return dataFor(model.spec, data, request);
    const together = request.tasks.map(({ name }) => ({ ...dataBy.get(name)!, name }));
    return tasksFor(model.spec, together, request);
  };
  const seeds = studySeeds(rest, options.seeds);
  // What holds of every run is refused once, before any grid.
  readSpec(defined({ ...rest, repeats: undefined, seeds, ...dataFor(models[0].spec, inputs[0], {}) }));
  const modelsBy = byName(models);
  const dataBy = byName(inputs);
  return {
    name: typeof rest.name === 'string' ? rest.name : 'Study',
    experiment,
    models: [...modelsBy].map(([name, { spec }]): StudyModel => ({ name, source: String(spec.source) })),
    datasets: [...dataBy].map(([name, { kind, data }]): StudyData => ({
      name,
      ...(kind !== undefined && { kind }),
      template: data.template !== undefined && data.verbalizer !== undefined,
      ...(isRecord(data.verbalizer) && { labels: Object.keys(data.verbalizer).sort() }),
    })),
    seeds,
    ...(typeof rest.baseline === 'string' && { baseline: rest.baseline }),
    options: study,
    entries: (own) => entriesOf(rest, options.methods ?? null, own),
    runs: (request) => {
      const model = modelsBy.get(request.model.name)!;
      const data = dataBy.get(request.data.name)!;
      const runs = comparisonSpecs(inputOf(model, data, request, request.methods));
      return draftsOf(runs, request);
    },
  };
}

/** Runs stand method by method, and seed by seed in each. */
function draftsOf(runs: readonly ComparisonRun[], request: RunRequest): Draft[] {
  const each = runs.length / request.methods.length;
  const { template, shots: drawn, batchSize } = request;
  return runs.map((run, i): Draft => {
    const method = request.methods[Math.floor(i / each)];
    return {
      kind: request.kind ?? 'train',
      factors: {
        model: request.model.name,
        data: (request.tasks ?? [request.data]).map(({ name }) => name).join(' + '),
        method: method.name || runName(run),
        seed: run.spec.training.seed,
        ...(template !== undefined && { template }),
        ...(drawn !== undefined && { shots: drawn }),
        ...(batchSize !== undefined && { batchSize }),
        ...(method.value !== undefined && { value: method.value }),
        ...(request.scoredOnly === true && { scoredOnly: true }),
        ...(request.tasks && { together: true }),
      },
      spec: request.tasks === undefined ? run.spec : longer(run.spec, request.tasks.length),
    };
  });
}

/** Several tasks take turns: each gets the steps that it would have alone. */
function longer(spec: RunSpec, times: number): RunSpec {
  const { steps, evaluateEvery, schedule } = spec.training;
  return {
    ...spec,
    training: {
      ...spec.training,
      steps: steps * times,
      evaluateEvery: evaluateEvery * times,
      schedule: { ...schedule, warmupSteps: schedule.warmupSteps * times },
    },
  };
}

interface ModelEntry {
  name: string;
  spec: Record<string, unknown>;
  training?: Record<string, unknown>;
}

/** @param where its field */
function modelOf(value: unknown, where: string): ModelEntry {
  if (typeof value === 'string') return { name: shortName(value), spec: taskSpec({ source: value }) };
  if (!isRecord(value))
    throw fieldError(where, value, say`a model such as {"source": "builtin:bert-l4-h128"}`);
  const { name, training, ...spec } = value;
  if (training !== undefined && !isRecord(training))
    throw fieldError(`${where}.training`, training, say`an object such as {"batchSize": 8}`);
  return {
    name: typeof name === 'string' && name !== '' ? name : shortName(String(spec.source)),
    spec: taskSpec(spec),
    ...(training !== undefined && { training }),
  };
}

/** A built-in model that writes texts is asked to write where no task is named. */
function taskSpec(spec: Record<string, unknown>): Record<string, unknown> {
  const { source, task } = spec;
  const writes = typeof source === 'string' && isPair(source);
  return writes && task === undefined ? { ...spec, task: 'text2text' } : spec;
}

/** `builtin:a` is a, `owner/name` name, `folder/model.onnx` folder. */
function shortName(source: string): string {
  const parts = source
    .replace(/^builtin:/, '')
    .split(/[/\\]/)
    .filter((part) => part !== '');
  const last = parts.at(-1) ?? source;
  return last.endsWith('.onnx') && parts.length > 1 ? parts[parts.length - 2] : last;
}

/** A limit of its own counts before that of the study. */
function limited(input: DatasetInput, limit: StudyOptions['limit']): DatasetInput {
  if (limit === undefined || input.data.limit !== undefined) return input;
  return { ...input, data: { ...input.data, limit } };
}

/** Names of the built-in tasks that a spec takes, in whatever state it is. */
export function builtinNames(json: string): string[] {
  const read = z.looseObject({ datasets: z.array(z.unknown()) }).safeParse(parsed(json));
  const names = read.success ? read.data.datasets.map(builtinName) : [];
  return names.filter((name) => name !== undefined);
}

function builtinName(value: unknown): string | undefined {
  return typeof value === 'string' ? /^builtin:([\w.-]+)$/.exec(value)?.[1] : undefined;
}

function datasetOf(value: unknown, builtinTask: (name: string) => unknown): DatasetInput {
  const builtin = builtinName(value);
  if (typeof value === 'string' && value.startsWith('hub:')) return hubDataset(value);
  if (typeof value === 'string' && builtin === undefined)
    throw fieldError(
      'datasets',
      value,
      say`"builtin:NAME", "hub:owner/name", or an object such as {"train": "train.tsv"}`,
    );
  const found = builtin === undefined ? value : builtinTask(builtin);
  if (typeof found !== 'object' || found === null)
    throw fieldError('data', found, say`data such as {"train": "train.tsv"}`);
  const { name, kind, text2text, about: _, ...data } = found as Record<string, unknown>;
  const { train } = data;
  return {
    name: typeof name === 'string' && name !== '' ? name : fileName(String(train)),
    ...(typeof kind === 'string' && { kind }),
    data,
    ...(typeof text2text === 'object' &&
      text2text !== null && { text2text: text2text as Record<string, unknown> }),
  };
}

/** A hub's data set by its reference alone: its training rows, of which some are held out. */
function hubDataset(reference: string): DatasetInput {
  const { id, config } = parseHubData(reference)!;
  const [, name] = id.name.split('/');
  return {
    name: config === undefined ? name : `${name}-${config}`,
    data: { train: reference, validation: 0.1, test: 0.2 },
  };
}

/** `sst2/train.tsv` is sst2, `reviews.csv` reviews. */
function fileName(file: string): string {
  const parts = file
    .replace(/^builtin:/, '')
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.');
  const stem = (parts.at(-1) ?? file).replace(/\.[^.]+$/, '');
  return /^train\b/.test(stem) && parts.length > 1 ? parts[parts.length - 2] : stem;
}

/** Each under a name of its own. */
function byName<T extends { name: string }>(all: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const one of all) {
    let name = one.name;
    for (let count = 2; found.has(name); count++) name = `${one.name}-${count}`;
    found.set(name, { ...one, name });
  }
  return found;
}

function studySeeds(spec: Record<string, unknown>, asked: number | undefined): number[] {
  const written = spec as Pick<SpecInput, 'seeds' | 'repeats' | 'training'>;
  const first = { training: written.training };
  if (asked !== undefined) return seedsOf({ ...first, repeats: asked });
  const known = written.seeds !== undefined || written.repeats !== undefined;
  return seedsOf(known ? written : { ...first, repeats: DEFAULT_SEEDS });
}

function merged(base: unknown, over: Record<string, unknown> | undefined, batchSize?: number): unknown {
  const training = { ...(base as object | undefined), ...over };
  return batchSize === undefined ? training : { ...training, batchSize };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function defined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}

function parsed(json: string): unknown {
  try {
    return parseJson(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('spec', say`the spec is not valid JSON: ${reason}`, { cause });
  }
}

/**
 * The methods of a grid: those of `--methods` with the options that the spec gives them, else the spec's
 * comparison, else the experiment's own.
 */
function entriesOf(
  spec: Record<string, unknown>,
  asked: readonly string[] | null,
  own: readonly string[],
): GridMethod[] {
  const compare = (Array.isArray(spec.compare) ? spec.compare : []) as Omit<GridMethod, 'name'>[];
  if (asked === null && compare.length > 0) return compare.map((entry) => ({ name: '', ...entry }));
  return (asked ?? own).map((type) => {
    if (!isMethodType(type)) throw new Error(`internal: no method ${type}`);
    const listed = [...compare, { method: spec.method }].find(({ method }) => typeOf(method) === type);
    return { name: '', ...(listed ?? { method: { type } }) };
  });
}

function typeOf(method: unknown): unknown {
  return typeof method === 'object' && method !== null && 'type' in method ? method.type : undefined;
}
