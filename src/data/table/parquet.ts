/** Parquet: columns by name. The reader and its decompressors are loaded when the first such file comes. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError } from './error.ts';
import { cellOf } from './jsonl.ts';
import { checkColumnCount } from './limits.ts';

/** Does the file say it is Parquet? (First and last four bytes, `PAR1`.) */
export function isParquet(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && [0x50, 0x41, 0x52, 0x31].every((byte, i) => bytes[i] === byte);
}

/**
 * Cells as text; a missing value is an empty cell, as in JSON Lines. Rows count from 1.
 * @throws StudioError('data') for a damaged file or an encoding that is not read
 */
export async function readParquet(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<Cells> {
  const [{ parquetReadObjects, parquetMetadata, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  try {
    const metadata = parquetMetadata(buffer);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    checkColumnCount(names.length, file, 1);
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors });
    if (rows.length === 0) throw dataError(file, null, say`the file has no rows; choose a file with rows`);
    return {
      columns: names.map((name) => rows.map((row) => cellOf(row[name] ?? null))),
      lines: rows.map((_, i) => i + 1),
      names,
    };
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      'data',
      say`${file}: the Parquet file cannot be read (${why.replace(/\.$/, '')}); write it again or convert it to CSV.`,
      { where: file, cause },
    );
  }
}
