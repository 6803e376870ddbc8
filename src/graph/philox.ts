/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as
 * 1, 2, 3" (SC 2011). Everything random here is a pure function of (seed, stream, step, index), on the
 * CPU and in WGSL alike, so a resumed run continues bit for bit.
 *
 * Convention: key = (seed, stream); counter = (⌊index/4⌋, step, 0, 0); element `index` is word index mod 4.
 */

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High and low 32 bits of a 32×32 product. */
function mulHiLo(a: number, b: number): [number, number] {
  const lo = Math.imul(a, b) >>> 0;
  const aLo = a & 0xffff;
  const aHi = a >>> 16;
  const bLo = b & 0xffff;
  const bHi = b >>> 16;
  const mid = aHi * bLo + ((aLo * bLo) >>> 16);
  const mid2 = aLo * bHi + (mid % 0x10000);
  const hi = aHi * bHi + Math.floor(mid / 0x10000) + Math.floor(mid2 / 0x10000);
  return [hi >>> 0, lo];
}

/** One Philox4x32-10 block: four u32 words from a counter and a key. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [hi0, lo0] = mulHiLo(M0, c0);
    const [hi1, lo1] = mulHiLo(M1, c2);
    [c0, c1, c2, c3] = [(hi1 ^ c1 ^ k0) >>> 0, lo1, (hi0 ^ c3 ^ k1) >>> 0, lo0];
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** u32 word `index` of a stream. */
export function philoxWord(seed: number, stream: number, step: number, index: number): number {
  const block = philox4x32([Math.floor(index / 4) >>> 0, step >>> 0, 0, 0], [seed >>> 0, stream >>> 0]);
  return block[index % 4];
}

/** Uniform in [0, 1) with 24 bits: exactly what the shaders compute. */
export function philoxUniform(seed: number, stream: number, step: number, index: number): number {
  return (philoxWord(seed, stream, step, index) >>> 8) / 0x1000000;
}

/** A sequential reader over one stream, for shuffles and initial values. */
export class PhiloxStream {
  readonly seed: number;
  readonly stream: number;
  private readonly step: number;
  private index = 0;
  /** The block that holds word `index`, once any of it has been asked for. */
  private block: readonly number[] = [];

  constructor(seed: number, stream: number, step = 0) {
    this.seed = seed;
    this.stream = stream;
    this.step = step;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    const at = this.index % 4;
    // Four words come at once: the same numbers as by `philoxUniform`, for a quarter of the work.
    if (at === 0) {
      const counter = Math.floor(this.index / 4) >>> 0;
      this.block = philox4x32([counter, this.step >>> 0, 0, 0], [this.seed >>> 0, this.stream >>> 0]);
    }
    this.index++;
    return (this.block[at] >>> 8) / 0x1000000;
  }

  /** Integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Normal with mean 0 and the given deviation (Box–Muller, two words a value). */
  normal(deviation = 1): number {
    const u = 1 - this.uniform();
    const v = this.uniform();
    return deviation * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }
}
