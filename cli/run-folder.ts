/** The folder of a run: `metrics.jsonl` as it trains, `run.json` and `adapter/` when it has ended. */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { say } from '../src/sentence.ts';
import type { SavedFile } from '../src/runs/adapter-names.ts';
import type { RunRecord } from '../src/runs/record.ts';
import type { RunEvent } from '../src/train/events.ts';

export class RunFolder {
  readonly folder: string;
  readonly events: RunEvent[] = [];

  /**
   * Makes the folder, without what an earlier run left in it.
   * @throws StudioError('storage')
   */
  constructor(folder: string) {
    this.folder = folder;
    writing(folder, () => {
      mkdirSync(folder, { recursive: true });
      for (const name of ['run.json', 'adapter'])
        rmSync(path.join(folder, name), { recursive: true, force: true });
      writeFileSync(path.join(folder, 'metrics.jsonl'), '');
    });
  }

  /** Written at once, so that a run that is cut off leaves what it measured. */
  add(event: RunEvent): void {
    this.events.push(event);
    const line = `${JSON.stringify(event)}\n`;
    writing(this.folder, () => appendFileSync(path.join(this.folder, 'metrics.jsonl'), line));
  }

  finish(record: RunRecord, adapter: readonly SavedFile[] | null): void {
    if (adapter !== null) writeFiles(path.join(this.folder, 'adapter'), adapter);
    writeJson(path.join(this.folder, 'run.json'), record);
  }
}

export function writeFiles(folder: string, files: readonly SavedFile[]): void {
  writing(folder, () => {
    mkdirSync(folder, { recursive: true });
    for (const { name, bytes } of files) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  });
}

export function writeJson(file: string, value: unknown): void {
  writing(file, () => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`));
}

export function writeText(file: string, text: string): void {
  writing(file, () => writeFileSync(file, text));
}

function writing(place: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('storage', say`${place} cannot be written (${reason}); choose another --out`, {
      cause,
    });
  }
}
