/** ONNX's numbers for element types, in both directions. */
import { TensorProto_DataType } from 'onnx-buf';
import type { ElementType } from '../graph/source.ts';

const CODES: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  bfloat16: TensorProto_DataType.BFLOAT16,
  float64: TensorProto_DataType.DOUBLE,
  int64: TensorProto_DataType.INT64,
  int32: TensorProto_DataType.INT32,
  int16: TensorProto_DataType.INT16,
  int8: TensorProto_DataType.INT8,
  uint64: TensorProto_DataType.UINT64,
  uint32: TensorProto_DataType.UINT32,
  uint16: TensorProto_DataType.UINT16,
  uint8: TensorProto_DataType.UINT8,
  bool: TensorProto_DataType.BOOL,
};

const TYPES = new Map(Object.entries(CODES).map(([type, code]) => [code as number, type as ElementType]));

/** The number ONNX gives an element type. */
export function elementTypeCode(type: ElementType): number {
  return CODES[type];
}

/** The element type of an ONNX number; undefined for strings, complex numbers, 8- and 4-bit floats, int4. */
export function elementTypeOf(code: number): ElementType | undefined {
  return TYPES.get(code);
}

/** ONNX's own name of a type number, for messages: `INT4`. */
export function elementTypeName(code: number): string {
  return TensorProto_DataType[code] ?? `type ${code}`;
}
