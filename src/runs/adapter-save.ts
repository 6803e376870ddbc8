/**
 * Writes what a method trained: a PEFT folder where PEFT has the method, AdapterHub's for bottleneck adapters.
 * Otherwise our own layout:
 * `model.safetensors` with a `delta_config.json` that says the method with all its options and the base model.
 */
import { bakedValues } from '../deltas/bake.ts';
import type { Delta, FixedTensor } from '../deltas/delta.ts';
import type { Initializer } from '../graph/source.ts';
import { bytesOf, floatInitializer } from '../graph/tensor.ts';
import type { ExportTask } from '../models/classify.ts';
import { safetensorsInParts, type FileInParts } from '../onnx/safetensors.ts';
import { hubFiles } from './adapter-hub-files.ts';
import { fusionFiles } from './fusion-files.ts';
import { packTensors, type AdapterTensor } from './adapter-layout.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  BASE_HASH,
  DELTA_CONFIG,
  DELTA_FORMAT,
  ENCODER_WEIGHTS,
  MODEL_WEIGHTS,
  savedInParts,
  type SavedFile,
} from './adapter-names.ts';
import type { MethodSpec, Methods } from './spec-method.ts';

/** The model an adapter was trained on. */
export interface AdapterBase {
  /** SHA-256 of its weights. */
  hash: string;
  /** `model.source` of the spec. */
  source: string;
}

export interface AdapterOrigin {
  base?: AdapterBase;
  method?: MethodSpec;
  /** What the model was trained for: PEFT wraps it accordingly. A classifier where it is left out. */
  task?: ExportTask;
}

/** `delta_config.json`: of one method, or of a folder whose sub-folders hold methods or stages. */
export function deltaConfig(about: {
  method?: Methods;
  stages?: Methods[];
  folders?: string[];
  base?: AdapterBase;
}): SavedFile {
  const text = `${JSON.stringify({ format: DELTA_FORMAT, ...about }, null, 2)}\n`;
  return { name: DELTA_CONFIG, bytes: new TextEncoder().encode(text) };
}

/**
 * The files of an adapter folder.
 * @param tensors trained tensors by name, as stored in the graph
 * @param origin base model and method, which the files then name
 */
export function saveAdapter(
  delta: Delta,
  layout: readonly AdapterTensor[],
  tensors: ReadonlyMap<string, Float32Array>,
  { base, method, task }: AdapterOrigin = {},
): SavedFile[] {
  const all = new Map([...tensors, ...bakedValues(delta, tensors)]);
  const pack = (part: readonly AdapterTensor[], fixed: Delta['fixed'] = []): FileInParts =>
    packAdapter(part, all, base, fixed);
  if (delta.fused !== undefined)
    return fusionFiles(delta, layout, pack, (frozen) =>
      packAdapter(frozen, new Map(frozen.map(({ name, data }) => [name, data])), base),
    );
  if (delta.hubConfig !== undefined) return hubFiles(delta, layout, pack);
  const encoder = layout.filter(({ file }) => file.apart);
  const plain = layout.filter(({ file }) => !file.apart && !file.unsaved && !file.startOnly);
  const weights = pack([...(delta.baked ?? []), ...plain], delta.fixed);
  if (delta.peftConfig === null) {
    const file = savedInParts(MODEL_WEIGHTS, weights);
    return method === undefined ? [file] : [deltaConfig({ method: withoutStart(method), base }), file];
  }
  const config = `${JSON.stringify(peftConfig(delta.peftConfig, task), null, 2)}\n`;
  return [
    { name: ADAPTER_CONFIG, bytes: new TextEncoder().encode(config) },
    savedInParts(ADAPTER_WEIGHTS, weights),
    ...(encoder.length > 0 ? [savedInParts(ENCODER_WEIGHTS, pack(encoder))] : []),
  ];
}

/** Tensors as safetensors, with the base model that they belong to; made as the file is written. */
export function packAdapter(
  layout: readonly AdapterTensor[],
  tensors: ReadonlyMap<string, Float32Array>,
  base: AdapterBase | undefined,
  fixed: Delta['fixed'] = [],
): FileInParts {
  const trained = packTensors(layout, (name) => {
    const values = tensors.get(name);
    if (values === undefined) throw new Error(`internal: ${name} was not read back`);
    return values;
  });
  return safetensorsInParts([...trained, ...fixed.map(fixedInitializer)], {
    format: 'pt',
    ...(base && { base_model: base.source, [BASE_HASH]: base.hash }),
  });
}

function fixedInitializer({ file, dims, data, integers }: FixedTensor): Initializer {
  if (integers !== true) return floatInitializer(file, dims, data);
  return { name: file, type: 'int32', dims, bytes: bytesOf(Int32Array.from(data)) };
}

/** Where a run started from is no property of its adapter. */
function withoutStart(method: MethodSpec): MethodSpec {
  const { init: _init, initForce: _force, initWeights: _weights, initLike: _like, ...options } = method;
  return options;
}

/**
 * The method's fields with those every adapter has; PEFT fills in the rest with its defaults. It has no task
 * for masked language models: as feature extractors they get virtual tokens and nothing else.
 */
function peftConfig(
  method: Readonly<Record<string, unknown>>,
  task: ExportTask | undefined,
): Record<string, unknown> {
  const { peft_type, ...rest } = method;
  const taskType = { text2text: 'SEQ_2_SEQ_LM', maskedLm: 'FEATURE_EXTRACTION' }[task as string];
  return {
    peft_type,
    task_type: taskType ?? 'SEQ_CLS',
    base_model_name_or_path: null,
    inference_mode: true,
    // PEFT adds these two to every sequence classifier.
    ...(taskType === undefined && { modules_to_save: ['classifier', 'score'] }),
    ...rest,
  };
}
