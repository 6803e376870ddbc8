/**
 * The folder that a command writes to. It is refused where anything stands in it; an earlier run is moved out of
 * the way only when asked, and only when the new one has something to write. One process at a time writes there.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { contentOf, type SavedFile } from '../src/runs/adapter-names.ts';
import { say } from '../src/sentence.ts';
import { isHeld, LOCK_NAME, lockFolder } from './folder-lock.ts';
import { contentsOf, isLink } from './out-contents.ts';
import { besideOf, clearUnfinished, syncFolder, writeFolder, writeWhole, writing } from './whole-file.ts';

export interface ClaimOptions {
  /** May an earlier run be moved to `DIR.previous`? */
  force?: boolean;
  /** Paths that the new run reads, and that may therefore not be moved away. */
  reads?: readonly string[];
}

export class OutFolder {
  /** Absolute. */
  readonly place: string;
  readonly #unlock: () => void;
  /** First of the folders that were made for it. */
  readonly #made: string | undefined;
  readonly #replaces: boolean;
  #begun: boolean;
  readonly #onExit = () => this.release();

  private constructor(
    place: string,
    unlock: () => void,
    { made, replaces, begun }: { made?: string; replaces?: boolean; begun?: boolean },
  ) {
    this.place = place;
    this.#unlock = unlock;
    this.#made = made;
    this.#replaces = replaces === true;
    this.#begun = begun === true;
    process.on('exit', this.#onExit);
  }

  /**
   * Takes a folder for a new run. Nothing that stands there changes yet.
   * @param shown as the person gave it
   * @throws StudioError('storage') when it is not free, or another process writes there
   */
  static claim(shown: string, { force = false, reads = [] }: ClaimOptions = {}): OutFolder {
    const place = path.resolve(shown);
    const contents = contentsOf(place);
    if (contents.kind === 'other') throw notOurs(shown, contents.found);
    const replaces = contents.kind === 'run';
    if (replaces) {
      // The process that writes there says more than that there is a run.
      if (isHeld(place)) lockFolder(place, shown)();
      if (!force) throw holdsRun(shown);
      checkMovable(place, shown, reads);
    }
    const made = writing(shown, () => mkdirSync(place, { recursive: true }));
    return new OutFolder(place, lockFolder(place, shown), { made, replaces });
  }

  /**
   * Takes a folder to go on with the run that is in it.
   * @throws StudioError('storage') when there is none, or another process writes there
   */
  static reopen(shown: string): OutFolder {
    const place = path.resolve(shown);
    const contents = contentsOf(place);
    if (contents.kind === 'other') throw notOurs(shown, contents.found);
    if (contents.kind !== 'run') throw nothingIn(shown);
    return new OutFolder(place, lockFolder(place, shown), { begun: true });
  }

  /**
   * There is something to write: makes room, and writes the first file.
   * @throws StudioError('storage'); what stood there then stands there still
   */
  begin(name: string, content: string): void {
    if (this.#replaces && !this.#begun) this.#replace(name, content);
    else {
      writing(this.place, () => clearUnfinished(this.place));
      writeWhole(path.join(this.place, name), content);
    }
    this.#begun = true;
  }

  /** The new folder is made beside the old one, so that both change places in two renames. */
  #replace(name: string, content: string): void {
    const { place } = this;
    const fresh = besideOf(place, 'new');
    const previous = placeForPrevious(place);
    writing(place, () => {
      try {
        rmSync(fresh, { recursive: true, force: true });
        mkdirSync(fresh);
        lockFolder(fresh, place);
        writeWhole(path.join(fresh, name), content);
        renameSync(place, previous);
        renameSync(fresh, place);
      } catch (error) {
        rmSync(fresh, { recursive: true, force: true });
        if (!existsSync(place) && existsSync(previous)) renameSync(previous, place);
        throw error;
      }
      rmSync(path.join(previous, LOCK_NAME), { force: true });
      syncFolder(path.dirname(place));
    });
  }

  /** Lets others write there. Folders in which nothing came to be are taken away again. */
  release(): void {
    process.off('exit', this.#onExit);
    this.#unlock();
    if (this.#begun || this.#made === undefined) return;
    for (let folder = this.place; folder.startsWith(this.#made); folder = path.dirname(folder)) {
      try {
        rmdirSync(folder);
      } catch {
        return;
      }
    }
  }
}

/**
 * Refuses to put files where something stands.
 * @throws StudioError('storage')
 */
export function refuseUsed(shown: string): void {
  const contents = contentsOf(path.resolve(shown));
  if (contents.kind === 'other') throw notOurs(shown, contents.found);
  if (contents.kind === 'run') {
    throw new StudioError('storage', say`${shown} holds a run; choose another --out`, { where: 'out' });
  }
}

/**
 * A new folder with these files, all of them or none.
 * @throws StudioError('storage') when something stands there, or it cannot be written
 */
export function writeNewFolder(shown: string, files: readonly SavedFile[]): void {
  refuseUsed(shown);
  const place = path.resolve(shown);
  writing(shown, () => mkdirSync(path.dirname(place), { recursive: true }));
  if (!existsSync(place)) return writeFolder(place, files, false);
  // An empty folder may be a mount or a link, which no other can take the place of.
  const out = OutFolder.claim(shown);
  try {
    for (const one of files) {
      const file = path.join(place, one.name);
      writing(shown, () => mkdirSync(path.dirname(file), { recursive: true }));
      writeWhole(file, contentOf(one));
    }
  } finally {
    out.release();
  }
}

/** @throws StudioError('storage') for a place that a rename would not move, or must not */
function checkMovable(place: string, shown: string, reads: readonly string[]): void {
  if (isLink(place)) {
    throw new StudioError('storage', say`${shown} is a link; give the folder that it leads to as --out`, {
      where: 'out',
    });
  }
  const inside = reads.find((file) => {
    const way = path.relative(place, path.resolve(file));
    return way === '' || !(way.startsWith('..') || path.isAbsolute(way));
  });
  if (inside === undefined) return;
  throw new StudioError(
    'storage',
    say`${inside} lies in ${shown}, which --force would move away; choose another --out`,
    { where: 'out' },
  );
}

/** `DIR.previous`. A run that is there already moves on to `DIR.previous-2` and so on: none is ever deleted. */
function placeForPrevious(place: string): string {
  const previous = `${place}.previous`;
  if (!existsSync(previous) && !isLink(previous)) return previous;
  const count = (name: string) => Number(name.slice(path.basename(previous).length + 1));
  const taken = readdirSync(path.dirname(place))
    .filter((name) => name.startsWith(`${path.basename(previous)}-`))
    .map(count)
    .filter(Number.isInteger);
  const free = `${previous}-${Math.max(1, ...taken) + 1}`;
  if (contentsOf(previous).kind !== 'run' || isHeld(previous)) return free;
  writing(previous, () => renameSync(previous, free));
  return previous;
}

function notOurs(shown: string, found: string): StudioError {
  return new StudioError(
    'storage',
    found === ''
      ? say`${shown} is a file; choose a folder as --out`
      : say`${shown} holds ${found}, which no run wrote there; choose an empty or a new folder as --out`,
    { where: 'out' },
  );
}

function holdsRun(shown: string): StudioError {
  return new StudioError(
    'storage',
    say`${shown} holds a run; choose another --out, go on with it by --resume ${shown}, or move it to ${shown}.previous by --force`,
    { where: 'out' },
  );
}

function nothingIn(shown: string): StudioError {
  return new StudioError(
    'storage',
    say`there is no run in ${shown} to go on with; start one with --spec and --out ${shown}`,
    { where: 'resume' },
  );
}
