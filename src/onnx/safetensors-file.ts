/**
 * A safetensors file that is not read as a whole: its large tensors stay where they are, and each is read whenever
 * someone looks at it, into memory of its own.
 */
import type { Initializer, StoredBytes } from '../graph/source.ts';
import type { SentenceValue } from '../sentence.ts';
import { LARGE } from './large-tensors.ts';
import { readPlaces, readSafetensors, type Safetensors } from './safetensors.ts';

/** Files up to so many bytes are read at once. */
const SMALL = 2 ** 24;

interface StoredFile {
  /** Bytes. */
  readonly size: number;
  stored(offset: number, length: number): StoredBytes;
}

interface PartedFile {
  readonly size: number;
  stored?(offset: number, length: number): StoredBytes;
  part(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * @param name how messages name the file
 * @throws StudioError('adapter-file') for a file that is cut short or inconsistent, ('storage') for one that cannot be
 * read, now or when a tensor is looked at
 */
export function storedSafetensors(file: StoredFile, name: SentenceValue): Safetensors<Initializer> {
  const read = (offset: number, length: number): Uint8Array => file.stored(offset, length).read();
  if (file.size <= SMALL) return readSafetensors(read(0, file.size), name);
  const { places, metadata } = readPlaces(file.size, read, name);
  const tensors = places.map(({ offset, length, ...tensor }): [string, Initializer] => [
    tensor.name,
    { ...tensor, bytes: length >= LARGE ? file.stored(offset, length) : read(offset, length) },
  ]);
  return { tensors: new Map(tensors), metadata };
}

/** As `storedSafetensors`; where nothing can stay in the file, it is read whole. */
export async function openSafetensors(
  file: PartedFile,
  name: SentenceValue,
): Promise<Safetensors<Initializer>> {
  const { size } = file;
  if (file.stored === undefined) return readSafetensors(await file.part(0, size), name);
  return storedSafetensors({ size, stored: (offset, length) => file.stored!(offset, length) }, name);
}
