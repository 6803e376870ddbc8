/**
 * The `tasks` of a run spec: data sets that one delta is trained on in turn, each with its own head or label words.
 * A run of several tasks is looked at as a whole, or as a run of one of them (`taskView`).
 */
import { z } from 'zod';
import { relocated } from '../deltas/compose.ts';
import { field, say } from '../sentence.ts';
import type { Steps } from '../steps.ts';
import { record, text } from './fields.ts';
import { expects, fieldError } from './refusal.ts';
import { completeData, dataSchema, type DataInput, type DataSpec, type Task } from './spec-data.ts';

/** Names stand in files and events. */
const FILE_SAFE = /^[\p{L}\p{N}_+-][\p{L}\p{N}._+-]*$/u;

const taskName = text(say`a name`).refine((name) => FILE_SAFE.test(name), {
  error: expects(say`a name of letters, digits and . _ + -`),
});

const taskSchema = record({ name: taskName, ...dataSchema.shape });

export const tasksSchema = z
  .array(taskSchema, { error: expects(say`a list such as [{"name": "sst2", "train": "sst2.tsv"}]`) })
  .min(1, { error: expects(say`a list with at least one task`) });

type TaskInput = z.output<typeof taskSchema>;

export interface TaskSpec extends DataSpec {
  name: string;
}

/**
 * Fills in defaults.
 * @throws StudioError `spec` for names that stand twice, fields that do not suit the model's task, and label words
 *   that one model cannot tell apart
 */
export function completeTasks(inputs: readonly TaskInput[], task: Task): TaskSpec[] {
  const tasks = inputs.map(({ name, ...data }, i) => ({
    name,
    ...inTask(i, () => completeData(data, task)),
  }));
  for (const [i, { name }] of tasks.entries())
    if (tasks.findIndex((one) => one.name === name) !== i)
      throw fieldError(`tasks[${i}].name`, name, say`a name that no other task has`);
  for (const [i, one] of tasks.entries()) for (const other of tasks.slice(0, i)) checkWords(one, other, i);
  return tasks;
}

/** Messages of `data` name the task's field instead. */
export function inTask<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw relocated(error, 'data', `tasks[${index}]`);
  }
}

/** The same of work in steps. */
export function* inTaskSteps<T>(index: number, steps: Steps<T>): Steps<T> {
  try {
    return yield* steps;
  } catch (error) {
    throw relocated(error, 'data', `tasks[${index}]`);
  }
}

/**
 * One model answers all tasks by its words: where nothing around the texts tells two tasks apart, a word can stand for
 * one label alone.
 */
function checkWords(one: TaskSpec, other: TaskSpec, index: number): void {
  if (one.verbalizer === undefined || other.verbalizer === undefined) return;
  if ((one.template ?? '').trim() !== (other.template ?? '').trim()) return;
  const labelOf = new Map(Object.entries(other.verbalizer).map(([label, word]) => [word.trim(), label]));
  for (const [label, word] of Object.entries(one.verbalizer)) {
    const before = labelOf.get(word.trim());
    if (before === undefined || before === label) continue;
    throw fieldError(
      `tasks[${index}].verbalizer`,
      one.verbalizer,
      say`words that do not clash: "${word}" stands for "${label}" here and for "${before}" in "${other.name}", whose template is the same; choose another word or another ${field(`tasks[${index}].template`)}`,
    );
  }
}

/** The data sets of a spec as written: those of its tasks, or the one there is. */
function setsOf({ data, tasks }: { data?: DataInput; tasks?: readonly TaskInput[] }): DataInput[] {
  return tasks === undefined ? [data!] : [...tasks];
}

/** The data of a spec as written; of several tasks the first one's. */
export function dataOf(spec: { data?: DataInput; tasks?: readonly TaskInput[] }): DataInput {
  return setsOf(spec)[0];
}

/** Where the rows to train on come from, `sst2.tsv, trec.tsv`. */
export function trainFiles(spec: { data?: DataInput; tasks?: readonly TaskInput[] }): string {
  return setsOf(spec)
    .map(({ train }) => train)
    .join(', ');
}

/** Files that the data sets name, each once. */
export function dataFiles(spec: { data?: DataInput; tasks?: readonly TaskInput[] }): string[] {
  const named = setsOf(spec).flatMap(({ train, validation, test }) => [train, validation, test]);
  return [...new Set(named.filter((one) => typeof one === 'string'))];
}

interface WithTasks {
  data: DataSpec;
  tasks?: readonly TaskSpec[];
}

/** The run as if it were of task `index` alone. */
export function taskView<Spec extends WithTasks>(spec: Spec, index: number): Spec {
  const { name: _, ...data } = spec.tasks![index];
  return { ...spec, data, tasks: undefined };
}

/** A completed spec as it is written: of several tasks without the first one's data standing for all. */
export function writtenSpec<Spec extends WithTasks>(spec: Spec): Spec | Omit<Spec, 'data'> {
  if (spec.tasks === undefined) return spec;
  const { data: _, ...written } = spec;
  return written;
}
