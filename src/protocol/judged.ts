/** What is said of a comparison that has ended. */
import type { ComparisonSummary, StoredVerdict } from '../evidence/comparison-summary.ts';

export interface Judged {
  summary: ComparisonSummary;
  verdict: StoredVerdict;
}
