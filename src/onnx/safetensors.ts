/**
 * The safetensors format: a little-endian u64 header length, a JSON header that maps tensor names to
 * `{ dtype, shape, data_offsets }`, then the bytes. https://github.com/huggingface/safetensors
 */
import { parseJson } from '../json.ts';
import { StudioError } from '../errors.ts';
import { say, type Sentence, type SentenceValue } from '../sentence.ts';
import type { ElementType, HeldInitializer, Initializer } from '../graph/source.ts';
import { ELEMENT_BYTES, elementCount, heldBytes } from '../graph/tensor.ts';

const DTYPES: Readonly<Record<ElementType, string>> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float64: 'F64',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};
const TYPES = new Map(Object.entries(DTYPES).map(([type, dtype]) => [dtype, type as ElementType]));

/** The format's own limit on the header. */
const MAX_HEADER = 100_000_000;

export interface Safetensors<Tensor extends Initializer = HeldInitializer> {
  /** By name, in the order of their bytes. */
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
}

/** Reads a safetensors file, whose tensors are views into it; throws StudioError for one that is cut short or inconsistent. */
export function readSafetensors(bytes: Uint8Array, file: SentenceValue = 'model.safetensors'): Safetensors {
  const { places, metadata } = readPlaces(
    bytes.byteLength,
    (offset, length) => bytes.subarray(offset, offset + length),
    file,
  );
  const held = places.map(({ offset, length, ...tensor }): [string, HeldInitializer] => [
    tensor.name,
    { ...tensor, bytes: bytes.subarray(offset, offset + length) },
  ]);
  return { tensors: new Map(held), metadata };
}

/** A tensor and where in the file its bytes are. */
interface Place extends Omit<Initializer, 'bytes' | 'later'> {
  offset: number;
  length: number;
}

/**
 * What the header of a file says.
 * @param size of the whole file, in bytes
 * @param part reads some of it
 * @returns tensors in the order of their bytes
 * @throws StudioError('adapter-file') for a file that is cut short or inconsistent
 */
export function readPlaces(
  size: number,
  part: (offset: number, length: number) => Uint8Array,
  file: SentenceValue,
): { places: Place[]; metadata: Record<string, string> } {
  const fail = (why: Sentence): never => {
    throw new StudioError(
      'adapter-file',
      say`${file} is not a whole safetensors file: ${why}; save or download it again.`,
    );
  };
  if (size < 8) fail(say`it has ${size} bytes`);
  const first = part(0, 8);
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER) fail(say`it does not begin with a header length`);
  if (8 + length > size) fail(say`its header needs ${length} bytes and ${size - 8} are there`);
  const data = { begin: 8 + length, bytes: size - 8 - length };
  const text = part(8, length);
  let header: unknown;
  try {
    header = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    fail(say`its header is not JSON`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    fail(say`its header is not an object`);
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, unknown>;
  const places = Object.entries(entries).map(([name, entry]): Place => {
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    const type = typeof dtype === 'string' ? TYPES.get(dtype) : undefined;
    if (dtype === undefined) return fail(say`tensor ${name} has no dtype`);
    if (!type)
      return fail(
        say`tensor ${name} has dtype ${typeof dtype === 'string' ? dtype : JSON.stringify(dtype)}, which is not known here`,
      );
    if (!isSizes(shape)) return fail(say`tensor ${name} has no shape`);
    if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
      return fail(say`tensor ${name} has no place in the file`);
    const [begin, end] = offsets;
    if (end > data.bytes)
      return fail(say`tensor ${name} ends at byte ${end} of ${data.bytes}, so the file is cut short`);
    if (end - begin !== elementCount(shape) * ELEMENT_BYTES[type])
      return fail(
        say`tensor ${name} has ${end - begin} bytes, which is not ${DTYPES[type]} [${shape.join(', ')}]`,
      );
    return { name, type, dims: shape, offset: data.begin + begin, length: end - begin };
  });
  if (!isTexts(metadata)) return fail(say`its metadata are not texts by name`);
  places.sort((a, b) => a.offset - b.offset);
  return { places, metadata };
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && (v as number) >= 0);
}

/** A file that is never in memory as a whole. */
export interface FileInParts {
  /** Of the whole file. */
  byteLength: number;
  /** What it is made of, in order; may be gone through more than once. */
  parts: Iterable<Uint8Array<ArrayBuffer>>;
}

/** As `safetensorsInParts`, in one piece. */
export function writeSafetensors(
  tensors: Iterable<Initializer>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  return inOnePiece(safetensorsInParts(tensors, metadata));
}

export function inOnePiece({ byteLength, parts }: FileInParts): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(byteLength);
  let position = 0;
  for (const part of parts) {
    file.set(part, position);
    position += part.byteLength;
  }
  return file;
}

/**
 * Writes a safetensors file. Tensors are laid out by element size, then name, as the reference
 * implementation does, so that each is aligned; the header is padded with spaces to 8 bytes.
 * @returns the header and the tensors' own bytes, which are looked at one after the other, not copied
 */
export function safetensorsInParts(
  tensors: Iterable<Initializer>,
  metadata: Readonly<Record<string, string>> = {},
): FileInParts {
  const ordered = [...tensors].sort(
    (a, b) =>
      ELEMENT_BYTES[b.type] - ELEMENT_BYTES[a.type] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata);
  let offset = 0;
  for (const { name, type, dims } of ordered) {
    if (header.has(name)) throw new Error(`internal: tensor ${name} twice in one safetensors file`);
    const end = offset + elementCount(dims) * ELEMENT_BYTES[type];
    header.set(name, { dtype: DTYPES[type], shape: dims, data_offsets: [offset, end] });
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.byteLength / 8) * 8;
  const head = new Uint8Array(8 + length);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.fill(0x20, 8).set(json, 8);
  return {
    byteLength: head.byteLength + offset,
    parts: {
      *[Symbol.iterator]() {
        yield head;
        // Views, of a model's file too, are of memory that nobody shares.
        for (const tensor of ordered) yield heldBytes(tensor) as Uint8Array<ArrayBuffer>;
      },
    },
  };
}
