/** What stands where a command is to write: nothing, a run of ours, or something that is not ours to touch. */
import { parseJson } from '../src/json.ts';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readRecord } from '../src/runs/record.ts';
import { LOCK_NAME } from './folder-lock.ts';
import { isSessionText, SESSION_NAME } from './session-file.ts';
import { isUnfinished } from './whole-file.ts';

export type Contents =
  | { kind: 'absent' | 'empty' | 'run' }
  /** `found` is one of the names that are not ours; empty where the place itself is no folder. */
  | { kind: 'other'; found: string };

/** What systems put into folders by themselves. */
const DROPPINGS = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', 'lost+found']);
/** What a run or comparison leaves in its folder, besides the folders of a comparison's runs. */
const OURS = new Set([
  'run.json',
  'metrics.jsonl',
  'adapter',
  'summary.json',
  'report.html',
  'rates.json',
  'pilots.jsonl',
  'recommended.json',
]);

export function contentsOf(folder: string): Contents {
  if (!existsSync(folder)) return { kind: 'absent' };
  if (!statSync(folder).isDirectory()) return { kind: 'other', found: '' };
  const names = readdirSync(folder).filter((name) => !isPassing(name));
  if (names.length === 0) return { kind: 'empty' };
  // Where a session stands all else came after it: it began in an empty folder.
  if (isSession(folder)) return { kind: 'run' };
  const strange = names.find((name) => !OURS.has(name) && !isRun(path.join(folder, name)));
  if (strange !== undefined) return { kind: 'other', found: strange };
  const ours =
    isRun(folder) ||
    isSummary(folder) ||
    isAdvice(folder) ||
    names.some((name) => isRun(path.join(folder, name)));
  return ours
    ? { kind: 'run' }
    : { kind: 'other', found: names.find((name) => name === 'run.json') ?? names[0] };
}

export function isLink(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Names that come and go by themselves. */
function isPassing(name: string): boolean {
  return DROPPINGS.has(name) || name.startsWith(LOCK_NAME) || isUnfinished(name);
}

/** Of one run, whichever version of ours wrote it and wherever it was cut off. */
function isRun(folder: string): boolean {
  if (isSession(folder)) return true;
  const record = textOf(path.join(folder, 'run.json'));
  if (record !== null) {
    try {
      readRecord(record, 'run.json');
      return true;
    } catch {
      return false;
    }
  }
  const first = textOf(path.join(folder, 'metrics.jsonl'))?.split('\n', 1)[0];
  return reads(first, z.object({ type: z.enum(['start', 'end']) }));
}

function isSession(folder: string): boolean {
  const text = textOf(path.join(folder, SESSION_NAME));
  return text !== null && isSessionText(text);
}

function isSummary(folder: string): boolean {
  const runs = z.array(z.object({ key: z.string(), method: z.string() })).min(1);
  return reads(textOf(path.join(folder, 'summary.json')), z.object({ format: z.number(), runs }));
}

/** What `delta rates` and `delta advise` leave. */
function isAdvice(folder: string): boolean {
  const curve = z.object({ curve: z.array(z.tuple([z.number(), z.number()])) });
  if (reads(textOf(path.join(folder, 'rates.json')), z.record(z.string(), curve))) return true;
  const first = textOf(path.join(folder, 'pilots.jsonl'))?.split('\n', 1)[0];
  return reads(first, z.object({ format: z.literal(1), asked: z.unknown() }));
}

function reads(text: string | null | undefined, schema: z.ZodType): boolean {
  if (!text) return false;
  try {
    return schema.safeParse(parseJson(text)).success;
  } catch {
    return false;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
