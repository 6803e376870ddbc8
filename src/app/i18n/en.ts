/** Every text of the page, in English. `zh.ts` has the same keys; a missing one does not compile. */
import { inEnglish } from './count.ts';
import { advice } from './en/advice.ts';
import { byClass, takeAlong } from './en/by-class.ts';
import { combine } from './en/combine.ts';
import { compare } from './en/compare.ts';
import type { MemoryCategory } from '../../plan/plan.ts';
import type { RunPhase } from '../state/recorder.ts';
import type { SessionState } from '../../protocol/messages.ts';
import { dataStep } from './en/data.ts';
import { drop } from './en/drop.ts';
import { guard, history, share, shortcuts } from './en/history.ts';
import { device } from './en/device.ts';
import { engine } from './en/engine.ts';
import { metricInSentence } from './en/metric-in-sentence.ts';
import { modelStep } from './en/model.ts';
import { fieldHelp, fieldNames, methodNames, methods } from './en/methods.ts';
import { race } from './en/race.ts';
import { specFields } from './en/spec-fields.ts';
import { study } from './en/study.ts';
import { verdict } from './en/verdict.ts';
import { written } from './en/written.ts';

export const en = {
  languageName: 'English',
  tagline: 'Fine-tune a language model in this tab. Nothing leaves your machine.',
  switchLanguage: '中文',
  theme: 'Theme',
  themeAuto: 'Auto',
  themeLight: 'Light',
  themeDark: 'Dark',
  setup: 'Setup',
  loading: 'Loading …',
  internalProblem: 'This is a defect of the studio, not of your input:',

  policy: {
    connection: (host: string, origin: string) =>
      `This page's security policy stopped a connection to ${host}; if you trust that host as a hub, start the studio with npm start -- --hub ${origin}.`,
    other: (place: string, directive: string) =>
      `This page's security policy (${directive}) stopped ${place}, which is no part of the studio; a browser extension may have brought it.`,
  },

  modelTitle: 'Model',
  modelFolder: 'Choose a model folder',
  modelDrop:
    'or drop it here: an ONNX export of BERT, or of a T5 as encoder and decoder, with config.json and tokenizer.json',
  modelFacts: (layers: number, width: number) => `${inEnglish(layers)} layers, width ${inEnglish(width)}`,
  vocabulary: (count: string) => `${count} word pieces`,
  parameters: (count: string) => `${count} parameters`,
  freshHead: 'gets a fresh classifier',
  ownHead: 'brings its own classifier',
  longest: (tokens: number) => `up to ${inEnglish(tokens)} tokens`,

  dataTitle: 'Data',
  dataBuiltin: 'Demo data',
  dataTrain: 'Training file',
  dataValidation: 'Validation file (optional)',
  dataDrop:
    'or drop CSV, TSV, JSON Lines or Parquet anywhere: train, dev (or valid) and test are told apart by their names',
  dataUse: 'Use these files',
  dataRows: (train: string, validation: string) => `${train} training rows, ${validation} validation rows`,
  dataCut: 'a tenth of the training rows is held out for validation',
  dataCutLess: 'the validation rows are held out of the training rows',
  columnText: 'Text column',
  columnText2: 'Second text column',
  columnLabel: 'Label column',
  columnNone: 'none',
  task: 'Task',
  taskClassification: 'Classification',
  taskRegression: 'Regression',
  classes: 'Classes',
  classCount: (label: string, train: number, validation: number) =>
    `${label}: ${inEnglish(train)} training, ${inEnglish(validation)} validation`,
  dataStep,
  modelStep,

  methodsTitle: 'Methods',
  methodsHelp: 'All ticked methods train on the same rows in the same order from the same start.',
  methodNames,
  fieldNames,
  fieldHelp,
  specFields,
  study,
  methods,
  history,
  guard,
  share,
  shortcuts,
  trainingTitle: 'Run',
  noMethods: 'Tick at least one method.',

  comparison: 'Comparison',
  start: 'Start',
  pause: 'Pause',
  resume: 'Resume',
  stepOnce: 'Step',
  stop: 'Stop',
  sessionNames: {
    idle: 'Ready',
    preparing: 'Preparing …',
    running: 'Training',
    paused: 'Paused',
    stopping: 'Stopping …',
  } satisfies Record<SessionState, string>,
  progress: (done: number, all: number) => `${inEnglish(done)} of ${inEnglish(all)} steps`,

  memoryTitle: 'Memory',
  memoryNote:
    'Bytes that our own allocator has taken on the device; browsers have no interface for GPU memory.',
  memoryNames: {
    frozenWeights: 'Frozen weights',
    trainable: 'Trainable',
    gradients: 'Gradients',
    optimizer: 'Optimizer',
    activations: 'Activations',
    workspace: 'Workspace',
    batch: 'Batch',
  } satisfies Record<MemoryCategory, string>,
  forecast: 'Forecast',
  allocated: 'Allocated',
  forecasting: 'Forecasting …',
  forecastExact: 'equal to the byte',
  fittedBy: (made: string, times: string) =>
    `fits with activations made anew: ${made}; ${times} times the arithmetic`,
  forecastOff: (difference: string) => `differs by ${difference}`,
  forecastEmpty: 'The forecast appears when model and data are there.',
  memoryTableCaption: 'Memory by category, forecast and allocated',
  showTable: 'As a table',

  lossTitle: 'Training loss',
  validationTitle: 'Validation',
  validationEmpty: 'Nothing evaluated so far.',
  metricNames: {
    accuracy: 'Accuracy',
    f1: 'F1',
    matthews: 'Matthews',
    pearson: 'Pearson',
    spearman: 'Spearman',
    loss: 'Loss',
    perplexity: 'Perplexity',
    exactMatch: 'Exact match',
    tokenF1: 'Token F1',
    rouge1: 'ROUGE-1',
    rouge2: 'ROUGE-2',
    rougeL: 'ROUGE-L',
    bleu: 'BLEU',
    chrf: 'chrF',
  } as Record<string, string>,
  metric: 'Metric',
  smoothing: 'Smoothing',
  step: 'Step',
  curvesEmpty: 'Curves appear here once training starts.',
  curveLabel: (title: string, series: string) => `${title} by step. ${series}`,
  curveLast: (name: string, value: string) => `${name}: ${value}`,

  resultsTitle: 'Results',
  resultsEmpty: 'No results yet. Start trains every ticked method and compares them here.',
  columnMethod: 'Method',
  judgedBy: (metric: string) => `Judged by ${metricInSentence(metric)} on the validation rows`,
  atStep: (step: number) => `step ${inEnglish(step)}`,
  phaseNames: {
    waiting: 'Waiting',
    running: 'Training',
    interrupted: 'Interrupted',
    completed: 'Done',
    stopped: 'Stopped',
    earlyStopped: 'Stopped early',
    nonFinite: 'Diverged',
    deviceLost: 'Device lost',
    failed: 'Failed',
  } satisfies Record<RunPhase, string>,
  downloadAdapter: 'Adapter',
  downloadMetrics: 'Metrics',
  downloadRecord: 'Record',
  downloadModel: 'ONNX',
  modelChecked: (difference: string) => `Checked in onnxruntime: differs by at most ${difference}.`,
  downloadOf: (what: string, method: string) => `${what} of ${method}`,

  device,
  engine,
  advice,

  combine,
  drop,
  compare,
  byClass,
  takeAlong,
  race,
  verdict,
  written,
};

/** The shape of a language: the keys of English with any text. */
export type Dictionary = Loosen<typeof en>;
export type Loosen<T> = T extends string
  ? string
  : T extends (...args: never[]) => unknown
    ? T
    : { [Key in keyof T]: Loosen<T[Key]> };
