/** The tasks that come with the package: `builtin:NAME/train.tsv`, each folder with a card that says how to read it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../src/errors.ts';
import { parseJson } from '../src/json.ts';
import { say } from '../src/sentence.ts';

const TASKS = fileURLToPath(new URL('../public/data/tasks/', import.meta.url));
const CARD = 'task.json';

/** Where a built-in data file lies; null for other paths. */
export function builtinDataPlace(file: string): string | null {
  const [, task, name] = /^builtin:([\w-]+)\/([\w-][\w.-]*)$/.exec(file) ?? [];
  return task === undefined ? null : path.join(TASKS, task, name);
}

/**
 * The card of a built-in task: a data set as a study's spec has it.
 * @throws StudioError('data') where there is none of that name
 */
export function builtinTask(name: string): unknown {
  const card = path.join(TASKS, name, CARD);
  if (/^[\w-]+$/.test(name) && existsSync(card)) return parseJson(readFileSync(card, 'utf8'));
  const known = existsSync(TASKS)
    ? readdirSync(TASKS).filter((one) => existsSync(path.join(TASKS, one, CARD)))
    : [];
  throw new StudioError(
    'data',
    say`There is no built-in task ${name}; there are ${known.map((one) => `builtin:${one}`).join(', ')}.`,
    { where: 'datasets' },
  );
}
