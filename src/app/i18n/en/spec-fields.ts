/** Names of the run spec's fields that no form has, in English; see `field-label.ts`. */

/** Lower case within a label, but for names and abbreviations. */
const within = (label: string): string =>
  /^[A-Z][a-z]+(?![A-Za-z])/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;

export const specFields = {
  of: (owner: string, label: string) => `${owner}, ${within(label)}`,
  entry: (index: number) => `Method ${index}`,
  version: 'Version',
  name: 'Name',
  validation: 'Validation file',
  stratify: 'Held out by class',
  columns: 'Columns',
  limit: 'Rows at most',
  invalidRows: 'Rows that cannot be used',
  encoding: 'Encoding',
  header: 'First row',
  missing: 'Missing values',
  missingValues: 'Words for missing values',
  labels: 'Classes of the labels',
  verbalizer: 'Label words',
  initForce: 'Start from an adapter of another model',
  stages: 'Stages',
  shuffle: 'Shuffle',
  optimizer: 'Optimizer',
  betas: 'Betas',
  epsilon: 'Epsilon',
  relativeStep: 'Relative step',
  scaleParameter: 'Rates relative to the parameters',
  warmupInit: 'Warm-up of relative steps',
  clipThreshold: 'Clip updates at',
  decayRate: 'Decay of squared gradients',
  beta1: 'First moment',
  keepBest: 'Keep the best step',
  earlyStopping: 'Early stopping',
  minDelta: 'Least improvement',
  generation: 'Written texts',
  maxNewTokens: 'Tokens to write at most',
};
