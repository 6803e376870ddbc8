/** Hashes of files as they arrive, in parts: memory stays flat however large a file is. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { HubFile } from './place.ts';

/** The hash of a file of which the parts come one after another. */
export class RunningHash {
  readonly #expected: string | undefined;
  readonly #hash: ReturnType<typeof sha256.create> | ReturnType<typeof sha1.create> | null;

  /**
   * Of a large file the SHA-256 of its content; of another git's id of a blob, which is the hash of "blob", a
   * blank, the size, a zero byte and the content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
   */
  constructor({ hash, size }: Pick<HubFile, 'hash' | 'size'>) {
    this.#expected = hash?.digits;
    this.#hash = hash === undefined ? null : hash.kind === 'git-sha1' ? sha1.create() : sha256.create();
    if (hash !== undefined && hash.kind !== 'sha256')
      this.#hash!.update(new TextEncoder().encode(`blob ${size}\0`));
  }

  add(bytes: Uint8Array): void {
    this.#hash?.update(bytes);
  }

  /** Whether the parts are the file; true where the hub gave no hash. Ends the hash. */
  matches(): boolean {
    return this.#hash === null || bytesToHex(this.#hash.digest()) === this.#expected;
  }
}
