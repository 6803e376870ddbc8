/** Heads of several tasks in the folder of one adapter: a file each, with the names that one task's model has. */
import type { ReadableFolder } from '../models/files.ts';
import { readSafetensors, writeSafetensors } from '../onnx/safetensors.ts';
import { parseJson } from './adapter-layouts.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, type SavedFile } from './adapter-names.ts';

/** Where the head of a task lies. */
export const headFile = (task: string): string => `heads/${task}.safetensors`;

export async function hasHead(folder: ReadableFolder, task: string): Promise<boolean> {
  return (await folder.read(headFile(task))) !== undefined;
}

/** PEFT wraps models of virtual tokens once, others twice. */
const WRAPPED_ONCE = ['PROMPT_TUNING', 'P_TUNING', 'PREFIX_TUNING', 'MULTITASK_PROMPT_TUNING'];

/**
 * A PEFT folder of one task out of that of several: its head stands with the delta, as PEFT keeps it.
 * @param files of the adapter folder
 */
export async function oneTaskAdapter(
  files: readonly SavedFile[],
  folder: ReadableFolder,
  task: string,
): Promise<SavedFile[]> {
  const bytes = await folder.read(headFile(task));
  if (bytes === undefined) return [...files];
  const config = files.find(({ name }) => name === ADAPTER_CONFIG)!;
  const type = String(parseJson(config.bytes, ADAPTER_CONFIG)['peft_type']);
  const prefix = WRAPPED_ONCE.includes(type) ? 'base_model.' : 'base_model.model.';
  const head = readSafetensors(bytes, headFile(task));
  return files.map((file) => {
    if (file.name !== ADAPTER_WEIGHTS) return file;
    const { tensors, metadata } = readSafetensors(file.bytes, file.name);
    const own = [...head.tensors].map(([name, tensor]) => ({ ...tensor, name: `${prefix}${name}` }));
    return { name: file.name, bytes: writeSafetensors([...tensors.values(), ...own], { ...metadata }) };
  });
}
