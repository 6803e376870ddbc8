/** Questions about a few facts: a classifier says whether an answer is right, a writer answers. */
import { pairs, withArticle, words } from './pool.ts';
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
    const people = draw.several(NAMES, 3);
    const places = draw.several(PLACES, 3);
    const facts = people.map((name, i) => `${name} ${draw.pick(MOVES)} the ${places[i]} .`);
    const at = draw.pick([0, 1, 2]);
    const target = places[at];
    // Another place of the story is harder to refuse than one from elsewhere.
    const wrong = draw.chance(0.5) ? places[(at + 1 + draw.pick([0, 1])) % 3] : draw.other(PLACES, places);
    return {
      text: `${facts.join(' ')} where is ${people[at]} ?`,
      text2: `the ${label === 'right' ? target : wrong}`,
      target: `the ${target}`,
    };
  },
};

const THINGS = words('hat, coat, bag, car, bike, chair, door, cup, shirt, box | lamp, scarf, boat');
const COLOURS = words('red, blue, green, black, white, yellow, brown, grey | pink, orange');
const SIZES = pairs('big/large, small/little, old/ancient, new/modern | heavy/weighty, light/slight');

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
    const facts = people.map(
      (name, i) => `${name} has ${withArticle(`${draw.of(SIZES)[0]} ${colours[i]} ${things[i]}`)} .`,
    );
    const at = draw.pick([0, 1]);
    const story = draw.shuffled(facts).join(' ');
    const asks = draw.pick([
      {
        question: `what colour is the ${things[at]} ?`,
        right: colours[at],
        near: colours[1 - at],
        far: () => draw.other(COLOURS, colours),
      },
      {
        question: `whose is the ${things[at]} ?`,
        right: people[at],
        near: people[1 - at],
        far: () => draw.other(NAMES, people),
      },
      {
        question: `what does ${people[at]} have ?`,
        right: withArticle(things[at]),
        near: withArticle(things[1 - at]),
        far: () => withArticle(draw.other(THINGS, things)),
      },
    ]);
    const wrong = draw.chance(0.5) ? asks.near : asks.far();
    return {
      text: `${story} ${asks.question}`,
      text2: label === 'right' ? asks.right : wrong,
      target: asks.right,
    };
  },
};
