/** Whether what a study finds is more than chance: a figure is made of each seed by itself, and its interval is over seeds. */
import { CONFIDENCE } from '../evidence/samples.ts';
import { studentInterval } from '../evidence/student.ts';
import { inARow, named, say, type Sentence } from '../sentence.ts';
import { groupedBy, scoreOf, valuesOf, type Score } from './scores.ts';
import type { Result } from './study.ts';
import { methodResults } from './tasks-of.ts';

/** Of the runs of one seed, over all tasks. */
type Figure = (group: readonly Result[]) => number | null;

/** A figure of each seed. Those that lack some run are left out: theirs would be of other tasks. */
export function figuresOf(results: readonly Result[], figure: Figure): number[] {
  const groups = [...groupedBy(results, ({ cell }) => cell.factors.seed).values()];
  const most = Math.max(...groups.map(({ length }) => length));
  return groups
    .filter(({ length }) => length === most)
    .map(figure)
    .filter((value) => value !== null);
}

/** The mean of a figure over seeds, with Student's interval; null where no seed has one. */
export function overSeeds(results: readonly Result[], figure: Figure): Score | null {
  return scoreOf(figuresOf(results, figure));
}

/** Differences that are rounding's, not the seeds'. */
const ROUNDING = 1e-9;

/** On which side of zero a mean lies beyond chance; a single seed is on none. */
export function sideOf({ interval }: Pick<Score, 'interval'>): 'above' | 'below' | 'open' {
  if (interval === null || (interval[0] <= ROUNDING && interval[1] >= -ROUNDING)) return 'open';
  return interval[0] > 0 ? 'above' : 'below';
}

/** Methods by the side of zero that a figure of theirs lies on beyond chance. */
export type Sides = Record<'above' | 'below' | 'open', Sentence[]>;

/**
 * Of each method a figure, seed by seed, in Student's intervals that are as much wider as there are methods (Bonferroni).
 * @param figureOf a method's figure of the runs of one seed
 * @returns `seeds` where one seed leaves nothing to tell chance by; null where no method has the figure
 */
export function sidesOf(
  methods: readonly string[],
  results: (name: string) => readonly Result[],
  figureOf: (name: string) => Figure,
): Sides | 'seeds' | null {
  const found = methods.flatMap((name) => {
    const values = figuresOf(results(name), figureOf(name));
    return values.length === 0 ? [] : [{ name, values }];
  });
  if (found.length === 0) return null;
  if (found.every(({ values }) => values.length < 2)) return 'seeds';
  const confidence = 1 - (1 - CONFIDENCE) / found.length;
  const sides: Sides = { above: [], below: [], open: [] };
  for (const { name, values } of found)
    sides[sideOf({ interval: studentInterval(values, confidence) })].push(say`${named(name)}`);
  return sides;
}

/**
 * Which methods have more of something than full fine-tuning beyond chance, which less, and which cannot be told from it.
 * @param valueOf of the runs of one method and seed
 */
export function besideFull(results: readonly Result[], valueOf: Figure): Sentence[] {
  const sides = sidesOf(
    valuesOf(results, 'method').filter((name) => name !== 'full'),
    (name) => [...methodResults(results, name), ...methodResults(results, 'full')],
    (name) => (group) => {
      const [own, full] = [name, 'full'].map((method) => valueOf(methodResults(group, method)));
      return own === null || full === null ? null : own - full;
    },
  );
  if (sides === null) return [];
  if (sides === 'seeds') return [say`One seed cannot tell what of this is chance.`];
  const { above, below, open } = sides;
  return [
    ...(above.length > 0 ? [say`Above full fine-tuning beyond chance: ${inARow(above)}.`] : []),
    ...(below.length > 0 ? [say`Below full fine-tuning beyond chance: ${inARow(below)}.`] : []),
    ...(open.length > 0 ? [say`Not told apart from full fine-tuning: ${inARow(open)}.`] : []),
  ];
}
