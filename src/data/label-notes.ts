/** What a person should know of labels: those that are almost alike, and classes that nothing is said of. */
import { field, say, type Sentence, type SentenceValue } from '../sentence.ts';
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

/**
 * A sentence about classes that are trained on and that no validation row has: scores say nothing of them.
 * @param names of the classes
 * @param trained rows of each
 * @param validated rows of each
 */
export function absentNotes(
  file: SentenceValue,
  names: readonly string[],
  trained: readonly number[],
  validated: readonly number[],
): Sentence[] {
  const absent = names.filter((_, c) => trained[c] > 0 && validated[c] === 0);
  if (absent.length === 0) return [];
  const shown = absent
    .slice(0, SHOWN)
    .map((name) => quoted(name.length > 20 ? `${name.slice(0, 19)}…` : name))
    .join(', ');
  return [
    absent.length <= SHOWN
      ? say`${file}: no validation row has the label ${shown}, so scores say nothing of it; add such rows, or hold out more.`
      : say`${file}: no validation row has any of ${absent.length} labels (${shown}, …), so scores say nothing of them; add such rows, or hold out more.`,
  ];
}
