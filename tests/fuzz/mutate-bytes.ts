/** Mutations of any bytes: flips, cuts, repetitions, numbers that readers take for lengths, splices of two files. */
import type { Random } from './random.ts';

/** Inputs stay below this; readers promise their bounds for files under 10 MB. */
const MOST_BYTES = 4_000_000;

/** What lengths, counts and varints read as something enormous, negative, or just beyond. */
const MAGIC: readonly (readonly number[])[] = [
  [0x00],
  [0x7f],
  [0x80],
  [0xff],
  [0x00, 0x00, 0x00, 0x00],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff],
  [0x00, 0x00, 0x00, 0x80],
  [0x00, 0xca, 0x9a, 0x3b],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xfe, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0x0d, 0x0a],
  [0x0a],
  [0x22],
  [0x22, 0x22, 0x22],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
];

const concat = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** A place, often among the first or the last bytes, where headers and indices stand. */
function place(bytes: Uint8Array, random: Random): number {
  const edge = Math.min(bytes.length, 64);
  const which = random.below(4);
  if (which === 0) return random.below(edge + 1);
  if (which === 1) return bytes.length - random.below(Math.min(bytes.length, 400) + 1);
  return random.below(bytes.length + 1);
}

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[Math.min(place(out, random), out.length - 1)] ^= 1 << random.below(8);
    return out;
  },
  function setByte(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[Math.min(place(out, random), out.length - 1)] = random.below(256);
    return out;
  },
  function nudgeByte(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[Math.min(place(out, random), out.length - 1)] += random.pick([1, 255, 2, 16]);
    return out;
  },
  function overwrite(bytes, random) {
    const out = bytes.slice();
    const magic = random.pick(MAGIC).slice(0, out.length);
    out.set(magic, Math.min(place(out, random), out.length - magic.length));
    return out;
  },
  function insert(bytes, random) {
    const at = place(bytes, random);
    return concat(bytes.subarray(0, at), Uint8Array.from(random.pick(MAGIC)), bytes.subarray(at));
  },
  function truncate(bytes, random) {
    return bytes.slice(0, place(bytes, random));
  },
  function behead(bytes, random) {
    return bytes.slice(random.below(Math.min(bytes.length, 64) + 1));
  },
  function remove(bytes, random) {
    const at = place(bytes, random);
    const length = 1 + random.below(random.chance(0.5) ? 8 : Math.max(1, bytes.length >> 2));
    return concat(bytes.subarray(0, at), bytes.subarray(at + length));
  },
  function repeat(bytes, random) {
    const at = place(bytes, random);
    const part = bytes.subarray(at, at + 1 + random.below(random.chance(0.7) ? 64 : bytes.length + 1));
    const times = random.chance(0.1) ? 1000 : 1 + random.below(20);
    const room = Math.max(1, Math.floor((MOST_BYTES - bytes.length) / Math.max(1, part.length)));
    const copies = new Array<Uint8Array>(Math.min(times, room)).fill(part);
    return concat(bytes.subarray(0, at), ...copies, bytes.subarray(at));
  },
  function shuffle(bytes, random) {
    const out = bytes.slice();
    const length = Math.min(out.length, 2 + random.below(32));
    const at = random.below(out.length - length + 1);
    for (let i = length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [out[at + i], out[at + j]] = [out[at + j], out[at + i]];
    }
    return out;
  },
  function splice(bytes, random, other) {
    return concat(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random)));
  },
  function copyWithin(bytes, random) {
    const out = bytes.slice();
    const length = random.below(64);
    return out.copyWithin(place(out, random), place(out, random), place(out, random) + length);
  },
  function noise(bytes, random) {
    const length = random.below(40);
    const at = place(bytes, random);
    const added = Uint8Array.from({ length }, () => random.below(256));
    return concat(bytes.subarray(0, at), added, bytes.subarray(at));
  },
];

/**
 * One mutation, now and then several.
 * @param other bytes to splice with: another seed's
 */
export function mutateBytes(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  let out = bytes;
  const count = random.chance(0.6) ? 1 : 1 + random.below(5);
  for (let i = 0; i < count; i++) out = random.pick(MUTATIONS)(out, random, other);
  return out.length > MOST_BYTES ? out.slice(0, MOST_BYTES) : out;
}
