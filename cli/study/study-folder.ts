/**
 * The folder of a study: `study.json` marks it, `runs.jsonl` has a row for each cell that has come to its end, and
 * `cells/` what each leaves. Several processes may work in it: who works on a cell holds a lock in its folder.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../src/errors.ts';
import { parseJson } from '../../src/json.ts';
import { VERSION } from '../../src/runs/version.ts';
import { say } from '../../src/sentence.ts';
import { isFinal, readRows, rowLine } from '../../src/study/row.ts';
import { EXPERIMENT_NAMES, type Row } from '../../src/study/study.ts';
import { tryLock } from '../folder-lock.ts';
import { isUnfinished, writeJson, writing } from '../whole-file.ts';

const MARK_NAME = 'study.json';
const ROWS_NAME = 'runs.jsonl';
const CELLS_NAME = 'cells';
/** 2: who a cell is hangs on what its files hold, and no longer on where they lie. */
const FORMAT = 2;

const schema = z.object({
  format: z.literal(FORMAT),
  studio: z.string(),
  created: z.string(),
  inputs: z.record(z.string(), z.string()),
});
type Mark = z.output<typeof schema>;

export class StudyFolder {
  /** Absolute. */
  readonly place: string;
  readonly #shown: string;

  private constructor(shown: string) {
    this.#shown = shown;
    this.place = path.resolve(shown);
  }

  /**
   * A folder that holds a study, or nothing yet. Nothing is written.
   * @throws StudioError('storage') when something else stands there, or a study of another version
   */
  static at(shown: string): StudyFolder {
    const folder = new StudyFolder(shown);
    const { place } = folder;
    if (!existsSync(place)) return folder;
    if (!statSync(place).isDirectory())
      throw new StudioError('storage', say`${shown} is a file; choose a folder as --out`, { where: 'out' });
    if (existsSync(path.join(place, MARK_NAME))) folder.#mark();
    else {
      const found = readdirSync(place).find((name) => !isUnfinished(name) && !name.startsWith('.'));
      if (found !== undefined)
        throw new StudioError(
          'storage',
          say`${shown} holds ${found} and no study; choose an empty or a new folder as --out`,
          { where: 'out' },
        );
    }
    return folder;
  }

  /** Makes the folder where it is not there yet. @returns when the study began, ISO 8601 */
  begin(): string {
    writing(this.#shown, () => mkdirSync(path.join(this.place, CELLS_NAME), { recursive: true }));
    return this.#change((mark) => mark).created;
  }

  /**
   * Holds a study to the data and the weights that it began with.
   * @param inputs hashes by name
   * @throws StudioError('data') for one that has changed
   */
  checkInputs(inputs: ReadonlyMap<string, string>): void {
    const known = this.#mark()?.inputs ?? {};
    for (const [name, hash] of inputs)
      if (known[name] !== undefined && known[name] !== hash)
        throw new StudioError(
          'data',
          say`${name} has changed since the study in ${this.#shown} began, so its rows would not be of one study; put it back, or choose another --out`,
          { where: 'out' },
        );
  }

  rememberInputs(inputs: ReadonlyMap<string, string>): void {
    this.#change((mark) => ({ ...mark, inputs: { ...mark.inputs, ...Object.fromEntries(inputs) } }));
  }

  /** As they are on the disk now. */
  rows(): Map<string, Row> {
    const file = path.join(this.place, ROWS_NAME);
    return existsSync(file) ? readRows(readFileSync(file, 'utf8')) : new Map<string, Row>();
  }

  /** Those of cells that have nothing left to do. */
  finalRows(): Map<string, Row> {
    return new Map([...this.rows()].filter(([, row]) => isFinal(row)));
  }

  /** Appends a row whole, and has it on the disk. @throws StudioError('storage') */
  append(row: Row): void {
    const file = path.join(this.place, ROWS_NAME);
    writing(file, () => {
      const handle = openSync(file, 'a+');
      try {
        // A process that was ended in the middle of its row has left half a line.
        const line = endsOpen(handle) ? `\n${rowLine(row)}` : rowLine(row);
        const bytes = new TextEncoder().encode(line);
        // One call, so that rows of two processes do not mix.
        const written = writeSync(handle, bytes);
        if (written < bytes.byteLength)
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    });
  }

  /** Where a cell leaves its events, checkpoint and adapter. */
  cell(id: string): string {
    return path.join(this.place, CELLS_NAME, id);
  }

  /** Takes a cell; null when another process works on it. @returns gives it back */
  claim(id: string): (() => void) | null {
    const folder = this.cell(id);
    writing(this.#shown, () => mkdirSync(folder, { recursive: true }));
    const tried = tryLock(folder, this.#shown);
    return tried instanceof StudioError ? null : tried;
  }

  /** Null where no study has begun. @throws StudioError('storage') */
  #mark(): Mark | null {
    const file = path.join(this.place, MARK_NAME);
    if (!existsSync(file)) return null;
    let value: unknown;
    try {
      value = parseJson(readFileSync(file, 'utf8'));
    } catch {
      value = null;
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const other = z.object({ format: z.number() }).safeParse(value);
    throw new StudioError(
      'storage',
      other.success && other.data.format !== FORMAT
        ? say`${this.#shown} holds a study of another version (format ${other.data.format}, and this is ${FORMAT}); choose another --out, or go on with the version that began it`
        : say`${file} is damaged, so the study in ${this.#shown} cannot go on; choose another --out`,
      { where: 'out' },
    );
  }

  /** Changes the mark; one process at a time. */
  #change(change: (mark: Mark) => Mark): Mark {
    const release = this.#alone();
    try {
      const before = this.#mark() ?? {
        format: FORMAT,
        studio: VERSION,
        created: new Date().toISOString(),
        inputs: {},
      };
      const after = change(before);
      writeJson(path.join(this.place, MARK_NAME), after);
      return after;
    } finally {
      release();
    }
  }

  /** Waits for whoever changes the mark just now. */
  #alone(): () => void {
    for (let tries = 0; ; tries++) {
      const tried = tryLock(this.place, this.#shown);
      if (!(tried instanceof StudioError)) return tried;
      if (tries > 200) throw tried;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Results of all experiments that a folder holds, by name. */
export function experimentFiles(place: string): string[] {
  return EXPERIMENT_NAMES.map((name) => path.join(place, `${name}.json`)).filter((file) => existsSync(file));
}

/** Is the last character of a file none that ends a line? */
function endsOpen(handle: number): boolean {
  const { size } = fstatSync(handle);
  if (size === 0) return false;
  const last = new Uint8Array(1);
  readSync(handle, last, 0, 1, size - 1);
  return last[0] !== 10;
}
