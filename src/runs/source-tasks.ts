/**
 * A multitask prompt that starts from those of earlier tasks, as in PEFT: from the mean of their matrices, from one
 * task's, or from the shared prompt alone with fresh matrices. Every task of the run starts alike.
 */
import { COLUMNS_FILE, ROWS_FILE, type MultitaskPromptOptions } from '../deltas/multitask-prompt.ts';
import type { Initializer } from '../graph/source.ts';
import { floatInitializer, floatsOf } from '../graph/tensor.ts';
import { field, say, type Sentence } from '../sentence.ts';

/** Of a run that starts from an adapter: its tensors as those of the run's own tasks. */
export interface FromSources {
  tensors: ReadonlyMap<string, Initializer>;
  /** Names in the file of what starts afresh. */
  fresh: readonly string[];
}

/**
 * @param tasks of the run
 * @returns a part of a sentence such as `has 3 tasks ...` where they do not fit
 */
export function fromSourceTasks(
  tensors: ReadonlyMap<string, Initializer>,
  { initialization, sourceTask }: MultitaskPromptOptions,
  tasks: number,
): FromSources | Sentence {
  const sources = tensors.get(COLUMNS_FILE)?.dims[0] ?? 0;
  const how = field('method.initialization');
  switch (initialization) {
    case 'random':
    case 'vocab':
      // Goes on with its own tasks.
      if (sources === tasks || sources === 0) return { tensors, fresh: [] };
      return say`has ${sources} tasks where this run has ${tasks}; let ${how} be averageSourceTasks, exactSourceTask or onlySourceShared`;
    case 'onlySourceShared': {
      const fresh = [COLUMNS_FILE, ROWS_FILE];
      return { tensors: new Map([...tensors].filter(([name]) => !fresh.includes(name))), fresh };
    }
    case 'exactSourceTask':
      if (sourceTask >= sources)
        return say`has ${sources} tasks, counted from 0, and ${field('method.sourceTask')} is ${sourceTask}`;
      return { tensors: changed(tensors, tasks, (part) => part(sourceTask)), fresh: [] };
    case 'averageSourceTasks':
      return {
        tensors: changed(tensors, tasks, (part, size) => {
          const mean = new Float32Array(size);
          for (let task = 0; task < sources; task++)
            part(task).forEach((value, i) => (mean[i] += value / sources));
          return mean;
        }),
        fresh: [],
      };
  }
}

/** Each task's matrices from those of all sources. */
function changed(
  tensors: ReadonlyMap<string, Initializer>,
  tasks: number,
  start: (part: (task: number) => Float32Array, size: number) => Float32Array,
): ReadonlyMap<string, Initializer> {
  return new Map(
    [...tensors].map(([name, tensor]): [string, Initializer] => {
      if (name !== COLUMNS_FILE && name !== ROWS_FILE) return [name, tensor];
      const values = floatsOf(tensor);
      const [sources, ...dims] = tensor.dims;
      const size = values.length / sources;
      const own = start((task) => Float32Array.from(values.subarray(task * size, (task + 1) * size)), size);
      const data = new Float32Array(tasks * size);
      for (let task = 0; task < tasks; task++) data.set(own, task * size);
      return [name, floatInitializer(name, [tasks, ...dims], data)];
    }),
  );
}
