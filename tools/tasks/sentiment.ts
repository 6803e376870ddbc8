/**
 * Sentiment: of things for sale, of days, and of people who tell how something went. The word that decides often
 * stands under a negation or against another one, so that counting good and bad words is not enough.
 */
import { pairs, withArticle, words, type Draw } from './pool.ts';
import type { Task } from './task.ts';

const GOOD = 'good';

const THINGS = words(
  'lamp, chair, coat, watch, bag, clock, table, bottle, phone, camera, bike, radio, knife, tent | umbrella, pillow, guitar, blanket',
);
const PARTS = words(
  'handle, colour, size, weight, price, sound, box, cover, design, light | surface, button, shape',
);
const QUALITIES = pairs(
  'strong/weak, bright/dull, cheap/expensive, solid/broken, light/heavy, quiet/loud, clean/dirty, useful/useless, soft/rough, fast/slow, beautiful/ugly, perfect/terrible | excellent/awful, elegant/clumsy, lovely/nasty',
);
const CLOSING: Record<string, ReturnType<typeof words>> = {
  good: words('i would buy it again, i use it every day, my sister wants one too | i am glad i ordered it'),
  bad: words('i sent it back, i want my money back, it now lies in the cellar | i am sorry i ordered it'),
};

function quality(draw: Draw, label: string): string {
  const [good, bad] = draw.of(QUALITIES);
  const [same, other] = label === GOOD ? [good, bad] : [bad, good];
  if (draw.chance(0.5)) return draw.chance(0.4) ? `very ${same}` : same;
  return draw.pick([`not ${other}`, `anything but ${other}`, `never ${other}`, `far from ${other}`]);
}

const opposite = (label: string): string => (label === GOOD ? 'bad' : 'good');

export const shopReviews: Task = {
  name: 'shop-reviews',
  kind: 'sentiment',
  about: 'Is a review of something bought good or bad?',
  labels: { bad: 'terrible', good: 'great' },
  template: '{text} it was {mask} .',
  make: (draw, label) => {
    const thing = draw.of(THINGS);
    const part = draw.of(PARTS);
    const forms = [
      () => `the ${part} of this ${thing} is ${quality(draw, label)} .`,
      () =>
        `the ${part} of the ${thing} is ${quality(draw, opposite(label))} , but ${draw.of(CLOSING[label])} .`,
      () =>
        `although the ${part} is ${quality(draw, opposite(label))} , the ${thing} itself is ${quality(draw, label)} .`,
      () => `the shop said this ${thing} was ${quality(draw, opposite(label))} , and that is not true .`,
      () => `${withArticle(`${quality(draw, label)} ${part}`)} and ${draw.of(CLOSING[label])} .`,
    ];
    return { text: draw.pick(forms)() };
  },
};

const NAMES = words(
  'anna, tom, peter, mary, john, lucy, david, sarah, paul, helen | george, alice, simon, clara',
);
const GAINS = pairs(
  'won the race/lost the race, passed the exam/failed the exam, found the key/lost the key, got the job/lost the job, caught the train/missed the train, slept well/could not sleep, met old friends/met nobody, finished the work/broke the machine | saved the letter/burned the letter, got better/got worse',
);

export const dayNotes: Task = {
  name: 'day-notes',
  kind: 'sentiment',
  about: 'Did a day end well or badly for the person?',
  labels: { bad: 'bad', good: 'good' },
  template: '{text} the day was {mask} .',
  make: (draw, label) => {
    const name = draw.of(NAMES);
    const [first, second] = draw.several(GAINS, 2);
    const at = label === GOOD ? 0 : 1;
    const forms = [
      () => `${name} ${first[at]} on monday and ${second[at]} the day after .`,
      () => `in the morning ${name} ${first[1 - at]} , but in the end ${name} ${second[at]} .`,
      () => `${name} nearly ${first[1 - at]} , and then ${first[at]} .`,
      () => `nobody thought that ${name} ${first[at]} today , and yet it was so .`,
      () => `people said ${name} ${first[1 - at]} . they were wrong .`,
    ];
    return { text: draw.pick(forms)() };
  },
};

const FEELINGS = pairs(
  'happy/sad, proud/ashamed, calm/angry, pleased/upset, cheerful/bitter, excited/bored, hopeful/desperate | delighted/miserable, relaxed/nervous, grateful/jealous',
);
const EVENTS = words(
  'the meeting, the visit, the news, the game, the lesson, the long drive, the dinner, the call | the wedding, the interview',
);

export const moodLines: Task = {
  name: 'mood-lines',
  kind: 'sentiment',
  about: 'How does the one who is asked about feel: well or badly?',
  labels: { bad: 'sad', good: 'happy' },
  template: '{text} that makes one {mask} .',
  make: (draw, label) => {
    const [name, other] = draw.several(NAMES, 2);
    const event = draw.of(EVENTS);
    const [well, ill] = draw.of(FEELINGS);
    const [same, against] = label === GOOD ? [well, ill] : [ill, well];
    const forms = [
      () => `after ${event} ${name} felt ${same} .`,
      () => `${name} used to be ${against} about ${event} and is ${same} now .`,
      () => `${event} left ${name} ${same} , while ${other} was ${against} .`,
      () => `${name} was not ${against} at all after ${event} .`,
      () => `before ${event} ${name} was ${against} , afterwards ${same} .`,
    ];
    return { text: draw.pick(forms)() };
  },
};
