/**
 * What a classifier's outputs mean. Integer labels 0..n−1 are class indices; other labels are looked up in
 * the model config's `id2label`, where case and spacing do not count, else sorted by code point.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { quoted } from './table/error.ts';

export interface LabelSpace {
  /** Class names in the order of the classifier's outputs. */
  names: string[];
  /** How labels become indices: as they stand, by the config's `id2label`, by the file, or by their sorted order. */
  source: 'indices' | 'id2label' | 'file' | 'sorted';
  /** `data.labels` of the run spec: what a label of the file is called among the classes, where it is not itself. */
  aliases?: Readonly<Record<string, string>>;
}

/** What is known of the model's own classes. */
export interface ModelLabels {
  /** `id2label` of config.json, if it stands there. */
  id2label?: Readonly<Record<string, string>> | null;
  /** Outputs of the classifier the export carries, if it carries one. */
  outputs?: number | null;
  /** Does its classifier start anew, so that it need not be known which output stands for which label? */
  fresh?: boolean;
}

const INTEGER = /^(\d+)(\.0+)?$/;

/**
 * The label space of a training column.
 *
 * Integers are class indices where the model has that many classes, or where they are just 0..n−1; so −1/1,
 * 0/4 or 1..5 become sorted names unless the model says otherwise.
 * @param values the labels of all training rows, missing ones left out and limit aside, so that a limit never changes
 * their meaning
 * @param aliases what labels of the file are called among the classes
 * @param order names that the file itself gives to classes 0..n−1, as datasets of Hugging Face do
 * @throws StudioError('data') where the export's classifier is kept and its outputs are named otherwise
 */
export function labelSpace(
  values: Iterable<string>,
  model: ModelLabels = {},
  aliases?: LabelSpace['aliases'],
  order: readonly string[] = [],
): LabelSpace {
  const distinct = new Set<string>();
  for (const value of new Set(values)) distinct.add(aliasOf(value.trim(), aliases));
  const space = spaceOf(distinct, model, order);
  return aliases === undefined ? space : { ...space, aliases };
}

function aliasOf(label: string, aliases: LabelSpace['aliases']): string {
  return aliases !== undefined && Object.hasOwn(aliases, label) ? aliases[label] : label;
}

function spaceOf(distinct: ReadonlySet<string>, model: ModelLabels, order: readonly string[]): LabelSpace {
  const named = id2labelNames(model.id2label);
  const indices = [...distinct].map(classIndex);
  if (indices.length > 0 && indices.every((index) => index !== null)) {
    const highest = indices.reduce((most, index) => Math.max(most, index), 0);
    const known = named?.length ?? model.outputs ?? 0;
    const contiguous = new Set(indices).size === highest + 1;
    if (highest < known || contiguous) {
      const count = highest < known ? known : highest + 1;
      const names = Array.from({ length: count }, (_, i) => (named?.length === count ? named[i] : String(i)));
      return { names, source: 'indices' };
    }
  }
  if (named) {
    const folds = foldsOf(named);
    if ([...distinct].every((label) => named.includes(label) || folds?.has(fold(label))))
      return { names: named, source: 'id2label' };
  }
  const given = new Set(order);
  const ordered = order.length > 0 && [...distinct].every((label) => given.has(label));
  const names = ordered ? [...order] : [...distinct].sort(byCodePoint);
  if (named && model.fresh !== true && model.outputs === named.length && named.length === names.length)
    refuseOtherNames(names, named);
  return { names, source: ordered ? 'file' : 'sorted' };
}

/** Characters that take no room: zero-width spaces and joiners, marks of direction, soft hyphens. */
const UNSEEN = /\p{Cf}/gu;

/** What is left of a label where case and spacing do not count. */
function fold(label: string): string {
  return label.normalize('NFKC').toLowerCase().replace(/\s+/g, '').replace(UNSEEN, '');
}

const foldedNames = new WeakMap<readonly string[], Map<string, number> | null>();

/** Indices by folded name; null where that makes two names one. */
function foldsOf(names: readonly string[]): Map<string, number> | null {
  const known = foldedNames.get(names);
  if (known !== undefined) return known;
  const all = new Map(names.map((name, i) => [fold(name), i]));
  const folds = all.size === names.length ? all : null;
  foldedNames.set(names, folds);
  return folds;
}

const namePlaces = new WeakMap<readonly string[], Map<string, number>>();

/** Indices by name, the first of names that repeat: there may be hundreds of thousands. */
function placesOf(names: readonly string[]): Map<string, number> {
  const known = namePlaces.get(names);
  if (known !== undefined) return known;
  const places = new Map<string, number>();
  names.forEach((name, i) => places.has(name) || places.set(name, i));
  namePlaces.set(names, places);
  return places;
}

/** Names that say nothing, as Hugging Face writes them where none were given. */
const PLACEHOLDER = /^LABEL_\d+$/;

/**
 * A kept classifier gives its outputs an order that the labels do not tell: taken in any other, the classes
 * are swapped.
 * @throws StudioError('data'), unless the outputs have no names to differ from
 */
function refuseOtherNames(labels: readonly string[], named: readonly string[]): void {
  if (named.every((name) => PLACEHOLDER.test(name))) return;
  throw new StudioError(
    'data',
    say`The labels ${few(labels)} are not those that the model's classifier was made for, ${few(named)}: say in ${field('data.labels')} which is which (${short(labels[0])}: ${short(named[0])} or another, and so on), or set ${field('model.head')} to "fresh" to train a new classifier.`,
    { where: 'data.labels' },
  );
}

/** A label in so few letters that a sentence can hold several. */
function short(label: string): string {
  return quoted(label.length > 20 ? `${label.slice(0, 19)}…` : label);
}

/** Labels as a sentence lists them. */
function few(labels: readonly string[]): string {
  const shown = labels.slice(0, 3).map(short).join(', ');
  return labels.length > 3 ? `${shown}, … (${labels.length})` : shown;
}

/** Pairs of a file's label and a class, or of two labels, that differ in case or spacing only. */
export interface NearLabels {
  matched: [label: string, name: string][];
  apart: [label: string, other: string][];
}

/** What was taken for the same, and what was not, though only case or spacing tells it apart. */
export function nearLabels(values: Iterable<string>, space: LabelSpace): NearLabels {
  const matched: [string, string][] = [];
  const apart: [string, string][] = [];
  const seen = new Map<string, string>();
  for (const label of new Set(Array.from(new Set(values), (value) => value.trim()))) {
    if (space.aliases !== undefined && Object.hasOwn(space.aliases, label)) continue;
    const name = space.names[labelIndex(space, label)];
    if (space.source === 'id2label' && name !== label) matched.push([label, name]);
    if (space.source !== 'sorted') continue;
    const other = seen.get(fold(label));
    if (other === undefined) seen.set(fold(label), label);
    else apart.push([other, label]);
  }
  return { matched, apart };
}

/** The labels that have words, in the verbalizer's order. */
export function verbalizerSpace(verbalizer: Readonly<Record<string, string>>): LabelSpace {
  const names = Object.keys(verbalizer);
  const indices = names.every((name, i) => name === String(i));
  return { names, source: indices ? 'indices' : 'sorted' };
}

/** Index of a label in a space, −1 where it is not in it. */
export function labelIndex(space: LabelSpace, label: string): number {
  const trimmed = aliasOf(label.trim(), space.aliases);
  if (space.source === 'sorted' || space.source === 'file') return placesOf(space.names).get(trimmed) ?? -1;
  if (space.source === 'id2label')
    return placesOf(space.names).get(trimmed) ?? foldsOf(space.names)?.get(fold(trimmed)) ?? -1;
  const index = classIndex(trimmed);
  return index !== null && index < space.names.length ? index : -1;
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
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

/** Halves of code points beyond U+FFFF come behind all that are whole. */
function rankOf(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
