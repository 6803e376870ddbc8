/** Texts of the data step, in English. */
import { inEnglish } from '../count.ts';
const SEPARATOR_NAMES: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
};

export const dataStep = {
  giveUp: 'Give up',
  whichColumn: {
    text: 'Which column holds the text?',
    label: 'Which column holds the label?',
    target: 'Which column holds the text to write?',
  },
  bothColumns: 'Both, as a pair',
  notChosen: '— choose —',
  moreBelow: 'All columns stand in the lists below.',
  testFile: 'Test file (optional)',
  testRows: (rows: string) => `${rows} test rows`,
  withoutTest: (name: string) => `Leave ${name} out`,
  columnSource: 'Source column',
  columnTarget: 'Target column',
  tasks: {
    maskedLm: 'Label word at a mask',
    text2text: 'Text to text',
    words: 'Label words, written',
  } as Record<string, string>,
  otherDemo: 'Demo data with classes',
  tasksTitle: 'Several tasks',
  tasksHelp:
    'One delta is trained on all of them in turn, each with a head or label words of its own. Scores come for each task and as their mean.',
  anotherTask: 'Another task: choose a file',
  builtinTask: 'Another task: a built-in one',
  chooseTask: 'Choose …',
  taskValidation: 'Validation file (optional)',
  removeTask: (name: string) => `Remove the task ${name}`,
  remove: 'Remove',
  firstTask: (name: string) => `The first task is ${name}, above.`,
  showTask: 'Show',
  meanOfTasks: 'the mean of the tasks',
  template: 'Template',
  templateHelp: (mask: boolean, pair: boolean) =>
    `The text goes where {text} stands${pair ? ', the second where {text2} stands' : ''}${mask ? ', the word where {mask} stands' : ''}.${mask ? '' : ' Empty: texts go in as they are.'}`,
  words: 'Template and label words',
  wordsMask: 'The class is the one whose word the model finds likeliest at the mask. Each word is one token.',
  wordsWrite: 'The model writes the word of the class; classes are ranked by how likely their words are.',
  wordFor: (label: string) => `Word for “${label}”`,
  writes: 'writes',
  sources: 'Sources',
  targets: 'Targets',
  look: 'Look inside',
  tabs: { rows: 'Rows', batch: 'First batch', lengths: 'Lengths', checks: 'Checks' },
  file: 'File',
  training: 'Training',
  validation: 'Validation',
  line: 'Line',
  looking: 'Looking at every row …',
  lookFailed: 'The rows could not be looked at:',
  notLoaded: '…',
  moreColumns: (hidden: number) =>
    hidden === 1 ? '1 further column is not shown.' : `${inEnglish(hidden)} further columns are not shown.`,
  skip: 'Leave these rows out',
  keep: 'Put the rows left out back',
  askAgain: 'Ask about missing labels again',
  keepAsClass: (labels: string) => `Keep ${labels} as a class`,
  reading: {
    title: 'How the file is read',
    found: (encoding: string, separator: string | null, header: boolean) =>
      [
        `Read as ${encoding}`,
        ...(separator === null
          ? []
          : [
              `separated by ${SEPARATOR_NAMES[separator] ?? `“${separator}”`}`,
              header ? 'columns named' : 'no column names',
            ]),
      ].join(', '),
    encoding: 'Encoding',
    automatic: 'Found out',
    choose: 'Choose …',
    automaticIs: (found: string) => `Found out: ${found}`,
    likely: 'Likeliest',
    all: 'All',
    readsAs: (encoding: string, words: string) => `${encoding}: ${words}`,
    sample: (words: string) => `Reads: ${words}`,
    firstRow: 'First row',
    row: (header: boolean): string => (header ? 'names the columns' : 'is data'),
    cells: (cells: string) => `It is: ${cells}`,
  },
  badRows: 'Rows that cannot be used',
  fix: 'Correct the columns below, or choose another file.',
  balance: (share: string, label: string) => `The largest class is “${label}” with ${share} of the rows.`,
  labelsAre: {
    indices: 'Labels are class indices as they stand.',
    id2label: 'Labels are looked up in the model’s own classes.',
    sorted: 'Text labels get their class numbers in sorted order.',
  },
  moreClasses: (hidden: number) =>
    hidden === 1 ? 'and 1 more class' : `and ${inEnglish(hidden)} more classes`,
  batchHelp: (rows: number, length: number, padding: string) =>
    `What step 1 trains on: ${inEnglish(rows)} rows of ${inEnglish(length)} tokens, ${padding} of it padding.`,
  padding: (tokens: number) => `+ ${inEnglish(tokens)} padding`,
  cut: (tokens: number) => `${inEnglish(tokens)} cut off`,
  batchMore: (rows: number) => `The other ${inEnglish(rows)} rows of the batch are left out here.`,
  kinds: {
    special: 'special token',
    first: 'text',
    second: 'second text',
    unknown: 'not in the vocabulary',
  },
  needsModel: 'Tokens can be shown once there is a model.',
  histogram: 'Rows by number of tokens',
  histogramLabel: (median: number, longest: number, cut: string) =>
    `Rows by number of tokens: half have at most ${inEnglish(median)}, the longest ${inEnglish(longest)}. ${cut}`,
  cutRows: (cut: string, rows: string, max: number) =>
    `${cut} of ${rows} rows are cut at ${inEnglish(max)} tokens.`,
  cutNone: (max: number) => `No row is cut at ${inEnglish(max)} tokens.`,
  ofSample: (rows: string, of: string) => `Counted on ${rows} rows spread over all ${of}.`,
  median: (tokens: number) => `Half of the rows have at most ${inEnglish(tokens)} tokens.`,
  longestRow: (tokens: number) => `The longest has ${inEnglish(tokens)}.`,
  tokensAxis: 'tokens',
  good: 'Nothing stands out: no repeated rows, and no validation row that training has seen.',
  repeats: (rows: string) =>
    rows === '1' ? '1 training row repeats an earlier one.' : `${rows} training rows repeat an earlier one.`,
  conflicts: (rows: string) =>
    rows === '1' ? '1 of them has another answer.' : `${rows} of them have another answer.`,
  overlap: (rows: string) =>
    rows === '1'
      ? '1 validation row is also among the training rows, so its score shows what was learned by heart.'
      : `${rows} validation rows are also among the training rows, so their score shows what was learned by heart.`,
  linesAgain: (first: number, again: number) => `line ${first} again in line ${again}`,
  linesConflict: (first: number, again: number) => `line ${first} with another answer in line ${again}`,
  linesOverlap: (train: number, validation: number) =>
    `training line ${train}, validation line ${validation}`,
  imbalance: (label: string, share: string) => `Class “${label}” has only ${share} of the rows.`,
};
