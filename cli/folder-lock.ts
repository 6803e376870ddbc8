/** A file in a folder that says which process writes there; one that a dead process left is taken over. */
import { parseJson } from '../src/json.ts';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { StudioError } from '../src/errors.ts';
import { say } from '../src/sentence.ts';
import { codeOf, writing } from './whole-file.ts';

export const LOCK_NAME = '.delta-lock';

/** A process, told apart from later ones that got its number. */
const processSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Of the machine's current start; empty where the system does not say. */
  boot: z.string(),
  /** When the process began, in the system's own unit; empty where the system does not say. */
  began: z.string(),
});
type Holder = z.output<typeof processSchema>;

/**
 * Keeps other processes from writing to a folder.
 * @param folder is there
 * @param shown how the person called it
 * @returns gives the lock back
 * @throws StudioError('storage') when another process has it, or it cannot be written
 */
export function lockFolder(folder: string, shown: string): () => void {
  const tried = tryLock(folder, shown);
  if (tried instanceof StudioError) throw tried;
  return tried;
}

/**
 * The same for those who know what to do when another process has the lock: that is returned, not thrown, since asking
 * afterwards may find that it was given back meanwhile.
 * @returns gives the lock back; or who has it, as an error to throw
 * @throws StudioError('storage') when it cannot be written
 */
export function tryLock(folder: string, shown: string): (() => void) | StudioError {
  const place = path.join(folder, LOCK_NAME);
  const own = `${place}.${process.pid}`;
  const text = JSON.stringify(thisProcess());
  const held = writing(place, (): StudioError | null => {
    // Written first and linked then, so that nobody ever reads half of it.
    writeFileSync(own, text);
    try {
      for (let tries = 0; !linked(own, place); tries++) {
        const found = readText(place);
        if (found === null) continue;
        const holder = holderOf(found);
        if (holder !== null && (isAlive(holder) || tries > 3)) return heldBy(holder, shown, place);
        putAside(place, found);
      }
      return null;
    } finally {
      rmSync(own, { force: true });
    }
  });
  if (held !== null) return held;
  let ours = true;
  return () => {
    if (ours && readText(place) === text) rmSync(place, { force: true });
    ours = false;
  };
}

/** Does a process that is not dead write there? */
export function isHeld(folder: string): boolean {
  const text = readText(path.join(folder, LOCK_NAME));
  const holder = text === null ? null : holderOf(text);
  return holder !== null && isAlive(holder);
}

/** False when `place` is there already. */
function linked(own: string, place: string): boolean {
  try {
    linkSync(own, place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // File systems without links: the exclusive flag is as good, but for the moment of writing.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
  }
  try {
    writeFileSync(place, readFileSync(own), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead process's lock, unless another process has just taken it over: then that one's is put back. */
function putAside(place: string, dead: string): void {
  const aside = `${place}.${process.pid}.dead`;
  try {
    renameSync(place, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readText(aside) !== dead) linked(aside, place);
  rmSync(aside, { force: true });
}

function heldBy({ pid, host }: Holder, shown: string, place: string): StudioError {
  return new StudioError(
    'storage',
    host === hostname()
      ? say`${shown} is being written by process ${pid}; wait for its end, stop it, or choose another --out`
      : say`${shown} is being written by process ${pid} on ${host}; wait for its end, or delete ${place} if it no longer runs`,
    { where: 'out' },
  );
}

/** Null for what is no lock of ours. */
function holderOf(text: string): Holder | null {
  try {
    return processSchema.parse(parseJson(text));
  } catch {
    return null;
  }
}

/** Of another machine nothing is known, so its processes count as alive. */
function isAlive({ pid, host, boot, began }: Holder): boolean {
  if (host !== hostname()) return true;
  if (boot !== bootOf()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    if (codeOf(error) !== 'EPERM') return false;
  }
  return began === beganOf(pid);
}

function thisProcess(): Holder {
  return { pid: process.pid, host: hostname(), boot: bootOf(), began: beganOf(process.pid) };
}

function bootOf(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

/** Ticks from the machine's start to the process's, as Linux says them. */
function beganOf(pid: number): string {
  // The name in parentheses may hold blanks; the start is the 20th field behind it.
  return (
    readText(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  );
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
