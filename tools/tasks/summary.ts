/** Summaries: a classifier says whether a title fits a text, a writer gives it one. */
import { words } from './pool.ts';
import type { Task } from './task.ts';

const LABELS = { wrong: 'wrong', right: 'right' };
const TEMPLATE = '{text} in short : {text2} {mask} .';

const COLOURS = words('red, blue, green, black, white, brown | yellow, grey');
const THINGS = words('bag, coat, key, ring, book, phone, watch, hat, wallet, dog | camera, umbrella, cat');
const PLACES = words('station, park, library, pool, market, school, river, hotel | museum, airport');
const DAYS = words('monday, tuesday, friday, saturday, sunday | thursday');
const FILLERS = words(
  'please write to me, i live nearby, thank you all, sorry for the trouble, i am at home all day, there will be a small reward | call after six, my number is at the door',
);

export const notices: Task = {
  name: 'notices',
  kind: 'summary',
  about: 'A notice of something lost or found, and its title.',
  labels: LABELS,
  template: TEMPLATE,
  make: (draw, label) => {
    const [colour, thing, place, day] = [draw.of(COLOURS), draw.of(THINGS), draw.of(PLACES), draw.of(DAYS)];
    const lost = draw.chance(0.5);
    const told = lost
      ? draw.pick([
          `i cannot find my ${colour} ${thing} any more`,
          `my ${colour} ${thing} has gone missing`,
          `i left my ${colour} ${thing} behind`,
        ])
      : draw.pick([
          `somebody left a ${colour} ${thing} behind and i took it home`,
          `i picked up a ${colour} ${thing}`,
          `a ${colour} ${thing} was lying there`,
        ]);
    const where = `it was at the ${place} on ${day}`;
    const sentences = draw.shuffled([`${told} . ${where} .`, `${draw.of(FILLERS)} .`]);
    const title = (state: boolean, c: string, t: string, p: string): string =>
      `${state ? 'lost' : 'found'} : ${c} ${t} , ${p}`;
    const wrong = draw.pick([
      () => title(!lost, colour, thing, place),
      () => title(lost, draw.other(COLOURS, [colour]), thing, place),
      () => title(lost, colour, draw.other(THINGS, [thing]), place),
      () => title(lost, colour, thing, draw.other(PLACES, [place])),
      () =>
        title(!lost, draw.other(COLOURS, [colour]), draw.other(THINGS, [thing]), draw.other(PLACES, [place])),
    ]);
    const target = title(lost, colour, thing, place);
    return { text: sentences.join(' '), text2: label === 'right' ? target : wrong(), target };
  },
};

const TEAMS = words(
  'the lions, the bears, the eagles, the tigers, the wolves, the sharks | the foxes, the hawks',
);
const GOALS = ['no', 'one', 'two', 'three', 'four', 'five'];
const WEATHER = words(
  'in heavy rain, in the sun, in a cold wind, before a full house, on a wet field | in light snow, before few people',
);

export const matchReports: Task = {
  name: 'match-reports',
  kind: 'summary',
  about: 'A report of a match, and its result in short.',
  labels: LABELS,
  template: TEMPLATE,
  make: (draw, label) => {
    const [home, guests] = draw.several(TEAMS, 2);
    const [a, b] = draw.several({ shared: [0, 1, 2, 3, 4, 5], heldOut: [] }, 2);
    const [winner, loser] = a > b ? [home, guests] : [guests, home];
    const goals = (count: number): string => `${GOALS[count]} ${count === 1 ? 'goal' : 'goals'}`;
    const text = draw.pick([
      `${home} met ${guests} ${draw.of(WEATHER)} . ${home} made ${goals(a)} and ${guests} ${goals(b)} .`,
      `${draw.of(WEATHER)} ${guests} came to play ${home} . it ended with ${goals(a)} for ${home} and ${goals(b)} for ${guests} .`,
      `${home} had ${goals(a)} in the end . ${guests} , who had come far , had ${goals(b)} .`,
    ]);
    const target = `${winner} beat ${loser}`;
    const wrong = draw.pick([
      () => `${loser} beat ${winner}`,
      () => `${winner} beat ${draw.other(TEAMS, [home, guests])}`,
      () => `${draw.other(TEAMS, [home, guests])} beat ${loser}`,
      () => `${winner} and ${loser} drew`,
    ]);
    return { text, text2: label === 'right' ? target : wrong(), target };
  },
};
