/** TypeScript values as Python writes them. */

/** `True`, `None`, `[1, 2]`, `"text"`; numbers keep their digits. */
export function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  const entries = Object.entries(value).map(([key, one]) => `${python(key)}: ${python(one)}`);
  return `{${entries.join(', ')}}`;
}

/** Keyword arguments; those without a value are left out. */
export function keywords(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(', ');
}
