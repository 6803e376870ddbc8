/** Several files of one table, one after the other. */
import { english, say } from '../../sentence.ts';
import { dataError } from './error.ts';
import { checkCellCount } from './limits.ts';
import { Table } from './table.ts';

/**
 * @param name of the whole
 * @throws StudioError('data') for files with other columns than the first
 */
export function joinTables(tables: readonly Table[], name: string): Table {
  const [first, ...others] = tables;
  const columns = first.columns.join('\n');
  const odd = others.find((table) => table.columns.join('\n') !== columns);
  if (odd !== undefined)
    throw dataError(
      name,
      null,
      say`${odd.name} has other columns than ${first.name}, so the files are not of one table; give a config or a split that is`,
    );
  const parts = first.parts();
  if (others.length === 0) return new Table({ ...parts, name });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  checkCellCount(rows, first.columns.length, name);
  const lists = new Map<string, Map<number, readonly string[]>>();
  return new Table({
    ...parts,
    name,
    cells: first.columns.map((column, index) => () => {
      const cells = tables.map((table) => table.column(index));
      const joined = joinLists(tables, column);
      if (joined.size > 0) lists.set(column, joined);
      return cells.flat();
    }),
    lines: Array.from({ length: rows }, (_, i) => i + 1),
    notes: [...new Map(tables.flatMap(({ notes }) => notes).map((note) => [english(note), note])).values()],
    lists,
  });
}

/** Cells of a column that held lists, by their rows in the whole; of a column that has been read. */
function joinLists(tables: readonly Table[], column: string): Map<number, readonly string[]> {
  const joined = new Map<number, readonly string[]>();
  let before = 0;
  for (const table of tables) {
    for (const [row, texts] of table.parts().lists?.get(column) ?? []) joined.set(before + row, texts);
    before += table.rows;
  }
  return joined;
}
