/** Opens the folder of a finished run. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { say } from '../src/sentence.ts';
import { loadModel } from '../src/models/load.ts';
import type { Model } from '../src/models/model.ts';
import { readRecord, type StoredRun } from '../src/runs/record.ts';
import { sourceFiles } from './files.ts';
import { openFolder } from './load.ts';

export interface StoredRunFolder {
  folder: string;
  stored: StoredRun;
  adapter: { folder: ReturnType<typeof openFolder>; label: string };
}

/** @throws StudioError('storage') when it is not the folder of a finished run */
export async function openRunFolder(folder: string): Promise<StoredRunFolder> {
  const file = path.join(folder, 'run.json');
  if (!existsSync(file)) {
    throw new StudioError('storage', say`${folder} has no run.json; give the folder of a finished run`, {
      where: 'run',
    });
  }
  const label = path.join(folder, 'adapter');
  if (!existsSync(label)) {
    throw new StudioError(
      'storage',
      say`${folder} has no adapter, so its run left nothing to use; train again`,
      {
        where: 'run',
      },
    );
  }
  const stored = readRecord(await readFile(file, 'utf8'), file);
  return { folder, stored, adapter: { folder: openFolder(label), label } };
}

/** The base model of a run. Relative paths start where the run's spec was. */
export async function loadBase({ stored }: StoredRunFolder): Promise<Model> {
  const { source } = stored.model;
  return loadModel(await sourceFiles(source, stored.base), source);
}
