/** What the harness needs to know of a reader. */

/** An input: files by name. Most readers take one. */
export type Files = Record<string, Uint8Array>;

export interface Reader {
  name: string;
  /** Valid inputs, small: everything else is made of them. */
  seeds: () => Promise<Files[]> | Files[];
  /** Reads an input through the entry that the product uses. Throws what that throws. */
  read: (files: Files) => unknown;
}
