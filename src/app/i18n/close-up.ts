/** Chinese around a name that is put into a sentence. */

const HAN = '[\\p{Script=Han}，。：；（）、“”]';
const BLANK = new RegExp(`(?<=${HAN}) (?=${HAN})`, 'gu');

/** The blank that sets a Latin name off is no use beside a Chinese one: `建议用 全量：` becomes `建议用全量：`. */
export function closedUp(text: string): string {
  return text.replace(BLANK, '');
}
