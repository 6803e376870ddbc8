/**
 * Sentences that carry their data. Where one is made, a tagged template keeps its pieces and its values apart:
 *
 *   say`${file}, line ${line}: the row has ${found} columns where ${wanted} are needed.`
 *
 * As in gettext the English pieces are the key ("{0}, line {1}: the row has {2} columns where {3} are needed.");
 * another language has a table from keys to its own pieces, and no text is ever read back. A sentence is plain
 * data: it survives `postMessage`, JSON and the history.
 *
 * How to write one:
 *  - A value is the user's text, a name out of a file, a number. Words of ours are sentences themselves, or another
 *    key: one key for one and another for many, one for each of a few cases; a list that ends in "and" is `listed`.
 *  - A field of the run spec is `field('data.maxLength')`: the command line shows its path, the page its label.
 *    A new field needs a label in `src/app/i18n/field-label.ts`.
 *  - A method is `named('lora')`: the command line shows the name that a spec gives it, the page its label.
 *  - A new key needs its Chinese in one of the tables of `src/app/i18n/zh/said/`; a test names those without.
 *  - What takes a sentence has the type `Sentence`; `english` is for text files, logs and the command line.
 */

/** A field of the run spec. The command line names it by its path, the page by the label its form has. */
export interface SpecField {
  /** As `training.steps` or `compare[1].method.rank`. */
  readonly field: string;
  /** Type of the method whose option it is, where that is known. */
  readonly of?: string;
}

/** A method that a run is of. The command line names it as specs do, the page and reports by its label. */
export interface MethodName {
  /** A type; several that train together as `prompt+bitfit`, in turn as `prompt-then-lora`; `lora-2` is a second one. */
  readonly method: string;
}

/** What stands in a place of a sentence: a sentence, a field or a method, which are translated, or text, which never is. */
export type SentenceValue = string | number | Sentence | SpecField | MethodName;

export interface Sentence {
  /** The English pieces, with `{0}`, `{1}`, ... for the values. */
  readonly key: string;
  readonly values: readonly SentenceValue[];
}

// Characters of control, and those that turn the direction of writing: they would act on a terminal or a line.
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of somebody else's as a sentence can hold it: on one line, and each of its characters to be seen. What is no
 * finite number is text, since JSON has no number for it.
 */
function legible(value: SentenceValue): SentenceValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'string' ? value.replace(/\s*[\r\n]\s*/g, ' ').replace(UNSEEN, '\ufffd') : value;
}

/** A sentence of a template. Braces of the pieces themselves are doubled in the key. */
export function say(pieces: TemplateStringsArray, ...values: SentenceValue[]): Sentence {
  const escaped = pieces.map((piece) => piece.replace(/[{}]/g, '$&$&'));
  return { key: escaped.reduce((key, piece, i) => `${key}{${i - 1}}${piece}`), values: values.map(legible) };
}

/** Characters of a field's path: all of ours are shorter, but a spec can name what is none of ours. */
const LONGEST_PATH = 120;

/** A field of the run spec, as a value of a sentence. */
export function field(path: string, of?: string): SpecField {
  const seen = legible(path) as string;
  const named = seen.length > LONGEST_PATH ? cut(seen, LONGEST_PATH) : seen;
  return of === undefined ? { field: named } : { field: named, of };
}

/** A method, as a value of a sentence. */
export function named(name: string): MethodName {
  return { method: name };
}

/** Several sentences or texts with commas between, as `a, b, c`. */
export function inARow([first = '', ...others]: readonly SentenceValue[]): SentenceValue {
  return others.reduce((row, value) => say`${row}, ${value}`, first);
}

/** Several sentences or texts in a row, as `a, b and c`; every language joins them its own way. */
export function listed(values: readonly SentenceValue[]): SentenceValue {
  const [first = '', ...others] = values;
  return others.reduce(
    (list, value, i) => (i < others.length - 1 ? say`${list}, ${value}` : say`${list} and ${value}`),
    first,
  );
}

/**
 * What is shown to a person: a sentence of the engine, or a text that is shown as it is. Such are the page's own
 * texts, which are in its language already, and what was stored before sentences carried their data.
 */
export type Told = Sentence | string;

/** The same sentence with every field put by another. */
export function withFields(
  { key, values }: Sentence,
  put: (path: string, of: string | undefined) => SpecField,
): Sentence {
  const changed = values.map((value) => {
    if (typeof value !== 'object') return value;
    if ('field' in value) return put(value.field, value.of);
    return isSentence(value) ? withFields(value, put) : value;
  });
  return { key, values: changed };
}

/** The same sentence with every text in it put by another; words of ours, which are sentences, stay. */
export function withTexts({ key, values }: Sentence, put: (text: string) => string): Sentence {
  const changed = values.map((value) => {
    if (typeof value === 'string') return put(value);
    return isSentence(value) ? withTexts(value, put) : value;
  });
  return { key, values: changed };
}

/** The text of a key with its values put in; `shown` makes text of each. */
export function filled(
  key: string,
  values: readonly SentenceValue[],
  shown: (value: SentenceValue, index: number) => string,
): string {
  return key.replace(/\{\{|\}\}|\{(\d+)\}/g, (match, index: string | undefined) =>
    index === undefined ? match[0] : shown(values[Number(index)], Number(index)),
  );
}

/** A sentence as the engine says it, in English. */
export function english(sentence: SentenceValue): string {
  if (typeof sentence !== 'object') return String(sentence);
  if ('field' in sentence) return sentence.field;
  if ('method' in sentence) return sentence.method;
  return filled(sentence.key, sentence.values, (value) => english(value));
}

/** Characters of a text that a sentence keeps, however long the sentence is. */
const LEAST_KEPT = 24;

/** A text without its middle. */
function cut(text: string, length: number): string {
  const tail = Math.floor((length - 1) / 3);
  return `${text.slice(0, length - 1 - tail)}…${tail > 0 ? text.slice(-tail) : ''}`;
}

/**
 * The sentence in so many characters: the longest texts in it lose their middles, as far as is needed.
 * @param most characters of the English sentence
 */
export function fitted(sentence: Sentence, most: number): Sentence {
  let fit = sentence;
  for (let tries = 0; tries < 20; tries++) {
    const excess = english(fit).length - most;
    if (excess <= 0) return fit;
    const longest = longestText(fit);
    if (longest.length <= LEAST_KEPT) return fit;
    const short = cut(longest, Math.max(LEAST_KEPT, longest.length - excess - 1));
    fit = withTexts(fit, (text) => (text === longest ? short : text));
  }
  return fit;
}

function longestText({ values }: Sentence): string {
  let longest = '';
  for (const value of values) {
    const text = typeof value === 'string' ? value : isSentence(value) ? longestText(value) : '';
    if (text.length > longest.length) longest = text;
  }
  return longest;
}

function isSentence(value: SentenceValue): value is Sentence {
  return typeof value === 'object' && 'key' in value;
}
