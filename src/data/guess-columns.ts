/**
 * Which columns hold texts and labels when nobody says: by their names and what is in them. A choice between
 * columns that would do equally well is left to the person.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { DataColumns } from './dataset.ts';
import { missingLabels } from './missing.ts';
import {
  LABEL_NAME,
  PAIR_NAMES,
  SOURCE_NAME,
  TARGET_NAME,
  TEXT_NAME,
  TITLE_NAME,
} from './table/column-names.ts';
import { asking } from './table/question.ts';
import { dataError, listedNames } from './table/error.ts';
import type { Table } from './table/table.ts';

/** Rows looked at. */
const SAMPLE = 200;
/** Of texts, the one that is this much longer than the next is the one that is meant. */
const LONGER = 2;

/**
 * @param given what is known already
 * @param wanted what goes with the texts: a label, or a target to write
 * @throws StudioError('data') when a column cannot be told, with those that it may be
 */
export function guessColumns(
  table: Table,
  given: Partial<DataColumns> = {},
  wanted: 'label' | 'target' = 'label',
): DataColumns {
  const said = { ...given };
  try {
    if (wanted === 'target') {
      const target = (said.target ??= guessTarget(table, given.text ?? []));
      return { text: given.text ?? guessSource(table, String(target)), target };
    }
    const label = (said.label ??= guessLabel(table, given.text ?? []));
    return { text: given.text ?? guessText(table, String(label)), label };
  } catch (error) {
    throw withKnown(error, said);
  }
}

/** A question about a column, with what is known of the others. */
function withKnown(error: unknown, { text, label, target }: Partial<DataColumns>): unknown {
  if (!(error instanceof StudioError) || error.question?.kind !== 'column') return error;
  const known = {
    ...(text && { text: text.map(String) }),
    ...(label !== undefined && { label: String(label) }),
    ...(target !== undefined && { target: String(target) }),
  };
  return asking(error, { ...error.question, known });
}

/** The first column that is named like a text to write; undefined where none is. */
export function namedTarget(table: Table): string | undefined {
  return table.columns.find((name) => TARGET_NAME.test(name.trim()));
}

/** A column named like a target; else the last that is left. */
function guessTarget(table: Table, taken: readonly (string | number)[]): string {
  const free = table.columns.filter((name) => !taken.map(String).includes(name));
  const found = free.find((name) => TARGET_NAME.test(name.trim())) ?? free.at(-1);
  if (found === undefined || table.columns.length < 2) throw unknown(table, 'target');
  return found;
}

function guessSource(table: Table, target: string): string[] {
  const named = table.columns.filter((name) => name !== target && SOURCE_NAME.test(name.trim()));
  if (named.length === 0) return guessText(table, target);
  // An instruction and an input beside it: the input may be empty in every row.
  const filled = named.filter((name) => holdsText(sample(table, name)));
  return [single(table, 'text', filled.length > 1 ? filled : named.slice(0, 1))];
}

function guessLabel(table: Table, taken: readonly (string | number)[]): string {
  const free = table.columns.filter((name) => !taken.map(String).includes(name));
  const named = free.filter((name) => LABEL_NAME.test(name.trim()));
  // A name counts where the content agrees: `target` may hold a summary, and `rating` a comment.
  const agreeing = named.filter((name) => holdsLabels(labelsOf(table, name)));
  const called = agreeing.filter((name) => /^(gold[_ -]?)?labels?$/i.test(name.trim()));
  if (called.length === 1) return single(table, 'label', called);
  if (agreeing.length > 0) return single(table, 'label', agreeing);
  // Labels repeat and are short; class indices do so more clearly than anything else.
  const short = free.filter((name) => repeats(table, name));
  const indices = short.filter((name) => holdsIndices(labelsOf(table, name)));
  if (indices.length === 1) return single(table, 'label', indices);
  if (short.length > 0 || named.length > 0) return single(table, 'label', short.length > 0 ? short : named);
  // Beside texts, one column of measured numbers is what they are scored by.
  const measured = free.filter((name) => holdsMeasures(labelsOf(table, name)));
  const texts = table.columns.some((name) => !measured.includes(name) && holdsWords(table, name));
  return single(table, 'label', texts ? measured : []);
}

/** The only candidate. @throws StudioError('data') where there are several, or its name stands twice in the file */
function single(table: Table, what: 'text' | 'label', candidates: readonly string[]): string {
  const [found] = candidates;
  if (candidates.length !== 1) throw unknown(table, what, candidates);
  const title = [...table.repeated].find((name) => found === name || found.startsWith(`${name}.`));
  if (title === undefined) return found;
  const same = table.columns.filter((name) => name === title || name.startsWith(`${title}.`));
  throw unknown(table, what, same);
}

/** Numbers, or short values that come back. */
function holdsLabels(values: readonly string[]): boolean {
  if (values.every((value) => Number.isFinite(Number(value)))) return true;
  const distinct = new Set(values).size;
  return meanLength(values) < 40 && (distinct <= values.length / 2 || values.length < 20);
}

function repeats(table: Table, name: string): boolean {
  const values = labelsOf(table, name);
  const distinct = new Set(values).size;
  if (values.length < 0.8 * Math.min(SAMPLE, table.rows)) return false;
  return distinct <= Math.max(2, values.length / 4) && distinct > 1 && meanLength(values) < 30;
}

/** Whole numbers 0..n−1 or 1..n. */
function holdsIndices(values: readonly string[]): boolean {
  const numbers = new Set(values.map(Number));
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return (least === 0 || least === 1) && most - least + 1 === numbers.size;
}

/** Numbers, some of them with a fraction: no count, and no number of a row. */
function holdsMeasures(values: readonly string[]): boolean {
  const numbers = values.map(Number);
  return (
    numbers.length > 0 && numbers.every(Number.isFinite) && numbers.some((value) => !Number.isInteger(value))
  );
}

function sample(table: Table, column: string): readonly string[] {
  return table.column(column).slice(0, SAMPLE);
}

/** The labels of a column that are none of those that stand for a missing one. */
function labelsOf(table: Table, column: string): readonly string[] {
  const values = sample(table, column);
  const isMissing = missingLabels(values);
  return values.filter((value) => !isMissing(value));
}

function guessText(table: Table, label: string): string[] {
  const free = table.columns.filter((name) => name !== label);
  for (const [first, second] of PAIR_NAMES) {
    const a = free.find((name) => first.test(name.trim()));
    const b = free.find((name) => second.test(name.trim()));
    if (a !== undefined && b !== undefined) return [a, b];
  }
  const named = free.filter((name) => TEXT_NAME.test(name.trim()) && holdsText(sample(table, name)));
  const bodies = named.every((name) => TITLE_NAME.test(name.trim())) ? bodiesOf(table, named, free) : [];
  if (named.length > 0 && bodies.length > 0) throw unknown(table, 'text', [...named, ...bodies]);
  const texts = named.length > 0 ? named : free;
  if (texts.length === 0) throw unknown(table, 'text');
  const byLength = texts
    .map((name) => ({ name, length: meanLength(sample(table, name)), words: holdsWords(table, name) }))
    .sort((a, b) => b.length - a.length);
  const [{ name, length }] = byLength;
  const rivals = byLength.filter((other) => other.words && other.length * LONGER > length);
  return [single(table, 'text', rivals.length > 1 ? rivals.map((rival) => rival.name) : [name])];
}

/** Texts that are much longer than the titles beside them: who names a title alone would leave them unread. */
function bodiesOf(table: Table, titles: readonly string[], free: readonly string[]): string[] {
  const longest = Math.max(...titles.map((name) => meanLength(sample(table, name))));
  const others = free.filter((name) => !titles.includes(name) && holdsWords(table, name));
  return others.filter((name) => meanLength(sample(table, name)) > LONGER * longest);
}

/** `2024-02-20`, `20/2/2024 14:05`, `2024年2月20日` */
const DATE = /^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([T ]\d{1,2}:\d{2}.*)?$/;

/** Not just numbers and dates. */
function holdsText(values: readonly string[]): boolean {
  return values.some((value) => {
    const trimmed = value.trim();
    return trimmed !== '' && !Number.isFinite(Number(trimmed)) && !DATE.test(trimmed);
  });
}

/** Texts of a column differ from row to row; of several that do, each may be the one that is meant. */
function holdsWords(table: Table, name: string): boolean {
  const values = sample(table, name).filter((value) => value.trim() !== '');
  return holdsText(values) && new Set(values).size > values.length / 4;
}

function meanLength(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
}

function unknown(table: Table, what: 'text' | 'label' | 'target', candidates: readonly string[] = []) {
  const problem = {
    text: say`it cannot be told which column holds the text`,
    label: say`it cannot be told which column holds the label`,
    target: say`it cannot be told which column holds the target`,
  }[what];
  const likely = candidates.length > 1 ? candidates : table.columns;
  const sentence = say`${problem}; set ${field(`data.columns.${what}`)} to one of ${listedNames(likely)}`;
  const error = dataError(table.name, null, sentence);
  return asking(error, { kind: 'column', what, candidates: [...likely], known: {} });
}
