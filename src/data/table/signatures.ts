/** Files that are no table, told by their first bytes. */
import { say, type Sentence } from '../../sentence.ts';
import { dataError } from './error.ts';

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
  { bytes: [0xff, 0xfe, 0x00, 0x00], what: say`this is text in UTF-32; save it as UTF-8` },
  { bytes: [0x00, 0x00, 0xfe, 0xff], what: say`this is text in UTF-32; save it as UTF-8` },
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

/** Texts that stand where a file was to be, as they begin. */
const STAND_INS: { begins: RegExp; what: Sentence }[] = [
  {
    begins: /^version https:\/\/git-lfs/,
    what: say`this is a Git LFS pointer, not the data; run \`git lfs pull\` or download the file itself`,
  },
  {
    begins: /^<(!doctype html|html)[\s>]/i,
    what: say`this is a web page (HTML), not the data; download the file itself, not the page about it`,
  },
];

/** @throws StudioError('data') with what the file is, and what to do */
export function refuseBinary(bytes: Uint8Array, file: string): void {
  for (const { bytes: magic, what } of SIGNATURES)
    if (magic.every((byte, i) => bytes[i] === byte)) throw dataError(file, null, what);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).replace(/^\xef\xbb\xbf/, '');
  for (const { begins, what } of STAND_INS)
    if (begins.test(head.trimStart())) throw dataError(file, null, what);
}
