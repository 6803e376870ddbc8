/**
 * `npm run fuzz -- [reader ...] --inputs N --seed S`: mutated inputs for every reader, through its real entry. Each
 * must be read, or refused with one sentence, in bounded time and memory. What is not is made small, saved under
 * `.cache/fuzz/READER/` and printed; the exit status is then 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { campaign, type Found } from '../tests/fuzz/campaign.ts';
import { READERS } from '../tests/fuzz/readers/index.ts';

const PLACE = path.resolve(import.meta.dirname, '..', '.cache', 'fuzz');

function usage(problem: string): never {
  console.error(`${problem}\nTry: npm run fuzz -- csv link --inputs 10000 --seed 7`);
  console.error(`Readers: ${READERS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  return Number.isInteger(value) && value >= 0
    ? value
    : usage(`--${name} takes a whole number, not ${text}.`);
}

/** Puts the input where it can be tried again. @returns its folder */
function save({ reader, kind, detail, files, input }: Found): string {
  const folder = path.join(PLACE, reader, `${kind.replace(/\W+/g, '-').slice(0, 60)}-${input}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'finding.txt'), `${kind}\n\n${detail}\n`);
  mkdirSync(path.join(folder, 'input'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, 'input', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return path.relative(process.cwd(), folder);
}

let parsed;
try {
  parsed = parseArgs({
    allowPositionals: true,
    options: {
      inputs: { type: 'string' },
      seed: { type: 'string' },
      processes: { type: 'string' },
      'no-shrink': { type: 'boolean' },
    },
  });
} catch (error) {
  usage(error instanceof Error ? error.message : String(error));
}
const { values, positionals } = parsed;
const inputs = whole('inputs', values.inputs, 1000);
const seed = whole('seed', values.seed, 1);
const processes = Math.max(1, whole('processes', values.processes, 2));
const unknown = positionals.find((name) => !READERS.some((reader) => reader.name === name));
if (unknown !== undefined) usage(`There is no reader ${unknown}.`);

let total = 0;
for (const { name } of READERS.filter(
  (reader) => positionals.length === 0 || positionals.includes(reader.name),
)) {
  const started = Date.now();
  let said = started;
  const found = await campaign(name, {
    inputs,
    seed,
    processes,
    shrink: values['no-shrink'] !== true,
    progress: (done, findings) => {
      if (Date.now() - said < 15_000) return;
      said = Date.now();
      console.log(`  ${name}: ${done.toLocaleString('en')} inputs, ${findings} findings`);
    },
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${inputs.toLocaleString('en')} inputs in ${seconds} s, ${found.length} findings`);
  for (const one of found) {
    console.log(`  ${one.kind} (${one.times}): ${save(one)}`);
    console.log(`    ${one.detail.split('\n').slice(0, 4).join('\n    ').slice(0, 700)}`);
  }
  total += found.length;
}
process.exit(total > 0 ? 1 : 0);
