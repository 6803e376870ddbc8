/**
 * What a table of ours has under a name that a file brings: nothing for what is no text, nor for the names that every
 * object answers to (`constructor`), which a file may have too.
 */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, name: unknown): Value | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}
