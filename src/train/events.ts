/** The events of a run, one a line in `metrics.jsonl`, the same in page and worker. */
import { type Sentence } from '../sentence.ts';
import type { Fitted } from './fit-memory.ts';
import type { MemoryBytes } from '../plan/plan.ts';

/** Trained on, chosen and stopped by, and looked at once in the end. */
export type Split = 'train' | 'validation' | 'test';

/** What takes no training scores on a set. */
export interface Reference {
  /** Always answering the largest class, or the mean of a regression. */
  largestClass?: number;
  /** The model as it came. */
  untuned?: number;
}

/** Of a run in stages every event says which one, from 1; steps count on from stage to stage. */
interface Staged {
  stage?: number;
}

export interface StartEvent extends Staged {
  type: 'start';
  /** ISO 8601. */
  time: string;
  adapter: { vendor: string; description: string };
  trainableParameters: number;
  totalParameters: number;
}
export interface MemoryEvent extends Staged {
  type: 'memory';
  predicted: MemoryBytes;
  allocated: MemoryBytes;
  /** What `training.fitMemory` chose, and its arithmetic over that of keeping everything. */
  fitted?: Fitted;
}
export interface StepEvent extends Staged {
  type: 'step';
  /** From 1. */
  step: number;
  /** Whose rows it trained on, of a run of several tasks. */
  task?: string;
  /** Of the task alone. */
  loss: number;
  /** What the method adds to it (L0, orthogonality), where it adds something. */
  penalty?: number;
  learningRate: number;
  gradNorm: number;
  milliseconds: number;
  /** Real tokens of the step. */
  tokens: number;
}
export interface EvaluateEvent extends Staged {
  type: 'evaluate';
  step: number;
  split: Split;
  /** Whose rows they are, of a run of several tasks; the mean over the tasks follows without one. */
  task?: string;
  metrics: Record<string, number>;
}
/** What takes no training scores, by the run's metric, on the sets that are held out; of comparisons, before the first step. */
export interface ReferenceEvent extends Staged {
  type: 'reference';
  scores: Partial<Record<'validation' | 'test', Reference>>;
  /** The same of each task, of a run of several; what stands above are the means over them. */
  tasks?: readonly { name: string; scores: ReferenceEvent['scores'] }[];
}
/**
 * What the run answers to the rows that it is judged by, with the weights that were kept: just before the end, where
 * there are numbers to answer. Numbers with a blank between them: class indices, the values of a regression, or of
 * texts that were written the score of each by the run's metric, where 1 is right.
 */
export interface AnswersEvent extends Staged {
  type: 'answers';
  /** Whose rows they are, of a run of several tasks. */
  task?: string;
  split: 'validation' | 'test';
  step: number;
  /** What is right. */
  truth: string;
  given: string;
}
/** A stage has ended and another follows, from the weights of its best step. */
export interface StageEvent {
  type: 'stage';
  stage: number;
  reason: EndEvent['reason'];
  /** Steps of all stages so far. */
  step: number;
  best: EndEvent['best'];
}
export interface EndEvent extends Staged {
  type: 'end';
  reason: 'completed' | 'stopped' | 'earlyStopped' | 'nonFinite' | 'deviceLost' | 'failed';
  /** Steps whose loss is known. */
  step?: number;
  best: { step: number; metric: string; value: number } | null;
  seconds: number;
  /** One sentence in English, for reasons that need one. */
  message?: string;
  /** The same with its values apart. */
  sentence?: Sentence;
}
export type RunEvent =
  | StartEvent
  | MemoryEvent
  | ReferenceEvent
  | StepEvent
  | EvaluateEvent
  | AnswersEvent
  | StageEvent
  | EndEvent;
