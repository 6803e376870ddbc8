/** What the page says of its engine. */
import type { Busy } from '../../../protocol/life.ts';
import { inEnglish } from '../count.ts';

const doing: Record<Busy, string> = {
  device: 'asking for the device',
  model: 'reading the model',
  data: 'reading the data',
  plan: 'working out memory and kernels',
  store: 'storing what was trained',
  answer: 'answering',
  export: 'writing the model',
};

export const engine = {
  title: 'The engine is gone',
  dead: 'The part of this page that trains has ended without a word, which browsers do when memory runs out; what is on show stays, and what was trained up to the last checkpoint is kept.',
  silent: (what: Busy | null) =>
    `The part of this page that trains has stopped answering${what === null ? '' : ` while it was ${doing[what]}`}; what is on show stays, and what was trained up to the last checkpoint is kept.`,
  again: 'Start the engine again',
  startedAgain: 'The engine was started again before this was answered; ask once more.',
  busy: (what: Busy, seconds: number) => `The engine is ${doing[what]} (${inEnglish(seconds)} s)`,
};
