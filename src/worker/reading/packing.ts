/** What a reader answers, as it travels between threads: weights that stay in their file as its parts. */
import type { Initializer } from '../../graph/source.ts';
import { BlobBytes } from '../../models/file-parts.ts';
import type { Model } from '../../models/model.ts';
import { WidenedBytes, type HalfType } from '../../onnx/widen.ts';
import type { ReadingTask, Readings } from './tasks.ts';

interface PackedBytes {
  blob: Blob;
  name: string;
  offset: number;
  length: number;
  /** What the file has, where that is half of what the model has. */
  half?: HalfType;
}

type PackedTensor = Omit<Initializer, 'bytes'> & { bytes: Uint8Array | PackedBytes };
export type PackedModel = Omit<Model, 'graph'> & {
  graph: Omit<Model['graph'], 'initializers'> & { initializers: Map<string, PackedTensor> };
};
export type Packed = Exclude<Readings[keyof Readings], Model> | PackedModel;

export function pack(task: ReadingTask, value: Readings[keyof Readings]): Packed {
  if (task.kind !== 'model') return value as Exclude<typeof value, Model>;
  const model = value as Model;
  const initializers = new Map(
    [...model.graph.initializers].map(([name, tensor]) => [name, { ...tensor, bytes: packBytes(tensor) }]),
  );
  return { ...model, graph: { ...model.graph, initializers } };
}

function packBytes({ name: tensor, bytes }: Initializer): Uint8Array | PackedBytes {
  if (bytes instanceof Uint8Array) return bytes;
  const stored = bytes instanceof WidenedBytes ? bytes.stored : bytes;
  if (!(stored instanceof BlobBytes)) throw new Error(`internal: ${tensor} cannot be handed over`);
  const { place: blob, name, offset, byteLength: length } = stored;
  return { blob, name, offset, length, ...(bytes instanceof WidenedBytes && { half: bytes.type }) };
}

/** On the other side. */
export function unpack(task: ReadingTask, value: Packed): Readings[keyof Readings] {
  if (task.kind !== 'model') return value as Exclude<Packed, PackedModel>;
  const model = value as PackedModel;
  const initializers = new Map(
    [...model.graph.initializers].map(([name, tensor]) => [
      name,
      { ...tensor, bytes: unpackBytes(tensor.bytes) },
    ]),
  );
  return { ...model, graph: { ...model.graph, initializers } };
}

function unpackBytes(bytes: PackedTensor['bytes']): Initializer['bytes'] {
  if (bytes instanceof Uint8Array) return bytes;
  const { blob, name, offset, length, half } = bytes;
  const stored = new BlobBytes(blob, name, offset, length);
  return half === undefined ? stored : new WidenedBytes(stored, half);
}

/** Buffers of an answer that nothing else needs: they change hands instead of being copied. */
export function buffersOf(task: ReadingTask, value: Packed): ArrayBuffer[] {
  if (task.kind !== 'model') return [];
  const tensors = (value as PackedModel).graph.initializers.values();
  const buffers = new Set(
    [...tensors].flatMap(({ bytes }) => (bytes instanceof Uint8Array ? [bytes.buffer] : [])),
  );
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}
