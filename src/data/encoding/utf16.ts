/** UTF-16, with its byte-order mark or without: a table then still has line ends and separators, every other byte 0. */
import { decodeStrictly } from './decoder.ts';

export type Utf16 = 'utf-16le' | 'utf-16be';

/** Characters looked at where there is no mark. */
const SAMPLE = 32_768;
/** In the right order so many times more characters are of ASCII than in the other. */
const CLEARLY = 3;

/** The order that the byte-order mark tells; null without one. */
export function markedUtf16(bytes: Uint8Array): Utf16 | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** The order of UTF-16 without a mark; null for what is no such text. */
export function unmarkedUtf16(bytes: Uint8Array): Utf16 | null {
  if (bytes.length % 2 !== 0 || bytes.length === 0) return null;
  const sample = bytes.subarray(0, 2 * SAMPLE);
  const [little, big] = [asciiIn(sample, 1), asciiIn(sample, 0)];
  const order = little > CLEARLY * big ? 'utf-16le' : big > CLEARLY * little ? 'utf-16be' : null;
  if (order === null) return null;
  // A surrogate pair may be cut at the end of the sample.
  const text = decodeStrictly(sample, order) ?? decodeStrictly(sample.subarray(0, -2), order);
  // eslint-disable-next-line no-control-regex
  return text === null || /[\x00-\x08\x0e-\x1f\ufffe\uffff]/.test(text) ? null : order;
}

/** Code units that are printable ASCII, a tab or a line end. @param high place of the high byte in a unit */
function asciiIn(bytes: Uint8Array, high: 0 | 1): number {
  let count = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const low = bytes[at + 1 - high];
    if (bytes[at + high] === 0 && low < 0x7f && (low >= 0x20 || low === 0x0a || low === 0x0d || low === 0x09))
      count++;
  }
  return count;
}
