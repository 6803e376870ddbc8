/**
 * What a study is made of. An experiment is data: a grid of cells over models, data sets, methods and seeds, the
 * figures that its rows are drawn in, and what the study of delta tuning found (Ding et al. 2023). A cell is one
 * training, one plan, or one scoring of what a training left; its row is all that figures need.
 */
import type { MemoryBytes } from '../plan/plan.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { MethodSpec } from '../runs/spec-method.ts';
import type { Sentence } from '../sentence.ts';
import type { Reference, Split } from '../train/events.ts';
import type { Figure } from './figures/figure.ts';

export const EXPERIMENT_NAMES = [
  'performance',
  'convergence',
  'memory',
  'sensitivity',
  'combination',
  'sequence',
  'gap',
  'scale',
  'transfer',
  'intrinsic',
  'retention',
  'robustness',
  'multiTask',
] as const;
export type ExperimentName = (typeof EXPERIMENT_NAMES)[number];

/** Where a cell stands in its grid. */
export interface Factors {
  model: string;
  data: string;
  method: string;
  seed: number;
  /** Is the text put into its template? Absent where that is not asked. */
  template?: boolean;
  /** Rows of each class that are trained on; null for all of them, absent where that is not asked. */
  shots?: number | null;
  batchSize?: number;
  /** Of the option that is varied. */
  value?: number;
  /** What it starts from: the task whose delta it takes over. */
  source?: string;
  /** How the texts held out are damaged. */
  noise?: string;
  /** Is it only scored, as it starts? */
  scoredOnly?: boolean;
  /** Is it one delta for all the data sets that `data` names? */
  together?: boolean;
  /** What is measured of what was trained. */
  measure?: Measure;
}

/** The loss around a delta, angles between two, and what is left of the knowledge of words. */
export type Measure = 'surface' | 'angles' | 'masked tokens';

/** Losses `[across][along]` of held-out rows, at places in lengths of the delta. */
export interface Surface {
  along: number[];
  across: number[];
  losses: number[][];
}

/** Between the subspaces of two LoRAs, means over the modules of both. */
export interface Angles {
  modules: number;
  /** The smallest principal angle, in degrees. */
  smallest: number;
  /** Mean square of the cosines: 1 for the same subspace, 0 for none in common. */
  overlap: number;
  /** What random subspaces would have. */
  byChance: number;
}

/** Damage to the texts held out; shares of words. */
export interface Noise {
  typos?: number;
  drops?: number;
}

/** One piece of work before its identity is known. */
export interface Draft {
  /** `train` trains; `plan` only says what memory a training would take; `measure` looks at what was trained. */
  kind: 'train' | 'plan' | 'measure';
  factors: Factors;
  /** Completed, of one run. */
  spec: RunSpec;
  /** The training whose delta it starts from, or measures. */
  from?: Draft;
  /** The second of two that are compared. */
  beside?: Draft;
  /** The trainings of the method `adapter` whose adapters its fusion is over. */
  fused?: readonly Draft[];
  measure?: Measure;
  noise?: Noise;
  /** Hashes of what its model and data files hold, by the names that the spec has. */
  contents?: ReadonlyMap<string, string>;
}

export interface Cell extends Omit<Draft, 'from' | 'beside' | 'fused'> {
  /** Hash of all that the result hangs on. */
  id: string;
  /** Identity of the training whose delta it starts from, or measures. */
  from?: string;
  /** Identity of the second of two that are compared. */
  beside?: string;
  /** The trainings whose adapters its fusion is over, and what adapters they train. */
  fused?: readonly { id: string; method: MethodSpec }[];
}

/** An evaluation on the validation rows as training went. */
export interface CurvePoint {
  step: number;
  /** Real tokens trained on until then. */
  tokens: number;
  /** Of training steps until then. */
  seconds: number;
  value: number;
}

/** How a cell came out; one line of `runs.jsonl`. */
export interface Row {
  cell: string;
  kind: Draft['kind'];
  factors: Factors;
  /** ISO 8601. */
  created: string;
  /** `refused`: it could not begin; `failed`: it could not go on; `diverged`: its numbers left the finite. */
  status: 'done' | 'diverged' | 'failed' | 'refused';
  /** Why, where it is not done. */
  why?: Sentence;
  metric: string;
  /** All metrics of each set, with the weights that were kept. */
  scores: Partial<Record<Split, Record<string, number>>>;
  /** The same of each task, of a run of several; `scores` are then their means. */
  tasks?: { name: string; scores: Row['scores'] }[];
  curve: CurvePoint[];
  /** Best validation score after each stage, of a run in stages. */
  stages?: (number | null)[];
  reference?: Partial<Record<'validation' | 'test', Reference>>;
  trainableParameters: number;
  totalParameters: number;
  memory?: MemoryBytes;
  /** Of training and evaluating. */
  seconds: number;
  steps: number;
  learningRate: number | null;
  surface?: Surface;
  angles?: Angles;
  /** Mean over masked tokens, in nats. */
  maskedTokenLoss?: number;
}

/** A cell and how it came out. */
export interface Result {
  cell: Cell;
  row: Row;
}

/** What a person asked for, read and checked. */
export interface Study {
  name: string;
  experiment: ExperimentName;
  models: readonly StudyModel[];
  datasets: readonly StudyData[];
  seeds: readonly number[];
  /** The method that differences are taken to; full fine-tuning, else the first, where it is not asked for. */
  baseline?: string;
  /** The completed runs of a model and a data set, by what the grid asks of them. */
  runs: (request: RunRequest) => Draft[];
  options: StudyOptions;
  /** The methods to compare: those that were named, with their options, else the experiment's own. */
  entries: (own: readonly string[]) => GridMethod[];
}

export interface StudyModel {
  name: string;
  source: string;
}

export interface StudyData {
  name: string;
  /** Sentiment, inference, ...: data sets of one kind are alike. */
  kind?: string;
  template: boolean;
  /** Classes, where label words name them. */
  labels?: readonly string[];
}

/** Values that a grid runs over; the experiment's own where they are left out. */
export interface StudyOptions {
  batchSizes?: number[];
  shots?: (number | null)[];
  templates?: boolean[];
  ranks?: number[];
  bottlenecks?: number[];
  lengths?: number[];
  dimensions?: number[];
  /** Shares of words. */
  typos?: number[];
  drops?: number[];
  /** Does a transfer also train on from what it takes over? */
  starts?: boolean;
  /** Is more measured of what was trained than its scores? */
  measures?: boolean;
  /** Rows at most of each data set that has no limit of its own. */
  limit?: { train?: number; validation?: number; test?: number };
}

/** One method of a grid: a spec's `compare` entry. */
export interface GridMethod {
  name: string;
  /** A method, several at once, or several in turn. */
  method?: unknown;
  stages?: unknown;
  training?: Record<string, unknown>;
  value?: number;
}

export interface RunRequest {
  model: StudyModel;
  data: StudyData;
  methods: readonly GridMethod[];
  kind?: Draft['kind'];
  template?: boolean;
  shots?: number | null;
  batchSize?: number;
  /** All of the study's unless given. */
  seeds?: readonly number[];
  /** The method as it starts, scored and not trained. */
  scoredOnly?: boolean;
  /** One delta for these; `data` is the first of them. */
  tasks?: readonly StudyData[];
}

export interface Experiment {
  name: ExperimentName;
  title: Sentence;
  /** The hypothesis that it puts to the test. */
  question: Sentence;
  /** What the study found, in its own setting. */
  finding: Sentence;
  /** What it shows of delta tuning as a search in a subspace, and as the control of a system; more in docs/views.md. */
  view: Sentence;
  /** The methods that it compares where none are named; absent where its grid has methods of its own. */
  methods?: readonly string[];
  /** The values that its grid runs over where none are given. */
  options?: StudyOptions;
  /** @throws StudioError('spec') for a study that its grid cannot be made of */
  cells: (study: Study) => Draft[];
  /** Whatever the rows that are there allow. */
  figures: (results: readonly Result[], study: Study) => Figure[];
  /** What the visitor's own runs say, in a sentence or two. */
  answer: (results: readonly Result[], study: Study) => Sentence[];
}
