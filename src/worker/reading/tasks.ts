/** What is read from files of outside, each as a task whose question and answer are plain data. */
import type { ReadingChoices } from '../../data/reading.ts';
import { plainTable, type PlainTable } from '../../data/table/plain-table.ts';
import type { ModelFiles } from '../../models/files.ts';
import { loadModel } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import { requireTrainable } from '../../models/trainable.ts';
import type { FolderFile } from '../../protocol/files.ts';
import { readArchive, type ArchivedComparison } from '../../runs/archive.ts';
import { fileTable } from '../sources.ts';
import { unpackAdapter } from '../starts.ts';

export type ReadingTask =
  | { kind: 'table'; file: File; reading: ReadingChoices }
  /** Its files are asked for while it is read. `chosen` is the .onnx file that is meant. */
  | { kind: 'model'; name: string; chosen?: string }
  | { kind: 'adapter'; name: string; files: FolderFile[] }
  /** A zip of the history. `id` is the comparison's here. */
  | { kind: 'archive'; file: File; id: string };

export interface Readings {
  table: PlainTable;
  model: Model;
  adapter: FolderFile[];
  archive: ArchivedComparison;
}

/**
 * @param files of a model
 * @throws StudioError as the reader of each
 */
export async function read(
  task: ReadingTask,
  files: Pick<ModelFiles, 'list' | 'read' | 'open'>,
): Promise<Readings[ReadingTask['kind']]> {
  switch (task.kind) {
    case 'table':
      return plainTable(await fileTable(task.file, task.reading));
    case 'model':
      return trainableModel(
        await loadModel({ ...files, ...(task.chosen !== undefined && { model: task.chosen }) }, task.name),
      );
    case 'adapter':
      return unpackAdapter(task.name, task.files);
    case 'archive':
      return readArchive(new Uint8Array(await task.file.arrayBuffer()), task.file.name, task.id);
  }
}

/** The model, where it can be trained: to load one that cannot would only put off its refusal. */
function trainableModel(model: Model): Model {
  requireTrainable(model);
  return model;
}
