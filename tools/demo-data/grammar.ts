/**
 * The grammar of the demo reviews. The verdict hangs on how words are put together: nearly every form has
 * a twin that says the opposite with the same kinds of words, so that counting good and bad words fails.
 */
import type { PhiloxStream } from '../../src/graph/philox.ts';
import { ADVERBS, DOMAINS, OPENINGS, REPORTERS, VERDICTS, type Domain, type WordList } from './lexicon.ts';

export type Polarity = 'positive' | 'negative';

/** Draws words and remembers whether a held-out word or form was among them. */
export class Draw {
  heldOut = false;
  private readonly random: PhiloxStream;
  private readonly validation: boolean;

  constructor(random: PhiloxStream, validation: boolean) {
    this.random = random;
    this.validation = validation;
  }

  /** One of a list; in validation a third of the draws come from what is held out. */
  word(list: WordList): string {
    return this.choose(list.shared, list.heldOut);
  }

  choose<T>(shared: readonly T[], heldOut: readonly T[]): T {
    const held = this.validation && heldOut.length > 0 && this.random.uniform() < 0.35;
    this.heldOut ||= held;
    return this.pick(held ? heldOut : shared);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)];
  }

  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let at = this.random.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) if ((at -= weight) < 0) return key;
    return entries[entries.length - 1][0];
  }

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }
}

const opposite = (polarity: Polarity): Polarity => (polarity === 'positive' ? 'negative' : 'positive');

/** Words of one statement, drawn only when a form asks for them, so that `heldOut` speaks of what is used. */
interface Words {
  /** An adjective of the statement's own polarity, and one of the other. */
  readonly same: string;
  readonly other: string;
  /** Whose opinion it is. */
  readonly who: string;
}

function wordsOf(draw: Draw, domain: Domain, polarity: Polarity): Words {
  const adjective = (of: Polarity) => draw.word(of === 'positive' ? domain.good : domain.bad);
  return {
    get same() {
      return adjective(polarity);
    },
    get other() {
      return adjective(opposite(polarity));
    },
    get who() {
      return draw.word(REPORTERS);
    },
  };
}

/** A statement about `x` that says `same`. */
type Form = (x: string, words: Words) => string;

const TURNED: readonly Form[] = [
  (x, { other }) => `${x} was not ${other} at all`,
  (x, { other }) => `${x} was never ${other}`,
  (x, { other }) => `${x} was not as ${other} as i had expected`,
  (x, { other }) => `nothing about ${x} was ${other}`,
  (x, { other }) => `nobody could call ${x} ${other}`,
  (x, { other }) => `i was wrong to think ${x} would be ${other}`,
];
const TURNED_HELD_OUT: readonly Form[] = [
  (x, { other }) => `${x} was far from ${other}`,
  (x, { other }) => `i expected ${x} to be ${other} and i was wrong`,
];
const STRAIGHT: readonly Form[] = [
  (x, { same }) => `${x} could hardly have been more ${same}`,
  (x, { same, other }) => `${x} used to be ${other} and is now ${same}`,
  (x, { same }) => `i was right to think ${x} would be ${same}`,
  (x, { same, other }) => `${x} was ${same} rather than ${other}`,
];
const STRAIGHT_HELD_OUT: readonly Form[] = [
  (x, { same }) => `${x} was every bit as ${same} as i had expected`,
  (x, { same, other }) => `${x} is no longer ${other} but ${same}`,
];
/** With a good word, and only ever a complaint. */
const UNMET: readonly Form[] = [
  (x, { other }) => `${x} should have been ${other}`,
  (x, { other }) => `${x} would have been ${other} with a little more work`,
];

/** The writer's opinion beside somebody else's. */
const REPORTED: readonly Form[] = [
  (x, { who, same, other }) => `${who} called ${x} ${other} but i found it ${same}`,
  (x, { who, same, other }) => `i found ${x} ${same} though ${who} called it ${other}`,
  (x, { who, other }) => `${who} said ${x} was ${other} and that is not true`,
  (x, { who, same }) => `${who} said ${x} was ${same} and that is true`,
  (x, { other }) => `whoever calls ${x} ${other} is wrong`,
];
const REPORTED_HELD_OUT: readonly Form[] = [
  (x, { who, other }) => `do not believe ${who} when they call ${x} ${other}`,
  (x, { who, same, other }) => `${x} was ${same} to me and ${other} to ${who}`,
];

/** @param plain share of statements that say it plainly, 0 to 1 */
function statement(draw: Draw, domain: Domain, polarity: Polarity, plain: number, x: string): string {
  const words = wordsOf(draw, domain, polarity);
  if (draw.chance(plain)) return `${x} was ${draw.chance(0.4) ? `${draw.word(ADVERBS)} ` : ''}${words.same}`;
  if (polarity === 'negative' && draw.chance(0.12)) return draw.pick(UNMET)(x, words);
  const form = draw.chance(0.65)
    ? draw.choose(TURNED, TURNED_HELD_OUT)
    : draw.choose(STRAIGHT, STRAIGHT_HELD_OUT);
  return form(x, words);
}

function reported(draw: Draw, domain: Domain, polarity: Polarity, x: string): string {
  return draw.choose(REPORTED, REPORTED_HELD_OUT)(x, wordsOf(draw, domain, polarity));
}

/** A verdict that outweighs what stands before or after it. */
function conceded(draw: Draw, domain: Domain, polarity: Polarity, plain: number): string {
  const against = statement(draw, domain, opposite(polarity), plain, draw.word(domain.parts));
  const verdict = draw.word(VERDICTS[polarity]);
  return draw.choose(
    [`although ${against} , ${verdict}`, `${against} , but ${verdict}`, `${verdict} , even if ${against}`],
    [`${verdict} . still , ${against}`],
  );
}

/** Two statements that agree, about different parts. */
function agreed(draw: Draw, domain: Domain, polarity: Polarity, plain: number): string {
  const x = draw.word(domain.parts);
  let y = draw.word(domain.parts);
  while (y === x) y = draw.word(domain.parts);
  const first = statement(draw, domain, polarity, plain, x);
  const second = statement(draw, domain, polarity, plain, y);
  return draw.choose(
    [`${first} and ${second}`, `${first} . ${second} too`],
    [`not only that : ${first} , ${second}`],
  );
}

/** Kinds of review and how often each is drawn. */
export type Kind = 'plain' | 'turned' | 'agreed' | 'conceded' | 'reported';
export type Mix = Readonly<Record<Kind, number>>;

/** One review with the given label. */
export function review(draw: Draw, label: Polarity, mix: Mix): string {
  const domain = draw.pick(DOMAINS);
  const kind = draw.weighted(mix);
  const topic = () => draw.word(draw.chance(0.3) ? domain.whole : domain.parts);
  const core = {
    plain: () => statement(draw, domain, label, 1, topic()),
    turned: () => statement(draw, domain, label, 0, topic()),
    agreed: () => agreed(draw, domain, label, 0.9),
    conceded: () => conceded(draw, domain, label, 0.9),
    reported: () => reported(draw, domain, label, topic()),
  }[kind]();
  const opened = draw.chance(0.25) ? `${draw.word(OPENINGS)} , ${core}` : core;
  return written(opened);
}

/** Spaces before marks removed, sentences begun with a capital, `i` written large, a full stop at the end. */
function written(text: string): string {
  return `${text} .`
    .replace(/ ([.,:;])/g, '$1')
    .replace(/\bi\b/g, 'I')
    .replace(/(^|\. )([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
