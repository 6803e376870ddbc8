/** What a person should know of labels: those that are almost alike. */
import { field, say, type Sentence } from '../sentence.ts';
import { nearLabels, type LabelSpace } from './labels.ts';
import { quoted } from './table/error.ts';

/** So many pairs are named. */
const SHOWN = 5;

/** A sentence for labels that were matched to the model's, and one for those that were not to each other. */
export function nearLabelNotes(file: string, labels: Iterable<string>, space: LabelSpace): Sentence[] {
  const { matched, apart } = nearLabels(labels, space);
  const notes: Sentence[] = [];
  if (matched.length > 0) notes.push(matchedNote(file, pairsOf(matched)));
  if (apart.length > 0) notes.push(apartNote(file, pairsOf(apart)));
  return notes;
}

function matchedNote(file: string, pairs: string): Sentence {
  return say`${file}: labels that differ from the model's own in case or spacing only are taken for them: ${pairs}.`;
}

function apartNote(file: string, pairs: string): Sentence {
  return say`${file}: these labels differ in case or spacing only and are classes of their own: ${pairs}; if they mean the same, make them one in the file or in ${field('data.labels')}.`;
}

function pairsOf(pairs: readonly (readonly [string, string])[]): string {
  const shown = pairs.slice(0, SHOWN).map(([one, other]) => `${quoted(one)} – ${quoted(other)}`);
  return pairs.length > SHOWN ? `${shown.join(', ')}, …` : shown.join(', ');
}
