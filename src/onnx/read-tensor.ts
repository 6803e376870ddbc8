/** TensorProto → Initializer: raw bytes as a view, typed fields as a copy, external data by file. */
import { TensorProto_DataLocation } from 'onnx-buf';
import type { TensorProto } from 'onnx-buf';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { ElementType, Initializer } from '../graph/source.ts';
import { bytesOf, checkTensorSize } from '../graph/tensor.ts';
import { elementTypeName, elementTypeOf } from './types.ts';

/** Bytes of a file named by external data, relative to the model's folder. */
export type ExternalData = (location: string) => Uint8Array | undefined;

/** What the readers of one file need everywhere in it. */
export interface ReadContext {
  /** Name of the file, for messages. */
  file: string;
  external: ExternalData;
}

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
  const external = proto.dataLocation === TensorProto_DataLocation.EXTERNAL;
  const bytes = external ? externalBytes(proto, name, context) : ownBytes(proto, type);
  const tensor = { name, type, dims: proto.dims.map(Number), bytes };
  checkTensorSize(tensor, file);
  return tensor;
}

function externalBytes(proto: TensorProto, name: string, { file, external }: ReadContext): Uint8Array {
  const entries = new Map(proto.externalData.map((e) => [e.key, e.value]));
  const location = entries.get('location') ?? '';
  const data = external(location);
  if (!data)
    throw new StudioError(
      'model',
      say`${file} keeps its weights in ${location || say`a file it does not name`}, which is missing; put that file beside it.`,
      { where: name },
    );
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : data.byteLength - offset;
  if (offset + length > data.byteLength)
    throw new StudioError(
      'model',
      say`${location} is cut short: tensor ${name} of ${file} ends at byte ${offset + length} of ${data.byteLength}; download it again.`,
      { where: name },
    );
  return data.subarray(offset, offset + length);
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
