/** Texts of the verdict and its table, in English. */
import { inEnglish } from '../count.ts';
import { metricInSentence } from './metric-in-sentence.ts';

export const verdict = {
  title: 'What to take',
  judging: 'Comparing the scores …',
  evidence: 'The evidence',
  judgedOn: {
    test: 'test rows, looked at once',
    validation: 'validation rows, which also chose the step: optimistic',
    train: 'training rows',
  },
  caption: (metric: string, rows: string) => `${metric} on the ${rows}; 95% intervals.`,
  /** A metric within a sentence. */
  spoken: (name: string, label: string | undefined): string => metricInSentence(label ?? name),
  interval: (from: string, to: string) => `${from} to ${to}`,
  /** A difference of a metric in per cent. */
  points: (size: string) => `${size} points`,
  /** A part of a figure, as a head of a column. */
  part: (name: string, part: string) => `${name}: ${part}`,
  from: '95% from',
  to: '95% to',
  inBytes: (name: string) => `${name}, bytes`,
  inSeconds: (name: string) => `${name}, seconds`,
  against: (baseline: string) => `Against ${baseline}`,
  probability: 'p, after Holm',
  probabilityHelp:
    'Exact sign-flip test over seeds, or the paired test over rows with one seed; adjusted after Holm, as all methods are compared to the baseline at once. “At least” is the smallest that so few seeds can give for so many methods.',
  least: (p: string) => `at least ${p}`,
  gap: 'Gap',
  gapHelp: 'Training score less the judged one: what was learned by heart.',
  trained: 'Trained',
  memory: 'Memory',
  time: 'Time',
  largestClass: 'Largest class, always',
  alwaysMean: 'The mean, always',
  untuned: 'The untuned model',
  largestClassHelp: 'What answering every row with the class that most training rows have would score.',
  meanHelp: 'What answering every row with the mean of the training rows would score.',
  untunedHelp: 'What the model scores as it came, before any training.',
  baseline: 'baseline',
  seeds: (count: number) => `${inEnglish(count)} seeds`,
  showSeeds: (name: string) => `Single runs of ${name}`,
  withSeed: (name: string, seed: number) => `${name}, seed ${String(seed)}`,
  seed: (seed: number) => `Seed ${String(seed)}`,
  singleRuns: 'Single runs, with their downloads',
};
