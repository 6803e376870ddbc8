/**
 * Writes the twelve built-in tasks: `npx tsx tools/tasks/make.ts [folder]`, by default into public/data/tasks. The
 * same seed gives the same bytes, on any machine. Rows held out meet words that training never does.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { amounts, opposites, scenes } from './inference.ts';
import { questionPairs, roles } from './paraphrase.ts';
import { Draw } from './pool.ts';
import { belongings, whereabouts } from './question.ts';
import { dayNotes, moodLines, shopReviews } from './sentiment.ts';
import { matchReports, notices } from './summary.ts';
import type { Row, Task } from './task.ts';

const SEED = 31;
/** Rows of each file. */
const SIZES = { train: 1024, validation: 200, test: 400 } as const;
/** Rows of each class that a few-shot split has. */
const FEW = 16;

export const TASKS: readonly Task[] = [
  shopReviews,
  dayNotes,
  moodLines,
  scenes,
  opposites,
  amounts,
  questionPairs,
  roles,
  whereabouts,
  belongings,
  notices,
  matchReports,
];

type Labelled = Row & { label: string };

/** The files of a task, by name. */
export function taskFiles(task: Task, index: number): Record<string, string> {
  const seen = new Set<string>();
  const train = rowsOf(task, index, 'train', seen);
  const validation = rowsOf(task, index, 'validation', seen);
  const test = rowsOf(task, index, 'test', seen);
  const few = Object.keys(task.labels).flatMap((label) =>
    train.filter((row) => row.label === label).slice(0, FEW),
  );
  return {
    'train.tsv': tsv(train),
    'validation.tsv': tsv(validation),
    'test.tsv': tsv(test),
    'train-16.tsv': tsv(train.filter((row) => few.includes(row))),
    'task.json': `${JSON.stringify(cardOf(task, train[0]), null, 2)}\n`,
  };
}

/** Balanced, none twice, none of `seen`. */
function rowsOf(task: Task, index: number, split: keyof typeof SIZES, seen: Set<string>): Labelled[] {
  const splits = Object.keys(SIZES);
  const random = new PhiloxStream(SEED, index * splits.length + splits.indexOf(split));
  const draw = new Draw(random, split !== 'train');
  const labels = Object.keys(task.labels);
  const rows: Labelled[] = [];
  while (rows.length < SIZES[split]) {
    const label = labels[rows.length % labels.length];
    const row = { ...task.make(draw, label), label };
    const key = `${row.text}\t${row.text2 ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push(row);
  }
  return draw.shuffled(rows);
}

function tsv(rows: readonly Labelled[]): string {
  const columns = (['text', 'text2', 'label', 'target'] as const).filter(
    (name) => rows[0][name] !== undefined,
  );
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))]
    .map((row) => `${row.join('\t')}\n`)
    .join('');
}

/** How a study reads it: for an encoder, and as text to text. */
function cardOf({ name, kind, about, labels, template }: Task, row: Row) {
  const file = (part: string) => `builtin:${name}/${part}.tsv`;
  const text = row.text2 === undefined ? ['text'] : ['text', 'text2'];
  const written = row.target !== undefined;
  return {
    name,
    kind,
    about,
    train: file('train'),
    validation: file('validation'),
    test: file('test'),
    columns: { text, label: 'label' },
    maxLength: 64,
    template,
    verbalizer: labels,
    text2text: written
      ? {
          columns: { text: ['text'], target: 'target' },
          template: null,
          verbalizer: null,
          maxTargetLength: 16,
        }
      : {
          template: template
            .replace(/ ?\{mask\} ?/, ' ')
            .replace(/ +/g, ' ')
            .trim(),
          maxTargetLength: 4,
        },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2] ?? 'public/data/tasks';
  for (const [index, task] of TASKS.entries()) {
    mkdirSync(join(folder, task.name), { recursive: true });
    for (const [name, content] of Object.entries(taskFiles(task, index)))
      writeFileSync(join(folder, task.name, name), content);
  }
}
