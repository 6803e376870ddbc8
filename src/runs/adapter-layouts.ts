/**
 * Whose layout an adapter folder has. PEFT and AdapterHub both call their description `adapter_config.json`;
 * PEFT's has `peft_type`, AdapterHub's a `config`. Ours is `delta_config.json`.
 */
import { parseJson as parsed } from '../json.ts';
import type { ReadableFolder } from '../models/files.ts';
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import { findFusion } from './fusion-files.ts';
import { readTorchFile } from '../onnx/torch-file.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, DELTA_CONFIG, PICKLED_WEIGHTS } from './adapter-names.ts';
import { openWeights } from './weights-file.ts';

export type Layout = 'peft' | 'adapterHub' | 'fusion' | 'own';

/** How messages call them. */
export const LAYOUT_NAMES: Readonly<Record<Layout, Sentence>> = {
  peft: say`a PEFT adapter`,
  adapterHub: say`an AdapterHub adapter`,
  fusion: say`an AdapterHub fusion`,
  own: say`a delta of this studio`,
};

/** The description of an adapter folder; null when it has none. @throws StudioError('adapter-file') for broken JSON */
export async function describeFolder(
  folder: ReadableFolder,
  label: string,
): Promise<{ layout: Layout; config: Record<string, unknown>; where: string } | null> {
  const shared = await folder.read(ADAPTER_CONFIG);
  if (shared !== undefined) {
    const where = `${label}/${ADAPTER_CONFIG}`;
    const config = parseJson(shared, where);
    const hub = config['peft_type'] === undefined && typeof config['config'] === 'object';
    return { layout: hub ? 'adapterHub' : 'peft', config, where };
  }
  const fusion = await findFusion(folder, label);
  if (fusion !== null) return { layout: 'fusion', config: fusion.config, where: fusion.where };
  const own = await folder.read(DELTA_CONFIG);
  if (own === undefined) return null;
  const where = `${label}/${DELTA_CONFIG}`;
  return { layout: 'own', config: parseJson(own, where), where };
}

/** Names of the tensors of a PEFT folder; none where it has no weights. @throws StudioError('adapter-file') for broken files */
export async function adapterTensorNames(folder: ReadableFolder, label: string): Promise<string[]> {
  const read = await openWeights(folder, ADAPTER_WEIGHTS, `${label}/${ADAPTER_WEIGHTS}`);
  if (read !== undefined) return [...read.tensors.keys()];
  const pickled = await folder.read(PICKLED_WEIGHTS);
  return pickled === undefined ? [] : [...readTorchFile(pickled, `${label}/${PICKLED_WEIGHTS}`).keys()];
}

export function parseJson(bytes: Uint8Array, where: string): Record<string, unknown> {
  try {
    const value: unknown = parsed(new TextDecoder().decode(bytes));
    return (value ?? {}) as Record<string, unknown>;
  } catch (cause) {
    throw new StudioError('adapter-file', say`${where} is not valid JSON; save the adapter again`, {
      where,
      cause,
    });
  }
}
