/** What a refusal asks of the person, as plain data beside its sentence, so that a page can offer the answers. */
export type DataQuestion =
  /** The likeliest encodings, each with a few words as it has them. */
  | { kind: 'encoding'; candidates: { encoding: string; sample: string }[] }
  /** Whether the cells of the first row are names. */
  | { kind: 'header'; cells: string[] }
  /** Whether rows with these labels are to be left out or are a class. */
  | { kind: 'missing'; labels: string[] }
  /** Which of these columns is meant; `known` is what could be told of the others. */
  | { kind: 'column'; what: ColumnRole; candidates: string[]; known: KnownColumns };

export type ColumnRole = 'text' | 'label' | 'target';

/** What is said or known of the columns. */
export interface KnownColumns {
  text?: string[];
  label?: string;
  target?: string;
}
