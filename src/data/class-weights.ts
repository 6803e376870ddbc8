/**
 * Weights of classes in the loss, as PyTorch's `CrossEntropyLoss(weight=...)` takes them: the loss of a step is
 * the weighted mean Σ w·l / Σ w over its rows, w a row's weight by its class.
 */
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { labelIndex, type LabelSpace } from './labels.ts';
import { quoted } from './table/error.ts';

/** `data.classWeights` of the run spec, where there are any. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

export interface WeightedClasses {
  /** By class, each above 0. */
  weights: number[];
  /** Weights that do nothing, a sentence each. */
  notes: Sentence[];
}

/**
 * The weight of each class.
 *
 * `balanced` is scikit-learn's `compute_class_weight('balanced')`: rows / (classes × rows of the class). Of weights
 * by hand, as there, a class that is not named weighs 1.
 * @param labels class of every training row
 * @throws StudioError('data') for a label that is no class or is named twice, and for a class without rows, which
 *   cannot be balanced
 */
export function classWeights(
  wanted: ClassWeights,
  space: LabelSpace,
  labels: ArrayLike<number>,
): WeightedClasses {
  const rows = new Array<number>(space.names.length).fill(0);
  for (let row = 0; row < labels.length; row++) rows[labels[row]]++;
  return wanted === 'balanced'
    ? { weights: balanced(rows, labels.length, space), notes: [] }
    : byHand(wanted, rows, space);
}

const WHERE = 'data.classWeights';

function balanced(rows: readonly number[], total: number, space: LabelSpace): number[] {
  const empty = rows.indexOf(0);
  if (empty >= 0)
    throw refused(
      say`${field(WHERE)} is "balanced" and no training row is of class ${quoted(space.names[empty])}; add rows of it, or give weights by label.`,
    );
  return rows.map((count) => total / (rows.length * count));
}

function byHand(
  wanted: Readonly<Record<string, number>>,
  rows: readonly number[],
  space: LabelSpace,
): WeightedClasses {
  const weights = new Array<number>(rows.length).fill(1);
  const given = new Map<number, string>();
  const notes: Sentence[] = [];
  for (const [label, weight] of Object.entries(wanted)) {
    const index = indexOf(space, label);
    if (index < 0)
      throw refused(
        say`${field(WHERE)} has a weight for ${quoted(label)}, which is none of the classes ${namesOf(space)}.`,
      );
    const before = given.get(index);
    if (before !== undefined)
      throw refused(
        say`${field(WHERE)} has a weight for ${quoted(before)} and one for ${quoted(label)}, which are the same class; give one.`,
      );
    given.set(index, label);
    weights[index] = weight;
    if (rows[index] === 0)
      notes.push(say`The weight of class ${quoted(label)} does nothing: no training row is of that class.`);
  }
  return { weights, notes };
}

/** Of a label as the files have it, or of a class by its name. */
function indexOf(space: LabelSpace, label: string): number {
  const index = labelIndex(space, label);
  return index >= 0 ? index : space.names.indexOf(label.trim());
}

/** As many names as a sentence holds. */
function namesOf({ names }: LabelSpace): string {
  const shown = names.slice(0, 5).map((name) => quoted(name.length > 24 ? `${name.slice(0, 23)}…` : name));
  return names.length > 5 ? `${shown.join(', ')}, … (${names.length})` : shown.join(', ');
}

function refused(sentence: Sentence): StudioError {
  return new StudioError('data', sentence, { where: WHERE });
}
