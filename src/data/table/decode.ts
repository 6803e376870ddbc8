/**
 * Bytes to text. Strict UTF-8 first; then GB18030 (Chinese spreadsheets) where the bytes look like it,
 * else Latin-1 (as every browser: windows-1252). UTF-16 needs its byte-order mark. Binary files are
 * refused by name.
 */
import { say, type Sentence } from '../../sentence.ts';
import { dataError } from './error.ts';

export interface DecodedText {
  text: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'latin1';
  /** What was assumed, one sentence each. */
  notes: Sentence[];
}

/** First bytes of files that are often dropped by mistake. */
const SIGNATURES: { bytes: number[]; what: Sentence }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: say`this is an Excel workbook or a zip archive; save the sheet as CSV (UTF-8)`,
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    what: say`this is an old Excel workbook; save the sheet as CSV (UTF-8)`,
  },
  { bytes: [0x1f, 0x8b], what: say`this is gzip-compressed; unpack it first` },
  {
    bytes: [0x50, 0x41, 0x52, 0x31],
    what: say`this is a Parquet file; give it a name that ends in .parquet`,
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46],
    what: say`this is a PDF document; a table in CSV, TSV, JSON Lines or Parquet is needed`,
  },
  {
    bytes: [0x89, 0x50, 0x4e, 0x47],
    what: say`this is a PNG image; a table in CSV, TSV, JSON Lines or Parquet is needed`,
  },
  {
    bytes: [0xff, 0xd8, 0xff],
    what: say`this is a JPEG image; a table in CSV, TSV, JSON Lines or Parquet is needed`,
  },
  {
    bytes: [0x47, 0x49, 0x46, 0x38],
    what: say`this is a GIF image; a table in CSV, TSV, JSON Lines or Parquet is needed`,
  },
];

/**
 * Text of a data file, without its byte-order mark and with `\n` line ends.
 * @throws StudioError('data') for an empty or binary file, or UTF-8 with a broken line
 */
export function decodeText(bytes: Uint8Array, file: string): DecodedText {
  if (bytes.length === 0) throw dataError(file, null, say`the file is empty; choose a file with rows`);
  for (const { bytes: magic, what } of SIGNATURES)
    if (magic.every((byte, i) => bytes[i] === byte)) throw dataError(file, null, what);

  const utf16 = utf16Order(bytes);
  if (utf16) {
    const text = new TextDecoder(utf16).decode(bytes);
    return {
      text: unifyLineEnds(text),
      encoding: utf16,
      notes: [say`Read as UTF-16, by its byte-order mark.`],
    };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw dataError(
      file,
      lineAt(bytes, nul),
      say`a NUL byte stands here, so this is not text; choose a CSV, TSV, JSON Lines or Parquet file`,
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text: unifyLineEnds(text), encoding: 'utf-8', notes: [] };
  } catch {
    return decodeLegacy(bytes, file);
  }
}

function decodeLegacy(bytes: Uint8Array, file: string): DecodedText {
  const survey = surveyHighBytes(bytes);
  if (survey.utf8Sequences > 9 * survey.broken)
    throw dataError(
      file,
      lineAt(bytes, survey.firstBroken),
      say`a character here is not valid UTF-8 though the rest of the file is; correct or remove this line`,
    );
  if (survey.paired > 4 * survey.single) {
    try {
      const text = new TextDecoder('gb18030', { fatal: true }).decode(bytes);
      return {
        text: unifyLineEnds(text),
        encoding: 'gb18030',
        notes: [say`Not UTF-8: read as GB18030 (Chinese).`],
      };
    } catch {
      // Not GB18030 either; Latin-1 reads any byte.
    }
  }
  return {
    text: unifyLineEnds(new TextDecoder('latin1').decode(bytes)),
    encoding: 'latin1',
    notes: [say`Not UTF-8: read as Latin-1 (windows-1252).`],
  };
}

interface HighBytes {
  /** Well-formed UTF-8 sequences of two bytes or more, and bytes ≥ 0x80 that begin none. */
  utf8Sequences: number;
  broken: number;
  firstBroken: number;
  /** Bytes ≥ 0x80 in pairs as GB2312 has them (both from 0xA1), and such bytes alone among ASCII. */
  paired: number;
  single: number;
}

/**
 * Counts that tell the legacy encodings apart: Chinese text is runs of high bytes, western text has
 * them one at a time (GB18030 would take the ASCII letter after an accented one for its second half).
 */
function surveyHighBytes(bytes: Uint8Array): HighBytes {
  const survey: HighBytes = { utf8Sequences: 0, broken: 0, firstBroken: -1, paired: 0, single: 0 };
  for (let i = 0; i < bytes.length;) {
    if (bytes[i] < 0x80) {
      i++;
      continue;
    }
    const length = utf8Length(bytes, i);
    if (length > 0) {
      survey.utf8Sequences++;
      i += length;
      continue;
    }
    if (survey.broken++ === 0) survey.firstBroken = i;
    i++;
  }
  for (let i = 0; i < bytes.length;) {
    if (bytes[i] < 0x80) i++;
    else if (bytes[i] >= 0xa1 && bytes[i + 1] >= 0xa1) {
      survey.paired++;
      i += 2;
    } else {
      survey.single++;
      i++;
    }
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

function utf16Order(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
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
