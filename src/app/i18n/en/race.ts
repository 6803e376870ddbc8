/** Texts of what is asked, of Start and of the race of the methods, in English. */
import { inEnglish } from '../count.ts';

export const race = {
  /** What a dataset of the page asks, by its folder. */
  demoQuestions: {
    demo: 'Is this film review good or bad?',
    'demo-text2text': 'How are these facts said in one sentence?',
  } as Record<string, string>,
  demoAbout: {
    demo: 'Reviews of films, and of books, games, hotels and trips.',
  } as Record<string, string>,
  whichOf: (labels: string) => `Which is it: ${labels}?`,
  whichOfMany: (count: number) => `Which of ${inEnglish(count)} classes is it?`,
  whichNumber: (column: string) => `What is its “${column}”?`,
  whatText: 'What text is to be written?',
  rowSays: 'answer',
  ticked: (count: number) => `${inEnglish(count)} ticked`,
  chooseAgain: (name: string) =>
    `${name} was in use here and is too large to be kept: drop or choose it again.`,
  startOver: 'Set everything back to the defaults',
  goBack: (name: string) => `Go back to ${name}`,
  ended: {
    done: (time: string) => `Done in ${time}`,
    stopped: (time: string) => `Stopped after ${time}`,
    failed: (time: string) => `Failed after ${time}`,
  },
  doing: {
    scoreUntuned: 'Scoring the untuned model …',
    compile: (name: string, index: number, of: number) =>
      `Getting ${name} ready, ${inEnglish(index)} of ${inEnglish(of)} …`,
    scoreStart: (name: string, index: number, of: number) =>
      `Scoring ${name} untuned, ${inEnglish(index)} of ${inEnglish(of)} …`,
  },
  scoringLast: 'Stopped; scoring what was learned …',
  skipScoring: 'Skip the scoring',
  percent: (percent: number) => `${percent}% done`,
  tellMe: 'Tell me when it is done',
  off: {
    engine: 'The engine is gone; start it again above.',
    openingDevice: 'Opening the device …',
    noDevice: 'There is no device to compute on; see above.',
    readingModel: 'Reading the model …',
    noModel: 'There is no model: choose one under Model.',
    modelUnusable: 'The model cannot be trained as it came: see Model.',
    readingData: 'Reading the data …',
    noData: 'There are no data: choose a file under Data.',
    dataUnusable: 'The data cannot be used as they stand: see Data.',
    noMethod: 'Tick at least one method under Methods.',
    noAdapters: 'A fusion needs two trained adapters or more: choose them under its options.',
    noPrompts: 'The subspace prompt needs prompts of earlier runs: choose them under its options.',
    noLikeness:
      'Prompts that count by resemblance need one of this task: choose it under the method’s options.',
    advising: 'Methods are being tried out; stop that first, or wait for it.',
    json: 'The JSON under Methods does not read.',
    field: (name: string) => `The field “${name}” does not read.`,
  },
};
