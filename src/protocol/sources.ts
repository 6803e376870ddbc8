/** Where models and data come from: what ships with the page, files, and hubs. */
import type { ReadingChoices } from '../data/reading.ts';
import type { Columns } from './columns.ts';
import type { FolderFile } from './files.ts';

/** A model to load: one that ships with the page, or the files of a folder. */
export type ModelSource =
  | { kind: 'builtin'; name: string }
  | { kind: 'files'; name: string; files: FolderFile[] }
  /** `owner/name[@revision]`; the endpoint is empty for the usual hub. */
  | { kind: 'hub'; id: string; endpoint: string };

/** A dataset to load: one that ships with the page, or files. Validation and test may be cut from training. */
export type TableSource =
  | { kind: 'builtin'; name: string }
  | { kind: 'files'; train: File; validation: File | null; test?: File | null }
  | HubSource;

/** A data set of a hub, `hub:owner/name`; the endpoint is empty for the usual hub. */
export interface HubSource {
  kind: 'hub';
  reference: string;
  endpoint: string;
}

/** A dataset, and further ones that the same delta is trained on in turn. */
export type DataSource = TableSource & { more?: readonly TaskSource[] };

/** A further task: its data, and how they are read; what it is asked is what the first one is. */
export interface TaskSource {
  /** Names of all tasks differ. */
  name: string;
  source: TableSource;
  /** Guessed where null. */
  columns: Columns | null;
  reading?: ReadingChoices;
}
