/** Parquet files as pyarrow writes them, against the cells that a table is to show (tools/parquet-golden.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { english } from '../../src/sentence.ts';
import { readTableFile } from '../../src/data/table/read-table.ts';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`./parquet/${name}`, import.meta.url)));
const golden = JSON.parse(new TextDecoder().decode(file('golden.json'))) as Record<string, string[]>;

describe('Parquet', () => {
  it.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'encodings'])(
    'is read as pyarrow wrote it: %s',
    async (name) => {
      const table = await readTableFile(file(`${name}.parquet`), `${name}.parquet`);
      expect(table.columns).toEqual(Object.keys(golden));
      for (const [column, cells] of Object.entries(golden))
        expect([column, table.column(column)]).toEqual([column, cells]);
      expect(table.texts(3, 'tags')).toEqual(['t0', 't1', 't2']);
      expect(table.classNames('label')).toEqual(['neg', 'neutral', 'pos']);
      expect(table.notes.map(english)).toEqual(['Columns of bytes that are no text are left out: "image".']);
    },
  );
});
