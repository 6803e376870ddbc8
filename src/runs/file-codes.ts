/**
 * Tensors that files keep in fewer bytes than floats (deltas/delta.ts, `FileCode`), as docs/file-formats.md says:
 *
 *   bits      `NAME`, U8 [⌈n/8⌉]: bit i of the row-major tensor is bit i mod 8 of byte ⌊i/8⌋, 1 where it is kept
 *   nonzero   `NAME.indices`, I32 [k] rising flat places of the row-major tensor, and `NAME.values`, F32 [k]
 */
import type { FileCode } from '../deltas/delta.ts';
import type { Initializer } from '../graph/source.ts';
import { bytesOf, floatInitializer, floatsOf, heldBytes, numbersOf } from '../graph/tensor.ts';
import { say, type Sentence } from '../sentence.ts';

const names = (name: string, { kind }: FileCode): string[] =>
  kind === 'bits' ? [name] : [`${name}.indices`, `${name}.values`];

/** The file's tensors of one of ours, in the file's own orientation. */
export function encodeTensor(code: FileCode, name: string, data: Float32Array): Initializer[] {
  if (code.kind === 'bits') {
    const bits = new Uint8Array(Math.ceil(data.length / 8));
    data.forEach((v, i) => (bits[i >> 3] |= (v > Math.fround(code.above) ? 1 : 0) << (i & 7)));
    return [{ name, type: 'uint8', dims: [bits.length], bytes: bits }];
  }
  const indices = Int32Array.from(Array.from(data.keys()).filter((i) => data[i] !== 0));
  const values = Float32Array.from(indices, (i) => data[i]);
  const [places, numbers] = names(name, code);
  return [
    { name: places, type: 'int32', dims: [indices.length], bytes: bytesOf(indices) },
    floatInitializer(numbers, [values.length], values),
  ];
}

export interface Decoded {
  /** Names of the file's tensors that it stands in. */
  used: string[];
  /** Absent where the file has not all of them. */
  values?: Float32Array;
  /** What is wrong with them, a part of a sentence. */
  problem?: Sentence;
}

/** @param count elements of the whole tensor */
export function decodeTensor(
  code: FileCode,
  name: string,
  count: number,
  tensors: ReadonlyMap<string, Initializer>,
): Decoded {
  const used = names(name, code);
  const found = used.map((part) => tensors.get(part));
  const [first, second] = found;
  if (!first || (used.length > 1 && !second)) return { used };
  if (code.kind === 'bits') {
    const bytes = Math.ceil(count / 8);
    if (first.type !== 'uint8' || first.dims.join() !== `${bytes}`)
      return {
        used,
        problem: say`has ${name} of type ${first.type} and shape [${first.dims.join(', ')}] where uint8 [${bytes}] is needed`,
      };
    const bits = heldBytes(first);
    // How far scores were from the threshold is not kept.
    const value = (i: number): number =>
      code.above + ((bits[i >> 3] >> (i & 7)) & 1 ? code.margin : -code.margin);
    return { used, values: Float32Array.from({ length: count }, (_, i) => value(i)) };
  }
  const indices = numbersOf(first);
  const numbers = floatsOf(second!);
  if (first.type !== 'int32' || indices.length !== numbers.length)
    return { used, problem: say`has ${indices.length} indices and ${numbers.length} values of ${name}` };
  const values = new Float32Array(count);
  let before = -1;
  for (const [k, at] of indices.entries()) {
    if (at <= before || at >= count)
      return {
        used,
        problem: say`has index ${at} of ${name}, which is not a place of its own among ${count}`,
      };
    values[at] = numbers[k];
    before = at;
  }
  return { used, values };
}
