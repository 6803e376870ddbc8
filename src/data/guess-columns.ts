/** Which columns hold texts and labels when nobody says: by their names and what is in them. */
import type { DataColumns } from './dataset.ts';
import { dataError, listedNames } from './table/error.ts';
import type { Table } from './table/table.ts';

const LABEL = /^(gold[_ ]?)?(labels?|class|category|target|score|rating|sentiment|quality|intent|topic|y)$/i;
const TEXT =
  /^(text|sentence|review|content|document|question|query|premise|title|comment|utterance|#?\d? ?string)$/i;
/** Two texts: `sentence1` and `sentence2`, `#1 String` and `#2 String`, premise and hypothesis. */
const PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(text|sentence|question)_?(1|a)$/i, /^(text|sentence|question)_?(2|b)$/i],
  [/^#1 string$/i, /^#2 string$/i],
  [/^premise$/i, /^hypothesis$/i],
  [/^question$/i, /^(sentence|passage|answer)$/i],
];
/** Texts to write, and what they are written from. */
const TARGET =
  /^(targets?|summary|summaries|outputs?|answer|response|completion|translation|highlights|headline|reference|tldr)$/i;
const SOURCE = /^(source|inputs?|article|abstract|passage|context|prompt|instruction|dialogue|src)$/i;
/** Rows looked at. */
const SAMPLE = 200;

/**
 * @param given what is known already
 * @param wanted what goes with the texts: a label, or a target to write
 * @throws StudioError('data') when a column cannot be told
 */
export function guessColumns(
  table: Table,
  given: Partial<DataColumns> = {},
  wanted: 'label' | 'target' = 'label',
): DataColumns {
  if (wanted === 'target') {
    const target = given.target ?? guessTarget(table, given.text ?? []);
    return { text: given.text ?? guessSource(table, String(target)), target };
  }
  const label = given.label ?? guessLabel(table, given.text ?? []);
  const text = given.text ?? guessText(table, String(label));
  return { text, label };
}

/** The first column that is named like a text to write; undefined where none is. */
export function namedTarget(table: Table): string | undefined {
  return table.columns.find((name) => TARGET.test(name.trim()));
}

/** A column named like a target; else the last that is left. */
function guessTarget(table: Table, taken: readonly (string | number)[]): string {
  const free = table.columns.filter((name) => !taken.map(String).includes(name));
  const found = free.find((name) => TARGET.test(name.trim())) ?? free.at(-1);
  if (found === undefined || table.columns.length < 2) throw unknown(table, 'target');
  return found;
}

function guessSource(table: Table, target: string): string[] {
  const named = table.columns.find((name) => name !== target && SOURCE.test(name.trim()));
  return named === undefined ? guessText(table, target) : [named];
}

function guessLabel(table: Table, taken: readonly (string | number)[]): string {
  const free = table.columns.filter((name) => !taken.map(String).includes(name));
  const named = free.filter((name) => LABEL.test(name.trim()));
  // A name counts where the content agrees: `target` may hold a summary, and `rating` a comment.
  const agreeing = named.find((name) => holdsLabels(sample(table, name)));
  if (agreeing !== undefined) return agreeing;
  // Labels repeat and are short; of several such columns the last is the likeliest.
  const short = free.filter((name) => {
    const values = sample(table, name).filter((value) => value.trim() !== '');
    const distinct = new Set(values).size;
    if (values.length < 0.8 * Math.min(SAMPLE, table.rows)) return false;
    return distinct <= Math.max(2, values.length / 4) && distinct > 1 && meanLength(values) < 30;
  });
  const found = short.at(-1) ?? named[0];
  if (found === undefined) throw unknown(table, 'label');
  return found;
}

/** Numbers, or short values that come back. */
function holdsLabels(values: readonly string[]): boolean {
  const filled = values.filter((value) => value.trim() !== '');
  if (filled.every((value) => Number.isFinite(Number(value)))) return true;
  const distinct = new Set(filled).size;
  return meanLength(filled) < 40 && (distinct <= filled.length / 2 || filled.length < 20);
}

function sample(table: Table, column: string): readonly string[] {
  return table.column(column).slice(0, SAMPLE);
}

function guessText(table: Table, label: string): string[] {
  const free = table.columns.filter((name) => name !== label);
  for (const [first, second] of PAIRS) {
    const a = free.find((name) => first.test(name.trim()));
    const b = free.find((name) => second.test(name.trim()));
    if (a !== undefined && b !== undefined) return [a, b];
  }
  const named = free.find((name) => TEXT.test(name.trim()) && holdsText(sample(table, name)));
  if (named !== undefined) return [named];
  const longest = free
    .map((name) => ({ name, length: meanLength(sample(table, name)) }))
    .sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) throw unknown(table, 'text');
  return [longest.name];
}

/** Not just numbers. */
function holdsText(values: readonly string[]): boolean {
  return values.some((value) => value.trim() !== '' && !Number.isFinite(Number(value)));
}

function meanLength(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
}

function unknown(table: Table, what: 'text' | 'label' | 'target') {
  return dataError(
    table.name,
    null,
    `it cannot be told which column holds the ${what}; set data.columns.${what} to one of ` +
      listedNames(table.columns),
  );
}
