/**
 * The words of the text-to-text demo: common ones, nearly all whole words of the built-in T5's vocabulary.
 */

/** A noun or job with its plural. */
export interface Noun {
  one: string;
  many: string;
}

/** A verb: base form, third person, past. */
export interface Verb {
  base: string;
  third: string;
  past: string;
  things: readonly Noun[];
}

const list = (words: string): readonly string[] => words.split(' ');
const nouns = (pairs: string): readonly Noun[] =>
  pairs.split(', ').map((pair) => {
    const [one, many = `${one}s`] = pair.split('/');
    return { one, many };
  });

export const NAMES = list(
  'Peter Maria John Tom Helen Victor Paul Mary David James Robert Michael Jack Jane George Henry Mark Martin Oliver Richard Susan Thomas William Julia Adam Andrew Charles Daniel Edward Eric Frank Harry Ruth Elizabeth Barbara Emily Tony Carl',
);

export const GROUPS = list('parents friends children students girls women workers soldiers');

export const JOBS = nouns(
  'teacher, doctor, lawyer, writer, singer, actor, artist, nurse, driver, cook, soldier, student, scientist, judge, officer, detective, guard, pilot, editor, author',
);

export const PLACES = list(
  'Paris London Berlin Rome Moscow Boston Chicago Vienna Athens Dublin Toronto Sydney Oxford Texas Spain Italy France Germany Poland India China Japan Russia Canada Mexico Egypt Brazil England Ireland Scotland',
);

const TEXTS = nouns('book, letter, poem, story/stories, song, play');
const MAIL = nouns('book, letter, poem, picture, ticket, map');
const GOODS = nouns('car, house, horse, ticket, picture, boat, box/boxes, coin, table, chair, gun, map');

export const VERBS: readonly Verb[] = [
  { base: 'buy', third: 'buys', past: 'bought', things: GOODS },
  { base: 'sell', third: 'sells', past: 'sold', things: GOODS },
  { base: 'find', third: 'finds', past: 'found', things: GOODS },
  { base: 'lose', third: 'loses', past: 'lost', things: GOODS },
  { base: 'make', third: 'makes', past: 'made', things: GOODS },
  { base: 'write', third: 'writes', past: 'wrote', things: TEXTS },
  { base: 'read', third: 'reads', past: 'read', things: TEXTS },
  { base: 'send', third: 'sends', past: 'sent', things: MAIL },
];

/** Adjective and comparative, with what can be so. */
interface Quality {
  plain: string;
  more: string;
  things: readonly string[];
}

const ANYTHING = list('book film song house bus train car ship bridge garden room');
export const QUALITIES: readonly Quality[] = [
  { plain: 'old', more: 'older', things: list('church bridge tower hotel house museum school city village') },
  { plain: 'large', more: 'larger', things: list('lake city village garden room park hotel island') },
  { plain: 'small', more: 'smaller', things: list('lake city village garden room park hotel island') },
  { plain: 'high', more: 'higher', things: list('tower hill mountain bridge church') },
  { plain: 'fast', more: 'faster', things: list('bus train car ship boat horse dog') },
  { plain: 'cheap', more: 'cheaper', things: ANYTHING },
  {
    plain: 'long',
    more: 'longer',
    things: list('river road street bridge film book song story winter summer'),
  },
  {
    plain: 'young',
    more: 'younger',
    things: list('king queen teacher doctor actor singer writer nurse pilot'),
  },
  { plain: 'new', more: 'newer', things: ANYTHING },
];

export const NUMBERS = list('one two three four five six seven eight nine ten');
