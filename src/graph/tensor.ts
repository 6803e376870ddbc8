/**
 * Helpers over `Initializer`: typed views of its bytes, and initializers made from numbers.
 * ONNX and safetensors are little-endian, as is every host WebGPU runs on.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { ElementType, HeldInitializer, Initializer, StoredBytes } from './source.ts';

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

const FLOAT_TYPES: ReadonlySet<ElementType> = new Set(['float32', 'float16', 'bfloat16', 'float64']);

/** True for the four floating-point types. */
export function isFloatType(type: ElementType): boolean {
  return FLOAT_TYPES.has(type);
}

/** Product of dims; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A tensor's bytes: those in memory, or a copy read from where they lie. @throws StudioError as their `read` */
export function heldBytes({ bytes }: Pick<Initializer, 'bytes'>): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : bytes.read();
}

/** What a tensor's bytes are a part of, and where in it: equal for those that share them. */
export function placeOfBytes(bytes: Uint8Array | StoredBytes): { place: object; offset: number } {
  return bytes instanceof Uint8Array ? { place: bytes.buffer, offset: bytes.byteOffset } : bytes;
}

/** The bits of an IEEE half as a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The largest half. */
export const LARGEST_HALF = 65504;

/** Whether all of them round to a half: finite, and none beyond the largest. */
export const fitHalves = (numbers: ArrayLike<number>): boolean => {
  for (let i = 0; i < numbers.length; i++) if (!(Math.abs(numbers[i]) < LARGEST_HALF + 16)) return false;
  return true;
};

/** The bits of the nearest halves, of two as near the even one; what is too large becomes the largest. */
export function halvesFrom(numbers: ArrayLike<number>): Uint16Array {
  const floats = Float32Array.from(numbers);
  const bits = new Uint32Array(floats.buffer);
  const result = new Uint16Array(floats.length);
  const sum = new Float32Array(1);
  const sumBits = new Uint32Array(sum.buffer);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const magnitude = bits[i] & 0x7fffffff;
    let half: number;
    if (magnitude > 0x7f800000) half = 0x7e00;
    else if (magnitude >= 0x477fe000) half = 0x7bff;
    else if (magnitude >= 0x38800000)
      half = (magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13;
    else {
      // Subnormal: beside a half the float's last place is the half's.
      sum[0] = Math.abs(floats[i]) + 0.5;
      half = sumBits[0] - 0x3f000000;
    }
    result[i] = sign | half;
  }
  return result;
}

let everyHalf: Float32Array | null = null;

function halves(): Float32Array {
  everyHalf ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToNumber(bits));
  return everyHalf;
}

/** `bytes` from an address that is a multiple of `alignment`: the same memory when it already is. */
function aligned(bytes: Uint8Array, alignment: number): Uint8Array {
  // Not `slice`, which on a Node Buffer shares memory.
  return bytes.byteOffset % alignment === 0 ? bytes : new Uint8Array(bytes);
}

type TypedArrayConstructor<T> = new (buffer: ArrayBufferLike, offset: number, length: number) => T;

/** A typed view of `bytes`: zero-copy when their address is aligned for it, else over a copy. */
function view<T>(constructor: TypedArrayConstructor<T>, size: number, bytes: Uint8Array): T {
  const source = aligned(bytes, size);
  return new constructor(source.buffer, source.byteOffset, Math.floor(source.byteLength / size));
}

/**
 * The elements as f32. Zero-copy for aligned float32 (then it is a view of the file: do not write to
 * it), otherwise a converted copy. Integers and booleans convert too.
 */
export function floatsOf(tensor: Initializer): Float32Array {
  switch (tensor.type) {
    case 'float32':
      return view(Float32Array, 4, heldBytes(tensor));
    case 'float16': {
      const bits = view(Uint16Array, 2, heldBytes(tensor));
      const floats = new Float32Array(bits.length);
      // Large tensors by a table of all 65,536 halves, ten times as fast.
      const table = bits.length > 4096 ? halves() : null;
      for (let i = 0; i < bits.length; i++) floats[i] = table ? table[bits[i]] : halfToNumber(bits[i]);
      return floats;
    }
    case 'bfloat16': {
      const bits = view(Uint16Array, 2, heldBytes(tensor));
      return new Float32Array(Uint32Array.from(bits, (b) => b << 16).buffer);
    }
    default:
      return Float32Array.from(numbersOf(tensor));
  }
}

/** The elements in memory that nobody else has. */
export function ownFloats(tensor: Initializer): Float32Array {
  // What lies in a file is read anew each time.
  const { bytes } = tensor;
  const floats = floatsOf({ ...tensor, bytes });
  return tensor.type === 'float32' && bytes instanceof Uint8Array ? floats.slice() : floats;
}

/**
 * The elements as numbers, of any type. 64-bit integers beyond 2^53 lose their low bits, which only
 * concerns sentinels such as Slice's `end = 2^63 − 1`.
 */
export function numbersOf(tensor: Initializer): number[] {
  const { type } = tensor;
  if (type === 'float32' || type === 'float16' || type === 'bfloat16') return Array.from(floatsOf(tensor));
  const bytes = heldBytes(tensor);
  switch (type) {
    case 'float64':
      return Array.from(view(Float64Array, 8, bytes));
    case 'int64':
      return Array.from(view(BigInt64Array, 8, bytes), Number);
    case 'uint64':
      return Array.from(view(BigUint64Array, 8, bytes), Number);
    case 'int32':
      return Array.from(view(Int32Array, 4, bytes));
    case 'uint32':
      return Array.from(view(Uint32Array, 4, bytes));
    case 'int16':
      return Array.from(view(Int16Array, 2, bytes));
    case 'uint16':
      return Array.from(view(Uint16Array, 2, bytes));
    case 'int8':
      return Array.from(view(Int8Array, 1, bytes));
    case 'uint8':
    case 'bool':
      return Array.from(bytes);
  }
}

/** An initializer over `data`, whose memory it shares. Throws when dims and data disagree. */
export function floatInitializer(name: string, dims: readonly number[], data: Float32Array): HeldInitializer {
  if (elementCount(dims) !== data.length)
    throw new Error(`internal: ${name} has ${data.length} values for dims [${dims.join(', ')}]`);
  return { name, type: 'float32', dims: [...dims], bytes: bytesOf(data) };
}

/** An int64 initializer, as shapes, axes and indices are in ONNX. `dims` defaults to one axis. */
export function intInitializer(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): HeldInitializer {
  if (elementCount(dims) !== values.length)
    throw new Error(`internal: ${name} has ${values.length} values for dims [${dims.join(', ')}]`);
  return {
    name,
    type: 'int64',
    dims: [...dims],
    bytes: bytesOf(BigInt64Array.from(values, (v) => BigInt(v))),
  };
}

/** A f32 scalar. */
export function scalarInitializer(name: string, value: number): HeldInitializer {
  return floatInitializer(name, [], Float32Array.of(value));
}

/** The memory of a typed array as bytes. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** True when two tensors have the same type, dims and bits. Those that share their bytes cost nothing. */
export function sameTensor(a: Initializer, b: Initializer): boolean {
  if (a.type !== b.type || a.dims.length !== b.dims.length || a.dims.some((dim, i) => dim !== b.dims[i]))
    return false;
  if (a.bytes.byteLength !== b.bytes.byteLength) return false;
  const [one, other] = [a, b].map(({ bytes }) => placeOfBytes(bytes));
  if (one.place === other.place && one.offset === other.offset) return true;
  return sameBytes(heldBytes(a), heldBytes(b));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The transpose [columns, rows] of a row-major [rows, columns] matrix. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c];
  return out;
}

/** Throws a StudioError when the bytes of a tensor are not as many as its dims say. */
export function checkTensorSize(tensor: Initializer, file: string): void {
  const expected = elementCount(tensor.dims) * ELEMENT_BYTES[tensor.type];
  if (tensor.bytes.byteLength === expected) return;
  throw new StudioError(
    'model',
    say`${file}: tensor ${tensor.name} should have ${expected} bytes (${tensor.type} [${tensor.dims.join(', ')}]) but has ${tensor.bytes.byteLength}; the file is damaged or incomplete, download it again.`,
    { where: tensor.name },
  );
}
