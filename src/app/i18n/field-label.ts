/** What the page calls a field of the run spec: the label its form has, or a name of its own. */
import { CATALOGUE } from '../../deltas/catalogue.ts';
import type { SpecField } from '../../sentence.ts';
import type { Dictionary } from './en.ts';

type Label = (text: Dictionary) => string;

/** Fields that have one place in the spec. */
export const LABELS: Readonly<Record<string, Label>> = {
  version: (text) => text.specFields.version,
  name: (text) => text.specFields.name,
  notes: (text) => text.specFields.notes,
  model: (text) => text.modelTitle,
  'model.source': (text) => text.modelTitle,
  'model.task': (text) => text.task,
  'model.pooling': (text) => text.fieldNames.pooling,
  'model.head': (text) => text.fieldNames.head,
  data: (text) => text.dataTitle,
  'data.train': (text) => text.dataTrain,
  'data.validation': (text) => text.specFields.validation,
  'data.test': (text) => text.specFields.test,
  'data.stratify': (text) => text.specFields.stratify,
  'data.splitSeed': (text) => text.specFields.splitSeed,
  'data.columns': (text) => text.specFields.columns,
  'data.columns.text': (text) => text.columnText,
  'data.columns.label': (text) => text.columnLabel,
  'data.columns.target': (text) => text.dataStep.columnTarget,
  'data.maxLength': (text) => text.fieldNames.maxLength,
  'data.maxTargetLength': (text) => text.fieldNames.maxTargetLength,
  'data.fewShot': (text) => text.fieldNames.fewShot,
  'data.limit': (text) => text.specFields.limit,
  'data.limit.train': (text) => text.fieldNames.trainRows,
  'data.limit.validation': (text) => text.fieldNames.validationRows,
  'data.limit.test': (text) => text.specFields.testRows,
  'data.invalidRows': (text) => text.specFields.invalidRows,
  'data.encoding': (text) => text.specFields.encoding,
  'data.header': (text) => text.specFields.header,
  'data.missing': (text) => text.specFields.missing,
  'data.missingValues': (text) => text.specFields.missingValues,
  'data.classWeights': (text) => text.fieldNames.classWeights,
  'data.labels': (text) => text.specFields.labels,
  'data.template': (text) => text.dataStep.template,
  'data.verbalizer': (text) => text.specFields.verbalizer,
  tasks: (text) => text.specFields.tasks,
  method: (text) => text.columnMethod,
  methods: (text) => text.methodsTitle,
  'method.type': (text) => text.columnMethod,
  'method.init': (text) => text.methods.start,
  'method.initForce': (text) => text.specFields.initForce,
  'method.initWeights': (text) => text.specFields.initWeights,
  'method.initLike': (text) => text.specFields.initLike,
  'method.prompts': (text) => text.fieldNames.prompts,
  'method.adapters': (text) => text.fieldNames.adapters,
  stages: (text) => text.specFields.stages,
  training: (text) => text.trainingTitle,
  'training.steps': (text) => text.fieldNames.steps,
  'training.batchSize': (text) => text.fieldNames.batchSize,
  'training.gradientAccumulation': (text) => text.fieldNames.gradientAccumulation,
  'training.seed': (text) => text.fieldNames.seed,
  'training.taskSampling': (text) => text.fieldNames.taskSampling,
  'training.shuffle': (text) => text.specFields.shuffle,
  'training.optimizer': (text) => text.specFields.optimizer,
  'training.optimizer.type': (text) => text.specFields.optimizer,
  'training.optimizer.learningRate': (text) => text.fieldNames.learningRate,
  'training.optimizer.headLearningRate': (text) => text.fieldNames.headLearningRate,
  'training.optimizer.defaultFor': (text) => text.specFields.defaultFor,
  'training.optimizer.defaultFor.head': (text) => text.specFields.defaultHead,
  'training.optimizer.defaultFor.kind': (text) => text.specFields.defaultKind,
  'training.optimizer.defaultFor.width': (text) => text.specFields.defaultWidth,
  'training.optimizer.defaultFor.layers': (text) => text.specFields.defaultLayers,
  'training.optimizer.defaultFor.pretrained': (text) => text.specFields.defaultPretrained,
  'training.optimizer.weightDecay': (text) => text.fieldNames.weightDecay,
  'training.optimizer.betas': (text) => text.specFields.betas,
  'training.optimizer.epsilon': (text) => text.specFields.epsilon,
  'training.optimizer.relativeStep': (text) => text.specFields.relativeStep,
  'training.optimizer.scaleParameter': (text) => text.specFields.scaleParameter,
  'training.optimizer.warmupInit': (text) => text.specFields.warmupInit,
  'training.optimizer.clipThreshold': (text) => text.specFields.clipThreshold,
  'training.optimizer.decayRate': (text) => text.specFields.decayRate,
  'training.optimizer.beta1': (text) => text.specFields.beta1,
  'training.schedule': (text) => text.fieldNames.schedule,
  'training.schedule.type': (text) => text.fieldNames.schedule,
  'training.schedule.warmupSteps': (text) => text.fieldNames.warmupSteps,
  'training.maxGradNorm': (text) => text.fieldNames.maxGradNorm,
  'training.recompute': (text) => text.fieldNames.recompute,
  'training.precision': (text) => text.fieldNames.precision,
  'training.fitMemory': (text) => text.fieldNames.fitMemory,
  'training.dropout': (text) => text.fieldNames.dropout,
  'training.evaluateEvery': (text) => text.fieldNames.evaluateEvery,
  'training.metric': (text) => text.fieldNames.metric,
  'training.keepBest': (text) => text.specFields.keepBest,
  'training.earlyStopping': (text) => text.specFields.earlyStopping,
  'training.earlyStopping.patience': (text) => text.fieldNames.patience,
  'training.earlyStopping.minDelta': (text) => text.specFields.minDelta,
  generation: (text) => text.specFields.generation,
  'generation.maxNewTokens': (text) => text.specFields.maxNewTokens,
  'generation.beams': (text) => text.fieldNames.beams,
  'generation.rows': (text) => text.fieldNames.generationRows,
  compare: (text) => text.comparison,
  compareOrder: (text) => text.fieldNames.compareOrder,
  seeds: (text) => text.fieldNames.seeds,
  repeats: (text) => text.fieldNames.repeats,
  baseline: (text) => text.fieldNames.baseline,
  preset: (text) => text.specFields.preset,
};

/** Fields of a method, wherever in the spec it stands. */
const OPTION = /^method(?:\[\d+\])?\.([A-Za-z]+)(?:\[\d+\]|\.(.+))?$/;
/** A method of a comparison, or a stage. */
const ENTRY = /^(?:compare|stages)\[(\d+)\](?:\.(.+))?$/;
const OPTIONS = new Set(Object.values(CATALOGUE).flatMap(({ options }) => options.map(({ name }) => name)));

/** A task, whose fields are those of data. */
const TASK = /^tasks\[(\d+)\](?:\.(.+))?$/;

/** The label of a field in a language; its path where it has none, as a misspelt field. */
export function fieldLabel({ field, of }: SpecField, text: Dictionary): string {
  const owner = of !== undefined && Object.hasOwn(text.methodNames, of) ? methodName(of, text) : null;
  const [task, which, part] = TASK.exec(field) ?? [];
  if (task !== undefined) {
    const whose = text.specFields.task(Number(which) + 1);
    const label = part === undefined ? whose : labelOf(part === 'name' ? part : `data.${part}`, text);
    if (label === null) return field;
    return part === undefined ? whose : text.specFields.of(whose, label);
  }
  const [entry, index, rest = 'method'] = ENTRY.exec(field) ?? [];
  if (entry === undefined) {
    const label = labelOf(field, text);
    return label !== null && owner !== null && OPTION.test(field)
      ? text.specFields.of(owner, label)
      : (label ?? field);
  }
  const whose = owner ?? text.specFields.entry(Number(index) + 1);
  const label = labelOf(rest, text);
  if (rest === 'method') return whose;
  return label === null ? field : text.specFields.of(whose, label);
}

function methodName(type: string, text: Dictionary): string {
  return text.methodNames[type as keyof Dictionary['methodNames']];
}

function labelOf(path: string, text: Dictionary): string | null {
  const plain = path.replace(/\[\d+\]$/, '');
  if (Object.hasOwn(LABELS, plain)) return LABELS[plain](text);
  const word = /^data\.verbalizer\.(.+)$/s.exec(path)?.[1];
  if (word !== undefined) return text.dataStep.wordFor(word);
  const weighed = /^data\.classWeights\.(.+)$/s.exec(path)?.[1];
  if (weighed !== undefined) return text.methods.classWeights.of(weighed);
  const [, name, role] = OPTION.exec(path) ?? [];
  const general = `method.${name}`;
  if (name !== undefined && Object.hasOwn(LABELS, general)) return LABELS[general](text);
  if (name === undefined || !OPTIONS.has(name)) return null;
  const label = text.fieldNames[name];
  return role === undefined ? label : text.specFields.of(label, role);
}
