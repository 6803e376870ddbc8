/** Texts of the history, of sharing and of the shortcuts, in English. */
import { inEnglish } from '../count.ts';
import type { EntryPlace } from '../../state/entry-state.ts';
import { metricInSentence } from './metric-in-sentence.ts';

export const history = {
  title: 'History',
  open: 'History',
  close: 'Close',
  empty: 'Nothing trained yet. Every comparison is kept here as it runs.',
  loading: 'Reading what is stored …',
  usage: (used: string, quota: string) => `${used} of ${quota} that the browser allows`,
  /** Between two clauses. */
  then: '; ',
  persisted: 'kept until you delete it',
  notPersisted: 'the browser may clear it when it runs out of space',
  states: {
    here: 'Training',
    unstored: 'Not stored yet',
    training: 'Training in another tab',
    interrupted: 'Interrupted',
    stopped: 'Stopped',
    done: 'Done',
  } satisfies Record<EntryPlace, string>,
  imported: (file: string) => `from ${file}`,
  reopen: 'Open',
  goOn: 'Resume',
  newFrom: 'New run from this',
  rename: 'Rename',
  renameTo: 'New name',
  save: 'Save',
  cancel: 'Cancel',
  remove: 'Delete',
  removeSure: (name: string) => `Delete “${name}” with all its runs? This cannot be undone.`,
  removeYes: 'Delete for good',
  exportZip: 'Save as zip',
  importZip: 'Open a zip',
  ofEntry: (action: string, name: string) => `${action}: ${name}`,
  best: (metric: string, value: string) => `best ${metricInSentence(metric)} ${value}`,
  noMetric: 'not evaluated',
  steps: (done: number, all: number) => `${inEnglish(done)} of ${inEnglish(all)} steps`,
  resumesAt: (step: number) => `resumes at step ${inEnglish(step)}`,
  overlay: 'In the charts',
  overlayOf: (run: string, name: string) => `Show ${run} of ${name} in the charts`,
  details: 'Runs and settings',
  configuration: 'Settings as they were at the start',
  differences: 'Only what differs',
  compareWith: 'Compare with',
  nobody: 'nothing',
  field: 'Field',
  same: 'They have the same settings.',
  shown: (name: string, date: string) => `On show: ${name}, ${date}`,
  elsewhere: 'It is being trained in another tab; here it can only be read.',
  noPredictions: (why: string) => `Charts and results are those that were stored. ${why}`,
  notStored: 'Not stored',
  underModel: (name: string) => `${name} under Model`,
  underData: (name: string) => `${name} under Data`,
  and: ' and ',
  needsFiles: (what: string) => `Its files are not kept here: choose ${what}, then try again.`,
  linkNeedsFiles: (what: string) =>
    `The link’s settings are in the form; its files cannot travel with it: choose ${what}.`,
  full: 'The browser’s storage is full; delete old comparisons to make room.',
  inUse: 'This comparison is being trained; stop it before deleting it.',
  damaged: 'Damaged',
  rescue: 'Save as a file',
  unfinished: 'Not all runs came to their end. They can go on from where they are, as if nothing had been.',
};

export const guard = {
  page: 'Page',
  broken: (title: string) =>
    `“${title}” cannot be shown because of a defect of the studio; everything else works on, and what was trained is kept.`,
  pageBroken:
    'The page cannot be shown because of a defect of the studio; training goes on behind it, and what is stored is kept.',
  again: 'Try again',
  save: 'Save the record',
};

export const share = {
  title: 'Do it again elsewhere',
  about: 'The same comparison as a link, on the command line and in Python.',
  link: 'Copy link',
  linkHint: 'The settings travel in the address; files and results do not.',
  copied: 'Copied',
  copyFailed: 'The browser did not allow copying; select the text and copy it.',
  command: 'Command line',
  commandHint: (file: string) => `in the studio’s folder, with ${file} beside your data`,
  commandFiles: (files: string) => `It expects ${files} beside it.`,
  python: 'Python with transformers and PEFT',
  pythonHint:
    'Same methods, rates, schedule and seed; PyTorch draws other random numbers, so curves agree in shape rather than digit by digit.',
  copy: 'Copy',
  download: 'Download',
  ofWhat: (action: string, what: string) => `${action}: ${what}`,
  nothing: 'Complete the settings first.',
};

export const shortcuts = {
  title: 'Keyboard shortcuts',
  open: 'Keyboard shortcuts',
  help: 'This sheet',
  history: 'History',
  theme: 'Light, dark, as the system',
  language: '中文 / English',
  close: 'Close what is open',
  fields: 'Shortcuts rest while you type in a field.',
};
