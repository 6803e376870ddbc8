/** JSON of anything that a database can hold, for a file that a person keeps or sends. */

const DEEPEST = 64;

/** What JSON has no words for is written in words; what is nested without end is cut. */
export function looseJson(value: unknown): string {
  return `${JSON.stringify(plain(value, 0), null, 2)}\n`;
}

function plain(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return '(nested deeper than is written)';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (value instanceof Blob) return `(a file of ${value.size} bytes)`;
  if (value instanceof ArrayBuffer) return `(${value.byteLength} bytes)`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as Uint8Array, (one) => plain(one, depth + 1));
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  if (value instanceof Map) return [...value].map((pair) => plain(pair, depth + 1));
  if (value instanceof Set) return [...value].map((one) => plain(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, depth + 1)]));
}
