/** Encodings that a data file may be in, by their labels of the Encoding Standard. */

export interface LegacyEncoding {
  label: string;
  /** How much rarer its files are than others that read as well; from 0. */
  rarity: number;
}

/** The likelier before the rarer where both read the same. */
export const LEGACY_ENCODINGS: readonly LegacyEncoding[] = [
  { label: 'windows-1252', rarity: 0 },
  { label: 'windows-1250', rarity: 0 },
  { label: 'windows-1251', rarity: 0 },
  { label: 'windows-1253', rarity: 0 },
  { label: 'windows-1254', rarity: 0 },
  { label: 'windows-1255', rarity: 0 },
  { label: 'windows-1256', rarity: 0 },
  { label: 'windows-1257', rarity: 0 },
  { label: 'windows-1258', rarity: 0 },
  { label: 'windows-874', rarity: 0 },
  { label: 'shift_jis', rarity: 0 },
  { label: 'gb18030', rarity: 0 },
  { label: 'big5', rarity: 0 },
  { label: 'euc-kr', rarity: 0 },
  { label: 'euc-jp', rarity: 0.01 },
  { label: 'koi8-r', rarity: 0.01 },
  { label: 'koi8-u', rarity: 0.02 },
  { label: 'iso-8859-2', rarity: 0.01 },
  { label: 'iso-8859-5', rarity: 0.02 },
  { label: 'iso-8859-6', rarity: 0.02 },
  { label: 'iso-8859-7', rarity: 0.01 },
  { label: 'iso-8859-8', rarity: 0.02 },
  { label: 'iso-8859-15', rarity: 0.03 },
  { label: 'iso-8859-13', rarity: 0.03 },
  { label: 'iso-8859-4', rarity: 0.08 },
  { label: 'iso-8859-10', rarity: 0.08 },
  { label: 'iso-8859-3', rarity: 0.08 },
  { label: 'iso-8859-14', rarity: 0.08 },
  { label: 'iso-8859-16', rarity: 0.08 },
  { label: 'ibm866', rarity: 0.05 },
  { label: 'macintosh', rarity: 0.06 },
  { label: 'x-mac-cyrillic', rarity: 0.06 },
];

/** Those that a person may choose from. */
export const ENCODING_CHOICES: readonly string[] = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  ...LEGACY_ENCODINGS.map(({ label }) => label),
  'iso-2022-jp',
];

/**
 * The Encoding Standard's name of a label, in lower case; null where this is none that a file can be read in.
 * @param label such as `Shift-JIS`'s `sjis`, `latin1`, `cp1251`
 */
export function encodingOf(label: string): string | null {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return null;
  }
}
