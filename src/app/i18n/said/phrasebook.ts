/**
 * What the engine says, in another language. Its sentences are made in English where the trouble is found, for
 * the page, the command line and stored records alike; the page reads them by a list of patterns, so that one
 * that was stored long ago is translated too.
 *
 * A pattern is the English sentence with `{name}` for each value and `[s]` for letters that may be missing:
 *   {name}   stands for anything; translated where it is a phrase of the list itself, left as it is otherwise
 *   {=name}  must be a phrase of the list, or the pattern does not match
 * The translation uses the same names.
 */
export type Phrases = Readonly<Record<string, string>>;

interface Phrase {
  test: RegExp;
  names: { name: string; known: boolean }[];
  into: string;
}

const PLACE = /\{(=?)(\w+)\}|\[(\w+)\]/g;

export class Phrasebook {
  readonly #phrases: Phrase[];

  constructor(phrases: Phrases) {
    // What says most by itself comes first: `{file}: {=problem}.` would take in much.
    const literal = (pattern: string): number => pattern.replace(PLACE, '').length;
    const patterns = Object.keys(phrases).sort((a, b) => literal(b) - literal(a));
    this.#phrases = patterns.map((pattern) => compiled(pattern, phrases[pattern]));
  }

  /** The sentence in the other language; null where the list does not have it. */
  translate(sentence: string): string | null {
    for (const phrase of this.#phrases) {
      const found = phrase.test.exec(sentence);
      const said = found && filled(phrase, found.slice(1), (value) => this.translate(value));
      if (said !== null) return said;
    }
    return null;
  }
}

function filled(
  { names, into }: Phrase,
  values: readonly string[],
  translate: (value: string) => string | null,
): string | null {
  let said = into;
  for (const [i, { name, known }] of names.entries()) {
    const translated = translate(values[i]);
    if (known && translated === null) return null;
    said = said.replaceAll(`{${name}}`, () => translated ?? values[i]);
  }
  return said;
}

function compiled(pattern: string, into: string): Phrase {
  const names: Phrase['names'] = [];
  let test = '';
  let at = 0;
  for (const match of pattern.matchAll(PLACE)) {
    const [whole, known, name, optional] = match as unknown as [string, string, string?, string?];
    test += escaped(pattern.slice(at, match.index));
    if (name !== undefined) names.push({ name, known: known === '=' });
    test += name === undefined ? `(?:${optional})?` : '([\\s\\S]+?)';
    at = match.index + whole.length;
  }
  return { test: new RegExp(`^${test}${escaped(pattern.slice(at))}$`), names, into };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Names of the values in a pattern or a translation. */
export function placeholders(pattern: string): string[] {
  return [...pattern.matchAll(PLACE)].flatMap(([, , name]: (string | undefined)[]) => name ?? []);
}
