/** Texts of the panel of generated texts, in English. */
import type { WrittenFilter } from '../../state/written-views.ts';

export const written = {
  title: 'Generated text',
  scores: 'Scores of the generated texts',
  help: (rows: string, of: string) => `Written for the first ${rows} of ${of} validation rows.`,
  missing: 'in the reference only',
  added: 'in the generated text only',
  filter: 'Rows to show',
  filters: {
    all: 'All',
    differ: 'Only where methods differ',
    wrong: 'Only wrong',
  } satisfies Record<WrittenFilter, string>,
  source: 'Source',
  reference: 'Reference',
  line: (line: number) => `line ${line}`,
  right: 'as the reference',
  empty: 'writes nothing',
  none: 'No texts were written: the run was asked to write for no rows at its evaluations.',
  noRow: 'There is no such row.',
};
