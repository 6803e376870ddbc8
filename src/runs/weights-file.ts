/** The weights of an adapter's folder. */
import type { Initializer } from '../graph/source.ts';
import { openParts, type ReadableFolder } from '../models/files.ts';
import type { Safetensors } from '../onnx/safetensors.ts';
import { openSafetensors } from '../onnx/safetensors-file.ts';

/**
 * A safetensors file of a folder, whose large tensors are read when they are looked at.
 * @param where how messages name the file
 * @returns undefined where there is no such file
 * @throws StudioError('adapter-file') for one that is cut short or inconsistent
 */
export async function openWeights(
  folder: ReadableFolder,
  name: string,
  where: string,
): Promise<Safetensors<Initializer> | undefined> {
  const file = await openParts(folder, name);
  return file && openSafetensors(file, where);
}
