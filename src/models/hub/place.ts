/** A repository on a hub: where it is asked for and kept, and what it holds. */
import type { Sentence } from '../../sentence.ts';
import type { HubId } from './hub-id.ts';
import type { HubStore } from './store.ts';

/** What the content of a file is known by. */
export interface FileHash {
  /** SHA-256 of the content (large files), or git's id of a blob by SHA-1 or SHA-256 (others). */
  kind: 'sha256' | 'git-sha1' | 'git-sha256';
  /** Hexadecimal, lower case. */
  digits: string;
}

export interface HubFile {
  /** Inside the repository's folder, whatever the hub answered. */
  path: string;
  /** Bytes. */
  size: number;
  /** Undefined for hubs that give none. */
  hash?: FileHash;
  /** Name under which it is kept, where that is not its path. */
  kept?: string;
}

/** A repository at one commit: its files never change. */
export interface HubListing {
  /** Hexadecimal digits. */
  commit: string;
  files: HubFile[];
}

export interface HubPlace {
  id: HubId;
  /** Without a slash at its end. */
  endpoint: string;
  fetch: typeof fetch;
  store: HubStore;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which a connection is given up. */
  stall: number;
  /** Milliseconds before a busy hub that names no time is asked again for the first time. */
  backoff: number;
  /** Is told of each such wait. */
  waiting: (notice: Sentence) => void;
}
