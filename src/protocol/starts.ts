/** Messages about saved adapters that methods start from (`method.init`). */
import type { FolderFile } from './files.ts';

/** The files of an adapter, or the zip that they are in. Runs that name `name` start from them. */
export interface StartRequest {
  type: 'openAdapter';
  id: number;
  name: string;
  files: FolderFile[];
}

export interface StartReply {
  type: 'adapterOpened';
  id: number;
  name: string;
}
