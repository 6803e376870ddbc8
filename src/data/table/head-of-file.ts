/** The part of a large file that is read in the page: all of it up to a limit, else whole rows up to there. */

/** Bytes of a text file that a page reads; documented in docs/run-spec.md. */
export const MAX_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/**
 * Bytes up to the last complete row.
 * @param bytes beginning of a file that goes on
 * @param quoted in CSV a quoted field may hold line ends, and a row ends only where quotes are even
 */
export function wholeRows(bytes: Uint8Array<ArrayBuffer>, quoted: boolean): Uint8Array<ArrayBuffer> {
  if (!quoted) return bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
  let even = true;
  let end = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) even = !even;
    else if (bytes[i] === NEWLINE && even) end = i + 1;
  }
  return bytes.subarray(0, end);
}
