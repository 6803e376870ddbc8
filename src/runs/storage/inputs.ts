/** What a comparison was made of, as the page gave it: names of built-in things, or files. */

/** Larger inputs are asked for again by name rather than kept. */
export const MOST_INPUT_BYTES = 512 * 2 ** 20;

/** Bytes of all files in a source. */
export function inputBytes(source: unknown): number {
  return filesIn(source).reduce((sum, file) => sum + file.size, 0);
}

/** The same for the same source: files are told apart by name, size and date. */
export function inputKey(kind: 'model' | 'data', source: unknown): string {
  const identity = JSON.stringify(source, (_, value: unknown) =>
    value instanceof File ? [value.name, value.size, value.lastModified] : value,
  );
  return `${kind}:${identity}`;
}

function filesIn(source: unknown): File[] {
  if (source instanceof File) return [source];
  if (typeof source !== 'object' || source === null) return [];
  return Object.values(source).flatMap(filesIn);
}
