/** What an experiment will not be able to say, told before its first run. */
import { say, type Sentence } from '../sentence.ts';
import type { Study } from './study.ts';

/** Experiments that train nothing; one plan is as good as several. */
const UNTRAINED = ['memory'];

/** Sentences about what is too few: tasks, sizes, seeds. None where all is there. */
export function beforehand({ experiment, models, datasets, seeds }: Study): Sentence[] {
  return [
    ...(experiment === 'performance' && datasets.length * models.length < 2
      ? [say`One task cannot tell which method is better on average; give several data sets.`]
      : []),
    ...(experiment === 'scale' && models.length < 2
      ? [say`One size of model shows no trend; give several under "models", of one family.`]
      : []),
    ...(seeds.length < 2 && !UNTRAINED.includes(experiment)
      ? [say`One seed leaves nothing to tell chance by; give three or more.`]
      : []),
  ];
}
