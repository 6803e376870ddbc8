/** The two orders in which a matrix of few entries is walked (`SparseMatMul` in program.ts). */

export interface SparseIndex {
  /** By columns: starts [columns + 1], the row of every entry. The values are in this order. */
  forward: Int32Array;
  /** The transpose, by rows: starts [rows + 1], the column of every entry, its place among the values. */
  back: Int32Array;
}

/**
 * @param ids flat places in a matrix [rows, columns], in the order of their columns
 */
export function sparseIndex(ids: Int32Array, rows: number, columns: number): SparseIndex {
  const entries = ids.length;
  const forward = new Int32Array(columns + 1 + entries);
  const back = new Int32Array(rows + 1 + 2 * entries);
  for (const id of ids) {
    forward[(id % columns) + 1]++;
    back[Math.floor(id / columns) + 1]++;
  }
  for (let j = 0; j < columns; j++) forward[j + 1] += forward[j];
  for (let i = 0; i < rows; i++) back[i + 1] += back[i];
  const next = back.slice(0, rows);
  ids.forEach((id, e) => {
    const [row, column] = [Math.floor(id / columns), id % columns];
    forward[columns + 1 + e] = row;
    const at = next[row]++;
    back[rows + 1 + at] = column;
    back[rows + 1 + entries + at] = e;
  });
  return { forward, back };
}
