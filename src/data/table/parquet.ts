/** Parquet: columns by name, read when they are asked for. The reader is loaded when the first such file comes. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { dataError, listedNames, printable, quoted } from './error.ts';
import { checkColumnCount, checkRowCount, mostRows } from './limits.ts';
import { Table } from './table.ts';

/** Letters of a reason that a sentence shows. */
const SHOWN_REASON = 120;

/** Does the file say it is Parquet? (First and last four bytes, `PAR1`.) */
export function isParquet(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && [0x50, 0x41, 0x52, 0x31].every((byte, i) => bytes[i] === byte);
}

/**
 * Cells as text; a missing value is an empty cell, as in JSON, and so are fields of structs, lists and chats
 * (`json-cells.ts`). Labels have the names that Hugging Face's metadata gives them. Rows count from 1.
 * @throws StudioError('data') for a damaged file; a column that is damaged is refused when it is read
 */
export async function readParquet(bytes: Uint8Array, file: string): Promise<Table> {
  const { openColumns } = await import('./parquet/columns.ts');
  const refusing = <T>(read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof StudioError) throw cause;
      throw damaged(file, cause);
    }
  };
  const { rows, columns, binary, lists, classes } = refusing(() => openColumns(bytes));
  checkColumnCount(columns.length, file, 1);
  checkRowCount(rows, mostRows(bytes.length), file);
  if (rows === 0) throw dataError(file, null, say`the file has no rows; choose a file with rows`);
  if (columns.length === 0)
    throw dataError(file, null, say`no column holds texts or numbers; choose a file with texts`);
  return new Table({
    name: file,
    format: 'parquet',
    encoding: null,
    header: true,
    columns: columns.map(({ name }) => name),
    cells: columns.map(
      ({ name, read }) =>
        () =>
          refusing(() => {
            try {
              return read();
            } catch (cause) {
              throw damaged(file, cause, name);
            }
          }),
    ),
    lines: Array.from({ length: rows }, (_, i) => i + 1),
    notes:
      binary.length === 0
        ? []
        : [say`Columns of bytes that are no text are left out: ${listedNames(binary)}.`],
    lists,
    classes,
  });
}

function damaged(file: string, cause: unknown, column?: string): StudioError {
  const reason = printable(reasonOf(cause).replace(/\s+/g, ' ').replace(/\.$/, ''));
  const why = reason.length > SHOWN_REASON ? `${reason.slice(0, SHOWN_REASON - 1)}…` : reason;
  const options = { where: file, cause };
  return column === undefined
    ? new StudioError(
        'data',
        say`${file}: the Parquet file cannot be read (${why}); write it again or convert it to CSV.`,
        options,
      )
    : new StudioError(
        'data',
        say`${file}: the column ${quoted(column)} of the Parquet file cannot be read (${why}); write the file again or convert it to CSV.`,
        options,
      );
}

/** What a reader says itself; where it only stumbled, that is all there is to say. */
function reasonOf(cause: unknown): string {
  const stumbled = [TypeError, RangeError, SyntaxError].some((kind) => cause instanceof kind);
  return cause instanceof Error && !stumbled ? cause.message : 'its parts do not fit together';
}
