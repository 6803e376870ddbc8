/** JSON from outside: as `JSON.parse`, but not nested deeper than whatever walks over the value can follow. */

/** Objects and lists within one another; what is written for people and libraries has a dozen. */
const MAX_DEPTH = 200;

/** Text that is nested too deep to be read. */
export class DeepJson extends SyntaxError {
  declare protected readonly nominal: true;
}

/**
 * Nesting is looked at before anything is parsed: a parser holds some hundred bytes for every bracket that is open.
 * @param text of a JSON document
 * @param most objects and lists within one another
 * @throws SyntaxError where it is no JSON, DeepJson where it is nested too deep
 */
export function parseJson(text: string, most = MAX_DEPTH): unknown {
  if (nestedDeeper(text, most)) throw new DeepJson(`nested more than ${most} deep`);
  return JSON.parse(text);
}

/**
 * Whether lists and objects stand in one another more than `most` deep. Text that is not JSON has some answer too.
 */
function nestedDeeper(json: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case 0x22: // "
        quoted = !quoted;
        break;
      case 0x5c: // a backslash, which takes the next character with it
        if (quoted) at++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (!quoted && ++depth > most) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (!quoted) depth--;
    }
  }
  return false;
}
