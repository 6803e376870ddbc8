/**
 * A prompt that starts from several learned on other tasks (SPoT, Vu et al., 2022): their mean, or weighted by how
 * much each resembles a prompt of the task at hand, trained for a few steps. Resemblance is the paper's: the mean over
 * all pairs of their tokens of the cosine between the two.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { weightedSum } from './merge/combine.ts';

/** How the prompts count: all alike, by resemblance, or the one that resembles most alone. */
export const SOURCE_WEIGHTS = ['equal', 'similarity', 'best'] as const;
export type SourceWeights = (typeof SOURCE_WEIGHTS)[number];

/**
 * @param prompts row-major [tokens, width]
 * @param like of the task at hand; needed where they do not count alike
 * @returns the prompt to start from, and what each counted
 * @throws StudioError('adapter-file') where none resembles it
 */
export function transferred(
  prompts: readonly Float32Array[],
  width: number,
  how: SourceWeights,
  like?: Float32Array,
): { prompt: Float32Array; weights: number[] } {
  const weights =
    how === 'equal' || like === undefined
      ? prompts.map(() => 1 / prompts.length)
      : resembling(
          prompts.map((prompt) => similarity(prompt, like, width)),
          how,
        );
  return { prompt: weightedSum(prompts, weights), weights };
}

function resembling(similarities: readonly number[], how: SourceWeights): number[] {
  if (how === 'best') {
    const best = similarities.indexOf(Math.max(...similarities));
    return similarities.map((_, i) => (i === best ? 1 : 0));
  }
  // What points away says nothing of where to start.
  const counted = similarities.map((one) => Math.max(0, one));
  const sum = counted.reduce((all, one) => all + one, 0);
  if (!(sum > 0))
    throw new StudioError(
      'adapter-file',
      say`${field('method.initLike')}: none of the prompts resembles it (${similarities.map((one) => one.toPrecision(2)).join(', ')}); let ${field('method.initWeights')} be "equal", or name other prompts.`,
      { where: 'method.initLike' },
    );
  return counted.map((one) => one / sum);
}

/** Mean cosine over all pairs of tokens of two prompts of a width. */
export function similarity(a: Float32Array, b: Float32Array, width: number): number {
  // The mean over pairs of u·v is the product of the means of u and of v, for tokens of length one.
  const [u, v] = [meanDirection(a, width), meanDirection(b, width)];
  return u.reduce((sum, value, i) => sum + value * v[i], 0);
}

function meanDirection(prompt: Float32Array, width: number): Float64Array {
  const tokens = prompt.length / width;
  const mean = new Float64Array(width);
  for (let token = 0; token < tokens; token++) {
    const row = prompt.subarray(token * width, (token + 1) * width);
    const length = Math.hypot(...row) || 1;
    row.forEach((value, i) => (mean[i] += value / length / tokens));
  }
  return mean;
}
