/**
 * What the engine says, in another language. Its sentences are made in English where the trouble is found, for
 * the page, the command line and stored records alike; the page reads them by a list of patterns, so that one
 * that was stored long ago is translated too.
 *
 * A pattern is the English sentence with `{name}` for each value and `[s]` for letters that may be missing:
 *   {name}   stands for anything and stays as it is: a column may be called "text", which is a phrase too
 *   {#name}  stands for a number
 *   {$name}  stands for a word of letters, digits and dots
 *   {=name}  must be a phrase of the list, or the pattern does not match
 *   {~name}  is translated where it is a phrase of the list, and stays as it is otherwise
 * `{{name}}` is "{name}" itself. The translation uses the same names.
 */
export type Phrases = Readonly<Record<string, string>>;

type Kind = '' | '#' | '$' | '=' | '~';

interface Phrase {
  test: RegExp;
  names: { name: string; kind: Kind }[];
  into: string;
}

const PLACE = /\{(?<braced>\{\w+\})\}|\{(?<kind>[#$=~]?)(?<name>\w+)\}|\[(?<optional>\w+)\]/g;

/** What a value of each kind looks like. */
const VALUES: Readonly<Record<Kind, string>> = {
  '': '[\\s\\S]+?',
  '#': '[\\d.,]+',
  $: '[\\w.]+',
  '=': '[\\s\\S]+?',
  '~': '[\\s\\S]+?',
};

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
  const said = new Map<string, string>();
  for (const [i, { name, kind }] of names.entries()) {
    const translated = kind === '=' || kind === '~' ? translate(values[i]) : null;
    if (kind === '=' && translated === null) return null;
    said.set(name, translated ?? values[i]);
  }
  const place = /\{(\{\w+\})\}|(.?)\{(\w+)\}(?=(.?))/gu;
  return into.replace(place, (_, braced: string | undefined, before: string, name: string, after: string) => {
    const value = said.get(name) ?? '';
    return braced ?? before + gap(before, value) + value + gap(value, after);
  });
}

/** A blank between Chinese and other letters or digits, where a value brings them together. */
function gap(before: string, after: string): string {
  const seam = `${before.slice(-1)}${after.slice(0, 1)}`;
  return /^(\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han})$/u.test(seam) ? ' ' : '';
}

function compiled(pattern: string, into: string): Phrase {
  const names: Phrase['names'] = [];
  let test = '';
  let at = 0;
  for (const match of pattern.matchAll(PLACE)) {
    const { braced, kind, name, optional } = match.groups as Partial<Record<string, string>>;
    test += escaped(pattern.slice(at, match.index));
    at = match.index + match[0].length;
    if (braced !== undefined) test += escaped(braced);
    else if (name === undefined) test += `(?:${optional})?`;
    else {
      names.push({ name, kind: kind as Kind });
      test += `(${VALUES[kind as Kind]})`;
    }
  }
  return { test: new RegExp(`^${test}${escaped(pattern.slice(at))}$`), names, into };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Names of the values in a pattern or a translation. */
export function placeholders(pattern: string): string[] {
  return [...pattern.matchAll(PLACE)].flatMap(({ groups }) => groups?.['name'] ?? []);
}
