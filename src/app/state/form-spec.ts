/** From the form to a run spec, and back as far as a form can say what a spec says. */
import { heldOutShare } from '../../data/held-out.ts';
import type { ReadingChoices } from '../../data/reading.ts';
import { CATALOGUE } from '../../deltas/catalogue.ts';
import { StudioError } from '../../errors.ts';
import { field, say, type Sentence } from '../../sentence.ts';
import type { DataSummary, ModelSummary, TaskSummary } from '../../protocol/messages.ts';
import type { DataInput } from '../../runs/spec-data.ts';
import { methodList, type MethodInput } from '../../runs/spec-method.ts';
import { methodRuns, parseSpec, readSpec, runMethod, type SpecInput } from '../../runs/spec.ts';
import { dataOf } from '../../runs/spec-tasks.ts';
import {
  defaultForm,
  enabledMethods,
  formErrors,
  freshDraft,
  methodFields,
  TRAINING_FIELDS,
  trainingFields,
  type Form,
  type MethodDraft,
  type TaskWords,
  type TrainingField,
} from './form.ts';
import { readField, writeField, writeWeights, type FieldValue } from './form-fields.ts';
import { cardsOf, combinationEntries, placedCombinations, stagesOfEntry } from './combination-spec.ts';
import type { StudioState } from './studio-state.ts';
import { seedsOf } from '../../runs/spec-seeds.ts';
import { comparesNothing } from './combinations.ts';
import { startFields, startsOfMethod } from './draft-starts.ts';
import { askedMetric } from './form-metric.ts';
import { draftNames } from './form-names.ts';
import { firstName } from './more-tasks.ts';
import { takesTemplate, wordsOf } from './form-words.ts';

type Loaded = Pick<ModelSummary, 'source'>;
type LoadedData = Pick<DataSummary, 'name' | 'files' | 'fileRows' | 'task' | 'columns' | 'validationCut'> &
  Partial<Pick<DataSummary, 'reading' | 'problem' | 'classes' | 'more'>>;

/**
 * The run spec of the form over a loaded model and dataset, or null when something does not read, no method
 * is ticked or the data cannot be used. A spec written by hand is checked as it stands.
 */
export function formToSpec(form: Form, model: Loaded, data: LoadedData): SpecInput | null {
  if (data.problem || data.more?.some((task) => task.data.problem)) return null;
  if (form.json === null) return fieldsToSpec(form, model, data);
  try {
    return readJson(form.json, model, data);
  } catch {
    return null;
  }
}

/** The spec of the fields alone; what stands at its default is left out, steps and sizes excepted. */
export function fieldsToSpec(form: Form, model: Loaded, data: LoadedData): SpecInput | null {
  const methods = enabledMethods(form);
  if (comparesNothing(form) || formErrors(form, data).length > 0) return null;
  if (wordProblem(form, data) !== null) return null;
  if (data.more?.some((task) => taskWordProblem(form, task) !== null)) return null;
  return rawSpec(form, methods, model, data);
}

/** The same of a further task. */
export function taskWordProblem(form: Form, { name, data }: TaskSummary): StudioError | null {
  return wordProblem({ ...form, ...wordsOfTask(form, name) }, data);
}

export function wordsOfTask(form: Pick<Form, 'tasks'>, name: string): TaskWords {
  return form.tasks[name] ?? { template: null, words: {} };
}

/** What is wrong with template or label words, whatever the rest of the form says; null when nothing is, or they do not count. */
export function wordProblem(form: Form, data: LoadedData): StudioError | null {
  if (form.json !== null || !takesTemplate(data) || data.problem) return null;
  const { more: _, ...alone } = data;
  const { training, methods } = defaultForm();
  const { template, words } = form;
  try {
    const plain = { ...defaultForm(), template, words, training, methods };
    readSpec(rawSpec(plain, [freshDraft('full')], { source: 'model' }, alone));
    return null;
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
}

const bytesOf = (mebibytes: FieldValue): FieldValue =>
  typeof mebibytes === 'number' ? mebibytes * 2 ** 20 : undefined;
const mebibytesOf = (bytes: number | undefined): number | undefined =>
  bytes === undefined || bytes % 2 ** 20 !== 0 ? undefined : bytes / 2 ** 20;

function rawSpec(form: Form, methods: readonly MethodDraft[], model: Loaded, data: LoadedData): SpecInput {
  const fields = trainingFields(data);
  const value = (name: TrainingField): FieldValue => {
    const field = fields.find((one) => one.name === name);
    return field && readField(form.training[name], field);
  };
  const changed = (name: TrainingField): FieldValue => {
    const standard = TRAINING_FIELDS.find((field) => field.name === name)!.default;
    return value(name) === standard ? undefined : value(name);
  };
  const generation = given({ rows: value('generationRows'), beams: changed('beams') });
  const optimizer = given({
    headLearningRate: value('headLearningRate'),
    weightDecay: changed('weightDecay'),
  });
  const schedule = given({ type: changed('schedule'), warmupSteps: changed('warmupSteps') });
  const dataOfSet = (set: LoadedData, words: TaskWords): DataInput => dataFields(set, words, value, changed);
  const names = draftNames(methods);
  const seeds = value('seeds');
  const spec = {
    version: 1,
    name: `${data.name}-comparison`,
    model: {
      source: model.source,
      task: data.task,
      ...given({ head: changed('head'), pooling: changed('pooling') }),
    },
    ...(data.more === undefined
      ? { data: dataOfSet(data, form) }
      : {
          tasks: [
            { name: firstName(data), ...dataOfSet(data, form) },
            ...data.more.map((task) => ({
              name: task.name,
              ...dataOfSet(task.data, wordsOfTask(form, task.name)),
            })),
          ],
        }),
    training: {
      steps: value('steps'),
      batchSize: value('batchSize'),
      seed: value('seed'),
      shuffle: true,
      evaluateEvery: value('evaluateEvery'),
      ...(Object.keys(optimizer).length > 0 && { optimizer }),
      ...(Object.keys(schedule).length > 0 && { schedule }),
      ...given({
        gradientAccumulation: changed('gradientAccumulation'),
        maxGradNorm: changed('maxGradNorm'),
        dropout: changed('dropout'),
        recompute: changed('recompute'),
        precision: changed('precision'),
        taskSampling: changed('taskSampling'),
        metric: askedMetric(form.training.metric, data),
        fitMemory: bytesOf(value('fitMemory')),
      }),
      ...(value('patience') !== undefined && { earlyStopping: { patience: value('patience') } }),
    },
    ...(Object.keys(generation).length > 0 && { generation }),
    compare: [
      ...methods.map((draft) => entryOf(draft, names.get(draft.id) ?? null)),
      ...combinationEntries(form, methodOf),
    ],
    ...given({
      compareOrder: changed('compareOrder'),
      // Seeds by hand say how many there are.
      ...(seeds === undefined ? { repeats: changed('repeats') } : { seeds }),
    }),
  } as SpecInput;
  const baseline = form.training.baseline.trim();
  return comparedNames(spec).some(({ run }) => run === baseline) ? { ...spec, baseline } : spec;
}

/** The spec's `data` of a data set. */
function dataFields(
  data: LoadedData,
  words: TaskWords,
  value: (name: TrainingField) => FieldValue,
  changed: (name: TrainingField) => FieldValue,
): DataInput {
  const limit = given({ train: changed('trainRows'), validation: changed('validationRows') });
  const validation = data.validationCut ? heldOutShare(data.fileRows.train) : data.files.validation;
  return {
    train: data.files.train,
    ...(validation === null ? {} : { validation }),
    ...given({ test: data.files.test ?? value('testShare') }),
    columns: data.columns,
    maxLength: value('maxLength'),
    ...given({
      maxTargetLength: value('maxTargetLength'),
      fewShot: value('fewShot'),
      classWeights: changed('classWeights'),
    }),
    ...wordsOf(words, data),
    ...(Object.keys(limit).length > 0 && { limit }),
    ...readingFields(data.reading),
  } as DataInput;
}

/** The seeds that the form asks for; none where they do not read, or the spec is written by hand and does not. */
export function askedSeeds({ form, model, data }: Pick<StudioState, 'form' | 'model' | 'data'>): number[] {
  if (form.json === null) {
    const read = (name: TrainingField): FieldValue =>
      readField(
        form.training[name],
        TRAINING_FIELDS.find((field) => field.name === name)!,
      );
    const [seed, repeats, seeds] = [read('seed'), read('repeats'), read('seeds')];
    if (typeof seed !== 'number' || typeof repeats !== 'number' || seeds === null) return [];
    return seedsOf({ seeds: seeds as number[] | undefined, repeats, training: { seed } });
  }
  const spec = model.value && data.value && formToSpec(form, model.value, data.value);
  return spec === null ? [] : seedsOf(spec);
}

/** The share of rows that the form holds out for the test; undefined where it holds out none. */
export function askedShare({ form }: Pick<StudioState, 'form'>): number | undefined {
  if (form.json !== null) return undefined;
  const share = readField(
    form.training.testShare,
    TRAINING_FIELDS.find(({ name }) => name === 'testShare')!,
  );
  return typeof share === 'number' ? share : undefined;
}

/** Names and methods of a comparison; none where it cannot be made out. */
export function comparedNames(spec: SpecInput): { run: string; method: string }[] {
  try {
    return methodRuns(spec).map((run) => ({ run: run.key, method: runMethod(run.spec) }));
  } catch (error) {
    if (error instanceof StudioError) return [];
    throw error;
  }
}

type Entry = NonNullable<SpecInput['compare']>[number];

function entryOf(draft: MethodDraft, name: string | null): Entry {
  const { learningRate } = draft.fields;
  const given = learningRate.trim() !== '';
  return {
    ...(name !== null && { name }),
    method: methodOf(draft)!,
    ...(given && { training: { optimizer: { learningRate: Number(learningRate) } } }),
  };
}

/** The spec's method of a draft; null when a field does not read. Options at their defaults are left out. */
export function methodOf(draft: MethodDraft): Exclude<NonNullable<Entry['method']>, unknown[]> | null {
  const options = CATALOGUE[draft.type].options.map((option): [string, FieldValue] => {
    const value = readField(draft.fields[option.name] ?? '', option);
    const standard = JSON.stringify(value) === JSON.stringify(option.default);
    // Numbers that the page always shows stand in the spec too; the rest only where it differs.
    const plain = !option.advanced && (option.kind === 'integer' || option.kind === 'number');
    return [option.name, standard && !plain ? undefined : value];
  });
  if (options.some(([, value]) => value === null)) return null;
  const method = { type: draft.type, ...given(Object.fromEntries(options)), ...given(startFields(draft)) };
  return method as MethodInput;
}

/**
 * A spec written by hand, for the model and data that are loaded.
 * @throws StudioError naming the path of the field
 */
export function readJson(text: string, model: Loaded, data: LoadedData): SpecInput {
  const spec = parseSpec(text);
  refuseOther('model.source', spec.model.source, model.source, say`choose the model above`);
  const loaded = [data, ...(data.more ?? []).map((task) => task.data)];
  const given: readonly DataInput[] = spec.tasks ?? [spec.data!];
  if (given.length !== loaded.length)
    throw new StudioError(
      'spec',
      say`${field('tasks')}: ${given.length} of them stand here and ${loaded.length} are loaded; add or remove tasks under Data.`,
      { where: 'tasks' },
    );
  for (const [i, set] of loaded.entries()) {
    const where = spec.tasks === undefined ? 'data' : `tasks[${i}]`;
    refuseOthers(where, given[i], set);
  }
  if (spec.compare === undefined) {
    const { method, stages, ...rest } = spec;
    if (stages !== undefined) return { ...rest, compare: [{ stages }] };
    if (method === undefined)
      throw new StudioError('spec', say`${field('compare')}: got nothing; list at least one method.`, {
        where: 'compare',
      });
    return { ...rest, compare: [{ method }] };
  }
  return spec;
}

/** Files of a data set that are not those that are loaded. */
function refuseOthers(where: string, given: DataInput, loaded: LoadedData): void {
  const validation = loaded.validationCut ? null : loaded.files.validation;
  const remedy = say`choose the file above`;
  refuseOther(`${where}.train`, given.train, loaded.files.train, remedy);
  if (typeof given.validation === 'string')
    refuseOther(`${where}.validation`, given.validation, validation, remedy);
  if (typeof given.test === 'string')
    refuseOther(`${where}.test`, given.test, loaded.files.test ?? null, remedy);
}

function refuseOther(path: string, got: string, loaded: string | null, remedy: Sentence): void {
  if (got === loaded) return;
  throw new StudioError(
    'spec',
    loaded === null
      ? say`${field(path)}: got "${got}", but nothing is loaded; ${remedy}.`
      : say`${field(path)}: got "${got}", but "${loaded}" is loaded; ${remedy}.`,
    { where: path },
  );
}

/**
 * The form that stands for a spec: options, learning rates, combinations and training. What no field says is
 * left out; `saysAll` tells whether anything was.
 */
export function specToForm(spec: SpecInput): Form {
  const form = defaultForm();
  const { training = {}, model } = spec;
  const data = dataOf(spec);
  const texts: Partial<Record<TrainingField, FieldValue>> = {
    steps: training.steps,
    batchSize: training.batchSize,
    seed: training.seed,
    evaluateEvery: training.evaluateEvery,
    gradientAccumulation: training.gradientAccumulation,
    maxGradNorm: training.maxGradNorm,
    dropout: training.dropout,
    recompute: training.recompute,
    precision: training.precision,
    taskSampling: training.taskSampling,
    metric: training.metric,
    // The field is in whole MiB.
    fitMemory: mebibytesOf(training.fitMemory),
    headLearningRate: training.optimizer?.headLearningRate,
    weightDecay: training.optimizer?.weightDecay,
    schedule: training.schedule?.type,
    warmupSteps: training.schedule?.warmupSteps,
    patience: training.earlyStopping?.patience,
    maxLength: data.maxLength,
    maxTargetLength: data.maxTargetLength,
    fewShot: data.fewShot,
    generationRows: spec.generation?.rows,
    beams: spec.generation?.beams,
    trainRows: data.limit?.train,
    validationRows: data.limit?.validation,
    head: model.head,
    pooling: model.pooling,
    compareOrder: spec.compareOrder,
    repeats: spec.repeats,
    seeds: spec.seeds,
    testShare: typeof data.test === 'number' ? data.test : undefined,
    baseline: spec.baseline,
  };
  for (const [name, value] of Object.entries(texts))
    if (value !== undefined) form.training[name] = writeField(value);
  if (data.classWeights !== undefined) form.training.classWeights = writeWeights(data.classWeights);
  form.template = data.template ?? null;
  form.words = { ...data.verbalizer };
  form.tasks = Object.fromEntries(
    (spec.tasks ?? [])
      .slice(1)
      .map(({ name, template = null, verbalizer }) => [name, { template, words: { ...verbalizer } }]),
  );
  const entries = spec.compare ?? (spec.method === undefined ? [] : [{ method: spec.method }]);
  const rate = training.optimizer?.learningRate;
  const stages = entries.map((entry) => stagesOfEntry(entry, rate));
  const alone = entries.flatMap((entry, i) =>
    stages[i] === null
      ? draftOf(
          methodList(entry.method as Methods)[0] as OneMethod,
          entry.training?.optimizer?.learningRate ?? rate,
        )
      : [],
  );
  const joined = stages.filter((one) => one !== null);
  const { drafts, combinations } = cardsOf(joined, alone, draftOf);
  const { methods, idOf } = placed(form.methods, drafts);
  return { ...form, methods, combinations: placedCombinations(combinations, idOf) };
}

type Methods = Parameters<typeof methodList>[0];
type OneMethod = Record<string, unknown> & { type: MethodDraft['type'] };

function draftOf(method: OneMethod, rate?: number): MethodDraft {
  const draft = freshDraft(method.type);
  for (const { name } of methodFields(method.type))
    if (method[name] !== undefined) draft.fields[name] = writeField(method[name] as FieldValue);
  if (rate !== undefined) draft.fields.learningRate = writeField(rate);
  return { ...draft, ...startsOfMethod(method) };
}

/** Drafts in the places of their types: the first of each takes the type's own, others become copies. */
function placed(
  all: readonly MethodDraft[],
  drafts: readonly MethodDraft[],
): { methods: MethodDraft[]; idOf: (draft: MethodDraft) => string } {
  const ids = new Map<MethodDraft, string>();
  const methods = all.flatMap((own) => {
    const mine = drafts.filter(({ type }) => type === own.type);
    if (mine.length === 0) return [{ ...own, enabled: false }];
    return mine.map((draft, i) => {
      const id = i === 0 ? own.type : `${own.type}-${i + 1}`;
      ids.set(draft, id);
      return { ...draft, id };
    });
  });
  return { methods, idOf: (draft) => ids.get(draft)! };
}

/** Does the form made of a spec say all that the spec says? */
export function saysAll(spec: SpecInput, model: Loaded, data: LoadedData): boolean {
  const again = fieldsToSpec(specToForm(spec), model, data);
  return again !== null && canonical({ ...spec, name: again.name }) === canonical(again);
}

/** JSON with sorted keys and without what is empty, to compare. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function given<T extends Record<string, unknown>>(input: T): Partial<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** A spec says only what was chosen. */
function readingFields(reading: ReadingChoices = {}): Partial<SpecInput['data']> {
  const { encoding, header, invalidRows, missing, missingValues } = reading;
  return {
    ...(encoding !== undefined && { encoding }),
    ...(header !== undefined && { header }),
    ...(invalidRows === 'skip' && { invalidRows }),
    ...(missing === 'drop' && { missing }),
    ...(missingValues !== undefined && { missingValues: [...missingValues] }),
  };
}
