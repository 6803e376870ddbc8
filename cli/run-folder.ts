/**
 * The folder of a run: `metrics.jsonl` and `checkpoint.safetensors` as it trains, `run.json` and `adapter/` when
 * it has ended. At any moment what is on the disk is enough to go on from, or to use.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SavedFile } from '../src/runs/adapter-names.ts';
import { writeCheckpoint } from '../src/runs/checkpoint-file.ts';
import { writtenRecord, type RunRecord } from '../src/runs/record.ts';
import type { StagedCheckpoint } from '../src/train/checkpoint.ts';
import type { RunEvent } from '../src/train/events.ts';
import {
  clearUnfinished,
  syncFolder,
  writeAt,
  writeFolder,
  writeJson,
  writeWhole,
  writing,
} from './whole-file.ts';

export const METRICS_NAME = 'metrics.jsonl';
export const CHECKPOINT_NAME = 'checkpoint.safetensors';
export const RECORD_NAME = 'run.json';
export const ADAPTER_NAME = 'adapter';

/** Note in a checkpoint: how many events the run had told. */
export const EVENTS_NOTE = 'events';

export class RunFolder {
  readonly folder: string;
  /** All of the run's, in order. */
  readonly events: RunEvent[];
  #handle: number | null = null;
  /** How many events are in the file, and the bytes they take. */
  #written = 0;
  #bytes = 0;

  /** @param events what the run has told before, where it goes on */
  constructor(folder: string, events: readonly RunEvent[] = []) {
    this.folder = folder;
    this.events = [...events];
  }

  /** Makes the folder, with what was told so far. @throws StudioError('storage') */
  open(): void {
    const { folder } = this;
    const file = path.join(folder, METRICS_NAME);
    const text = this.events.map(eventLine).join('');
    writing(folder, () => {
      mkdirSync(folder, { recursive: true });
      clearUnfinished(folder);
    });
    writeWhole(file, text);
    this.#handle = writing(file, () => openSync(file, 'r+'));
    this.#written = this.events.length;
    this.#bytes = new TextEncoder().encode(text).byteLength;
  }

  /**
   * Takes an event in, and writes it at once where the folder is open.
   * @throws StudioError('storage'); the event is then written with the next
   */
  add(event: RunEvent): void {
    this.events.push(event);
    if (this.#handle !== null) this.#append(this.#handle);
  }

  #append(handle: number): void {
    const lines = this.events.slice(this.#written).map(eventLine).join('');
    const bytes = new TextEncoder().encode(lines);
    writing(path.join(this.folder, METRICS_NAME), () => {
      try {
        writeAt(handle, bytes, this.#bytes);
      } catch (error) {
        ftruncateSync(handle, this.#bytes);
        throw error;
      }
    });
    this.#written = this.events.length;
    this.#bytes += bytes.byteLength;
  }

  /** Everything told so far is on the disk when this returns. */
  #flush(): void {
    const handle = this.#handle;
    if (handle === null) throw new Error('internal: the folder of the run is not open');
    this.#append(handle);
    writing(path.join(this.folder, METRICS_NAME), () => fsyncSync(handle));
  }

  /** @throws StudioError('storage'); the checkpoint before it is then still there */
  keep(state: StagedCheckpoint): void {
    this.#flush();
    const bytes = writeCheckpoint(state, { [EVENTS_NOTE]: String(this.events.length) });
    writeWhole(path.join(this.folder, CHECKPOINT_NAME), bytes);
  }

  /**
   * The run has ended.
   * @param resumable keeps its checkpoint
   * @throws StudioError('storage')
   */
  finish(record: RunRecord, adapter: readonly SavedFile[] | null, resumable: boolean): void {
    this.#flush();
    const { folder } = this;
    if (adapter !== null) writeFolder(path.join(folder, ADAPTER_NAME), adapter, true);
    writeJson(path.join(folder, RECORD_NAME), writtenRecord(record));
    if (!resumable) dropCheckpoint(folder);
    this.close();
  }

  /** Lets go of the file, and of the events. */
  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
    this.events.length = 0;
  }
}

export function dropCheckpoint(folder: string): void {
  const file = path.join(folder, CHECKPOINT_NAME);
  if (!existsSync(file)) return;
  writing(file, () => {
    rmSync(file);
    syncFolder(folder);
  });
}

function eventLine(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}
