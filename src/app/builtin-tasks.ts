/** The tasks that come with this build of the page. */

/** Set by the build: the cards of `public/data/tasks`. */
declare const BUILTIN_TASKS: readonly BuiltinTask[];

export interface BuiltinTask {
  /** As in `builtin:NAME`. */
  name: string;
  /** Of the study's kinds of task. */
  kind: string;
}

export const builtinTasks: readonly BuiltinTask[] = BUILTIN_TASKS;
