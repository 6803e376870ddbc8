/** What the runs of a folder have become: read where a command goes on with them. */
import { parseJson } from '../src/json.ts';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { storedCheckpoint } from '../src/runs/checkpoint-file.ts';
import { readRecord, type RunRecord } from '../src/runs/record.ts';
import type { RunSummary } from '../src/runs/summary.ts';
import type { StagedCheckpoint } from '../src/train/checkpoint.ts';
import type { RunEvent } from '../src/train/events.ts';
import { ADAPTER_NAME, CHECKPOINT_NAME, EVENTS_NOTE, METRICS_NAME, RECORD_NAME } from './run-folder.ts';
import { storedFile } from './file-parts.ts';

export type EarlierRun =
  | { kind: 'ended'; record: RunRecord }
  /** Goes on from a checkpoint; `events` are those up to it. */
  | { kind: 'checkpoint'; state: StagedCheckpoint; events: RunEvent[] }
  /** Begins; `why` says what became of a checkpoint that cannot be used. */
  | { kind: 'fresh'; why?: string };

/** Does a run that came out so have nothing left to do? */
export function hasEnded(reason: RunSummary['reason']): boolean {
  return reason === 'completed' || reason === 'earlyStopped' || reason === 'nonFinite';
}

/** @param folder of the run; need not be there */
export function earlierRun(folder: string): EarlierRun {
  const record = recordOf(folder);
  if (record !== null && hasEnded(record.summary.reason)) return { kind: 'ended', record };
  const file = path.join(folder, CHECKPOINT_NAME);
  if (!existsSync(file)) return { kind: 'fresh' };
  try {
    const { state, notes } = storedCheckpoint(storedFile(file));
    const count = Number(notes[EVENTS_NOTE]);
    const events = readEvents(folder);
    if (!Number.isInteger(count) || events.length < count) {
      return { kind: 'fresh', why: `${file} has no events beside it` };
    }
    return { kind: 'checkpoint', state, events: events.slice(0, count) };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { kind: 'fresh', why: `${file} cannot be read` };
  }
}

/** A run that says it has ended, with all it left; null for any other. */
function recordOf(folder: string): RunRecord | null {
  const file = path.join(folder, RECORD_NAME);
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  let spec: RunRecord['spec'];
  try {
    ({ spec } = readRecord(text, file));
  } catch {
    return null;
  }
  const record = { ...(parseJson(text) as RunRecord), spec };
  const whole = record.adapterStep === null || existsSync(path.join(folder, ADAPTER_NAME));
  return whole && typeof record.summary?.reason === 'string' ? record : null;
}

/** A run's events. A last line that was cut off is none. */
export function readEvents(folder: string): RunEvent[] {
  const file = path.join(folder, METRICS_NAME);
  if (!existsSync(file)) return [];
  const events: RunEvent[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      events.push(parseJson(line) as RunEvent);
    } catch {
      break;
    }
  }
  return events;
}
