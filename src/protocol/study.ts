/** A study in the page: what it comes to, how it goes, and how it came out. */
import type { RunEnvironment } from '../runs/record.ts';
import type { Sentence } from '../sentence.ts';
import type { StoredExperiment } from '../study/stored.ts';
import type { ExperimentName, Row } from '../study/study.ts';
import type { StudyTotals } from '../study/work/plan.ts';
import type { ModelSource } from './sources.ts';

/** The same description as the command line has: a run spec with `models`, `datasets` and `study`, as JSON. */
export interface StudyAsked {
  experiment: ExperimentName;
  spec: string;
  /** Data files that the spec names, by those names. */
  files: Readonly<Record<string, File>>;
  /** Models that the spec names and that are not built in, by `model.source`. */
  models: Readonly<Record<string, ModelSource>>;
  /** Address of the hub that data sets are asked of; empty for the usual one. */
  endpoint: string;
}

export type CellState = 'toDo' | 'done' | 'diverged' | 'failed' | 'refused';

export interface PlannedCell {
  id: string;
  name: Sentence;
  kind: Row['kind'];
  state: CellState;
  /** Null where that is not known. */
  seconds: number | null;
  bytes: number | null;
  /** Of the rows that are judged, where its row is there already. */
  score?: { metric: string; value: number };
  /** Why it came to nothing, or will. */
  why?: Sentence;
}

export interface StudyPlan {
  cells: PlannedCell[];
  /** What it will not be able to say, and why. */
  beforehand: Sentence[];
  totals: StudyTotals;
  results: StoredExperiment;
  environment: RunEnvironment;
}

/**
 * `plan`: what it comes to, answered by `studyPlan`. `start`: works on what is left, answered by `studyEnded`, with
 * `studyEvent` on the way. `forget`: forgets the rows of the experiment, answered by `studyPlan`. `rows`: the rows of
 * its cells, answered by `studyRows`.
 */
export type StudyWish = 'plan' | 'start' | 'forget' | 'rows';

export type StudyRequest =
  | { type: 'study'; id: number; what: StudyWish; asked: StudyAsked }
  | { type: 'controlStudy'; act: 'pause' | 'resume' | 'stop' };

export type StudyProgress =
  | { type: 'begins'; cell: string }
  /** Of the cell at work. */
  | { type: 'step'; cell: string; step: number; steps: number }
  /** `done`: cells that have ended by now; `left`: seconds that the others will take, null where nothing is known. */
  | {
      type: 'ended';
      cell: string;
      state: CellState;
      why?: Sentence;
      seconds: number;
      score: { metric: string; value: number } | null;
      done: number;
      left: number | null;
    }
  /** Other tabs are at all cells that are left. */
  | { type: 'waits'; cells: number }
  /** What the rows say by now. */
  | { type: 'results'; results: StoredExperiment };

export type StudyReply =
  | { type: 'studyPlan'; id: number; plan: StudyPlan }
  | { type: 'studyEvent'; event: StudyProgress }
  | { type: 'studyEnded'; id: number; stopped: boolean; plan: StudyPlan }
  | { type: 'studyRows'; id: number; rows: Row[] };
