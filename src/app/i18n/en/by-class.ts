/** Texts about a classifier's answers class by class: scores, curves, calibration; and of taking figures along. */
import { inEnglish } from '../count.ts';

export const byClass = {
  open: 'Class by class, curves and calibration',
  table: 'Scores by class',
  class: 'Class',
  precision: 'Precision',
  recall: 'Recall',
  support: 'Rows',
  rocArea: 'ROC area',
  prArea: 'PR area',
  macro: 'Mean of the classes',
  weighted: 'Mean by rows',
  help: 'Precision: how many of those answered as the class are of it. Recall: how many of the class are found.',
  roc: 'ROC curve',
  rocX: 'False positive rate',
  rocY: 'True positive rate',
  precisionRecall: 'Precision and recall',
  curveLabel: (title: string, areas: string) => `${title}. Area ${areas}.`,
  area: (label: string, area: string) => `${label}: ${area}`,
  otherCurves: (count: number) =>
    count === 1
      ? 'The areas of 1 more class stand in the table.'
      : `The areas of ${inEnglish(count)} more classes stand in the table.`,
  calibration: 'Calibration',
  confidence: 'Confidence',
  rightShare: 'Share that is right',
  calibrationLabel: (ece: string) =>
    `How often answers of each confidence are right. Expected calibration error ${ece}.`,
  ece: (ece: string) =>
    `Expected calibration error ${ece}: how far confidence and accuracy lie apart on average, over 15 bins.`,
  temperature: (temperature: string, ece: string) =>
    `Divided by the temperature ${temperature}, which fits these rows best, it is ${ece}.`,
  overconfident: 'Above 1 the answers were too sure, below 1 not sure enough.',
};

export const takeAlong = {
  open: 'Take along',
  of: (title: string) => `Take along: ${title}`,
  svg: 'Chart as SVG',
  png: 'Chart as PNG',
  csv: 'Table as CSV',
  markdown: 'Copy the table as Markdown',
  copied: 'Copied.',
  notCopied: 'The browser did not let this be copied; a file was saved instead.',
  failed: 'The browser could not draw this picture.',
  page: 'Save as one page (HTML)',
};
