/** What a task of the study is: how a row of a class is made, and how models read it. */
import type { Draw } from './pool.ts';

export const KINDS = ['sentiment', 'inference', 'paraphrase', 'question', 'summary'] as const;

export interface Row {
  text: string;
  text2?: string;
  /** What is to be written, of a task that writes. */
  target?: string;
}

export interface Task {
  name: string;
  kind: (typeof KINDS)[number];
  /** One line for people. */
  about: string;
  /** Classes, each with its label word. */
  labels: Readonly<Record<string, string>>;
  /** Around the texts, for models that fill in a mask. */
  template: string;
  make: (draw: Draw, label: string) => Row;
}
