/** A mutated input: one file of a seed, by the structure that its name says it has, or by its bytes alone. */
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson, mutateJsonLines } from './mutate-json.ts';
import { mutateProtobuf } from './mutate-protobuf.ts';
import type { Random } from './random.ts';
import type { Files } from './reader.ts';

const encode = (text: string | null): Uint8Array | null =>
  text === null ? null : new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Mutates the JSON header of a safetensors file and writes its length anew; null where there is none. */
function mutateSafetensors(bytes: Uint8Array, random: Random): Uint8Array | null {
  if (bytes.length < 8) return null;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) return null;
  const header = encode(mutateJson(decode(bytes.subarray(8, 8 + length)), random));
  if (header === null) return null;
  const out = new Uint8Array(8 + header.length + bytes.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(bytes.subarray(8 + length), 8 + header.length);
  return out;
}

function structured(name: string, bytes: Uint8Array, random: Random): Uint8Array | null {
  if (/\.json$/.test(name)) return encode(mutateJson(decode(bytes), random));
  if (/\.jsonl$/.test(name)) return encode(mutateJsonLines(decode(bytes), random));
  if (/\.(onnx|pb)$/.test(name)) return mutateProtobuf(bytes, random);
  if (/\.safetensors$/.test(name)) return mutateSafetensors(bytes, random);
  return null;
}

/** Input `number` of a reader: a seed as it is, or with one of its files mutated, dropped or taken from another. */
export function mutated(seeds: readonly Files[], random: Random): Files {
  const seed = random.pick(seeds);
  const other = random.pick(seeds);
  const names = Object.keys(seed);
  const name = random.pick(names);
  const files: Files = { ...seed };
  const choice = random.next();
  if (names.length > 1 && choice < 0.02) {
    delete files[name];
    return files;
  }
  const partner = other[name] ?? Object.values(other)[0];
  if (choice < 0.05) {
    files[name] = partner;
    return files;
  }
  const inside = choice < 0.6 ? structured(name, seed[name], random) : null;
  files[name] = inside ?? mutateBytes(seed[name], random, partner);
  if (inside !== null && random.chance(0.1)) files[name] = mutateBytes(inside, random, partner);
  return files;
}
