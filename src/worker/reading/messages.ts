/** Between the engine and the worker that reads for it. */
import type { PackedError } from '../../errors.ts';
import type { Packed } from './packing.ts';
import type { ReadingTask } from './tasks.ts';

export type ToReader =
  | { type: 'hello'; lock: string }
  | { type: 'task'; id: number; task: ReadingTask }
  /** To `ask`. */
  | { type: 'answer'; ask: number; value?: unknown; error?: PackedError };

export type FromReader =
  /** It holds the lock, which is free again when it has ended. */
  | { type: 'alive' }
  | { type: 'done'; id: number; value: Packed }
  | { type: 'failed'; id: number; error: PackedError }
  /** Files of the model being read. */
  | { type: 'ask'; ask: number; call: 'list' }
  | { type: 'ask'; ask: number; call: 'read' | 'open'; name: string };

/** An opened file: what it is read from, or all of its bytes. */
export type OpenedFile = { blob: Blob } | { bytes: Uint8Array };

/** A worker, or what stands for it in tests. */
export interface ReaderPort {
  postMessage(message: ToReader, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: { data: FromReader }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}
