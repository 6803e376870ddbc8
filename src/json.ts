/** JSON from outside: as `JSON.parse`, but not nested deeper than whatever walks over the value can follow. */

/** Objects and lists within one another; what is written for people and libraries has a dozen. */
const MAX_DEPTH = 200;

/**
 * @param text of a JSON document
 * @throws SyntaxError where it is no JSON, or is nested too deep
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  let level: unknown[] = [value];
  // Level by level, since recursion is what deep nesting is dangerous to.
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new SyntaxError(`nested more than ${MAX_DEPTH} deep`);
    const next: unknown[] = [];
    for (const holder of level)
      if (typeof holder === 'object' && holder !== null)
        for (const inner of Array.isArray(holder) ? (holder as unknown[]) : Object.values(holder))
          if (typeof inner === 'object' && inner !== null) next.push(inner);
    level = next;
  }
  return value;
}
