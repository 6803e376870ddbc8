/**
 * Bytes to text. UTF-8 and UTF-16 tell themselves; any other encoding is detected and the text checked, and where
 * several would do the person is asked. Binary files are refused by name.
 */
import { decodeStrictly } from '../encoding/decoder.ts';
import { detectEncoding, likeliestEncodings } from '../encoding/detect.ts';
import { encodingOf } from '../encoding/encodings.ts';
import { findMojibake } from '../encoding/mojibake.ts';
import { oddness } from '../encoding/oddness.ts';
import { sampleLines } from '../encoding/sample.ts';
import { markedUtf16, unmarkedUtf16 } from '../encoding/utf16.ts';
import { field, say, type Sentence } from '../../sentence.ts';
import type { StudioError } from '../../errors.ts';
import { dataError, quoted } from './error.ts';
import { asking } from './question.ts';
import { refuseBinary } from './signatures.ts';

export interface DecodedText {
  text: string;
  /** A label of the Encoding Standard, in lower case. */
  encoding: string;
  /** What was assumed, one sentence each. */
  notes: Sentence[];
}

/** A text of an encoding that the person named is refused where its mean oddness is above this. */
const MOST_ODDNESS = 0.5;

/**
 * Text of a data file, without its byte-order mark and with `\n` line ends.
 * @param encoding a label of the Encoding Standard, or `auto`
 * @throws StudioError('data') for an empty or binary file, a broken line, and text whose encoding cannot be told
 */
export function decodeText(bytes: Uint8Array, file: string, encoding = 'auto'): DecodedText {
  if (bytes.length === 0) throw dataError(file, null, say`the file is empty; choose a file with rows`);
  refuseBinary(bytes, file);
  const decoded = encoding === 'auto' ? detected(bytes, file) : named(bytes, file, encoding);
  return { ...decoded, text: unifyLineEnds(decoded.text) };
}

function detected(bytes: Uint8Array, file: string): DecodedText {
  const marked = markedUtf16(bytes);
  const utf16 = marked ?? (bytes.includes(0) ? unmarkedUtf16(bytes) : null);
  if (utf16) {
    const text = decodeStrictly(bytes, utf16);
    if (text === null) throw brokenLine(bytes, file, utf16);
    const how = marked
      ? say`Read as UTF-16, by its byte-order mark.`
      : say`Read as UTF-16, by its line ends and separators.`;
    return { text, encoding: utf16, notes: [how] };
  }
  refuseNul(bytes, file);
  // ISO-2022-JP is ASCII byte for byte, and an escape that no other text has.
  if (hasEscape(bytes)) {
    const encoding = 'iso-2022-jp';
    const text = decodeStrictly(bytes, encoding);
    if (text !== null) return { text, encoding, notes: [say`Not UTF-8: read as ${encoding}.`] };
  }
  const text = decodeStrictly(bytes, 'utf-8');
  if (text !== null) {
    refuseSpoilt(text, file);
    return { text, encoding: 'utf-8', notes: [] };
  }
  refuseBrokenUtf8(bytes, file);
  const found = detectEncoding(bytes);
  if (found.encoding === null) throw unclear(file, found.candidates);
  return { ...found, notes: [say`Not UTF-8: read as ${found.encoding}.`] };
}

/** Text in the encoding that the person says. */
function named(bytes: Uint8Array, file: string, label: string): DecodedText {
  const encoding = encodingOf(label);
  if (encoding === null)
    throw dataError(
      file,
      null,
      say`"${label}" is no encoding that is read; name one such as utf-8 or shift_jis`,
    );
  if (!encoding.startsWith('utf-16')) refuseNul(bytes, file);
  const text = decodeStrictly(bytes, encoding);
  if (text === null) throw brokenLine(bytes, file, encoding);
  if (encoding.startsWith('utf-')) return { text, encoding, notes: [] };
  const sample = sampleLines(bytes);
  if (oddness(decodeStrictly(sample, encoding) ?? '') > MOST_ODDNESS)
    throw unclear(file, likeliestEncodings(bytes));
  return { text, encoding, notes: [] };
}

function unclear(file: string, candidates: { encoding: string; sample: string }[]): StudioError {
  const read = candidates.map(({ encoding, sample }) => `${quoted(sample)} in ${encoding}`).join(', ');
  const error = dataError(
    file,
    null,
    say`it cannot be told in which encoding the text is: ${read}; set ${field('data.encoding')} to the right one, or save the file as UTF-8`,
  );
  return asking(error, { kind: 'encoding', candidates });
}

function refuseNul(bytes: Uint8Array, file: string): void {
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw dataError(
      file,
      lineAt(bytes, nul),
      say`a NUL byte stands here, so this is not text; choose a CSV, TSV, JSON Lines or Parquet file`,
    );
}

/** Lines with lost characters, of all, from which a file is too damaged to learn from. */
const MOST_LOST = 0.05;

/** Text that was damaged before it became UTF-8. */
function refuseSpoilt(text: string, file: string): void {
  const lost = text.indexOf('\ufffd');
  if (lost >= 0) {
    const lines = text.split('\n');
    const damaged = lines.filter((line) => line.includes('\ufffd')).length;
    if (damaged > MOST_LOST * lines.length)
      throw dataError(
        file,
        lineOf(text, lost),
        say`${damaged} lines hold a replacement character (U+FFFD) where a letter was lost before this file was written; export it again as UTF-8`,
      );
  }
  const mojibake = findMojibake(text);
  if (mojibake)
    throw dataError(
      file,
      lineOf(text, mojibake.at),
      say`${quoted(mojibake.found)} should be ${quoted(mojibake.meant)}: the text was read as ${mojibake.encoding} before this file was written; export it again as UTF-8, or set ${field('data.encoding')} to utf-8 to take it as it is`,
    );
}

function refuseBrokenUtf8(bytes: Uint8Array, file: string): void {
  const survey = surveyUtf8(bytes);
  if (survey.sequences > 9 * survey.broken)
    throw dataError(
      file,
      lineAt(bytes, survey.firstBroken),
      say`a character here is not valid UTF-8 though the rest of the file is; correct or remove this line`,
    );
}

/** The first line that is not of an encoding. */
function brokenLine(bytes: Uint8Array, file: string, encoding: string) {
  let line = 1;
  if (!encoding.startsWith('utf-16'))
    for (let from = 0; from < bytes.length; line++) {
      const newline = bytes.indexOf(0x0a, from);
      const end = newline < 0 ? bytes.length : newline + 1;
      if (decodeStrictly(bytes.subarray(from, end), encoding) === null) break;
      from = end;
    }
  return dataError(
    file,
    encoding.startsWith('utf-16') ? null : line,
    say`bytes that are none of ${encoding}; set ${field('data.encoding')} to the right encoding, or save the file as UTF-8`,
  );
}

interface Utf8Survey {
  /** Well-formed UTF-8 sequences of two bytes or more, and bytes ≥ 0x80 that begin none. */
  sequences: number;
  broken: number;
  firstBroken: number;
}

function surveyUtf8(bytes: Uint8Array): Utf8Survey {
  const survey: Utf8Survey = { sequences: 0, broken: 0, firstBroken: -1 };
  for (let i = 0; i < bytes.length;) {
    if (bytes[i] < 0x80) {
      i++;
      continue;
    }
    const length = utf8Length(bytes, i);
    if (length > 0) {
      survey.sequences++;
      i += length;
      continue;
    }
    if (survey.broken++ === 0) survey.firstBroken = i;
    i++;
  }
  return survey;
}

/** Length of the multi-byte UTF-8 sequence at `i`, 0 if there is none. */
function utf8Length(bytes: Uint8Array, i: number): number {
  const lead = bytes[i];
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) === 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  for (let k = 1; k < length; k++) if ((bytes[i + k] & 0xc0) !== 0x80) return 0;
  return length;
}

/** ESC $ or ESC (, as ISO-2022-JP changes its character sets. */
function hasEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x1b); at >= 0; at = bytes.indexOf(0x1b, at + 1))
    if (bytes[at + 1] === 0x24 || bytes[at + 1] === 0x28) return true;
  return false;
}

/** `\r\n` becomes `\n`; a lone `\r` is a line end only in a file that has no other. */
function unifyLineEnds(text: string): string {
  if (!text.includes('\r')) return text;
  return text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\r', '\n');
}

/** Line number, from 1, of a byte offset. */
function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) if (bytes[i] === 0x0a) line++;
  return line;
}

/** Line number, from 1, of a character offset. */
function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
