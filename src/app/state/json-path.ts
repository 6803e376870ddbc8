/** Where a field stands in a JSON text, so that an error about its path can point at the line. */

/**
 * Line, from 1, of the deepest part of `path` that the text has; null where the text is not JSON that far.
 * @param path as in refusals: `compare[1].method.rank`
 */
export function lineOfPath(text: string, path: string): number | null {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  let at = 0;
  let found: number | null = null;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  /** Passes over the value at `at`; false where the text ends in it. */
  const skip = (): boolean => {
    space();
    let depth = 0;
    do {
      const char = text[at];
      if (char === undefined) return false;
      if (char === '"') string();
      else {
        if (char === '{' || char === '[') depth++;
        if (char === '}' || char === ']') depth--;
        at++;
      }
      if (depth === 0 && /[,}\]\s]/.test(text[at] ?? ' ') && !/[,:]/.test(text[at - 1])) return true;
    } while (at < text.length);
    return depth === 0;
  };
  const string = (): string => {
    const from = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
    try {
      return JSON.parse(text.slice(from, at)) as string;
    } catch {
      return '';
    }
  };
  for (const step of steps) {
    space();
    const list = text[at] === '[';
    if (!list && text[at] !== '{') return found;
    at++;
    for (let index = 0; ; index++) {
      space();
      if (at >= text.length || text[at] === '}' || text[at] === ']') return found;
      const place = at;
      let key = String(index);
      if (!list) {
        if (text[at] !== '"') return found;
        key = string();
        space();
        at++;
      }
      if (key === step) {
        found = 1 + (text.slice(0, place).match(/\n/g)?.length ?? 0);
        space();
        break;
      }
      if (!skip()) return found;
      space();
      if (text[at] === ',') at++;
    }
  }
  return found;
}
