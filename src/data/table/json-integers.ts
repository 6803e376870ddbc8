/** Integers of JSON that a number cannot hold. */

/** From so many digits on. */
const LONG = /\d{16}/;

/**
 * The JSON with every such integer in quotes, so that two ids or labels which differ in the last digit alone stay
 * two. What stands in quotes stays.
 */
export function exactIntegers(json: string): string {
  if (!LONG.test(json)) return json;
  const number = /-?\d[\d.eE+-]*/y;
  let text = '';
  let from = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') quoted = !quoted;
    else if (sign === '\\') at++;
    else if (!quoted && (sign === '-' || (sign >= '0' && sign <= '9'))) {
      number.lastIndex = at;
      const [found] = number.exec(json) ?? [sign];
      if (/^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found))) {
        text += `${json.slice(from, at)}"${found}"`;
        from = at + found.length;
      }
      at += found.length - 1;
    }
  }
  return text + json.slice(from);
}
