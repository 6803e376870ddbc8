/** A bounded part of a file for telling its encoding: lines that are not plain ASCII, from all over it. */

/** Bytes of the sample, and places of the file that they come from. */
const MOST_BYTES = 12_288;
const WINDOWS = 16;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Every part of the file is looked through for such lines; so many bytes of each are taken. */
export function sampleLines(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const each = Math.floor(MOST_BYTES / WINDOWS);
  const pieces: Uint8Array[] = [];
  const width = Math.max(each, Math.ceil(bytes.length / WINDOWS));
  let line = 0;
  for (let from = 0; from < bytes.length; from += width) {
    const end = Math.min(bytes.length, from + width);
    let room = each;
    for (line = Math.max(line, from); line < end && room > 0;) {
      const next = lineEnd(bytes, line);
      const piece = cut(bytes.subarray(line, next), room);
      if (piece.some((byte) => byte >= 0x80)) {
        pieces.push(piece, Uint8Array.of(NEWLINE));
        room -= piece.length;
      }
      // What is left of the room holds no more of a line.
      if (room < each && piece.length < next - line) break;
      line = next + 1;
    }
    if (from > 0 || line < end) line = startOfNext(bytes, end);
  }
  return joined(pieces);
}

function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] === NEWLINE || bytes[at] === RETURN) return at;
  return bytes.length;
}

/** The first line that begins at or after a place. */
function startOfNext(bytes: Uint8Array, from: number): number {
  return from >= bytes.length ? bytes.length : lineEnd(bytes, from) + 1;
}

/**
 * At most so many bytes of a line, cut where no encoding has the middle of a character: after a blank or a
 * separator, which are second bytes of none.
 */
function cut(line: Uint8Array, room: number): Uint8Array {
  if (line.length <= room) return line;
  const breaks = [0x20, 0x09, 0x2c, 0x3b].map((byte) => line.subarray(0, room).lastIndexOf(byte));
  return line.subarray(0, Math.max(...breaks) + 1);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
