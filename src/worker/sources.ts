/** Files behind the page's choices: picked ones, and what ships with the page. */
import { StudioError } from '../errors.ts';
import { filesFromList, filesFromUrl, type ModelFiles } from '../models/files.ts';
import { readTable } from '../data/table/read-table.ts';
import type { Table } from '../data/table/table.ts';
import type { DataSource, ModelSource } from '../protocol/messages.ts';

/** A model's files, and its name in a run spec. */
export function modelSource(source: ModelSource, base: string): { files: ModelFiles; name: string } {
  return source.kind === 'builtin'
    ? { files: filesFromUrl(new URL(`models/${source.name}/`, base).href), name: `builtin:${source.name}` }
    : { files: filesFromList(source.files), name: source.name };
}

/** A dataset's tables. */
export interface Tables {
  /** Short name. */
  name: string;
  train: Table;
  /** Null when validation rows are to be cut from the training table. */
  validation: Table | null;
}

/** @throws StudioError('data') naming file and line; ('storage') when a built-in file cannot be fetched */
export async function readTables(source: DataSource, base: string): Promise<Tables> {
  if (source.kind === 'files') {
    return {
      name: source.train.name.replace(/\.[^.]*$/, ''),
      train: await fileTable(source.train),
      validation: source.validation && (await fileTable(source.validation)),
    };
  }
  const folder = new URL(`data/${source.name}/`, base);
  return {
    name: source.name,
    train: await urlTable(new URL('train.tsv', folder)),
    validation: await urlTable(new URL('validation.tsv', folder)),
  };
}

async function fileTable(file: File): Promise<Table> {
  return readTable(new Uint8Array(await file.arrayBuffer()), file.name);
}

async function urlTable(url: URL): Promise<Table> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new StudioError(
      'storage',
      `${url.href} answered ${response.status} ${response.statusText}; check the connection and reload the page.`,
    );
  }
  return readTable(new Uint8Array(await response.arrayBuffer()), url.pathname.split('/').at(-1) ?? url.href);
}
