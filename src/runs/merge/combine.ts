/**
 * Tensors of several adapters become one, element by element, as PEFT's `utils/merge_utils.py` does it: their
 * weighted sum; TIES (Yadav et al., 2023), which keeps the largest entries of each, elects a sign for every place
 * and takes the mean of those that agree; DARE (Yu et al., 2024), which drops entries by chance and divides what
 * stays by the share that stays.
 */
import { philoxUniform } from '../../graph/philox.ts';

/** How factors are combined; `svd` combines their products instead. */
export type Combination = 'linear' | 'ties' | 'dare' | 'dare-ties';

export interface CombineOptions {
  /** Share of entries that TIES and DARE keep, above 0 and at most 1. */
  density: number;
  seed: number;
  /** Of this tensor among all, so that each drops other entries. */
  stream: number;
}

/**
 * @param tensors of equal lengths, one of each adapter
 * @param weights one for each
 */
export function combine(
  how: Combination,
  tensors: readonly Float32Array[],
  weights: readonly number[],
  { density, seed, stream }: CombineOptions,
): Float32Array {
  switch (how) {
    case 'linear':
      return weightedSum(tensors, weights);
    case 'ties':
      return agreeingMean(
        tensors.map((tensor) => largest(tensor, density)),
        weights,
      );
    case 'dare':
    case 'dare-ties': {
      const kept = tensors.map((tensor, i) => dropped(tensor, density, seed, stream * tensors.length + i));
      return how === 'dare' ? weightedSum(kept, weights) : agreeingMean(kept, weights);
    }
  }
}

export function weightedSum(tensors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  return tensors[0].map((_, at) => tensors.reduce((sum, tensor, i) => sum + weights[i] * tensor[at], 0));
}

/** The entries of largest magnitude, ⌊density · length⌋ of them; the others are zero. */
function largest(tensor: Float32Array, density: number): Float32Array {
  if (density >= 1) return tensor;
  const order = Uint32Array.from(tensor, (_, i) => i).sort(
    (a, b) => Math.abs(tensor[b]) - Math.abs(tensor[a]) || a - b,
  );
  const kept = new Float32Array(tensor.length);
  for (const at of order.subarray(0, Math.floor(density * tensor.length))) kept[at] = tensor[at];
  return kept;
}

/** Every entry stays with the chance `density`, divided by it. */
function dropped(tensor: Float32Array, density: number, seed: number, stream: number): Float32Array {
  if (density >= 1) return tensor;
  return tensor.map((value, at) => (philoxUniform(seed, stream, 0, at) < density ? value / density : 0));
}

/** The sign of the sum is elected in every place; the mean of the weighted entries that have it. */
function agreeingMean(tensors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  return tensors[0].map((_, at) => {
    const elected = tensors.reduce((sum, tensor) => sum + tensor[at], 0) >= 0 ? 1 : -1;
    let [sum, agreeing] = [0, 0];
    for (const [i, tensor] of tensors.entries()) {
      if (Math.sign(tensor[at]) !== elected) continue;
      sum += weights[i] * tensor[at];
      agreeing++;
    }
    return sum / Math.max(1, agreeing);
  });
}
