/** The text-to-text demo: what its generator promises, and that the committed files are what it writes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readTable } from '../../src/data/table/read-table.ts';
import { loadTokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import { GROUPS, JOBS, NAMES, NUMBERS, VERBS } from '../../tools/demo-data/facts-lexicon.ts';
import { makeFactsData } from '../../tools/demo-data/make-facts.ts';

const open = (path: string) => readFileSync(new URL(`../../public/${path}`, import.meta.url));
const rowsOf = (name: string) => {
  const table = readTable(open(`data/demo-text2text/${name}`), name);
  expect(table.columns).toEqual(['source', 'target']);
  const targets = table.column('target');
  return table.column('source').map((source, row) => ({ source, target: targets[row] }));
};
const train = rowsOf('train.tsv');
const validation = rowsOf('validation.tsv');
const all = [...train, ...validation];

it('is what the generator writes', () => {
  const made = makeFactsData();
  expect(open('data/demo-text2text/train.tsv').toString('utf8')).toBe(made.train);
  expect(open('data/demo-text2text/validation.tsv').toString('utf8')).toBe(made.validation);
});

it('has 2,000 and 400 rows, no facts twice', () => {
  expect([train.length, validation.length]).toEqual([2000, 400]);
  expect(new Set(all.map(({ source }) => source)).size).toBe(2400);
});

it('has every word of the validation sentences in training', () => {
  const words = (rows: typeof all) => rows.flatMap(({ target }) => target.match(/[A-Za-z]+/g)!);
  const known = new Set(words(train));
  expect([...new Set(words(validation))].filter((word) => !known.has(word))).toEqual([]);
});

const factOf = (source: string, key: string) =>
  source
    .split('; ')
    .find((fact) => fact.startsWith(`${key}: `))
    ?.slice(key.length + 2);

it('says in the sentence what stands in the facts, bent as English has it', () => {
  const deeds = all.filter(({ source }) => factOf(source, 'do') !== undefined);
  expect(deeds.length).toBeGreaterThan(900);
  for (const { source, target } of deeds) {
    const verb = VERBS.find(({ base }) => base === factOf(source, 'do'))!;
    const who = factOf(source, 'who')!;
    const plural = who.includes(' , ') || GROUPS.includes(who);
    const when = factOf(source, 'when')!;
    const not = factOf(source, 'not') === 'yes';
    const thing = verb.things.find(({ one }) => one === factOf(source, 'what'))!;
    const count = Number(factOf(source, 'count'));
    const present = not ? `${plural ? 'do' : 'does'} not ${verb.base}` : plural ? verb.base : verb.third;
    const done = when.startsWith('last')
      ? not
        ? `did not ${verb.base}`
        : verb.past
      : when.startsWith('next')
        ? `will ${not ? 'not ' : ''}${verb.base}`
        : present;
    const tail = `${done} ${NUMBERS[count - 1]} ${count === 1 ? thing.one : thing.many} ${when}.`;
    expect(target).toBe(`${GROUPS.includes(who) ? `The ${who}` : who.replace(' , ', ' and ')} ${tail}`);
  }
});

it('turns comparisons round and keeps number and article in professions', () => {
  const pair = all.find(({ source }) => factOf(source, 'more') === 'second')!;
  expect(pair.target.indexOf(factOf(pair.source, 'second')!)).toBeLessThan(
    pair.target.indexOf(` than the ${factOf(pair.source, 'first')!}`),
  );
  const jobs = all.filter(({ source }) => factOf(source, 'job') !== undefined);
  for (const { source, target } of jobs) {
    const job = JOBS.find(({ one }) => one === factOf(source, 'job'))!;
    const alone = NAMES.includes(factOf(source, 'who')!);
    const article = /^[aeiou]/.test(job.one) ? 'an' : 'a';
    expect(target).toContain(
      ` ${alone ? `${article} ${job.one}` : job.many} in ${factOf(source, 'place')!}.`,
    );
  }
});

it('has no unknown token and fits 48 and 24 tokens of the small T5', () => {
  const file = new URL('../../tools/pretrain-t5/tokenizer/tokenizer.json', import.meta.url);
  const tokenizer = loadTokenizer(readFileSync(file, 'utf8'));
  const ids = (texts: readonly string[]) => texts.map((text) => tokenizer.encode(text).ids);
  const [sources, targets] = [
    ids(validation.map(({ source }) => source)),
    ids(validation.map(({ target }) => target)),
  ];
  expect(Math.max(...sources.map(({ length }) => length))).toBeLessThanOrEqual(48);
  expect(Math.max(...targets.map(({ length }) => length))).toBeLessThanOrEqual(24);
  expect([...sources, ...targets].filter((row) => row.includes(tokenizer.unknownId!))).toEqual([]);
  // The sentence comes back as it was, `</s>` left out.
  expect(targets.slice(0, 50).map((row) => tokenizer.decode(row))).toEqual(
    validation.slice(0, 50).map(({ target }) => target),
  );
});
