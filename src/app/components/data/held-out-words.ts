import { heldOutShare } from '../../../data/held-out.ts';
import type { DataSummary } from '../../../protocol/messages.ts';
import type { Dictionary } from '../../i18n/en.ts';

/** What is said of validation rows that come out of the training file; nothing where they have a file. */
export function heldOutWords(
  { validationCut, fileRows }: Pick<DataSummary, 'validationCut' | 'fileRows'>,
  text: Pick<Dictionary, 'dataCut' | 'dataCutLess'>,
): string[] {
  if (!validationCut) return [];
  return [heldOutShare(fileRows.train) === heldOutShare(0) ? text.dataCut : text.dataCutLess];
}
