/** Questions about a few facts: a classifier says whether an answer is right, a writer answers. */
import { withArticle, words } from './pool.ts';
import type { Task } from './task.ts';

const LABELS = { wrong: 'wrong', right: 'right' };
const NAMES = words('anna, tom, peter, mary, john, lucy, david, sarah | george, alice, simon');
const PLACES = words(
  'kitchen, garden, office, school, market, station, library, park | museum, church, harbour',
);
const MOVES = ['went to', 'walked to', 'is in', 'drove to'];

export const whereabouts: Task = {
  name: 'whereabouts',
  kind: 'question',
  about: 'Where is somebody, of whom facts are told?',
  labels: LABELS,
  template: '{text} {text2} ? {mask} .',
  make: (draw, label) => {
    const people = draw.several(NAMES, 2);
    const places = draw.several(PLACES, 2);
    const facts = people.map((name, i) => `${name} ${draw.pick(MOVES)} the ${places[i]} .`);
    const at = draw.pick([0, 1]);
    const target = places[at];
    // A name is refused by its kind, a place from elsewhere by looking for it, the story's other one by who is there.
    const wrong = draw.pick([
      () => people[1 - at],
      () => `the ${draw.other(PLACES, places)}`,
      () => `the ${draw.other(PLACES, places)}`,
      () => `the ${places[1 - at]}`,
    ])();
    return {
      text: `${facts.join(' ')} where is ${people[at]} ?`,
      text2: label === 'right' ? `the ${target}` : wrong,
      target: `the ${target}`,
    };
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
    const story = draw.shuffled(facts).join(' ');
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
      {
        question: `what does ${people[at]} have ?`,
        right: withArticle(things[at]),
        near: withArticle(things[1 - at]),
        far: () => withArticle(draw.other(THINGS, things)),
        odd: people[at],
      },
    ]);
    // As in whereabouts: refused by its kind, by looking for it, by whose it is.
    const wrong = draw.pick([() => asks.odd, asks.far, asks.far, () => asks.near])();
    return {
      text: `${story} ${asks.question}`,
      text2: label === 'right' ? asks.right : wrong,
      target: asks.right,
    };
  },
};
