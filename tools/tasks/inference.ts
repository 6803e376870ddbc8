/** Inference: does the second sentence follow from the first, contradict it, or neither? */
import { pairs, words } from './pool.ts';
import type { Task } from './task.ts';

const PEOPLE = pairs(
  'a doctor/a person, a boy/a child, a girl/a child, a farmer/a worker, a nurse/a person, a singer/an artist, a painter/an artist, a driver/a worker | a baker/a worker, a dancer/an artist, a teacher/a person',
);
const DEEDS = pairs(
  'plays the guitar/makes music, plays the piano/makes music, runs a race/does sport, swims in a lake/does sport, cooks soup/makes food, bakes bread/makes food, drives a bus/drives, rides a horse/rides, reads a novel/reads, writes a letter/writes | plays the violin/makes music, climbs a wall/does sport',
);
const RESTS = words('sleeps, sits still, does nothing, rests, says nothing | lies in bed, waits');
const PLACES = pairs(
  'in the kitchen/inside, in the office/inside, in the museum/inside, in the park/outside, on the beach/outside, in the garden/outside, on the street/outside | in the library/inside, in the forest/outside',
);
const EXTRAS = words(
  'with a friend, every morning, for money, for the first time, in a red shirt, before lunch | with a brother, at night',
);
const TASK = { yes: 'yes', maybe: 'maybe', no: 'no' };

export const scenes: Task = {
  name: 'scenes',
  kind: 'inference',
  about: 'Does a description of a scene follow from another one?',
  labels: TASK,
  template: '{text} ? {mask} , {text2}',
  make: (draw, label) => {
    const [who, kind] = draw.of(PEOPLE);
    const [deed, general] = draw.of(DEEDS);
    const [place, side] = draw.of(PLACES);
    const where = draw.pick([place, side]);
    const text = `${who} ${deed} ${place} .`;
    const subject = draw.pick([who, kind]);
    const does = draw.pick([deed, general]);
    const follows = draw.pick([
      `${subject} ${does} .`,
      `${subject} ${does} ${where} .`,
      `${subject} is ${where} .`,
    ]);
    const elsewhere = side === 'inside' ? 'outside' : 'inside';
    const against = draw.pick([
      `${subject} ${draw.of(RESTS)} ${where} .`,
      `${subject} ${does} ${elsewhere} .`,
      `nobody ${does} ${where} .`,
    ]);
    const open = draw.pick([
      `${subject} ${does} ${draw.of(EXTRAS)} .`,
      `${subject} ${does} ${where} ${draw.of(EXTRAS)} .`,
    ]);
    return { text, text2: label === 'yes' ? follows : label === 'no' ? against : open };
  },
};

const ROOMS = words(
  'the room, the street, the shop, the river, the house, the hall, the yard, the road | the tower, the bridge, the cave',
);
const STATES = pairs(
  'hot/cold, full/empty, dark/bright, quiet/loud, open/closed, clean/dirty, wide/narrow, old/new, safe/dangerous, wet/dry | calm/wild, warm/cool',
);
const TIMES = words('yesterday, on sunday, last week, this morning, in june | at noon, in winter');

export const opposites: Task = {
  name: 'opposites',
  kind: 'inference',
  about: 'Does a statement about a state follow, with negations and opposites?',
  labels: { yes: 'yes', no: 'no' },
  template: '{text} ? {mask} , {text2}',
  make: (draw, label) => {
    const place = draw.of(ROOMS);
    const pair = draw.of(STATES);
    const [one, other] = draw.shuffled(pair);
    const open = draw.pick([
      `nobody knows if ${place} was ${one}`,
      `${place} was neither ${one} nor ${other}`,
    ]);
    // A part of the rows tells by one word, most by whether two states are the same, and some by a negation.
    const [said, asked] =
      label === 'yes'
        ? [draw.chance(0.2) ? `${place} was not ${other}` : `${place} was ${one}`, one]
        : draw.pick<() => [string, string]>([
            () => [open, one],
            () => [`${place} was ${one}`, other],
            () => [`${place} was ${one}`, other],
            () => [`${place} was not ${one}`, one],
            () => [`${place} was ${one}`, draw.pick(draw.other(STATES, [pair]))],
          ])();
    const time = draw.of(TIMES);
    const text = draw.chance(0.5) ? `${time} ${said} .` : `${said} ${time} .`;
    return { text, text2: `${place} was ${draw.chance(0.3) ? 'really ' : ''}${asked} .` };
  },
};

const OWNERS = words('anna, tom, peter, mary, john, lucy, david, sarah | george, alice, simon');
const GOODS = words(
  'apples, books, cups, keys, coins, stones, letters, cards, eggs, flowers | pens, shirts, maps',
);
const NUMBERS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

export const amounts: Task = {
  name: 'amounts',
  kind: 'inference',
  about: 'Does a comparison of amounts follow from the amounts?',
  labels: { yes: 'yes', no: 'no' },
  template: '{text} ? {mask} , {text2}',
  make: (draw, label) => {
    const [first, second] = draw.several(OWNERS, 2);
    const thing = draw.of(GOODS);
    const [low, high] = draw
      .several({ shared: NUMBERS.map((_, i) => i), heldOut: [] }, 2)
      .sort((a, b) => a - b);
    const swapped = draw.chance(0.5);
    const [ofFirst, ofSecond] = swapped ? [low, high] : [high, low];
    const text = `${first} has ${NUMBERS[ofFirst]} ${thing} and ${second} has ${NUMBERS[ofSecond]} .`;
    const [more, fewer] = swapped ? [second, first] : [first, second];
    const right = draw.pick([
      `${more} has more ${thing} than ${fewer} .`,
      `${fewer} has fewer ${thing} than ${more} .`,
      `${fewer} has only ${NUMBERS[low]} ${thing} .`,
    ]);
    const wrong = draw.pick([
      `${fewer} has more ${thing} than ${more} .`,
      `${more} has fewer ${thing} than ${fewer} .`,
      `both have ${NUMBERS[high]} ${thing} .`,
      `${first} has no ${thing} .`,
    ]);
    return { text, text2: label === 'yes' ? right : wrong };
  },
};
