/** Where models and data come from: what ships with the page, files, and hubs. */
import type { FolderFile } from './files.ts';

/** A model to load: one that ships with the page, or the files of a folder. */
export type ModelSource =
  | { kind: 'builtin'; name: string }
  | { kind: 'files'; name: string; files: FolderFile[] }
  /** `owner/name[@revision]`; the endpoint is empty for the usual hub. */
  | { kind: 'hub'; id: string; endpoint: string };

/** A dataset to load: the one that ships with the page, or files. Validation and test may be cut from training. */
export type DataSource =
  | { kind: 'builtin'; name: string }
  | { kind: 'files'; train: File; validation: File | null; test?: File | null };
