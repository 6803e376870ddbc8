/**
 * PEFT saves an AdaLoRA that has given triplets up with what is left of each matrix: `rank_pattern` says by matrix which
 * of the first `init_r` triplets the file has. Here a matrix keeps them all, those that are gone with values of zero:
 * the same function, since PEFT goes on dividing by the rank at the start.
 */
import type { Initializer } from '../graph/source.ts';
import { floatInitializer, floatsOf } from '../graph/tensor.ts';
import { say, type Sentence } from '../sentence.ts';

/** What a folder's `rank_pattern` makes of its tensors, or a part of a sentence about what does not fit. */
export function withPrunedTriplets(
  tensors: ReadonlyMap<string, Initializer>,
  pattern: unknown,
): ReadonlyMap<string, Initializer> | Sentence {
  if (pattern === undefined || pattern === null) return tensors;
  if (typeof pattern !== 'object' || Array.isArray(pattern))
    return say`has a rank_pattern that is no table from modules to the triplets that are left`;
  const whole = new Map(tensors);
  for (const [key, kept] of Object.entries(pattern as Record<string, unknown>)) {
    if (!isTriplets(kept))
      return say`has a rank_pattern whose ${key} is no list of true and false, one a triplet`;
    const module = `base_model.model.${key.replace(/^base_model\.model\./, '').replace(/\.lora_E$/, '')}`;
    const left = kept.filter(Boolean).length;
    for (const part of ['lora_A', 'lora_B', 'lora_E']) {
      const name = `${module}.${part}`;
      const tensor = tensors.get(name);
      if (tensor === undefined) return say`has no tensor ${name}, of which its rank_pattern tells`;
      const axis = part === 'lora_B' ? 1 : 0;
      // Written before the last allocation: all are there.
      if (tensor.dims[axis] === kept.length) continue;
      if (tensor.dims.length !== 2 || tensor.dims[axis] !== left)
        return say`has ${name} of shape [${tensor.dims.join(', ')}] where its rank_pattern leaves ${left} of ${kept.length} triplets`;
      whole.set(name, spread(tensor, axis, kept));
    }
  }
  return whole;
}

const isTriplets = (kept: unknown): kept is boolean[] =>
  Array.isArray(kept) && kept.every((one) => typeof one === 'boolean');

/** Rows (or columns) at the places that are kept, zeros at the others. */
function spread({ name, dims, ...rest }: Initializer, axis: number, kept: readonly boolean[]): Initializer {
  const own = floatsOf({ name, dims, ...rest });
  const [rows, columns] = axis === 0 ? [kept.length, dims[1]] : [dims[0], kept.length];
  const data = new Float32Array(rows * columns);
  const places = kept.flatMap((one, i) => (one ? [i] : []));
  for (let r = 0; r < dims[0]; r++)
    for (let c = 0; c < dims[1]; c++) {
      const at = axis === 0 ? places[r] * columns + c : r * columns + places[c];
      data[at] = own[r * dims[1] + c];
    }
  return floatInitializer(name, [rows, columns], data);
}
