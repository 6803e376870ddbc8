/** What the files of an adapter folder are called. */
import { inOnePiece, type FileInParts } from '../onnx/safetensors.ts';

export interface SavedFile {
  name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same piece by piece, for who writes it: `bytes` then puts them together each time they are looked at. */
  readonly inParts?: FileInParts;
}

/** A file that nobody holds as a whole until its bytes are asked for. */
export function savedInParts(name: string, inParts: FileInParts): SavedFile {
  return {
    name,
    inParts,
    get bytes() {
      return inOnePiece(inParts);
    },
  };
}

/** What to write of a file: pieces, where it has them. */
export function contentOf(file: SavedFile): Uint8Array<ArrayBuffer> | FileInParts {
  return file.inParts ?? file.bytes;
}

/** The same file in another folder. */
export function movedTo(folder: string, file: SavedFile): SavedFile {
  const name = `${folder}/${file.name}`;
  return file.inParts ? savedInParts(name, file.inParts) : { name, bytes: file.bytes };
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
