/** Paraphrase: do two sentences say the same? */
import { pairs, words, type Draw } from './pool.ts';
import type { Task } from './task.ts';

const LABELS = { different: 'different', same: 'same' };
const TEMPLATE = '{text} and {text2} are {mask} .';

const GOALS = pairs(
  'cook rice/make rice, repair a bike/fix a bike, buy a ticket/get a ticket, find a flat/get a flat, learn french/study french, stop smoking/give up smoking, clean a carpet/wash a carpet, grow roses/plant roses, sell a car/trade in a car, bake a cake/make a cake | paint a door/colour a door, train a dog/teach a dog',
);
const WAYS: readonly ((goal: string) => string)[] = [
  (goal) => `how do i ${goal} ?`,
  (goal) => `what is the best way to ${goal} ?`,
  (goal) => `how can one ${goal} ?`,
  (goal) => `can you tell me how to ${goal} ?`,
];
const CONDITIONS = words(
  'at home, in winter, with little money, in one day, without help, in london | in a small town, by hand',
);
/** The same goal, another question. */
const OTHERS: readonly ((goal: string) => string)[] = [
  (goal) => `why should i ${goal} ?`,
  (goal) => `who can ${goal} for me ?`,
  (goal) => `how much does it cost to ${goal} ?`,
  (goal) => `where do people ${goal} ?`,
];

export const questionPairs: Task = {
  name: 'question-pairs',
  kind: 'paraphrase',
  about: 'Do two questions ask for the same?',
  labels: LABELS,
  template: TEMPLATE,
  make: (draw, label) => {
    const goal = draw.of(GOALS);
    const [said, again] = draw.shuffled(goal);
    const condition = draw.chance(0.5) ? ` ${draw.of(CONDITIONS)}` : '';
    const put = (question: string, added: string): string => question.replace(' ?', `${added} ?`);
    const [way, otherWay] = draw.several({ shared: WAYS, heldOut: [] }, 2);
    const text = put(way(said), condition);
    if (label === 'same') return { text, text2: put(otherWay(draw.chance(0.5) ? again : said), condition) };
    const other = draw.other(GOALS, [goal])[0];
    const text2 = draw.pick([
      () => put(otherWay(other), condition),
      () => put(draw.pick(OTHERS)(said), condition),
      () => put(otherWay(again), ` ${draw.other(CONDITIONS, [condition.trim()])}`),
    ])();
    return { text, text2 };
  },
};

const DOERS = words(
  'the dog, the teacher, the king, the boy, the doctor, the farmer, the cat, the soldier, the queen, the girl | the baker, the wolf, the nurse',
);
/** Present, past participle, and another word for it. */
const ACTS = [
  ['chased', 'followed'],
  ['helped', 'supported'],
  ['hit', 'struck'],
  ['found', 'discovered'],
  ['saved', 'rescued'],
  ['watched', 'observed'],
  ['called', 'phoned'],
  ['stopped', 'halted'],
] as const;
const WHEN = words(
  'last night, on monday, in the park, near the river, at the station | behind the house, in the rain',
);

function active(draw: Draw, doer: string, act: string, other: string, when: string): string {
  return draw.chance(0.5) ? `${doer} ${act} ${other} ${when} .` : `${when} ${doer} ${act} ${other} .`;
}

function passive(draw: Draw, doer: string, act: string, other: string, when: string): string {
  return draw.chance(0.5)
    ? `${other} was ${act} by ${doer} ${when} .`
    : `${when} ${other} was ${act} by ${doer} .`;
}

export const roles: Task = {
  name: 'roles',
  kind: 'paraphrase',
  about: 'Do two sentences tell of the same deed, active or passive?',
  labels: LABELS,
  template: TEMPLATE,
  make: (draw, label) => {
    const [doer, other] = draw.several(DOERS, 2);
    const deed = draw.pick(ACTS);
    const [act, again] = deed;
    const when = draw.of(WHEN);
    const [first, second] = draw.shuffled([active, passive]);
    const text = first(draw, doer, act, other, when);
    if (label === 'same')
      return { text, text2: second(draw, doer, draw.chance(0.25) ? again : act, other, when) };
    // Some tell by a word, some by who or what is new, and some only by who does it to whom.
    const text2 = draw.pick([
      () => second(draw, 'nobody', act, other, when),
      () => second(draw, doer, draw.other({ shared: ACTS, heldOut: [] }, [deed])[0], other, when),
      () => second(draw, doer, act, draw.other(DOERS, [doer, other]), when),
      () => second(draw, other, act, doer, when),
    ])();
    return { text, text2 };
  },
};
