/**
 * JSON values as cells of a table. An object is laid flat: its fields are columns by path (`review.body`). A chat (a
 * list of `{role, content}` or of `{from, value}`) has a column for each role (`messages.user`), its turns below one
 * another. Strings stay, numbers and booleans are written out, null is an empty cell, a list of strings is joined by
 * blanks, and any other list stays JSON.
 */
import type { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { dataError } from './error.ts';

/** Objects within objects; documented in docs/run-spec.md. */
export const MAX_DEPTH = 32;

/** Names that chats give to who speaks and to what is said. */
const CHATS: readonly (readonly [string, string])[] = [
  ['role', 'content'],
  ['from', 'value'],
];

/** @param texts where the value was a list of strings: each of them */
export type Emit = (path: string, cell: string, texts?: readonly string[]) => void;

/**
 * Calls `emit` for each cell of a value, in the order of its fields.
 * @param path column of the value; of a row, null
 * @param place file and line, for messages
 * @throws StudioError('data') where it is nested deeper than `MAX_DEPTH`
 */
export function emitCells(
  value: unknown,
  path: string | null,
  emit: Emit,
  place: { file: string; line: number },
): void {
  checkDepth(value, MAX_DEPTH, place);
  emitValue(value, path, emit);
}

function emitValue(value: unknown, path: string | null, emit: Emit): void {
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value))
      emitValue(inner, path === null ? key : `${path}.${key}`, emit);
    return;
  }
  if (path === null) return;
  const turns = chatOf(value);
  if (turns === null) emit(path, cellOf(value), isTexts(value) ? value : undefined);
  else for (const [role, said] of turns) emit(`${path}.${role}`, said.join('\n'), said);
}

/** What each role says, turn by turn; null where the value is no chat. */
export function chatOf(value: unknown): ReadonlyMap<string, string[]> | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const names = CHATS.find(([who]) => isRecord(value[0]) && typeof value[0][who] === 'string');
  if (names === undefined) return null;
  const turns = new Map<string, string[]>();
  for (const turn of value as unknown[]) {
    if (!isRecord(turn)) return null;
    const [role, said] = names.map((name) => turn[name]);
    if (typeof role !== 'string' || said === undefined) return null;
    const texts = turns.get(role);
    if (texts === undefined) turns.set(role, [contentOf(said)]);
    else texts.push(contentOf(said));
  }
  return turns;
}

/** A turn is a text, or parts of which some are texts. */
function contentOf(content: unknown): string {
  if (!Array.isArray(content)) return cellOf(content);
  const texts = content.flatMap((part: unknown) =>
    isRecord(part) && typeof part.text === 'string' ? [part.text] : [],
  );
  return texts.length > 0 ? texts.join('\n') : cellOf(content);
}

/** One value as a cell. */
export function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  // What JSON has no word for: 64-bit integers, NaN and dates of Parquet.
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return dateText(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (isTexts(value)) return value.join(' ');
  return JSON.stringify(value, withoutBigInts);
}

function withoutBigInts(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value;
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** An object of JSON, rather than a value of another class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !ArrayBuffer.isView(value)
  );
}

/** What is said of a row that is nested deeper than is read. */
export function nestedTooDeep({ file, line }: { file: string; line: number }): StudioError {
  return dataError(file, line, say`nested more than ${MAX_DEPTH} deep; keep the fields of text and label`);
}

function checkDepth(value: unknown, left: number, place: { file: string; line: number }): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (left === 0) throw nestedTooDeep(place);
  for (const inner of Object.values(value)) checkDepth(inner, left - 1, place);
}
