/** TensorProto → Initializer: raw bytes as a view, typed fields as a copy, external data by file. */
import { TensorProto_DataLocation } from 'onnx-buf';
import type { TensorProto } from 'onnx-buf';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { ElementType, Initializer, StoredBytes } from '../graph/source.ts';
import { bytesOf, checkTensorSize, ELEMENT_BYTES, elementCount } from '../graph/tensor.ts';
import { elementTypeName, elementTypeOf } from './types.ts';

/** A file named by external data, relative to the model's folder: whole, or the parts of it that were read. */
export type ExternalData = (location: string) => Uint8Array | ExternalParts | undefined;

export interface ExternalParts {
  /** Bytes of the whole file. */
  readonly size: number;
  part(offset: number, length: number): Uint8Array | StoredBytes;
}

/** What the readers of one file need everywhere in it. */
export interface ReadContext {
  /** Name of the file, for messages. */
  file: string;
  external: ExternalData;
}

/** Axes of a tensor, and the length of one: more than any has, and few enough to count with. */
const MOST_AXES = 64;
const MOST_ELEMENTS = 2 ** 40;

/** Reads one tensor; throws StudioError when its data is missing, of another size or of a type we lack. */
export function readTensor(proto: TensorProto, context: ReadContext, name = proto.name): Initializer {
  const { file } = context;
  const type = elementTypeOf(proto.dataType);
  if (!type)
    throw new StudioError(
      'unsupported',
      say`${file}: tensor ${name} is stored as ${elementTypeName(proto.dataType)}, which cannot be trained on; use the float32 or float16 export of the model.`,
      { where: name },
    );
  const dims = proto.dims.map(Number);
  if (dims.length > MOST_AXES || dims.some((n) => n < 0 || n > MOST_ELEMENTS))
    throw new StudioError(
      'model',
      say`${file}: tensor ${name} is said to have the shape [${dims.slice(0, 8).join(', ')}${dims.length > 8 ? ', …' : ''}], which none has, so the file is damaged; export the model again.`,
      { where: name },
    );
  const external = proto.dataLocation === TensorProto_DataLocation.EXTERNAL;
  const bytes = external ? externalBytes(proto, name, context) : ownBytes(proto, type);
  const tensor = { name, type, dims, bytes };
  checkTensorSize(tensor, file);
  return tensor;
}

function externalBytes(
  proto: TensorProto,
  name: string,
  { file, external }: ReadContext,
): Uint8Array | StoredBytes {
  const entries = new Map(proto.externalData.map((e) => [e.key, e.value]));
  const location = entries.get('location') ?? '';
  const data = external(location);
  if (!data)
    throw new StudioError(
      'model',
      say`${file} keeps its weights in ${location || say`a file it does not name`}, which is missing; put that file beside it.`,
      { where: name },
    );
  const { offset, length } = externalRange(proto, name, file);
  const size = data instanceof Uint8Array ? data.byteLength : data.size;
  if (offset + length > size)
    throw new StudioError(
      'model',
      say`${location} is cut short: tensor ${name} of ${file} ends at byte ${offset + length} of ${size}; download it again.`,
      { where: name },
    );
  return data instanceof Uint8Array ? data.subarray(offset, offset + length) : data.part(offset, length);
}

/**
 * Where a tensor lies in its file, which may be beyond 4 GiB. Without a length it is as long as its shape says.
 * @throws StudioError('model') for an offset or a length that is none, or a length other than the shape's
 */
export function externalRange(
  proto: TensorProto,
  name: string,
  file: string,
): { location: string; offset: number; length: number } {
  const entries = new Map(proto.externalData.map((entry) => [entry.key, entry.value]));
  const type = elementTypeOf(proto.dataType);
  // A type that we lack is refused by its name where the tensor is read.
  if (!type) return { location: entries.get('location') ?? '', offset: 0, length: 0 };
  const expected = elementCount(proto.dims.map(Number)) * ELEMENT_BYTES[type];
  const [offset, length] = [entries.get('offset') ?? '0', entries.get('length') ?? String(expected)].map(
    (text) => (/^\d{1,15}$/.test(text) ? Number(text) : NaN),
  );
  if (Number.isNaN(offset) || length !== expected)
    throw new StudioError(
      'model',
      say`${file}: tensor ${name} is said to lie at byte ${entries.get('offset') ?? '0'} with ${entries.get('length') ?? String(expected)} bytes where its shape needs ${expected}, so the file is damaged; export the model again.`,
      { where: name },
    );
  return { location: entries.get('location') ?? '', offset, length };
}

function ownBytes(proto: TensorProto, type: ElementType): Uint8Array {
  if (proto.rawData.byteLength > 0) return proto.rawData;
  // Typed fields: the specification packs every small integer, bool and half into int32_data.
  switch (type) {
    case 'float32':
      return bytesOf(Float32Array.from(proto.floatData));
    case 'float64':
      return bytesOf(Float64Array.from(proto.doubleData));
    case 'int64':
      return bytesOf(BigInt64Array.from(proto.int64Data));
    case 'uint64':
      return bytesOf(BigUint64Array.from(proto.uint64Data));
    case 'uint32':
      return bytesOf(Uint32Array.from(proto.uint64Data, Number));
    case 'int32':
      return bytesOf(Int32Array.from(proto.int32Data));
    case 'int16':
      return bytesOf(Int16Array.from(proto.int32Data));
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return bytesOf(Uint16Array.from(proto.int32Data));
    case 'int8':
      return bytesOf(Int8Array.from(proto.int32Data));
    case 'uint8':
    case 'bool':
      return Uint8Array.from(proto.int32Data);
  }
}
