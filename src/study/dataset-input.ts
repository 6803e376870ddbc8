/** A data set of a study as the task of a model reads it: with or without its template, few rows or all. */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { RunRequest } from './study.ts';

export interface DatasetInput {
  name: string;
  kind?: string;
  /** `data` of a run spec; here a classification may bring a template and label words along. */
  data: Record<string, unknown>;
  /** What is otherwise as text to text. */
  text2text?: Record<string, unknown>;
}

type Asked = Pick<RunRequest, 'template' | 'shots'>;

/** The task of a model as it is written. */
function modelTask(model: Record<string, unknown>): string {
  return typeof model.task === 'string' ? model.task : 'classification';
}

/**
 * `model` and `data` of a run spec.
 * @throws StudioError('spec') for a template where there is none, or no label words
 */
export function dataFor(
  model: Record<string, unknown>,
  { name, data: written, text2text }: DatasetInput,
  { template, shots }: Asked,
): { model: Record<string, unknown>; data: Record<string, unknown> } {
  const task = modelTask(model);
  const own = task === 'text2text' ? { ...written, ...withoutMask(written.template), ...text2text } : written;
  const data = withShots(withoutNull(own), shots);
  if (template === undefined) {
    // Template and label words are there for the experiments that ask for them.
    if (task === 'classification') return { model, data: without(data, 'template', 'verbalizer') };
    return { model, data };
  }
  const words = data.verbalizer;
  if (words === undefined || (template && data.template === undefined))
    throw new StudioError(
      'spec',
      say`${name}: this experiment puts texts into a template, and ${field('data.template')} or ${field('data.verbalizer')} is missing; add both, or leave the template out with "study": {"templates": [false]}`,
      { where: 'data.template' },
    );
  if (task === 'text2text') return { model, data: template ? data : without(data, 'template') };
  return {
    model: { ...model, task: 'maskedLm' },
    data: template ? data : { ...data, template: bareTemplate(data) },
  };
}

/**
 * `model` and `tasks` of a run spec: one delta for several data sets.
 * @throws StudioError as `dataFor`
 */
export function tasksFor(
  model: Record<string, unknown>,
  inputs: readonly DatasetInput[],
  asked: Asked,
): { model: Record<string, unknown>; tasks: Record<string, unknown>[] } {
  const each = inputs.map((input) => ({ name: input.name, ...dataFor(model, input, asked) }));
  return { model: each[0].model, tasks: each.map(({ name, data }) => ({ name, ...data })) };
}

/** A template for a model that writes its answer, and fills in no mask. */
function withoutMask(template: unknown): { template?: string } {
  if (typeof template !== 'string' || !template.includes('{mask}')) return {};
  return { template: template.replace('{mask}', ' ').replace(/ +/g, ' ').trim() };
}

/** The texts and a mask, and no words around them. */
function bareTemplate(data: Record<string, unknown>): string {
  const two = typeof data.template === 'string' && data.template.includes('{text2}');
  return two ? '{text} {text2} {mask}' : '{text} {mask}';
}

function withShots(data: Record<string, unknown>, shots: number | null | undefined): Record<string, unknown> {
  if (shots === undefined) return data;
  return shots === null ? without(data, 'fewShot') : { ...data, fewShot: shots };
}

/** As text to text a field may be taken back: null says so. */
function withoutNull(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

/** An object less some of its fields. */
export function without(data: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
}
