/** What a table is, for a person who looks before training: how it was read, and what its columns seem to hold. */
import { StudioError } from '../errors.ts';
import { english, say, type Sentence } from '../sentence.ts';
import { examineData } from './analysis/doctor.ts';
import type { Finding } from './analysis/finding.ts';
import { buildDataset } from './dataset.ts';
import { guessColumns, namedTarget } from './guess-columns.ts';
import { guessTask } from './guess-task.ts';
import { labelIndex, labelSpace, type LabelSpace } from './labels.ts';
import { nearLabelNotes } from './label-notes.ts';
import { isMissingText, missingLabels } from './missing.ts';
import { severalLabels } from './rows.ts';
import type { ColumnName, Table } from './table/table.ts';

export interface TableInspection {
  kind: 'data';
  format: Table['format'];
  /** A label of the Encoding Standard, in lower case; null where the format is binary. */
  encoding: string | null;
  /** Null where the format has its own syntax. */
  separator: string | null;
  /** Whether the file names its columns. */
  header: boolean;
  /** Rows below the header, those with missing values too. */
  rows: number;
  /** Rows without a label, a target or a text. */
  missing: number;
  columns: string[];
  guessed: { text: string[]; label?: string; target?: string };
  /** With their rows, in the order of a classifier's outputs; none where labels are measurements or texts. */
  classes: { label: string; rows: number }[];
  notes: string[];
  /** What the rows say of themselves, before there is a model or a split, the gravest first. */
  findings: { code: Finding['code']; message: string }[];
  /** The first row without missing values; null where there is none. */
  first: { text: string[]; label?: string; target?: string } | null;
}

export interface InspectOptions {
  /** Columns that are known; the others are guessed. */
  text?: readonly string[];
  label?: string;
  /** `data.missingValues`. */
  missingValues?: readonly string[];
}

/** @throws StudioError('data') where a column cannot be told, or is not there */
export function inspectTable(table: Table, options: InspectOptions = {}): TableInspection {
  const { text, label, target } = columnsOf(table, options);
  const answers = table.column((label ?? target)!);
  const texts = text.map((column) => table.column(column));
  const measured = label !== undefined && guessTask(answers) === 'regression';
  const hasClasses = label !== undefined && !measured;
  const isMissing =
    label === undefined
      ? isMissingText
      : missingLabels(answers, { words: options.missingValues, numbers: measured });
  let [missing, first] = [0, -1];
  /** Rows of each label. */
  const counts = new Map<string, number>();
  const isSeveral = hasClasses ? severalLabels(table, label) : null;
  let several = 0;
  for (let row = 0; row < table.rows; row++) {
    const answer = answers[row];
    if (isMissing(answer) || texts.some((cells) => isMissingText(cells[row]))) {
      missing++;
      continue;
    }
    if (first < 0) first = row;
    if (isSeveral?.(row)) several++;
    if (hasClasses) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const guessed = {
    text: text.map(String),
    ...(label !== undefined ? { label: String(label) } : { target: String(target) }),
  };
  const answerOf = (row: number) =>
    label === undefined ? { target: answers[row] } : { label: answers[row].trim() };
  const labels = [...counts.keys()];
  const space = labelSpace(labels, {}, undefined, label === undefined ? [] : table.classNames(label));
  const nearNotes = nearLabelNotes(table.name, labels, space);
  return {
    kind: 'data',
    format: table.format,
    encoding: table.encoding,
    separator: table.separator,
    header: table.header,
    rows: table.rows,
    missing,
    columns: [...table.columns],
    guessed,
    classes: labels.length === 0 ? [] : classesOf(counts, space),
    notes: [...table.notes, ...nearNotes, ...(several > 0 ? [severalNote(label!, several)] : [])].map(
      english,
    ),
    findings: hasClasses ? findingsOf(table, text, label) : [],
    first: first < 0 ? null : { text: texts.map((cells) => cells[first]), ...answerOf(first) },
  };
}

function severalNote(column: ColumnName, rows: number): Sentence {
  return say`${rows} rows have a list of several labels in column "${column}", and a classifier takes one a row: give each row one label.`;
}

function findingsOf(
  table: Table,
  text: readonly ColumnName[],
  label: ColumnName,
): TableInspection['findings'] {
  try {
    const columns = { text: [...text], label };
    const reading = { missing: 'drop', invalidRows: 'skip' } as const;
    const train = buildDataset(table, { columns, task: 'classification', split: 'train', reading });
    const found = examineData({ train, validation: null, tokenizer: null, maxLength: Infinity });
    return found.map(({ code, sentence }) => ({ code, message: english(sentence) }));
  } catch (error) {
    // What keeps the rows from being trained on is said where they are.
    if (error instanceof StudioError) return [];
    throw error;
  }
}

/** A label is looked for first, a text to write where no column holds labels. */
function columnsOf(table: Table, { text, label }: InspectOptions) {
  try {
    return guessColumns(table, { ...(text && { text }), ...(label !== undefined && { label }) });
  } catch (error) {
    if (label !== undefined || namedTarget(table) === undefined) throw error;
    return guessColumns(table, { ...(text && { text }) }, 'target');
  }
}

function classesOf(counts: ReadonlyMap<string, number>, space: LabelSpace): TableInspection['classes'] {
  const rows = new Array<number>(space.names.length).fill(0);
  for (const [label, count] of counts) rows[labelIndex(space, label)] += count;
  return space.names.map((label, i) => ({ label, rows: rows[i] }));
}
