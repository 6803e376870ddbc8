/** Between the engine and the worker that reads for it. */
import type { PackedError } from '../../errors.ts';
import type { ReadingTask, Readings } from './tasks.ts';

export type ToReader =
  | { type: 'hello'; lock: string }
  | { type: 'task'; id: number; task: ReadingTask }
  /** To `ask`. */
  | { type: 'answer'; ask: number; value?: unknown; error?: PackedError };

export type FromReader =
  /** It holds the lock, which is free again when it has ended. */
  | { type: 'alive' }
  | { type: 'done'; id: number; value: Readings[keyof Readings] }
  | { type: 'failed'; id: number; error: PackedError }
  /** Files of the model being read. */
  | { type: 'ask'; ask: number; call: 'list' }
  | { type: 'ask'; ask: number; call: 'read'; name: string };

/** A worker, or what stands for it in tests. */
export interface ReaderPort {
  postMessage(message: ToReader, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: { data: FromReader }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}
