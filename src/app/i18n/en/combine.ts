/** Texts of methods trained together or in turn, in English. */
export const combine = {
  title: 'Combinations',
  help: 'Drag a method onto another: they train together. The options are those of their cards.',
  with: 'Combine with',
  choose: 'Choose …',
  how: { together: 'Together', then: 'One after the other' },
  stage: (number: number) => `Stage ${number}`,
  next: 'Then',
  add: '+ together',
  then: '+ method',
  addTo: (stage: string) => `Add a method: ${stage}`,
  removeOne: (name: string, stage: string) => `Take ${name} out of ${stage}`,
  remove: 'Remove',
  removeAll: (name: string) => `Remove ${name}`,
  rate: 'Learning rate of methods trained together',
  rateDefault: 'the default',
  rateWrong: 'a number above 0, or empty for the default',
  stageSteps: (steps: string) =>
    `Each stage trains ${steps} steps; what it learned stays, frozen, under the next.`,
  dropOn: (name: string) => `Drop to train it together with ${name}`,
};
