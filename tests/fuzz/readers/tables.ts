/** Data files, through what the worker does when one is dropped: read, columns guessed, labels and rows checked. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { analyseData, fileRows, openData } from '../../../src/worker/data.ts';
import type { Files, Reader } from '../reader.ts';

/** Reads, and looks at it as the page does. */
async function look(files: Files): Promise<void> {
  const [name] = Object.keys(files);
  const train = new File([files[name] as Uint8Array<ArrayBuffer>], name);
  const choice = { task: null, columns: null, reading: { invalidRows: 'skip' as const } };
  const { tables, summary } = await openData({ kind: 'files', train, validation: null }, '', null, choice);
  fileRows(tables, { type: 'dataRows', id: 1, part: 'train', from: 0, count: 50 });
  const { problem = null, columns, task } = summary;
  if (problem !== null) return;
  const form = { seed: 42, maxLength: 64, maxTargetLength: 64, batchSize: 8 };
  analyseData(tables, null, { type: 'analyseData', id: 2, columns, task, reading: choice.reading, ...form });
}

const table = (name: string, seeds: (string | Uint8Array)[]): Reader => ({
  name,
  seeds: () =>
    seeds.map((seed) => ({
      [`rows.${name}`]: typeof seed === 'string' ? new TextEncoder().encode(seed) : seed,
    })),
  read: look,
});

const TEXTS = [
  'a fine film',
  'a long, "dull" day',
  'nicht schlecht; gut',
  '一部好电影',
  'sehr naiv',
  'très bien',
];

function delimited(separator: string, quote: boolean, header: string[] | null): string {
  const cell = (text: string): string => (quote ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = TEXTS.map((text, i) => [quote ? text : text.replace(/[,;"]/g, ''), ['neg', 'pos'][i % 2]]);
  return [...(header ? [header] : []), ...rows].map((row) => row.map(cell).join(separator)).join('\n') + '\n';
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0)).buffer);
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const JSON_ROWS = TEXTS.map((text, i) => ({ text, label: i % 2, score: i / 3, tags: ['a', 'b'] }));
const NESTED = TEXTS.map((text, i) => ({ review: { body: text, stars: i % 2 }, meta: { id: i, ok: true } }));
const CHAT = TEXTS.map((text) => ({
  messages: [
    { role: 'user', content: text },
    { role: 'assistant', content: 'ja' },
  ],
}));
const lines = (rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n') + '\n';

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];
const parquet = (
  columnData: Column[],
  options: Partial<Parameters<typeof parquetWriteBuffer>[0]> = {},
): Uint8Array => new Uint8Array(parquetWriteBuffer({ columnData, ...options }));

const text: Column = { name: 'text', data: TEXTS, type: 'STRING' };
const label: Column = { name: 'label', data: [0n, 1n, 0n, 1n, 0n, 1n], type: 'INT64' };
const PARQUETS = [
  parquet([text, label]),
  parquet([text, label], { codec: 'UNCOMPRESSED' }),
  parquet([text, { name: 'score', data: [0.5, 1.5, 2, 2.5, 3, 3.5], type: 'DOUBLE' }], { rowGroupSize: 2 }),
  parquet([
    { name: 'text', data: [...TEXTS.slice(1), null], type: 'STRING' },
    { name: 'ok', data: [true, false, true, false, true, false], type: 'BOOLEAN' },
    { name: 'raw', data: TEXTS.map((t) => ({ t })), type: 'JSON' },
  ]),
  parquet([
    {
      name: 'word',
      data: Array.from({ length: 300 }, (_, i) => ['yes', 'no', 'maybe'][i % 3]),
      type: 'STRING',
    },
    { name: 'label', data: Array.from({ length: 300 }, (_, i) => i % 2), type: 'INT32' },
  ]),
];

export const TABLES: readonly Reader[] = [
  table('csv', [
    delimited(',', true, ['text', 'label']),
    delimited(',', false, null),
    delimited(';', true, ['Text', 'Klasse']),
    `sep=;\n${delimited(';', false, ['text', 'label'])}`,
    'text,label\n"two\nlines",1\n"said ""so""",0\n"plain",1\n"x y",0\n',
    latin1(
      'texte,classe\ntr\xe8s bien,1\nmauvais \xe9t\xe9,0\nd\xe9j\xe0 vu,1\nla t\xeate o\xf9 \xe7a fait na\xeff,0\n' +
        '\xe0 la fin une \xeele \xe0 part,1\ns\xfbrement trop fran\xe7ais,0\n',
    ),
    utf16(delimited(',', true, ['text', 'label'])),
    'text,score\na fine one,0.5\na poor one,-1.5\nso so,1e-3\nlong,3\n',
  ]),
  table('tsv', [
    delimited('\t', false, ['sentence', 'label']),
    delimited('\t', true, ['sentence', 'label']),
    delimited('\t', false, null),
    `id\tsource\ttarget\n${TEXTS.map((t, i) => `${i}\t${t}\tanswer ${t.length}`).join('\n')}\n`,
    utf16(delimited('\t', false, ['sentence', 'label'])),
  ]),
  table('jsonl', [lines(JSON_ROWS), lines(NESTED), lines(CHAT)]),
  table('json', [
    JSON.stringify(JSON_ROWS),
    JSON.stringify({ version: 1, data: NESTED }),
    JSON.stringify(CHAT, null, 1),
    lines(JSON_ROWS),
  ]),
  table('parquet', PARQUETS),
];
