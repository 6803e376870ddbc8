/** Seeds of a comparison, and the method that differences are taken to. */
import { z } from 'zod';
import { field, say } from '../sentence.ts';
import { integer, MOST_SEED, text } from './fields.ts';
import { expects, fieldError } from './refusal.ts';
import { drawsRows, type DataSpec } from './spec-data.ts';
import { TRAINING_DEFAULTS, type TrainingInput } from './spec-training.ts';

/** With more seeds there are too many ways to flip signs in the exact test, and nothing more to learn. */
export const MOST_SEEDS = 20;

const list = expects(say`a list of 1 to ${MOST_SEEDS} different seeds such as [1, 2, 3]`);

export const seedFields = {
  seeds: z
    .array(integer(0, MOST_SEED), { error: list })
    .min(1, { error: list })
    .max(MOST_SEEDS, { error: list })
    .optional(),
  repeats: integer(1, MOST_SEEDS).optional(),
  baseline: text(say`the name of a method of the comparison`).optional(),
};

interface Seeded {
  seeds?: number[];
  repeats?: number;
  training?: TrainingInput;
}

/** @throws StudioError `spec` for both ways to say it, and for a seed that stands twice */
export function checkSeeds({ seeds, repeats, training }: Seeded): void {
  if (seeds !== undefined && repeats !== undefined)
    throw fieldError('repeats', repeats, say`it to be left out, since ${field('seeds')} is given`);
  const twice = seeds?.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined)
    throw fieldError('seeds', seeds, say`different seeds; ${twice} stands there twice`);
  const first = training?.seed ?? TRAINING_DEFAULTS.seed;
  if (repeats !== undefined && first + repeats - 1 > MOST_SEED)
    throw fieldError(
      'repeats',
      repeats,
      say`seeds up to ${MOST_SEED}, counted from ${field('training.seed')} (${first})`,
    );
}

/** The seeds that every method is trained with, in their order. */
export function seedsOf({ seeds, repeats = 1, training }: Seeded): number[] {
  const first = training?.seed ?? TRAINING_DEFAULTS.seed;
  return seeds ?? Array.from({ length: repeats }, (_, i) => first + i);
}

/**
 * Data of a run that trains with another seed than the spec's: rows are still drawn with that.
 * @param drawnWith `training.seed` of the spec as written
 */
export function withSplitSeed<Data extends DataSpec>(data: Data, drawnWith: number, seed: number): Data {
  if (data.splitSeed !== undefined || seed === drawnWith || !drawsRows(data)) return data;
  return { ...data, splitSeed: drawnWith };
}

/**
 * The name of the method that differences are taken to: the one asked for, else full fine-tuning, else the first.
 * @param methods names and types, in the order of the comparison
 * @throws StudioError `spec` where it is none of them
 */
export function baselineOf(
  asked: string | undefined,
  methods: readonly { name: string; type: string }[],
): string {
  const found =
    asked === undefined
      ? (methods.find(({ type }) => type === 'full') ?? methods[0])
      : (methods.find(({ name }) => name === asked) ?? methods.find(({ type }) => type === asked));
  if (found !== undefined) return found.name;
  throw fieldError(
    'baseline',
    asked,
    say`a method of the comparison: ${methods.map(({ name }) => name).join(', ')}`,
  );
}
