/**
 * What counts as a missing value, whichever format a table has. An empty cell always does. Of labels also the
 * words that data frames and spreadsheets write for one, and what corpora write where annotators disagreed: −1 (or
 * −99, −100, −999, −9999) where the other labels are 0..n−1 or names, and a dash or a question mark. Of texts only what no person writes.
 */

/** Words for a missing label, in any usual casing. Documented in docs/run-spec.md. */
export const MISSING_WORDS: readonly string[] = [
  ...['NaN', '-NaN', 'NaT', 'NA', 'N/A', 'N.A.', '#N/A', '#NA', '<NA>', 'null', '(null)', '\\N', 'None'],
  // What a spreadsheet leaves of a formula that failed.
  ...['#DIV/0!', '#NAME?', '#NULL!', '#NUM!', '#REF!', '#VALUE!'],
];

/** A text is seldom one of these words by itself, save for those that only programs write. */
const MISSING_TEXT = /^(nan|NaN|NAN|#N\/A|<NA>|null|NULL|\\N|#DIV\/0!|#NAME\?|#NULL!|#NUM!|#REF!|#VALUE!)$/;

const LONGEST_MISSING = 7;
/** Labels whose answer is kept. */
const REMEMBERED = 1000;

/** What is written by hand where there is no label, a question mark above all in the files of machine learning. */
const DASHES: readonly string[] = ['-', '–', '—', '--', '?', '??'];
/** What corpora and trainers write for no label: −100 is PyTorch's `ignore_index`. */
const NO_LABEL = /^[-−](1|99|100|999|9999)(\.0+)?$/;

/** Tells whether a label, blanks around it aside, is a missing one. */
export type IsMissing = (label: string) => boolean;

export interface MissingOptions {
  /** `data.missingValues`: the words that count as missing instead of those above. */
  words?: readonly string[];
  /** Labels that are classes whatever they look like: those of a verbalizer, or of the model. */
  classes?: readonly string[];
  /** Labels of other rows, as of the training data. */
  others?: readonly string[];
  /** Labels are numbers of a regression, where −1 is one like others. */
  numbers?: boolean;
}

/**
 * The rule for a column of labels.
 * @param values all its labels: what −1 and a dash mean depends on the others
 */
export function missingLabels(values: Iterable<string>, options: MissingOptions = {}): IsMissing {
  const { words, classes = [], numbers = false } = options;
  const named = new Set((words ?? MISSING_WORDS).map((word) => word.trim().toLowerCase()));
  const kept = new Set(classes);
  const isWord: IsMissing = (label) =>
    label === '' || (named.has(label.normalize('NFKC').toLowerCase()) && !kept.has(label));
  if (words !== undefined) return remembering((label) => isWord(label.trim()));
  const others = new Set(options.others);
  for (const value of new Set(values)) {
    const label = value.trim();
    if (!isWord(label) && !isSign(label)) others.add(label);
  }
  const dash = others.size > 0 && [...others].every((label) => /[\p{L}\p{N}]/u.test(label));
  const minusOne = !numbers && (areIndices(others) || areNames(others));
  return remembering((value) => {
    const label = value.trim();
    if (isWord(label)) return true;
    if (kept.has(label)) return false;
    return (dash && DASHES.includes(label)) || (minusOne && NO_LABEL.test(label));
  });
}

/** The same rule for rows by the million, which have few labels between them. */
function remembering(rule: IsMissing): IsMissing {
  const known = new Map<string, boolean>();
  return (label) => {
    let missing = known.get(label);
    if (missing === undefined) {
      missing = rule(label);
      if (known.size < REMEMBERED) known.set(label, missing);
    }
    return missing;
  };
}

/** Is a text missing? */
export function isMissingText(text: string): boolean {
  const trimmed = text.trim();
  return trimmed === '' || (trimmed.length <= LONGEST_MISSING && MISSING_TEXT.test(trimmed));
}

function isSign(label: string): boolean {
  return DASHES.includes(label) || NO_LABEL.test(label);
}

/** 0..n−1 for an n of two or more. */
function areIndices(labels: ReadonlySet<string>): boolean {
  const indices = new Set([...labels].map((label) => (/^\d+(\.0+)?$/.test(label) ? Number(label) : -1)));
  return indices.size > 1 && !indices.has(-1) && [...indices].every((index) => index < indices.size);
}

function areNames(labels: ReadonlySet<string>): boolean {
  return labels.size > 0 && [...labels].every((label) => /\p{L}/u.test(label));
}
