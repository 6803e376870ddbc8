/**
 * The Fastfood projection (Le, Sarlós and Smola, 2013; Aghajanyan et al., 2020): a random matrix that is never stored.
 * M = H·G·Π·H·B with Walsh–Hadamard transforms H, signs B, a permutation Π and normal numbers G. A long output is a stack
 * of blocks, each with a G of its own; B and Π only spread the input evenly and are the same for all of them. An input
 * longer than a block is cut into chunks whose G·Π·H·B·x are added up before the last H.
 *
 * G is made of bytes: entry i of chunk j of block k is byte (k·chunks + j)·block + i of the Philox stream, and stands for
 * the middle of the 256th of the normal distribution that it numbers. Every device therefore has the same bits.
 */
import { erf } from './onnx-ops/erf.ts';
import { philox4x32 } from './philox.ts';

/** Bounds of a block, powers of two. The larger is what every GPU's workgroup can hold. */
const LEAST_BLOCK = 64;
const MOST_BLOCK = 4096;

export interface FastfoodShape {
  block: number;
  chunks: number;
}

/** How an input of `dimension` numbers is laid out: [chunks, block], zeros behind it. */
export function fastfoodShape(dimension: number): FastfoodShape {
  const fitting = 2 ** Math.ceil(Math.log2(dimension));
  const block = Math.min(MOST_BLOCK, Math.max(LEAST_BLOCK, fitting));
  return { block, chunks: Math.ceil(dimension / block) };
}

/** The number z for which a normal variable is below it with probability p, by bisection. */
function quantile(p: number): number {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if ((1 + erf(middle / Math.SQRT2)) / 2 < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

let table: Float32Array | undefined;

/** Normal numbers by byte, with a mean square of one. */
export function normalTable(): Float32Array {
  if (table) return table;
  const middles = Array.from({ length: 256 }, (_, byte) => quantile((byte + 0.5) / 256));
  const deviation = Math.sqrt(middles.reduce((sum, z) => sum + z * z, 0) / 256);
  return (table = Float32Array.from(middles, (z) => z / deviation));
}

/** What G of one output is drawn from, and the factor, as the words of a key. */
export interface FastfoodKey {
  seed: number;
  stream: number;
  scale: number;
}

/** Integers of 32 bits: the seed, the stream, and the factor's bits. */
export function fastfoodKey({ seed, stream, scale }: FastfoodKey): Int32Array {
  const key = Int32Array.of(seed, stream, 0);
  new Float32Array(key.buffer)[2] = scale;
  return key;
}

/** A key read back; the factor as a float of 32 bits. */
export function readKey(words: ArrayLike<number>): FastfoodKey {
  const key = Int32Array.from(words);
  return { seed: key[0] >>> 0, stream: key[1] >>> 0, scale: new Float32Array(key.buffer)[2] };
}

/** The transform of `size` numbers from `from` on, in place and without a factor: H·H is `size`. */
export function hadamard(x: Float64Array, from: number, size: number): void {
  for (let half = 1; half < size; half *= 2)
    for (let i = from; i < from + size; i += 2 * half)
      for (let j = i; j < i + half; j++) {
        const [a, b] = [x[j], x[j + half]];
        x[j] = a + b;
        x[j + half] = a - b;
      }
}

/** The diagonals of G for one block, chunk after chunk. */
export function gaussians(
  { block, chunks }: FastfoodShape,
  seed: number,
  stream: number,
  k: number,
): Float64Array {
  const normal = normalTable();
  const diagonals = new Float64Array(chunks * block);
  const first = (k * diagonals.length) / 16;
  for (let i = 0; i < diagonals.length; i += 16) {
    const words = philox4x32([(first + i / 16) >>> 0, 0, 0, 0], [seed >>> 0, stream >>> 0]);
    for (let b = 0; b < 16; b++) diagonals[i + b] = normal[(words[b >> 2] >>> (8 * (b & 3))) & 255];
  }
  return diagonals;
}
