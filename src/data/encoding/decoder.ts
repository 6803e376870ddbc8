/**
 * Bytes to text by the platform's TextDecoder, made to follow the Encoding Standard where it is known not to:
 * Node reads windows-1252 as ISO-8859-1 and euc-kr without the syllables that Windows added.
 */
import { uhcDecoder } from './uhc.ts';

/** 0x80 to 0x9F of windows-1252; the five without a character stay controls. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9dž\x9f'.replace('\x9f', 'Ÿ');

/**
 * Text of bytes in an encoding.
 * @param encoding a label of the Encoding Standard
 * @returns null where a byte sequence is none of that encoding, or this platform lacks it
 */
export function decodeStrictly(bytes: Uint8Array, encoding: string): string | null {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    return null;
  }
  if (decoder.encoding === 'euc-kr' && !hasAllSyllables()) return uhcDecoder()(bytes);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return null;
  }
  if (decoder.encoding === 'windows-1252')
    return text.replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80]);
  // Tones stand as marks of their own there, and nowhere else.
  return decoder.encoding === 'windows-1258' ? text.normalize('NFC') : text;
}

/** Does this platform know the 8,822 Korean syllables beyond KS X 1001? */
function hasAllSyllables(): boolean {
  return new TextDecoder('euc-kr').decode(Uint8Array.of(0x81, 0x41)) === '갂';
}
