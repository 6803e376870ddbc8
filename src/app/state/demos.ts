/** The datasets that come with the page. */
import type { Task } from '../../runs/spec.ts';

/** Folders under `data/`. */
export type Demo = 'demo' | 'demo-text2text';

/** Those that a model with these tasks can be asked for, the likeliest first. */
export function demosFor(tasks: readonly Task[]): Demo[] {
  // Sentences of two classes are also something to write: their labels' words.
  return tasks.includes('text2text') ? ['demo-text2text', 'demo'] : ['demo'];
}

export function demoFor(tasks: readonly Task[]): Demo {
  return demosFor(tasks)[0];
}

/** Folders under `data/tasks/`. */
export const BUILTIN_TASKS = [
  'amounts',
  'belongings',
  'day-notes',
  'match-reports',
  'mood-lines',
  'notices',
  'opposites',
  'question-pairs',
  'roles',
  'scenes',
  'shop-reviews',
  'whereabouts',
] as const;
