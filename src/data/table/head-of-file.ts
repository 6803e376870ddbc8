/** The part of a large file that is read in the page: all of it up to a limit, else whole rows up to there. */

/** Bytes of a text file that a page reads; documented in docs/run-spec.md. */
export const MAX_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`; `]` and `}`. */
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

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

/**
 * The beginning of a JSON array, closed after its last complete element; null where the bytes are no such array or
 * hold no complete element.
 */
export function wholeElements(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  let depth = 0;
  let end = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quoted) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (OPENING.includes(byte)) depth++;
    else if (CLOSING.includes(byte)) {
      depth--;
      if (depth === 1) end = i + 1;
    }
    // Only blanks, and the mark of an encoding, stand before an array.
    if (depth === 0 && byte > 0x20 && byte < 0x80) return null;
  }
  if (end === 0) return null;
  const closed = bytes.slice(0, end + 1);
  closed[end] = CLOSING[0];
  return closed;
}
