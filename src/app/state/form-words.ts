/** Template and label words: what the form says, and what is usual where it says nothing. */
import { slotsOf, parseTemplate } from '../../data/template.ts';
import { answersInWords } from '../../protocol/columns.ts';
import type { DataSummary } from '../../protocol/messages.ts';
import type { Form } from './form.ts';

/** What is asked in words, and of which labels. */
export type Worded = Pick<DataSummary, 'task' | 'columns'> & Partial<Pick<DataSummary, 'classes'>>;

/** Has the task a template? */
export function takesTemplate({ task }: Pick<Worded, 'task'>): boolean {
  return task === 'maskedLm' || task === 'text2text';
}

/** A template for tasks that cannot do without one; empty where texts go in as they are. */
export function usualTemplate({ task, columns }: Worded): string {
  if (task !== 'maskedLm') return '';
  return columns.text.length === 2 ? '{text} {mask}, {text2}' : '{text} It was {mask}.';
}

export function templateOf(form: Pick<Form, 'template'>, data: Worded): string {
  return form.template ?? usualTemplate(data);
}

/** Labels of a dataset, in the order of its classes. */
export function labelsOf({ classes = [] }: Worded): string[] {
  return classes.map(({ label }) => label);
}

/** A label's own name is its word; of 0 and 1 no and yes. */
export function usualWord(label: string, labels: readonly string[]): string {
  const binary = labels.length === 2 && labels.includes('0') && labels.includes('1');
  return binary ? (label === '0' ? 'no' : 'yes') : label;
}

export function wordOf(form: Pick<Form, 'words'>, label: string, labels: readonly string[]): string {
  return form.words[label] ?? usualWord(label, labels);
}

/** Template and words as the spec has them: nothing where the task has none. */
export function wordsOf(
  form: Pick<Form, 'template' | 'words'>,
  data: Worded,
): { template?: string; verbalizer?: Record<string, string> } {
  if (!takesTemplate(data)) return {};
  const template = templateOf(form, data).trim();
  const labels = labelsOf(data);
  return {
    ...(template !== '' && { template }),
    ...(answersInWords(data) && {
      verbalizer: Object.fromEntries(labels.map((label) => [label, wordOf(form, label, labels).trim()])),
    }),
  };
}

/** Template and words as far as rows can be looked at with them. */
export function readableWords(
  form: Pick<Form, 'template' | 'words'>,
  data: Worded,
): { template?: string; verbalizer?: Record<string, string> } {
  const { template, verbalizer } = wordsOf(form, data);
  const slots = template === undefined ? [] : slotsOf(parseTemplate(template));
  const words = Object.values(verbalizer ?? {});
  return {
    ...(slots.includes('text') && { template }),
    ...(words.length > 0 && words.every((word) => word !== '') && { verbalizer }),
  };
}
