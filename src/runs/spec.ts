/**
 * The run spec: one schema for page, saved run, command line and worker. Reading goes in two steps:
 * `readSpec` checks the shape and refuses what is wrong by the field's path; `completeSpec` and
 * `comparisonSpecs` fill in documented defaults. A completed spec is itself a valid spec, and what is
 * stored with a run. Nothing is loaded here: paths stay as written, relative to the spec file.
 */
import { parseJson } from '../json.ts';
import { z } from 'zod';
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { METHOD_TYPES, PRESETS } from '../deltas/defaults.ts';
import { metricsFor, type MetricName, type MetricTask } from '../train/metrics/metrics.ts';
import { oneOf, record, text } from './fields.ts';
import { expects, fieldError, notAvailable, refusal } from './refusal.ts';
import {
  completeData,
  completeModel,
  dataSchema,
  hasHead,
  modelSchema,
  type DataSpec,
  type ModelSpec,
} from './spec-data.ts';
import {
  completeMethod,
  isMethodType,
  methodList,
  type MethodSpec,
  methodName,
  methodSchema,
  type MethodInput,
  type Methods,
} from './spec-method.ts';
import { baselineOf, checkSeeds, seedFields, seedsOf, withSplitSeed } from './spec-seeds.ts';
import { completeStages, stagesSchema, type StageSpec } from './spec-stages.ts';
import {
  checkMetric,
  completeGeneration,
  generationSchema,
  metricTaskOf,
  type GenerationSpec,
} from './spec-texts.ts';
import { completeTasks, taskView, tasksSchema, type TaskSpec } from './spec-tasks.ts';
import {
  TRAINING_DEFAULTS,
  completeTraining,
  mergeTraining,
  trainingSchema,
  type TrainingInput,
  type TrainingSpec,
} from './spec-training.ts';

export type { DataSpec, ModelSpec, Task } from './spec-data.ts';
export type { LoraMethod, MethodSpec, Methods, PromptMethod } from './spec-method.ts';
export type { TaskSpec } from './spec-tasks.ts';
export type { StageSpec } from './spec-stages.ts';
export type { GenerationSpec } from './spec-texts.ts';
export type { MetricName, OptimizerSpec, ScheduleSpec, TrainingSpec } from './spec-training.ts';

/** Remarks that a spec may carry. */
export const MOST_NOTES = 20;

const entrySchema = record({
  name: text(say`a name`).optional(),
  method: methodSchema.optional(),
  stages: stagesSchema.optional(),
  training: trainingSchema.optional(),
});

const notesList = expects(say`a list of at most ${MOST_NOTES} texts`);
const notesSchema = z.array(text(say`a text`), { error: notesList }).max(MOST_NOTES, { error: notesList });

export const specSchema = record({
  version: z.literal(1, { error: expects(1) }).optional(),
  name: text(say`a name`).optional(),
  model: modelSchema,
  data: dataSchema.optional(),
  tasks: tasksSchema.optional(),
  method: methodSchema.optional(),
  stages: stagesSchema.optional(),
  training: trainingSchema.optional(),
  generation: generationSchema.optional(),
  compare: z
    .array(entrySchema, { error: expects(say`a list such as [{"method": {"type": "lora"}}]`) })
    .min(1, { error: expects(say`a list with at least one method`) })
    .optional(),
  preset: oneOf(PRESETS).optional(),
  compareOrder: oneOf(['inTurn', 'oneAfterAnother']).optional(),
  ...seedFields,
  notes: notesSchema.optional(),
});

/** A spec as written, its shape checked. */
export type SpecInput = z.output<typeof specSchema>;

/** A completed spec of one run: every documented default filled in. */
export interface RunSpec {
  version: 1;
  name: string;
  /** What was remarked of it, for people to read: why it was advised. */
  notes?: string[];
  model: ModelSpec;
  /** Of several tasks the first one's, which is not written. */
  data: DataSpec;
  /** Data sets that are trained on in turn, of a run of several tasks. */
  tasks?: TaskSpec[];
  /** Absent where `stages` are given. */
  method?: Methods;
  /** Methods trained in turn. */
  stages?: StageSpec[];
  /** What holds for every stage; a stage's own steps, optimizer and schedule stand with it. */
  training: TrainingSpec;
  /** How texts are generated; of `text2text` alone. */
  generation?: GenerationSpec;
}

/** A run of one stage: a spec without stages, or one of its stages. */
export interface StageRun extends RunSpec {
  method: Methods;
  stages?: undefined;
}

/** The stages of a run, each as a run of its own; one for a spec without stages. */
export function stageRuns({ method, stages, ...spec }: RunSpec): StageRun[] {
  if (stages === undefined) return [{ ...spec, method: method! }];
  return stages.map((stage) => ({
    ...spec,
    method: stage.method,
    training: { ...spec.training, ...stage.training },
  }));
}

/** Every method of runs, stages and combined ones included. */
export function methodsOf(runs: readonly { spec: RunSpec }[]): MethodSpec[] {
  return runs.flatMap(({ spec }) => stageRuns(spec).flatMap(({ method }) => methodList(method)));
}

/** What a run is called by what it trains: `lora`, `lora+bitfit`, `prompt-then-adapter`. */
export function runMethod(spec: Pick<RunSpec, 'method' | 'stages'>): string {
  const methods = spec.stages?.map(({ method }) => method) ?? [spec.method!];
  return methods.map(methodName).join('-then-');
}

/** Steps of all stages. */
export function totalSteps(spec: RunSpec): number {
  return stageRuns(spec).reduce((sum, { training }) => sum + training.steps, 0);
}

/**
 * One run of a comparison: a method with a seed. `key` is unique in it and names the run's folder: the method's name,
 * with several seeds `NAME/seed-42`.
 */
export interface ComparisonRun {
  key: string;
  spec: RunSpec;
}

/**
 * Checks a spec's shape.
 * @param value parsed JSON
 * @throws StudioError `spec` naming the path of the field, what it got and what it accepts; `unsupported`
 *   for what the format names and this version lacks
 */
export function readSpec(value: unknown): SpecInput {
  const result = specSchema.safeParse(value);
  if (!result.success) throw refusal(result.error, value);
  const input = result.data;
  if (input.stages !== undefined && input.method !== undefined) {
    throw fieldError('stages', input.stages, say`it to be left out, since ${field('method')} is given`);
  }
  if (input.tasks !== undefined && input.data !== undefined)
    throw fieldError('tasks', input.tasks, say`it to be left out, since ${field('data')} is given`);
  if (input.tasks === undefined && input.data === undefined)
    throw fieldError(
      'data',
      undefined,
      say`an object with the fields ${Object.keys(dataSchema.shape).join(', ')}`,
    );
  const { generation, kinds, metric } = shared(input);
  const checked = (training: TrainingInput | undefined, where: string): void => {
    for (const kind of kinds) checkMetric(training?.metric, kind, generation);
    checkSampling(training?.taskSampling, input.tasks, `${where}.taskSampling`);
  };
  checked(input.training, 'training');
  if (input.method !== undefined) completeMethod(input.method, 'method');
  if (input.stages !== undefined) completeStages(input.stages, {}, metric, true);
  for (const [i, entry] of (input.compare ?? []).entries()) {
    if (entry.stages === undefined) completeMethod(entry.method, `compare[${i}].method`);
    else {
      if (entry.method !== undefined)
        throw fieldError(
          `compare[${i}].stages`,
          entry.stages,
          say`it to be left out, since ${field('method')} is given`,
        );
      completeStages(entry.stages, {}, metric, true, undefined, `compare[${i}].stages`);
    }
    checked(entry.training, `compare[${i}].training`);
    checkSameOrder(entry.training ?? {}, input.training ?? {}, `compare[${i}].training`);
    checkValidation(mergeTraining(input.training ?? {}, entry.training ?? {}), input);
  }
  checkValidation(input.training ?? {}, input);
  checkSeeds(input);
  if (input.compare !== undefined) comparisonBaseline(input, comparisonSpecs(input));
  return input;
}

/** Characters of a spec: those of a thousand methods are fewer. */
const MOST_CHARACTERS = 1_000_000;

/** @throws StudioError `spec` when the text is too long or not JSON, or as `readSpec` */
export function parseSpec(json: string): SpecInput {
  if (json.length > MOST_CHARACTERS)
    throw new StudioError(
      'spec',
      say`the spec has ${json.length} characters, and at most ${MOST_CHARACTERS} are read; choose the file of a spec`,
    );
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('spec', say`the spec is not valid JSON: ${reason}`, { cause });
  }
  return readSpec(value);
}

/** Evaluation needs something to evaluate on. */
function checkValidation(training: TrainingInput, input: SpecInput): void {
  const every = training.evaluateEvery ?? 0;
  if (training.earlyStopping && training.evaluateEvery === 0) {
    throw fieldError(
      'training.evaluateEvery',
      0,
      say`an integer from 1, since ${field('training.earlyStopping')} is set`,
    );
  }
  const { index, where } = unvalidated(input);
  if (index === null) return;
  const need = (why: Sentence): never => {
    throw fieldError(where, undefined, say`a path or a fraction, since ${why}`);
  };
  const evaluation = field('training.evaluateEvery');
  // Each task is evaluated, or none.
  if (every > 0 || (input.tasks !== undefined && training.evaluateEvery === undefined))
    need(
      every > 0
        ? say`${evaluation} is ${every}; set that to 0 to never evaluate`
        : say`every task is evaluated; set ${evaluation} to 0 to never evaluate`,
    );
  if (training.earlyStopping) need(say`${field('training.earlyStopping')} is set`);
  if (training.keepBest === true) need(say`${field('training.keepBest')} is true`);
}

/** The first data set that has nothing to be evaluated on, and the field that would say it. */
function unvalidated({ data, tasks }: SpecInput): { index: number | null; where: string } {
  if (tasks === undefined)
    return { index: data?.validation === undefined ? 0 : null, where: 'data.validation' };
  const index = tasks.findIndex(({ validation }) => validation === undefined);
  return { index: index === -1 ? null : index, where: `tasks[${index}].validation` };
}

/** @throws StudioError `spec` where there are no tasks to draw from */
function checkSampling(sampling: string | undefined, tasks: SpecInput['tasks'], where: string): void {
  if (sampling === undefined || tasks !== undefined) return;
  throw fieldError(where, sampling, say`it to be left out, since there are no ${field('tasks')}`);
}

/** Every method of a comparison sees the same rows in the same order from the same start. */
function checkSameOrder(over: TrainingInput, base: TrainingInput, where: string): void {
  for (const name of ['seed', 'shuffle'] as const) {
    if (over[name] !== undefined && over[name] !== (base[name] ?? TRAINING_DEFAULTS[name])) {
      throw fieldError(
        `${where}.${name}`,
        over[name],
        say`it to be left out: all methods of a comparison share ${field(`training.${name}`)}`,
      );
    }
  }
}

/** What all runs of a spec have in common, completed; a spec of several tasks may measure them differently. */
function shared(input: SpecInput): Pick<RunSpec, 'model' | 'data' | 'tasks' | 'generation'> & {
  kinds: MetricTask[];
  metric: MetricName;
  validates: boolean;
} {
  const model = completeModel(input.model);
  const tasks = input.tasks && completeTasks(input.tasks, model.task);
  const data =
    tasks === undefined ? completeData(input.data!, model.task) : taskView({ data: tasks[0], tasks }, 0).data;
  const sets = tasks ?? [data];
  const longest = Math.max(...sets.map(({ maxTargetLength = 0 }) => maxTargetLength));
  const generation = completeGeneration(input.generation, model.task, longest === 0 ? undefined : longest);
  const kinds = [...new Set(sets.map(({ verbalizer }) => metricTaskOf(model.task, verbalizer)))];
  return {
    model,
    data,
    ...(tasks && { tasks }),
    ...(generation && { generation }),
    kinds,
    // Where some are classified and others written freely, the loss is what they share.
    metric: metricsFor(kinds.length > 1 ? 'text2text' : kinds[0]).main,
    validates: sets.every(({ validation }) => validation !== undefined),
  };
}

function complete(
  input: SpecInput,
  method: MethodInput | MethodInput[] | undefined,
  where: string,
  training: TrainingInput,
): RunSpec {
  const { model, data, tasks, generation, metric, validates } = shared(input);
  const completed = completeMethod(method, where, model.task, input.preset);
  const methods = methodList(completed);
  return {
    version: 1,
    name: input.name ?? methodName(completed),
    ...(input.notes && { notes: input.notes }),
    model,
    data,
    ...(tasks && { tasks }),
    method: completed,
    training: completeTraining(sampled(training, tasks), methods, metric, validates, hasHead(model.task)),
    ...(generation && { generation }),
  };
}

/** Of several tasks each is seen as often as it has batches, unless that is said otherwise. */
function sampled(training: TrainingInput, tasks: RunSpec['tasks']): TrainingInput {
  return tasks === undefined ? training : { taskSampling: 'proportional', ...training };
}

function completeInTurn(
  input: SpecInput,
  list: NonNullable<SpecInput['stages']>,
  training: TrainingInput,
  where: string,
): RunSpec {
  const { model, data, tasks, generation, metric, validates } = shared(input);
  const stages = completeStages(list, training, metric, validates, model.task, where, input.preset);
  const methods = methodList(stages[0].method);
  return {
    version: 1,
    name: input.name ?? runMethod({ stages }),
    ...(input.notes && { notes: input.notes }),
    model,
    data,
    ...(tasks && { tasks }),
    stages,
    training: completeTraining(sampled(training, tasks), methods, metric, validates, hasHead(model.task)),
    ...(generation && { generation }),
  };
}

/**
 * The completed spec of a single run: `method` or `stages`, with `training`; of several seeds the first of them.
 * @throws StudioError when the spec has neither
 */
export function completeSpec(input: SpecInput): RunSpec {
  const training = input.training ?? {};
  const spec =
    input.stages === undefined
      ? complete(input, input.method, 'method', training)
      : completeInTurn(input, input.stages, training, 'stages');
  return withSeed(spec, seedsOf(input)[0]);
}

/**
 * The completed specs of a comparison.
 * @param methods method types; a type that the spec's `compare` or `method` sets up keeps those options,
 *   others take their defaults. Without it, the spec's `compare` list runs as it stands.
 * @throws StudioError when there is nothing to compare
 */
export function comparisonSpecs(input: SpecInput, methods?: readonly string[]): ComparisonRun[] {
  const entries = methods === undefined ? input.compare : methods.map((type) => entryFor(input, type));
  if (entries === undefined || entries.length === 0) {
    throw fieldError(
      'compare',
      undefined,
      say`a list such as [{"method": {"type": "lora"}}], or name the methods`,
    );
  }
  const taken = new Set<string>();
  const seeds = seedsOf(input);
  return entries.flatMap((entry, i) => {
    const training = mergeTraining(input.training ?? {}, entry.training ?? {});
    const spec =
      entry.stages === undefined
        ? complete(input, entry.method, `compare[${i}].method`, training)
        : completeInTurn(input, entry.stages, training, `compare[${i}].stages`);
    const wanted = folderName(entry.name ?? runMethod(spec));
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    taken.add(name);
    return seeds.map((seed) => ({
      key: seeds.length === 1 ? name : `${name}/seed-${seed}`,
      spec: withSeed(spec, seed),
    }));
  });
}

/** The same rows, with another order, head and dropout. */
function withSeed(spec: RunSpec, seed: number): RunSpec {
  const drawn = <Data extends DataSpec>(data: Data): Data => withSplitSeed(data, spec.training.seed, seed);
  return {
    ...spec,
    data: drawn(spec.data),
    ...(spec.tasks && { tasks: spec.tasks.map(drawn) }),
    training: { ...spec.training, seed },
  };
}

/** The runs of a comparison as if each method were trained once: what is planned and shown of methods. */
export function methodRuns(input: SpecInput, methods?: readonly string[]): ComparisonRun[] {
  const { seeds: _, repeats: __, ...once } = input;
  return comparisonSpecs(once, methods);
}

/** Name of the method of a run, the same for all its seeds. */
export function runName({ key }: Pick<ComparisonRun, 'key'>): string {
  return key.split('/', 1)[0];
}

/**
 * Name of the method that differences of a comparison are taken to.
 * @throws StudioError `spec` where `baseline` is none of its methods
 */
export function comparisonBaseline(
  { baseline }: Pick<SpecInput, 'baseline'>,
  runs: readonly ComparisonRun[],
): string {
  const methods = runs.map((run) => ({ name: runName(run), type: runMethod(run.spec) }));
  return baselineOf(baseline, [...new Map(methods.map((method) => [method.name, method])).values()]);
}

type Entry = NonNullable<SpecInput['compare']>[number];

function entryFor(input: SpecInput, type: string): Entry {
  if (!isMethodType(type)) {
    throw notAvailable('methods', say`the method "${type}"`, say`use ${METHOD_TYPES.join(', ')}`);
  }
  const listed = input.compare?.find(
    ({ method }) => method !== undefined && !Array.isArray(method) && method.type === type,
  );
  if (listed !== undefined) return listed;
  const own = input.method;
  return {
    method: own !== undefined && !Array.isArray(own) && own.type === type ? own : ({ type } as MethodInput),
  };
}

/** A name that is safe as a folder everywhere. */
function folderName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._+-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || 'run';
}
