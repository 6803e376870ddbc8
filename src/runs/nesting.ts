/** How deep JSON is nested: what is deeper than any file of ours would overflow whatever walks through it. */

/**
 * Whether lists and objects stand in one another more than `most` deep. Text that is not JSON has some answer too.
 */
export function nestedDeeper(json: string, most: number): boolean {
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
