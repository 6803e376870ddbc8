/** What a refusal asks of the person, as plain data beside its sentence, so that a page can offer the answers. */
export type DataQuestion =
  /** The likeliest encodings, each with a few words as it has them. */
  | { kind: 'encoding'; candidates: { encoding: string; sample: string }[] }
  /** Whether the cells of the first row are names. */
  | { kind: 'header'; cells: string[] }
  /** Whether rows with these labels are to be left out or are a class. */
  | { kind: 'missing'; labels: string[] };
