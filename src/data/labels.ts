/**
 * What a classifier's outputs mean. Integer labels 0..n−1 are class indices; other labels are looked up in
 * the model config's `id2label`, else sorted by code point.
 */

export interface LabelSpace {
  /** Class names in the order of the classifier's outputs. */
  names: string[];
  /** How labels become indices: as they stand, by the config's `id2label`, or by their sorted order. */
  source: 'indices' | 'id2label' | 'sorted';
}

/** What is known of the model's own classes. */
export interface ModelLabels {
  /** `id2label` of config.json, if it stands there. */
  id2label?: Readonly<Record<string, string>> | null;
  /** Outputs of the classifier the export carries, if it carries one. */
  outputs?: number | null;
}

const INTEGER = /^(\d+)(\.0+)?$/;

/**
 * The label space of a training column.
 *
 * Integers are class indices where the model has that many classes, or where they are just 0..n−1; so −1/1,
 * 0/4 or 1..5 become sorted names unless the model says otherwise.
 * @param values the labels of all training rows, limit aside, so that a limit never changes their meaning
 */
export function labelSpace(values: Iterable<string>, model: ModelLabels = {}): LabelSpace {
  const distinct = new Set<string>();
  for (const value of values) {
    const label = value.trim();
    if (!isMissing(label)) distinct.add(label);
  }
  const named = id2labelNames(model.id2label);
  const indices = [...distinct].map(classIndex);
  if (indices.length > 0 && indices.every((index) => index !== null)) {
    const highest = Math.max(...indices);
    const known = named?.length ?? model.outputs ?? 0;
    const contiguous = new Set(indices).size === highest + 1;
    if (highest < known || contiguous) {
      const count = highest < known ? known : highest + 1;
      const names = Array.from({ length: count }, (_, i) => (named?.length === count ? named[i] : String(i)));
      return { names, source: 'indices' };
    }
  }
  if (named && [...distinct].every((label) => named.includes(label)))
    return { names: named, source: 'id2label' };
  return { names: [...distinct].sort(byCodePoint), source: 'sorted' };
}

/** The labels that have words, in the verbalizer's order. */
export function verbalizerSpace(verbalizer: Readonly<Record<string, string>>): LabelSpace {
  const names = Object.keys(verbalizer);
  const indices = names.every((name, i) => name === String(i));
  return { names, source: indices ? 'indices' : 'sorted' };
}

/** Index of a label in a space, −1 where it is not in it. */
export function labelIndex(space: LabelSpace, label: string): number {
  const trimmed = label.trim();
  if (space.source !== 'indices') return space.names.indexOf(trimmed);
  const index = classIndex(trimmed);
  return index !== null && index < space.names.length ? index : -1;
}

/** An empty label, or what data frames write for a missing number. */
export function isMissing(label: string): boolean {
  return label === '' || /^nan$/i.test(label);
}

/** "3", and the "3.0" that data frames make of it. */
function classIndex(label: string): number | null {
  const match = INTEGER.exec(label);
  return match ? Number(match[1]) : null;
}

/** Names by index, or null where the config names no classes 0..n−1. */
function id2labelNames(id2label: ModelLabels['id2label']): string[] | null {
  if (!id2label) return null;
  const names = Array.from({ length: Object.keys(id2label).length }, (_, i) => id2label[String(i)]);
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : null;
}

/** Plain order by Unicode code points (JavaScript's own compares UTF-16 units). */
function byCodePoint(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i].codePointAt(0)! - right[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
