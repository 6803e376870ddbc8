/** Advice before a comparison, in English: what the data says, how long runs take, which rate. */
import { inEnglish } from '../count.ts';

export const advice = {
  title: 'Before you start',
  weights: { fault: 'Fault:', advice: 'Advice:', fact: 'Good to know:' },
  setLength: (length: number) => `Set the length to ${length}`,
  setMetric: (metric: string) => `Judge by ${metric}`,
  models: 'Models that would fit',
  modelReads: { english: 'English', chinese: 'Chinese', multilingual: 'many languages' },
  load: (id: string) => `Load ${id}`,
  modelCost: (size: string, memory: string) => `${size} to download, from ${memory} in memory`,
  about: (time: string) => `about ${time}`,
  findOut: 'Find out for me',
  within: 'within',
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
  findOutHelp: 'Tries seven methods at three rates for a short while each, the better ones for longer.',
  stopFinding: 'Stop trying',
  stoppingPilots: 'Stopping; what has been shown so far is told …',
  preparingPilots: 'Getting the methods ready …',
  pilotsDone: (done: number, first: number) =>
    `${inEnglish(done)} tried; ${inEnglish(first)} in the first round, the better third of each goes on …`,
  pilots: 'What was tried, the best first',
  pilotDiverged: 'diverged',
  takeAdvice: 'Take this over',
  findRate: 'Find the rate',
  findRateOf: (name: string) => `Find the learning rate of ${name}`,
  finding: 'Trying rates …',
  takeRate: (rate: string) => `Take ${rate}`,
  rateOf: (name: string) => `Learning rate of ${name}`,
  rate: 'Learning rate',
  smoothedLoss: 'Smoothed loss',
  noRate: 'No rate brought the loss down.',
  rateCurve: (from: string, to: string) =>
    `Smoothed loss while the learning rate grows from ${from} to ${to}`,
  diverges: (rate: string) => `diverges at ${rate}`,
  neverDiverges: 'never diverges',
};
