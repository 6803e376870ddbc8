/**
 * Facts to a sentence: what stands in the sentence follows from the facts alone, so there is one right
 * answer to each row. To find it, words must be copied, bent (tense, person, number, comparative), left out
 * and put in another order.
 */
import type { Draw } from './grammar.ts';
import {
  GROUPS,
  JOBS,
  NAMES,
  NUMBERS,
  PLACES,
  QUALITIES,
  VERBS,
  type Noun,
  type Verb,
} from './facts-lexicon.ts';

export interface FactsRow {
  source: string;
  target: string;
}

type Time = 'past' | 'present' | 'future';

/** Who does it: what the facts call them, what the sentence begins with, one or several. */
interface Subject {
  fact: string;
  text: string;
  plural: boolean;
}

function subject(draw: Draw): Subject {
  const kind = draw.weighted({ one: 60, two: 20, group: 20 });
  if (kind === 'group') {
    const group = draw.pick(GROUPS);
    return { fact: group, text: `The ${group}`, plural: true };
  }
  const first = draw.pick(NAMES);
  if (kind === 'one') return { fact: first, text: first, plural: false };
  let second = draw.pick(NAMES);
  while (second === first) second = draw.pick(NAMES);
  return { fact: `${first} , ${second}`, text: `${first} and ${second}`, plural: true };
}

const TIMES: Readonly<Record<Time, readonly string[]>> = {
  past: ['last week', 'last month', 'last year', 'last summer', 'last night'],
  present: ['every day', 'every week', 'every month', 'every year', 'every summer'],
  future: ['next week', 'next month', 'next year', 'next summer', 'next winter'],
};

/** Facts in their order, as `key: value` with a semicolon between; those without a value left out. */
function facts(values: Readonly<Record<string, string | false>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== false)
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ');
}

/** What somebody does with some things, and when. */
function deed(draw: Draw): FactsRow {
  const who = subject(draw);
  const verb = draw.pick(VERBS);
  const thing = draw.pick(verb.things);
  const count = draw.chance(0.35) ? 1 : draw.pick([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const time = draw.pick(['past', 'present', 'future'] as const);
  const when = draw.pick(TIMES[time]);
  const not = draw.chance(0.25);
  const done = predicate(verb, time, who.plural, not);
  return {
    source: facts({
      who: who.fact,
      do: verb.base,
      what: thing.one,
      count: `${count}`,
      when,
      not: not && 'yes',
    }),
    target: `${who.text} ${done} ${counted(thing, count)} ${when}.`,
  };
}

function predicate(verb: Verb, time: Time, plural: boolean, not: boolean): string {
  if (time === 'future') return `will ${not ? 'not ' : ''}${verb.base}`;
  if (time === 'past') return not ? `did not ${verb.base}` : verb.past;
  if (not) return `${plural ? 'do' : 'does'} not ${verb.base}`;
  return plural ? verb.base : verb.third;
}

function counted({ one, many }: Noun, count: number): string {
  return `${NUMBERS[count - 1]} ${count === 1 ? one : many}`;
}

/** What somebody is, where, and whether still. */
function profession(draw: Draw): FactsRow {
  const who = subject(draw);
  const job = draw.pick(JOBS);
  const place = draw.pick(PLACES);
  const time = draw.pick(['past', 'present', 'future'] as const);
  const not = draw.chance(0.25);
  const be = {
    past: who.plural ? 'were' : 'was',
    present: who.plural ? 'are' : 'is',
    future: 'will',
  }[time];
  const verb = `${be}${not ? ' not' : ''}${time === 'future' ? ' be' : ''}`;
  const article = /^[aeiou]/.test(job.one) ? 'an' : 'a';
  const what = who.plural ? job.many : `${article} ${job.one}`;
  const when = { past: 'before', present: 'now', future: 'soon' }[time];
  return {
    source: facts({ who: who.fact, job: job.one, place, when, not: not && 'yes' }),
    target: `${who.text} ${verb} ${what} in ${place}.`,
  };
}

/** Which of two is more so. */
function comparison(draw: Draw): FactsRow {
  const quality = draw.pick(QUALITIES);
  const first = draw.pick(quality.things);
  let second = draw.pick(quality.things);
  while (second === first) second = draw.pick(quality.things);
  const more = draw.pick(['first', 'second', 'same'] as const);
  const sentence = {
    first: `The ${first} is ${quality.more} than the ${second}.`,
    second: `The ${second} is ${quality.more} than the ${first}.`,
    same: `The ${first} is as ${quality.plain} as the ${second}.`,
  }[more];
  return { source: facts({ first, second, which: quality.plain, more }), target: sentence };
}

/** One row; `draw` decides all of it. */
export function factsRow(draw: Draw): FactsRow {
  return { deed, profession, comparison }[draw.weighted({ deed: 45, profession: 30, comparison: 25 })](draw);
}
