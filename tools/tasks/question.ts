/** Questions about a few facts: a classifier says whether an answer is right, a writer answers. */
import { withArticle, words, type Draw } from './pool.ts';
import type { Row, Task } from './task.ts';

const LABELS = { wrong: 'wrong', right: 'right' };
const TEMPLATE = '{text} {text2} ? {mask} .';
const NAMES = words('anna, tom, peter, mary, john, lucy, david, sarah | george, alice, simon');

/** One kind of question about a story, and what may be answered. */
interface Question {
  question: string;
  right: string;
  /** What would be right of the other fact. */
  near: string;
  /** Of the right kind, and not in the story. */
  far: () => string;
}

/**
 * A question, and the answer that is right or wrong. Each kind of answer is right as often as wrong, so that no answer
 * tells by itself. Of wrong ones a half answers another question about the same fact, and is refused by its kind; most
 * of the others are of the right kind and not in the story, refused by looking for them, and a sixth of them are those
 * of the other fact, refused by whose they are.
 */
function asked(draw: Draw, story: string, questions: readonly Question[], label: string): Row {
  const asks = draw.pick(questions);
  const others = questions.filter((one) => one !== asks).map((one) => () => one.right);
  const wrong = draw.pick([...others, asks.far, () => (draw.chance(1 / 3) ? asks.near : asks.far())]);
  return {
    text: `${story} ${asks.question}`,
    text2: label === 'right' ? asks.right : wrong(),
    target: asks.right,
  };
}

const PLACES = words(
  'kitchen, garden, office, school, market, station, library, park | museum, church, harbour',
);
const TIMES = words(
  'on monday, on sunday, at noon, at night, in june, in winter, at dawn, in may | on friday, in summer, at midnight',
);
const MOVES = ['went', 'walked', 'drove', 'ran'];

export const whereabouts: Task = {
  name: 'whereabouts',
  kind: 'question',
  about: 'Who went where, and when, of two people of whom is told?',
  labels: LABELS,
  template: TEMPLATE,
  make: (draw, label) => {
    const people = draw.several(NAMES, 2);
    const places = draw.several(PLACES, 2).map((place) => `to the ${place}`);
    const times = draw.several(TIMES, 2);
    const moves = people.map(() => draw.pick(MOVES));
    const facts = people.map((name, i) => {
      const went = `${name} ${moves[i]} ${places[i]}`;
      return draw.chance(0.5) ? `${went} ${times[i]} .` : `${times[i]} ${went} .`;
    });
    const at = draw.pick([0, 1]);
    const questions: Question[] = [
      {
        question: `where did ${people[at]} go ?`,
        right: places[at],
        near: places[1 - at],
        far: () =>
          `to the ${draw.other(
            PLACES,
            places.map((place) => place.replace('to the ', '')),
          )}`,
      },
      {
        question: `when did ${people[at]} go ?`,
        right: times[at],
        near: times[1 - at],
        far: () => draw.other(TIMES, times),
      },
      {
        question: `who ${moves[at]} ${places[at]} ?`,
        right: people[at],
        near: people[1 - at],
        far: () => draw.other(NAMES, people),
      },
    ];
    return asked(draw, facts.join(' '), questions, label);
  },
};

const THINGS = words('hat, coat, bag, car, bike, chair, door, cup, shirt, box | lamp, scarf, boat');
const COLOURS = words('red, blue, green, black, white, yellow, brown, grey | pink, orange');

export const belongings: Task = {
  name: 'belongings',
  kind: 'question',
  about: 'What colour, or whose, is a thing of which is told?',
  labels: LABELS,
  template: '{text} {text2} ? {mask} .',
  make: (draw, label) => {
    const people = draw.several(NAMES, 2);
    const things = draw.several(THINGS, 2);
    const colours = draw.several(COLOURS, 2);
    const facts = people.map((name, i) => `${name} has ${withArticle(`${colours[i]} ${things[i]}`)} .`);
    const at = draw.pick([0, 1]);
    // Of two stories in three one fact is told, so that not everything turns on whose is what.
    const alone = draw.chance(2 / 3);
    const story = alone ? facts[at] : draw.shuffled(facts).join(' ');
    const asks = draw.pick([
      {
        question: `what colour is the ${things[at]} ?`,
        right: colours[at],
        near: colours[1 - at],
        far: () => draw.other(COLOURS, colours),
        odd: people[at],
      },
      {
        question: `whose is the ${things[at]} ?`,
        right: people[at],
        near: people[1 - at],
        far: () => draw.other(NAMES, people),
        odd: colours[at],
      },
    ]);
    // Refused by its kind, or of one fact by looking for it, of two by whose it is.
    const wrong = draw.pick([() => asks.odd, alone ? asks.far : () => asks.near])();
    return {
      text: `${story} ${asks.question}`,
      text2: label === 'right' ? asks.right : wrong,
      target: asks.right,
    };
  },
};
