/** Whether the first row of a CSV or TSV file names the columns. */

/** Rows looked at below the first. */
const SAMPLE = 1000;

/**
 * A header's cells are short distinct names: none is a number, none reads like a sentence, and none comes
 * back as a value of its own column (as a label does). An empty first cell is allowed: data frames write one.
 * @param columns column-wise cells, the first row included
 */
export function looksLikeHeader(columns: readonly (readonly string[])[]): boolean {
  const first = columns.map((column) => column[0].trim());
  if (new Set(first).size !== first.length) return false;
  return first.every((cell, c) => {
    if (cell === '') return c === 0 && first.length > 1;
    if (cell !== '' && !Number.isNaN(Number(cell))) return false;
    if (cell.length > 40 || cell.split(/\s+/).length > 4 || /[.!?。！？，,]$/u.test(cell)) return false;
    const end = Math.min(columns[c].length, SAMPLE + 1);
    for (let r = 1; r < end; r++) if (columns[c][r].trim() === cell) return false;
    return true;
  });
}
