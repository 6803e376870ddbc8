import { describe, expect, it } from 'vitest';
import { StudioError } from '../../errors.ts';
import { wholeElements } from './head-of-file.ts';
import { readTable, readTableFile } from './read-table.ts';

const ROWS = [
  { text: 'clean and quiet', label: 'good' },
  { text: 'cold [water], "none" {hot}', label: 'bad' },
];

function refused(text: string, name = 'a.json'): string {
  try {
    readTable(text, name);
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    return (error as Error).message;
  }
  throw new Error('it was read');
}

describe('JSON', () => {
  it.each([
    ['an array', JSON.stringify(ROWS), 'a.json'],
    ['a pretty array', JSON.stringify(ROWS, null, 2), 'a.json'],
    ['an array a line an element', `[${ROWS.map((row) => JSON.stringify(row)).join(',\n')}]\n`, 'a.jsonl'],
    ['an object with one array', JSON.stringify({ data: ROWS }), 'a.json'],
    ['such an object among other fields', JSON.stringify({ n: [1], data: ROWS, v: '[{' }, null, 1), 'a.json'],
    [
      'such an object a line an element',
      `{"data": [\n${ROWS.map((row) => JSON.stringify(row)).join(',\n')}\n]}`,
      'a.json',
    ],
    [
      'pretty objects one after the other',
      ROWS.map((row) => JSON.stringify(row, null, 1)).join('\n'),
      'a.jsonl',
    ],
    ['JSON Lines of another name', ROWS.map((row) => JSON.stringify(row)).join('\n'), 'a.json'],
    ['an array without a name that tells', JSON.stringify(ROWS), 'a.txt'],
  ])('is read as %s', (_, text, name) => {
    const table = readTable(text, name);
    expect(table.columns).toEqual(['text', 'label']);
    expect(table.column('text')).toEqual(ROWS.map((row) => row.text));
    expect(table.column('label')).toEqual(['good', 'bad']);
  });

  it('counts the lines on which rows begin', () => {
    const table = readTable('\n[{"a": 1},\n\n {"a":\n 2}, {"a": 3}]', 'a.json');
    expect([0, 1, 2].map((row) => table.lineOf(row))).toEqual([2, 4, 5]);
  });

  it('has nested fields by path', () => {
    const row = {
      review: { body: 'fine', stars: 5, by: { name: 'A' } },
      tags: ['x', 'y'],
      n: null,
    };
    const table = readTable(JSON.stringify([row]), 'a.json');
    expect(table.columns).toEqual(['review.body', 'review.stars', 'review.by.name', 'tags', 'n']);
    expect([table.get(0, 'review.body'), table.get(0, 'review.stars'), table.get(0, 'n')]).toEqual([
      'fine',
      '5',
      '',
    ]);
    expect(table.texts(0, 'tags')).toEqual(['x', 'y']);
    const lines = readTable('{"review": {"body": "a"}}\n{"review": {"body": "b"}}\n', 'a.jsonl');
    expect(lines.column('review.body')).toEqual(['a', 'b']);
  });

  it('keeps integers that a number cannot hold, and what only looks like one', () => {
    const id = '90071992547409931';
    const source = `{"a": ${id}, "b": [-${id}], "c": "x ${id}", "d\\"${id}": 0.${id}, "e": ${id}e2, "f": 9007199254740991}`;
    for (const table of [readTable(`${source}\n`, 'a.jsonl'), readTable(`[${source}]`, 'a.json')])
      expect(table.columns.map((column) => table.get(0, column))).toEqual([
        id,
        `-${id}`,
        `x ${id}`,
        String(Number(`0.${id}`)),
        String(Number(`${id}e2`)),
        '9007199254740991',
      ]);
  });

  it('keeps the first value of a path that a row has twice', () => {
    const table = readTable('{"a.b": 1, "a": {"b": 2}}\n{"a": {"b": 3}}\n', 'a.jsonl');
    expect(table.column('a.b')).toEqual(['1', '3']);
  });

  it('has a column for each role of a chat', () => {
    const chat = [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'hi' },
      { role: 'user', content: [{ type: 'text', text: 'bye' }] },
    ];
    const other = [{ from: 'human', value: 'how?' }];
    const table = readTable(
      `${JSON.stringify({ messages: chat })}\n${JSON.stringify({ conversations: other })}\n`,
      'a.jsonl',
    );
    expect(table.columns).toEqual([
      'messages.system',
      'messages.user',
      'messages.assistant',
      'conversations.human',
    ]);
    expect(table.column('messages.user')).toEqual(['hello\nbye', '']);
    expect(table.column('conversations.human')).toEqual(['', 'how?']);
  });

  it('that is not a table is refused with its line', () => {
    expect(refused('[{"a": 1},\n 2]')).toBe(
      'a.json, line 2: a JSON number where an object is needed; write {"text": …, "label": …}.',
    );
    expect(refused('[["a", "b"]]')).toContain('line 1: a JSON array where an object is needed');
    expect(refused('[{"a": 1}\n{"a": 2}]')).toContain('line 2: the JSON is not closed or a comma is missing');
    expect(refused('[{"a": 1}, {"a": ')).toContain('the JSON is not closed');
    expect(refused('[{"a": -Infinity}]')).toContain(
      'line 1: Infinity is not JSON; write an array of complete JSON objects',
    );
    expect(refused('[{"a": 1}] x')).toContain('something follows the array');
    expect(refused('[]')).toContain('the file has no rows');
    expect(refused('[{}, {}]')).toContain('the objects have no fields');
    expect(refused('{"a": {"0": "x"},\n "b": {"0": "y"}}')).toContain('pandas does with orient="records"');
    expect(refused('{"train": [{"a": 1}],\n "dev": [{"a": 2}]}')).toContain(
      'the object holds several arrays of objects, "train", "dev"; write the one that is meant',
    );
    expect(refused('"text"')).toContain('line 1: neither an array nor an object begins here');
    expect(refused('{"a": 1 "b": 2\n}')).toContain('a comma is missing');
  });

  it.each([
    [
      'a.jsonl',
      '{"text": "NaN, he said", "label": NaN}\n{"text": "\\"NaN", "label": 1}\n{"text":"b","label":0}\n',
    ],
    [
      'a.json',
      '[{"text": "NaN, he said", "label":NaN}, {"text": "\\"NaN", "label": 1}, {"text": "b", "label": 0}]',
    ],
  ])('has missing values as NaN too, which Python writes: %s', (name, text) => {
    const table = readTable(text, name);
    expect(table.column('text')).toEqual(['NaN, he said', '"NaN', 'b']);
    expect(table.column('label')).toEqual(['', '1', '0']);
  });

  it('that is nested without end is refused, however it is written', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(refused(`[{"a": ${deep}}]`)).toContain('line 1: nested more than 32 deep');
    expect(refused(`{"a": ${deep}}\n`, 'a.jsonl')).toContain('line 1: nested more than 32 deep');
    expect(refused('['.repeat(50_000))).toContain('the JSON is not closed');
  });

  it.each([
    ['lists', { text: ['fine', 'dull', 'long'], label: ['1', '0', '0'] }],
    ['objects by number', { text: { 0: 'fine', 1: 'dull' }, label: { 0: 1, 1: 0 } }],
  ])('asks for rows where an object holds its columns as %s', async (_, value) => {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    await expect((async () => readTableFile(bytes, 'a.json'))()).rejects.toThrow(
      /the object holds no array of objects; write an array of objects, as pandas does/,
    );
  });

  it('has at most 1,000 columns over all rows', () => {
    const rows = Array.from({ length: 1001 }, (_, i) => JSON.stringify({ [`c${i}`]: i }));
    expect(refused(rows.join('\n'), 'a.jsonl')).toMatch(
      /^a\.jsonl, line 1001: 1,001 columns, and at most 1,000/,
    );
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`c${i}`, 1])));
    expect(refused(`${wide}\n${'{}\n'.repeat(30_000)}`, 'a.jsonl')).toContain(
      '30,001 rows of 900 columns are more than 20,000,000 cells',
    );
  });
});

describe('the beginning of a large array', () => {
  const cut = (text: string) => {
    const whole = wholeElements(new TextEncoder().encode(text));
    return whole && new TextDecoder().decode(whole);
  };

  it('is closed after its last complete element', () => {
    expect(cut('[{"a": "]"}, {"a": [1]}, {"a": "x')).toBe('[{"a": "]"}, {"a": [1]}]');
    expect(cut(' [\n{"a": "\\""},\n{"a"')).toBe(' [\n{"a": "\\""}]');
  });

  it('is none where no element ends, or where there is no array', () => {
    expect(cut('[{"a": "x')).toBeNull();
    expect(cut('a,b\n1,2\n')).toBeNull();
  });
});
