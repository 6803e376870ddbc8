/** Advice before a comparison, in English: what the data says, how long runs take, which rate. */
export const advice = {
  title: 'Before you start',
  weights: { fault: 'Fault', advice: 'Advice', fact: 'Good to know' },
  setLength: (length: number) => `Set the length to ${length}`,
  models: 'Models that would fit',
  modelReads: { english: 'English', chinese: 'Chinese', multilingual: 'many languages' },
  load: (id: string) => `Load ${id}`,
  modelCost: (size: string, memory: string) => `${size} to download, from ${memory} in memory`,
  about: (time: string) => `about ${time}`,
  findRate: 'Find the rate',
  findRateOf: (name: string) => `Find the learning rate of ${name}`,
  finding: 'Trying rates …',
  takeRate: (rate: string) => `Take ${rate}`,
  noRate: 'No rate brought the loss down.',
  rateCurve: (from: string, to: string) =>
    `Smoothed loss while the learning rate grows from ${from} to ${to}`,
  diverges: (rate: string) => `diverges at ${rate}`,
  neverDiverges: 'never diverges',
};
