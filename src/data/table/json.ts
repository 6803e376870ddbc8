/**
 * JSON documents: an array of objects, an object with one array of objects in it, or objects one after the other.
 * Rows are cut out of the text one at a time, so that a large file costs little beyond its text.
 */
import { parseJson } from '../../json.ts';
import { say } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError, listedNames } from './error.ts';
import { JsonRows } from './json-rows.ts';
import { JsonScanner } from './json-scanner.ts';
import { parsedJson } from './jsonl.ts';

const REMEDY = say`write an array of complete JSON objects`;

/** @throws StudioError('data') with the line of what is not a row, or with the arrays of which one must be chosen */
export function readJson(text: string, file: string): Cells {
  const scanner = new JsonScanner(text);
  const rows = new JsonRows(file, text.length);
  if (scanner.peek() === '{') {
    const start = scanner.mark();
    const arrays = arraysOf(scanner, file);
    if (scanner.peek() === '') {
      scanner.reset(oneArray(arrays, file));
      readArray(scanner, rows, file, false);
      return rows.finish();
    }
    scanner.reset(start);
    readObjects(scanner, rows, file);
    return rows.finish();
  }
  if (scanner.peek() !== '[')
    throw dataError(file, scanner.mark().line, say`neither an array nor an object begins here; ${REMEDY}`);
  readArray(scanner, rows, file, true);
  return rows.finish();
}

/**
 * Is a text that begins with `{` one document, rather than one object a line?
 * @param text from its first sign that is no blank
 * @param lines whether its name says it has one object a line
 */
export function isDocument(text: string, lines: boolean): boolean {
  const end = text.indexOf('\n');
  const first = end < 0 ? text : text.slice(0, end);
  const rest = text.slice(first.length);
  try {
    const value = parseJson(first) as Record<string, unknown>;
    // A single line is a row too, unless it holds rows or whole columns.
    return !lines && rest.trim() === '' && (Object.values(value).some(holdsObjects) || holdsColumns(value));
  } catch {
    if (rest.trim() === '') return !lines && /\[\s*\{/.test(first);
    // The object goes on below its first line, or that is a line of JSON Lines that is not valid.
    return !/^\s*\{/.test(rest) || new JsonScanner(text).value() !== null;
  }
}

/** One object whose fields are all lists of values, or all objects, of one length: columns, as pandas writes them. */
function holdsColumns(value: Record<string, unknown>): boolean {
  const sizes = Object.values(value).map((column) =>
    typeof column === 'object' && column !== null && !holdsObjects(column) ? Object.keys(column).length : 0,
  );
  return sizes.length > 1 && sizes[0] > 1 && sizes.every((size) => size === sizes[0]);
}

function holdsObjects(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null;
}

interface Place {
  at: number;
  line: number;
}

/** Places of an object's arrays of objects, by field. */
function arraysOf(scanner: JsonScanner, file: string): Map<string, Place> {
  const arrays = new Map<string, Place>();
  scanner.take('{');
  while (scanner.peek() !== '}') {
    const { line } = scanner.mark();
    const key = scanner.peek() === '"' ? scanner.value() : null;
    if (key === null || !scanner.take(':'))
      throw dataError(file, line, say`not valid JSON: a field is not written "name": value; ${REMEDY}`);
    const place = scanner.mark();
    const isArray = scanner.peek() === '[';
    if (isArray && scanner.peekAfter() === '{')
      arrays.set(parsedJson(key, file, line, REMEDY) as string, place);
    if (scanner.value() === null) throw cutOff(file, place.line);
    if (!scanner.take(',') && scanner.peek() !== '}') throw cutOff(file, scanner.mark().line);
  }
  scanner.take('}');
  return arrays;
}

function oneArray(arrays: ReadonlyMap<string, Place>, file: string): Place {
  const names = [...arrays.keys()];
  if (names.length === 1) return arrays.get(names[0])!;
  throw dataError(
    file,
    1,
    names.length === 0
      ? say`the object holds no array of objects; write an array of objects, as pandas does with orient="records"`
      : say`the object holds several arrays of objects, ${listedNames(names)}; write the one that is meant into a file of its own`,
  );
}

function readArray(scanner: JsonScanner, rows: JsonRows, file: string, whole: boolean): void {
  scanner.take('[');
  while (scanner.peek() !== ']') {
    addValue(scanner, rows, file);
    if (!scanner.take(',') && scanner.peek() !== ']') throw cutOff(file, scanner.mark().line);
  }
  scanner.take(']');
  if (whole && scanner.peek() !== '')
    throw dataError(file, scanner.mark().line, say`something follows the array; ${REMEDY}`);
}

function readObjects(scanner: JsonScanner, rows: JsonRows, file: string): void {
  while (scanner.peek() !== '') {
    addValue(scanner, rows, file);
    scanner.take(',');
  }
}

function addValue(scanner: JsonScanner, rows: JsonRows, file: string): void {
  const { line } = scanner.mark();
  const source = scanner.value();
  if (source === null) throw cutOff(file, line);
  rows.add(parsedJson(source, file, line, REMEDY), line);
}

function cutOff(file: string, line: number) {
  return dataError(
    file,
    line,
    say`the JSON is not closed or a comma is missing here; save the file whole, or ${REMEDY}`,
  );
}
