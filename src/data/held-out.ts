/** How many rows are held out for validation where a person names none. */

const SHARE = 0.1;
/** Enough to tell a score to within two in a hundred; each row more costs time at every evaluation. */
const ENOUGH = 2000;

/** The share of a training file's rows: a tenth, of large files as much as makes 2,000 rows. */
export function heldOutShare(rows: number): number {
  return rows * SHARE <= ENOUGH ? SHARE : Number((ENOUGH / rows).toPrecision(2));
}
