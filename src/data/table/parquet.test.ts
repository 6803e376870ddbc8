import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readTableFile } from './read-table.ts';

describe('Parquet', () => {
  it('is read by column, numbers and missing values as text, rows from 1', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'text', data: ['a fine film', '一部好电影', null], type: 'STRING' },
          { name: 'label', data: [1n, 0n, 1n], type: 'INT64' },
          { name: 'score', data: [0.5, 1.25, 3], type: 'DOUBLE' },
        ],
      }),
    );
    const table = await readTableFile(bytes, 'films.parquet');
    expect(table.columns).toEqual(['text', 'label', 'score']);
    expect(table.column('text')).toEqual(['a fine film', '一部好电影', '']);
    expect(table.column('label')).toEqual(['1', '0', '1']);
    expect(table.column('score')).toEqual(['0.5', '1.25', '3']);
    expect([table.format, table.lineOf(2)]).toEqual(['parquet', 3]);
  });

  it('that is damaged is refused in one sentence', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'text', data: ['a'], type: 'STRING' }] }),
    );
    await expect(readTableFile(bytes.slice(0, bytes.length - 3), 'cut.parquet')).rejects.toThrow(
      /^cut\.parquet: the Parquet file cannot be read \(.*\); write it again or convert it to CSV\.$/,
    );
  });
});
