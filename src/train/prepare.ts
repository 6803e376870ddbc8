/**
 * What all runs of a comparison share: the model made ready for the task, the tokenizer, the encoded
 * data. Made from a spec and what its paths hold; knows neither files nor devices.
 */
import { lengthsKey, type BatchLengths } from '../data/batch.ts';
import { evaluationLengths, TrainingBatches, type BatchShape } from '../data/batching/batcher.ts';
import { MOST_SCORED_TRAIN_ROWS, sampleRows } from '../data/batching/sample-rows.ts';
import { encodingNote, leftOutNote, type EncodedDataset } from '../data/batching/encoded.ts';
import { classWeights } from '../data/class-weights.ts';
import { prepareData, type DataColumns, type Dataset } from '../data/dataset.ts';
import { guessColumns } from '../data/guess-columns.ts';
import type { LabelSpace, ModelLabels } from '../data/labels.ts';
import { listOf } from '../data/table/error.ts';
import type { Table } from '../data/table/table.ts';
import { parseTemplate, slotsOf } from '../data/template.ts';
import { tokenizerFromFiles } from '../data/tokenizer/from-files.ts';
import { checkMaxLength } from '../data/tokenizer/positions.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import { positionsOf } from '../deltas/catalogue.ts';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { Model } from '../models/model.ts';
import { withTaskHead } from '../models/task-head.ts';
import { requireTrainable } from '../models/trainable.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type { RunSpec, StageRun } from '../runs/spec.ts';
import { readingOf } from '../runs/spec-data.ts';
import { fieldError } from '../runs/refusal.ts';
import { methodList } from '../runs/spec-method.ts';
import { inTask, inTaskSteps, taskView } from '../runs/spec-tasks.ts';
import type { CompileRequest } from './compile.ts';
import { atOnce, type Steps } from '../steps.ts';
import { deltaModelOf } from './delta-model.ts';
import type { Prepared, PreparedTask } from './prepared.ts';
import { finalSets, validationSets } from './scored-sets.ts';
import { encodeTaskSteps, modelForTask, outputsOf } from './task.ts';
import { oneTask, tasksInTurn, type RunBatches } from './task-batches.ts';

/** What the paths of a spec hold. */
export interface Materials extends DataTables {
  model: Model;
  /** Of each task, for a spec of several; the first one's stand above too. */
  tasks?: readonly DataTables[];
  /** Changes the texts of the rows that are held out, as a test of robustness does; `row` counts in their set. */
  heldOut?: (text: string, row: number) => string;
}

export interface DataTables {
  train: Table;
  /** The validation file; null when the spec names a fraction or nothing. */
  validation: Table | null;
  /** The test file; null or absent when the spec names a fraction or nothing. */
  test?: Table | null;
}

const tokenizers = new WeakMap<Model, Tokenizer>();

/**
 * The tokenizer that came with a model. Making one reads a whole vocabulary, so it is kept as long as the model is.
 * @throws StudioError('tokenizer')
 */
export function tokenizerOf(model: Model): Tokenizer {
  const known = tokenizers.get(model);
  if (known !== undefined) return known;
  const made = tokenizerFromFiles(model.tokenizer, model.source, model.config);
  tokenizers.set(model, made);
  return made;
}

/** What is known of a model's own classes. */
export function modelLabels(model: Model): ModelLabels {
  const names = model.config.id2label;
  return {
    id2label: typeof names === 'object' && names !== null ? (names as Record<string, string>) : null,
    outputs: model.task === 'classification' ? model.labels.length : null,
  };
}

/** All steps of `prepareSteps` at once. */
export function prepare(spec: RunSpec, materials: Materials): Prepared {
  return atOnce(prepareSteps(spec, materials));
}

/**
 * A step for each row that is turned into tokens, which takes minutes where there are many.
 * @param spec any run of the comparison: model, data and seed are the same in all
 * @throws StudioError naming file and line, field or tensor
 */
export function* prepareSteps(spec: RunSpec, materials: Materials): Steps<Prepared> {
  requireTrainable(materials.model);
  if (spec.tasks === undefined) return yield* prepareOne(spec, materials);
  if (materials.tasks?.length !== spec.tasks.length)
    throw new Error('internal: a spec of several tasks without a table for each');
  const { model, heldOut } = materials;
  const tasks: PreparedTask[] = [];
  for (const [index, { name }] of spec.tasks.entries()) {
    const tables = materials.tasks[index];
    const task = { index, name, count: spec.tasks.length };
    const own = { model, ...(heldOut && { heldOut }), ...tables };
    tasks.push({ name, prepared: yield* inTaskSteps(index, prepareOne(taskView(spec, index), own, task)) });
  }
  const notes = tasks.flatMap(({ name, prepared }) =>
    prepared.notes.filter((note) => !model.notes.includes(note)).map((note) => say`${name}: ${note}`),
  );
  return { ...tasks[0].prepared, tasks, notes: [...model.notes, ...notes] };
}

/** @param own the task it is, of several */
function* prepareOne(spec: RunSpec, materials: Materials, own?: Prepared['task']): Steps<Prepared> {
  const { task } = spec.model;
  const { seed } = spec.training;
  const { limit, verbalizer, fewShot, test: wantedTest, splitSeed = seed } = spec.data;
  if (typeof wantedTest === 'string' && !materials.test)
    throw new StudioError(
      'data',
      say`${field('data.test')}: the file ${wantedTest} is not open here; choose it, or a fraction of the training rows.`,
      { where: 'data.test' },
    );
  const wanted = task === 'text2text' && verbalizer === undefined ? 'target' : 'label';
  const columns = guessColumns(materials.train, spec.data.columns, wanted);
  checkTemplateColumns(spec, columns);
  const fraction = typeof spec.data.validation === 'number' ? spec.data.validation : null;
  const data = prepareData(materials.train, materials.validation ?? fraction, {
    columns,
    task,
    seed: splitSeed,
    test: typeof wantedTest === 'number' ? wantedTest : (materials.test ?? null),
    ...(verbalizer && { verbalizer }),
    ...(fewShot !== undefined && { fewShot }),
    limit,
    model: { ...modelLabels(materials.model), fresh: spec.model.head === 'fresh' },
    aliases: spec.data.labels,
    reading: readingOf(spec.data),
    stratify: spec.data.stratify,
  });
  const tokenizer = tokenizerOf(materials.model);
  const model = ownModel(materials.model, spec, data.labelSpace, tokenizer, own);
  checkMaxLength(spec.data.maxLength, model.config);
  const encoded = (part: Dataset): Steps<EncodedDataset> =>
    encodeTaskSteps(part, tokenizer, spec, model.config, { emptyRows: 'leaveOut' });
  const train = yield* encoded(data.train);
  const held = (part: Dataset): Steps<EncodedDataset> => encoded(changed(part, materials.heldOut));
  const validation = data.validation && (yield* held(data.validation));
  const test = data.test && (yield* held(data.test));
  const wantedWeights = spec.data.classWeights;
  const weighted = wantedWeights && classWeights(wantedWeights, data.labelSpace!, train.labels);
  const noted = [train, validation, test].flatMap((part) =>
    part ? [leftOutNote(part), encodingNote(part)] : [],
  );
  return {
    base: materials.model,
    model,
    deltaModel: deltaModelOf(model, own),
    tokenizer,
    columns,
    labelSpace: data.labelSpace,
    outputs: outputsOf(spec, data.labelSpace),
    train,
    ...(weighted && { classWeights: weighted.weights }),
    validation,
    test,
    trainSample: sampleRows(train, MOST_SCORED_TRAIN_ROWS, splitSeed),
    ...(own && { task: own }),
    seed,
    notes: [
      ...model.notes,
      ...data.notes,
      ...(weighted?.notes ?? []),
      ...noted.filter((note) => note !== null),
    ],
  };
}

function changed(part: Dataset, change: Materials['heldOut']): Dataset {
  if (change === undefined) return part;
  return { ...part, texts: part.texts.map(change), pairs: part.pairs && part.pairs.map(change) };
}

/** The model with the output of its task; of several tasks under names of its own. */
function ownModel(
  base: Model,
  spec: RunSpec,
  labels: LabelSpace | null,
  tokenizer: Tokenizer,
  own: Prepared['task'],
): Model {
  const model = modelForTask(base, spec, labels, tokenizer);
  return own === undefined ? model : withTaskHead(model, own.name);
}

/** All rows that a run sees, of all its tasks. */
export function allRows(prepared: Prepared): (EncodedDataset | null)[] {
  const sets = prepared.tasks?.map((task) => task.prepared) ?? [prepared];
  return sets.flatMap(({ train, validation, test }) => [train, validation, test]);
}

/** Guessed columns fill the template's slots too. @throws StudioError('spec') */
function checkTemplateColumns({ data }: RunSpec, columns: DataColumns): void {
  if (data.template === undefined) return;
  const two = slotsOf(parseTemplate(data.template)).includes('text2');
  if (two === (columns.text.length === 2)) return;
  throw new StudioError(
    'spec',
    two
      ? say`${field('data.columns.text')}: 1 column was found and ${field('data.template')} has {text2}; name two.`
      : say`${field('data.columns.text')}: the columns ${listOf(columns.text.map(String))} were found and ${field('data.template')} has no {text2}; name one.`,
    { where: 'data.columns.text' },
  );
}

/** The shape of a run's batches. */
export function batchShape(prepared: Prepared, spec: RunSpec): BatchShape {
  return {
    batchSize: spec.training.batchSize,
    inputs: prepared.model.graph.inputs.map(({ name }) => name),
    ...(prepared.task && { task: prepared.task.index }),
  };
}

/**
 * The batches of a run: the same rows in the same order for every method.
 * @throws StudioError('spec') where a step would take more micro-batches than there are rows
 */
export function runBatches(prepared: Prepared, spec: RunSpec): RunBatches {
  const { shuffle, seed, taskSampling: sampling = 'proportional' } = spec.training;
  if (prepared.tasks === undefined) return oneTask(trainingBatches(prepared, spec));
  const tasks = prepared.tasks.map((task, i) => trainingBatches(task.prepared, taskView(spec, i)));
  return tasksInTurn(tasks, { sampling, shuffle, seed });
}

function trainingBatches(prepared: Prepared, spec: RunSpec): TrainingBatches {
  const { shuffle, seed, gradientAccumulation } = spec.training;
  const { rows } = prepared.train;
  if (gradientAccumulation > rows)
    throw fieldError(
      'training.gradientAccumulation',
      gradientAccumulation,
      say`at most ${rows}, the rows of the training set`,
    );
  return new TrainingBatches(prepared.train, {
    ...batchShape(prepared, spec),
    ...(prepared.classWeights && { classWeights: prepared.classWeights }),
    shuffle,
    seed,
    gradientAccumulation,
  });
}

/**
 * What is prepared as a run with another seed sees it: with the fresh head that its seed draws. The rest is shared.
 */
export function preparedFor(prepared: Prepared, spec: RunSpec): Prepared {
  const { seed } = spec.training;
  if (seed === prepared.seed) return prepared;
  if (prepared.tasks !== undefined) {
    const tasks = prepared.tasks.map(({ name, prepared: one }, i) => ({
      name,
      prepared: preparedFor(one, taskView(spec, i)),
    }));
    const { model, deltaModel } = tasks[0].prepared;
    return { ...prepared, tasks, model, deltaModel, seed };
  }
  const { base, labelSpace, tokenizer, task } = prepared;
  const model = ownModel(base, spec, labelSpace, tokenizer, task);
  return { ...prepared, model, deltaModel: deltaModelOf(model, task), seed };
}

/** Lengths of all batches that are evaluated; none where nothing is. */
function allEvaluationLengths(prepared: Prepared, spec: RunSpec): BatchLengths[] {
  const shape = batchShape(prepared, spec);
  const sets = [...finalSets(prepared, spec), ...validationSets(prepared, spec)];
  return sortedLengths(sets.flatMap(({ data }) => evaluationLengths(data, shape)));
}

/** Each once, ascending. */
function sortedLengths(lengths: readonly BatchLengths[]): BatchLengths[] {
  return [...new Map(lengths.map((one) => [lengthsKey(one), one])).values()].sort(
    (a, b) => a.length - b.length || (a.targetLength ?? 0) - (b.targetLength ?? 0),
  );
}

/**
 * What the compiler needs to know of a run: of each task, where tasks have heads of their own.
 * @throws StudioError('data') as `compileRequest`
 */
export function compileRequests(
  prepared: Prepared,
  spec: StageRun,
  adapter: AdapterProfile,
): CompileRequest[] {
  // A run of no steps has a training program all the same: it says what the method trains.
  const lengths = runBatches(prepared, spec).lengths(Math.max(1, spec.training.steps));
  if (prepared.tasks === undefined) return [compileRequest(prepared, spec, adapter, lengths[0])];
  const requests = prepared.tasks.map((task, i) =>
    inTask(i, () => compileRequest(task.prepared, taskView(spec, i), adapter, lengths[i])),
  );
  const apart = methodList(spec.method).some(({ type }) => type === 'multitaskPrompt');
  if (spec.model.task !== 'text2text' || apart) return requests;
  // One model with one output serves all: its plans have the lengths of all tasks.
  const evaluated = sortedLengths(requests.flatMap(({ evaluation }) => evaluation?.lengths ?? []));
  const [first] = requests;
  return [
    {
      ...first,
      training: {
        ...first.training,
        lengths: sortedLengths(requests.flatMap(({ training }) => training.lengths)),
      },
      ...(first.evaluation && { evaluation: { ...first.evaluation, lengths: evaluated } }),
    },
  ];
}

/**
 * @param lengths of the batches to train on
 * @throws StudioError('data') when virtual tokens leave no positions for `data.maxLength`
 */
function compileRequest(
  prepared: Prepared,
  spec: StageRun,
  adapter: AdapterProfile,
  lengths: readonly BatchLengths[],
): CompileRequest {
  const { method, training } = spec;
  const virtualTokens = methodList(method).reduce(
    (sum, one) => sum + positionsOf(one),
    prepared.earlier?.virtualTokens ?? 0,
  );
  checkMaxLength(spec.data.maxLength, prepared.model.config, virtualTokens);
  const evaluated = allEvaluationLengths(prepared, spec);
  return {
    model: prepared.deltaModel,
    modelKey: prepared.model.hash,
    method,
    loss: spec.model.task === 'regression' ? 'meanSquared' : 'crossEntropy',
    seed: training.seed,
    steps: training.steps,
    // An earlier stage's graph has it already.
    dropout: prepared.earlier ? 0 : training.dropout,
    optimizer: {
      ...training.optimizer,
      maxGradNorm: training.maxGradNorm,
      accumulation: training.gradientAccumulation,
    },
    ...headRate(training.optimizer),
    ...(training.recompute && { recompute: training.recompute }),
    ...(training.precision && { precision: training.precision }),
    ...(training.fitMemory && { fitMemory: training.fitMemory }),
    training: {
      batchSize: training.batchSize,
      lengths,
    },
    ...(evaluated.length > 0 && { evaluation: { batchSize: training.batchSize, lengths: evaluated } }),
    adapter,
  };
}

/** How many times the rate of the rest the head's is; nothing where they are one. */
function headRate({
  learningRate,
  headLearningRate,
}: RunSpec['training']['optimizer']): Pick<CompileRequest, 'headRate'> {
  if (headLearningRate === undefined || learningRate === undefined) return {};
  return { headRate: headLearningRate / learningRate };
}
