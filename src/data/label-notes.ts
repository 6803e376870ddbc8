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
 * A sentence about classes that are trained on and that no row of a held-out set has: scores say nothing of them.
 * @param held the held-out set
 * @param trained rows of each class
 * @param counted those of the held-out set
 */
export function absentNotes(
  { name: file, labelSpace }: { name: SentenceValue; labelSpace: LabelSpace | null },
  split: 'validation' | 'test',
  trained: readonly number[],
  counted: readonly number[],
): Sentence[] {
  const names = labelSpace?.names ?? [];
  const absent = names.filter((_, c) => trained[c] > 0 && counted[c] === 0);
  if (absent.length === 0) return [];
  const shown = absent
    .slice(0, SHOWN)
    .map((name) => quoted(name.length > 20 ? `${name.slice(0, 19)}…` : name))
    .join(', ');
  if (split === 'test')
    return [
      absent.length <= SHOWN
        ? say`${file}: no test row has the label ${shown}, so test scores say nothing of it; add such rows, or hold out more.`
        : say`${file}: no test row has any of ${absent.length} labels (${shown}, …), so test scores say nothing of them; add such rows, or hold out more.`,
    ];
  return [
    absent.length <= SHOWN
      ? say`${file}: no validation row has the label ${shown}, so scores say nothing of it; add such rows, or hold out more.`
      : say`${file}: no validation row has any of ${absent.length} labels (${shown}, …), so scores say nothing of them; add such rows, or hold out more.`,
  ];
}
