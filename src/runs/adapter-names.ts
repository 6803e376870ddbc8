/** What the files of an adapter folder are called. */
export interface SavedFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';
/** As PEFT wrote it before 0.7, and writes it with safe_serialization=False. */
export const PICKLED_WEIGHTS = 'adapter_model.bin';
/** Beside the adapter: an encoder of virtual tokens, for who trains on. */
export const ENCODER_WEIGHTS = 'encoder.safetensors';
export const MODEL_WEIGHTS = 'model.safetensors';
export const DELTA_CONFIG = 'delta_config.json';
export const DELTA_FORMAT = 1;
/** Where a weights file says in its header which base model it belongs to. */
export const BASE_HASH = 'base_model_hash';
