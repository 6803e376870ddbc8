/** How a person says data files are to be read, as in the `data` of a run spec. What is left out is found out. */
export interface ReadingChoices {
  /** A label of the Encoding Standard; detected if left out. */
  encoding?: string;
  /** Whether the first row names the columns; told by what is below it if left out. */
  header?: boolean;
  /** Whether rows that cannot be used are refused together, or left out. */
  invalidRows?: 'refuse' | 'skip';
  /** Whether rows without a label, a target or a text are refused, or left out. */
  missing?: 'refuse' | 'drop';
  /** Words that stand for a missing label, beside nothing at all; those of `MISSING_WORDS` if left out. */
  missingValues?: readonly string[];
}
