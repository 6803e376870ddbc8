/** What a comparison does before its runs take their first steps. */
export type Doing =
  /** The model that all start from is scored. */
  | { what: 'scoreUntuned' }
  /** A run is compiled and allocated, or scored before its first step: the `index`th `of` so many. */
  | { what: 'compile' | 'scoreStart'; run: string; index: number; of: number };
