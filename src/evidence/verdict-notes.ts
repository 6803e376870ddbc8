/** What is said beside a verdict of single methods. */
import { listed, say, type Sentence } from '../sentence.ts';
import { missedByAll, rowsOf } from './constant-answers.ts';
import type { Outcomes } from './outcome.ts';
import type { Verdict } from './verdict.ts';

type Note = Verdict['also'][number];

/** Most classes that are named. */
const NAMED = 5;

/** What holds of the methods of a note; where it holds of all of several, they are not listed. */
export function noteSentence(note: Note, { judgedOn }: Verdict, outcomes: Outcomes): Sentence {
  const { code, methods } = note;
  const one = methods.length === 1;
  const every = !one && methods.length === outcomes.methods.length;
  const names = listed(methods);
  switch (code) {
    case 'diverged':
      return one
        ? say`${names} diverged and is left out of the choice; lower its learning rate.`
        : say`${names} diverged and are left out of the choice; lower their learning rates.`;
    case 'overfitted': {
      const set = judgedOn === 'test' ? say`the test set` : say`validation`;
      if (every)
        return say`Every method knows its training rows by heart: it scores far better on them than on ${set}.`;
      return one
        ? say`${names} knows its training rows by heart: it scores far better on them than on ${set}.`
        : say`${names} know their training rows by heart: they score far better on them than on ${set}.`;
    }
    case 'one-class':
      return missing(note, outcomes, every);
    case 'undertrained':
      return every
        ? say`Every method was still getting better on validation at its last step: train longer.`
        : say`Still improving on validation at the last step: ${names}; train longer.`;
    default:
      throw new Error(`internal: "${code}" is no note`);
  }
}

/** Which classes are never answered, by name where the methods agree on them. */
function missing({ methods }: Note, outcomes: Outcomes, every: boolean): Sentence {
  const one = methods.length === 1;
  const names = listed(methods);
  const missed = missedByAll(outcomes, methods);
  const classes = missed.map((label) => outcomes.classNames?.[label]).filter((name) => name !== undefined);
  if (classes.length === 0 || classes.length < missed.length || classes.length > NAMED) {
    if (every) return say`Every method leaves a class that is there out of its answers.`;
    return one
      ? say`${names} never answers a class that is there.`
      : say`${names} never answer a class that is there.`;
  }
  const { rows, all } = rowsOf(outcomes, missed);
  const which = listed(classes);
  if (every) return say`No method ever answers ${which} (${rows} of the ${all} rows).`;
  return one
    ? say`${names} never answers ${which} (${rows} of the ${all} rows).`
    : say`${names} never answer ${which} (${rows} of the ${all} rows).`;
}
