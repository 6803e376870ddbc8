import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { completeSpec, readSpec } from './spec.ts';

type Part = Record<string, unknown>;

const words = { 0: 'bad', 1: 'good' };
const masked = { template: '{text} It was {mask}.', verbalizer: words };

function spec(task: string, data: Part = {}, rest: Part = {}): unknown {
  return {
    model: { source: 'm', task },
    data: { train: 'train.tsv', validation: 'dev.tsv', ...data },
    method: { type: 'lora' },
    ...rest,
  };
}

function refused(value: unknown): string {
  try {
    completeSpec(readSpec(value));
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    return (error as StudioError).message;
  }
  throw new Error('accepted');
}

describe('text to text', () => {
  it('takes a target column and completes how texts are generated', () => {
    const columns = { text: ['source'], target: 'summary' };
    const input = readSpec(spec('text2text', { columns, maxTargetLength: 32 }));
    const completed = completeSpec(input);
    expect(completed.data).toMatchObject({ columns, maxLength: 64, maxTargetLength: 32 });
    expect(completed.generation).toEqual({ maxNewTokens: 32, beams: 1, rows: 64 });
    expect(completed.training.metric).toBe('loss');
    expect(completeSpec(readSpec(completed))).toEqual(completed);
  });

  it('takes a template around the text', () => {
    const template = 'summarize: {text}';
    expect(completeSpec(readSpec(spec('text2text', { template }))).data.template).toBe(template);
  });

  it('with label words is a classification judged by accuracy', () => {
    const data = { columns: { label: 'label' }, verbalizer: words, fewShot: 16 };
    const completed = completeSpec(readSpec(spec('text2text', data)));
    expect(completed.data).toMatchObject({ verbalizer: words, fewShot: 16 });
    expect(completed.training.metric).toBe('accuracy');
  });

  it('may be judged by a generated metric, if it generates', () => {
    const judged = (rows: number) =>
      spec('text2text', {}, { training: { metric: 'rougeL' }, generation: { rows } });
    expect(completeSpec(readSpec(judged(8))).training.metric).toBe('rougeL');
    expect(refused(judged(0))).toBe(
      'training.metric: got "rougeL" (a string); expected a metric that needs no generated texts, since ' +
        'generation.rows is 0',
    );
  });
});

describe('masked language models', () => {
  it('take a template, label words and a few rows a class', () => {
    const completed = completeSpec(
      readSpec(spec('maskedLm', { ...masked, fewShot: 8 }, { training: { steps: 0 } })),
    );
    expect(completed.data).toMatchObject({ ...masked, fewShot: 8 });
    expect(completed.training).toMatchObject({ steps: 0, metric: 'accuracy' });
    expect(completed.generation).toBeUndefined();
    expect(completeSpec(readSpec(completed))).toEqual(completed);
  });
});

describe('what does not suit the task is refused by its path', () => {
  const cases: [name: string, value: unknown, message: string | RegExp][] = [
    [
      'no template',
      spec('maskedLm', { verbalizer: words }),
      'data.template: missing; expected a template such as "{text} It was {mask}."',
    ],
    [
      'no {text}',
      spec('maskedLm', { ...masked, template: 'It was {mask}.' }),
      /^data\.template: got .*; expected a template with \{text\}, where the text goes$/,
    ],
    [
      'no {mask}',
      spec('maskedLm', { ...masked, template: '{text} It was' }),
      /^data\.template: got .*; expected a template with \{mask\}, where the word goes$/,
    ],
    [
      'two masks',
      spec('maskedLm', { ...masked, template: '{text} {mask} {mask}' }),
      /^data\.template: .*expected \{mask\} to stand once$/,
    ],
    [
      'an unknown slot',
      spec('maskedLm', { ...masked, template: '{text} {mask} {label}' }),
      /^data\.template: .*expected \{text\}, \{text2\} or \{mask\} in place of \{label\}$/,
    ],
    [
      'a mask for text to text',
      spec('text2text', { template: '{text} {mask}' }),
      /^data\.template: .*the model writes its answer itself$/,
    ],
    [
      'no words',
      spec('maskedLm', { template: masked.template }),
      /^data\.verbalizer: missing; expected a word for each label such as/,
    ],
    [
      'one word',
      spec('maskedLm', { ...masked, verbalizer: { 0: 'bad' } }),
      /^data\.verbalizer: .*expected at least two labels/,
    ],
    [
      'the same word twice',
      spec('maskedLm', { ...masked, verbalizer: { 0: 'bad', 1: 'bad ' } }),
      /^data\.verbalizer: .*"bad" stands for two$/,
    ],
    [
      'an empty word',
      spec('maskedLm', { ...masked, verbalizer: { 0: 'bad', 1: ' ' } }),
      'data.verbalizer.1: got " " (a string); expected a word',
    ],
    [
      'one column for two slots',
      spec('maskedLm', { verbalizer: words, template: '{text} {text2} {mask}', columns: { text: ['a'] } }),
      /^data\.columns\.text: .*two columns, since data\.template has \{text2\}$/,
    ],
    [
      'two columns for one slot',
      spec('maskedLm', { ...masked, columns: { text: ['a', 'b'] } }),
      /^data\.columns\.text: .*one column/,
    ],
    [
      'a template for a classifier',
      spec('classification', { template: '{text}' }),
      /^data\.template: .*it to be left out of a "classification": it belongs to "maskedLm" and "text2text"$/,
    ],
    [
      'a target for a classifier',
      spec('classification', { columns: { target: 't' } }),
      /^data\.columns\.target: .*it belongs to "text2text"$/,
    ],
    [
      'a label for text to text',
      spec('text2text', { columns: { label: 'l' } }),
      /^data\.columns\.label: .*expected data\.columns\.target for text to text/,
    ],
    [
      'a target beside words',
      spec('text2text', { columns: { target: 't' }, verbalizer: words }),
      /^data\.columns\.target: /,
    ],
    [
      'rows a class for numbers',
      spec('regression', { fewShot: 4 }),
      /^data\.fewShot: .*it belongs to tasks with classes$/,
    ],
    [
      'rows a class without classes',
      spec('text2text', { fewShot: 4 }),
      /^data\.fewShot: .*it belongs to tasks with classes$/,
    ],
    [
      'weights of classes for numbers',
      spec('regression', { classWeights: 'balanced' }),
      'data.classWeights: got "balanced" (a string); expected it to be left out of a "regression": it belongs to "classification" and "maskedLm"',
    ],
    [
      'weights of classes for texts',
      spec('text2text', { classWeights: { a: 2 } }),
      /^data\.classWeights: .*left out of a "text2text": it belongs to "classification" and "maskedLm"$/,
    ],
    ...[0, -1, NaN, Infinity, '2'].map((weight): [string, unknown, RegExp] => [
      `a weight of ${weight}`,
      spec('classification', { classWeights: { a: weight } }),
      /^data\.classWeights\.a: got .*; expected a number above 0$/,
    ]),
    ...['auto', [1, 2], null].map((classWeights): [string, unknown, RegExp] => [
      `weights such as ${JSON.stringify(classWeights)}`,
      spec('classification', { classWeights }),
      /^data\.classWeights: got .*; expected "none", "balanced", or an object with a number above 0 for each label$/,
    ]),
    [
      'generation for a classifier',
      spec('classification', {}, { generation: { beams: 2 } }),
      /^generation: .*it belongs to "text2text"$/,
    ],
    [
      'no beams',
      spec('text2text', {}, { generation: { beams: 0 } }),
      'generation.beams: got 0 (a number); expected an integer from 1 to 32',
    ],
    [
      'ROUGE for a classifier',
      spec('classification', {}, { training: { metric: 'rouge1' } }),
      /^training\.metric: got "rouge1" \(a string\); expected a metric of classification: "accuracy"/,
    ],
  ];
  it.each(cases)('%s', (_, value, message) => {
    const said = refused(value);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});
