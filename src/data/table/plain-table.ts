/** A table as plain data, on its way between workers: every column read, or why it cannot be. */
import { packError, unpackError, type PackedError } from '../../errors.ts';
import { Table } from './table.ts';

type Parts = ReturnType<Table['parts']>;

export type PlainTable = Omit<Parts, 'cells'> & { cells: (readonly string[] | PackedError)[] };

export function plainTable(table: Table): PlainTable {
  const { cells: _cells, ...parts } = table.parts();
  const cells = table.columns.map((_, index) => {
    try {
      return table.column(index);
    } catch (error) {
      return packError(error);
    }
  });
  return { ...parts, cells };
}

/** The table again; a column that cannot be read is refused when it is asked for. */
export function tableFromPlain({ cells, ...parts }: PlainTable): Table {
  return new Table({
    ...parts,
    cells: cells.map((column) =>
      'message' in column
        ? () => {
            throw unpackError(column);
          }
        : column,
    ),
  });
}
