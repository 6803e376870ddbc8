/** Writes what a run trained: a PEFT folder where PEFT has the method, `model.safetensors` otherwise. */
import type { Delta } from '../deltas/delta.ts';
import { writeSafetensors } from '../onnx/safetensors.ts';
import { packTensors, type AdapterTensor } from './adapter-layout.ts';

export interface SavedFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';
export const MODEL_WEIGHTS = 'model.safetensors';

/**
 * The files of an adapter folder.
 * @param tensors trained tensors by name, as stored in the graph
 * @param metadata goes into the file's header, for whoever wants to know the base
 */
export function saveAdapter(
  delta: Delta,
  layout: readonly AdapterTensor[],
  tensors: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>> = {},
): SavedFile[] {
  const stored = packTensors(layout, (name) => {
    const values = tensors.get(name);
    if (values === undefined) throw new Error(`internal: ${name} was not read back`);
    return values;
  });
  const weights = writeSafetensors(stored, { format: 'pt', ...metadata });
  if (delta.peftConfig === null) return [{ name: MODEL_WEIGHTS, bytes: weights }];
  const config = `${JSON.stringify(peftConfig(delta.peftConfig), null, 2)}\n`;
  return [
    { name: ADAPTER_CONFIG, bytes: new TextEncoder().encode(config) },
    { name: ADAPTER_WEIGHTS, bytes: weights },
  ];
}

/** The method's fields with those every adapter has; PEFT fills in the rest with its defaults. */
function peftConfig(method: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { peft_type, ...rest } = method;
  return {
    peft_type,
    task_type: 'SEQ_CLS',
    base_model_name_or_path: null,
    inference_mode: true,
    // PEFT adds these two to every sequence classifier.
    modules_to_save: ['classifier', 'score'],
    ...rest,
  };
}
