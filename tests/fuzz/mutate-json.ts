/** Mutations of JSON that keep it JSON: types swapped, deep nesting, huge numbers, keys of Object's prototype. */
import type { Random } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Stands for JSON text that no value gives; exchanged after writing. */
const RAW = '@raw:';
const RAW_TEXTS: Readonly<Record<string, string>> = {
  deepArrays: '['.repeat(20_000) + ']'.repeat(20_000),
  deepObjects: '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000),
  overflow: '1e999',
  negativeOverflow: '-1e999',
  notANumber: 'NaN',
  longNumber: '9'.repeat(400),
};

const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  1e308,
  1e-320,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e9,
  1e6,
  '',
  ' ',
  'NaN',
  'Infinity',
  '-1',
  '0x10',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  'a\u0000b\u001b[31m\n',
  '\ud800',
  '\u202eabc',
  'İß𝄞👩‍👩‍👧',
  'x'.repeat(5000),
  '(a+)+$',
  [],
  {},
  [[]],
  [null],
  { a: null },
  { length: 1e9 },
  new Array<Json>(2000).fill(0),
  ...Object.keys(RAW_TEXTS).map((name) => RAW + name),
];

const KEYS = ['@proto', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '', '0', 'then'];

/** One of the values, for itself: a list that was put into itself by a later change would have no end. */
const anyValue = (random: Random): Json => structuredClone(random.pick(VALUES));

interface Place {
  holder: Json[] | Record<string, Json>;
  key: string;
}

function placesOf(root: Record<string, Json>): Place[] {
  const places: Place[] = [];
  const waiting: (Json[] | Record<string, Json>)[] = [root];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop())
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const value = (holder as Record<string, Json>)[key];
      if (typeof value === 'object' && value !== null) waiting.push(value);
    }
  return places;
}

function otherType(value: Json, random: Random): Json {
  if (typeof value === 'number') return random.pick<Json>([String(value), [value], value !== 0, { value }]);
  if (typeof value === 'string')
    return random.pick<Json>([Number(value) || 7, [value], value.split(' '), { value }, value.length > 0]);
  if (typeof value === 'boolean') return random.pick<Json>([value ? 1 : 0, String(value), null]);
  if (value === null) return random.pick<Json>([0, '', [], {}]);
  return Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : Object.values(value);
}

function nudged(value: Json, random: Random): Json {
  if (typeof value === 'number')
    return random.pick([value + 1, value - 1, -value, value * 1e9, value + 0.5, value * 2]);
  if (typeof value === 'string') {
    const at = random.below(value.length + 1);
    const middle = random.pick(['', ' ', '\u0000', '"', '{', '\n', '/', '.', 'é', '\udc00', '$', '(', '999']);
    return value.slice(0, at) + middle + value.slice(at + random.below(3));
  }
  if (Array.isArray(value)) return random.chance(0.5) ? [...value, ...value] : value.slice(1).reverse();
  return otherType(value, random);
}

function change(root: Record<string, Json>, random: Random): void {
  const places = placesOf(root);
  const { holder, key } = random.pick(places);
  const table = holder as Record<string, Json>;
  switch (random.below(7)) {
    case 0:
      table[key] = anyValue(random);
      return;
    case 1:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 2:
      table[key] = otherType(table[key], random);
      return;
    case 3:
    case 4:
      table[key] = nudged(table[key], random);
      return;
    case 5: {
      if (Array.isArray(holder)) holder.push(anyValue(random));
      else {
        holder[random.pick(KEYS)] = random.chance(0.5) ? structuredClone(holder[key]) : anyValue(random);
        if (random.chance(0.5)) delete holder[key];
      }
      return;
    }
    default: {
      const from = random.pick(places);
      table[key] = structuredClone((from.holder as Record<string, Json>)[from.key]);
    }
  }
}

/** JSON text of another value that is near; null where the text is no JSON. */
export function mutateJson(text: string, random: Random): string | null {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const root = { value };
  const count = random.chance(0.6) ? 1 : 1 + random.below(4);
  for (let i = 0; i < count && 'value' in root; i++) change(root, random);
  return (JSON.stringify(root.value) ?? '')
    .replaceAll('"@proto"', '"__proto__"')
    .replace(/"@raw:(\w+)"(:?)/g, (all, name: string, colon: string) =>
      colon === '' ? (RAW_TEXTS[name] ?? all) : all,
    );
}

/** JSON Lines with one line mutated; null where that line is no JSON. */
export function mutateJsonLines(text: string, random: Random): string | null {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = mutateJson(lines[at], random);
  if (line === null) return null;
  const copies = random.chance(0.05) ? 200 : 1;
  lines.splice(at, 1, ...new Array<string>(copies).fill(line));
  return lines.join('\n');
}
