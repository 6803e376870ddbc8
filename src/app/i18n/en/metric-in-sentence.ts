/** Coefficients bear their finders' names. */
const NAMED = new Set(['Pearson', 'Spearman', 'Matthews']);

/** The label of a metric within an English sentence: `accuracy`, `F1`, `ROUGE-1`, `Pearson correlation`. */
export function metricInSentence(label: string): string {
  if (NAMED.has(label)) return `${label} correlation`;
  return /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
