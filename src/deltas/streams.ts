/** Philox streams of initial values: one a tensor, from its name, so that order never matters. */
import { PhiloxStream } from '../graph/philox.ts';

/** FNV-1a over UTF-16 units, in the upper half of the streams (the lower half belongs to data and dropout). */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash | 0x80000000) >>> 0;
}

/** The stream that initialises the tensor `name` under a seed. */
export function initialStream(seed: number, name: string): PhiloxStream {
  return new PhiloxStream(seed, streamOf(name));
}
