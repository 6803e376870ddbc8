/** The page's names for fields of the run spec: every field that the schema knows has one, in both languages. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CATALOGUE } from '../../deltas/catalogue.ts';
import { specSchema } from '../../runs/spec.ts';
import { field, say } from '../../sentence.ts';
import { en } from './en.ts';
import { fieldLabel, LABELS } from './field-label.ts';
import { said } from './said.ts';
import { zh } from './zh.ts';

/** Paths of a schema's fields. What is read by another schema, as methods are, is a field without parts. */
function* pathsOf(schema: unknown, path = ''): Generator<string> {
  if (schema instanceof z.ZodOptional) yield* pathsOf(schema.unwrap(), path);
  else {
    if (path !== '') yield path;
    if (schema instanceof z.ZodObject)
      for (const [name, one] of Object.entries(schema.shape))
        yield* pathsOf(one, path === '' ? name : `${path}.${name}`);
    if (schema instanceof z.ZodArray) yield* pathsOf(schema.element, `${path}[0]`);
  }
}

const methods = Object.values(CATALOGUE).flatMap(({ options }) => options.map(({ name }) => name));
const inMethod = ['type', 'init', 'initForce', 'initWeights', 'initLike', 'prompts', 'adapters', ...methods];
const paths = new Set([
  ...pathsOf(specSchema),
  ...['method', 'method[1]', 'compare[0].method', 'stages[0].method'].flatMap((path) =>
    inMethod.map((name) => `${path}.${name}`),
  ),
  ...['stages[1]', 'data.verbalizer.good', 'method.targets[2]', 'method.rankPattern.q'],
]);

describe('labels of fields', () => {
  it('are found', () => {
    expect(paths.size).toBeGreaterThan(100);
    expect([...paths]).toContain('compare[0].training.optimizer.learningRate');
  });

  it.each([...paths])('%s has one in both languages', (path) => {
    for (const text of [en, zh]) {
      const label = fieldLabel(field(path, 'lora'), text);
      expect(label).not.toBe(path);
      expect(label).not.toMatch(/undefined|\[\d/);
    }
  });

  it('are of fields that there are', () => {
    // The command line's `--methods` is no field.
    const named = Object.keys(LABELS).filter((path) => path !== 'methods');
    expect(named.filter((path) => !paths.has(path))).toEqual([]);
  });

  it('say whose they are', () => {
    expect(fieldLabel(field('compare[1].method.rank', 'lora'), en)).toBe('LoRA, rank');
    expect(fieldLabel(field('compare[1].training.optimizer.learningRate'), en)).toBe(
      'Method 2, learning rate',
    );
    expect(fieldLabel(field('method.dora', 'lora'), en)).toBe('LoRA, DoRA: train magnitudes apart');
    expect(fieldLabel(field('method.rank', 'lora'), zh)).toBe('LoRA，秩');
    expect(fieldLabel(field('training.stepz'), en)).toBe('training.stepz');
  });
});

it('stand bare at the beginning of a sentence and in quotes within', () => {
  const length = field('data.maxLength');
  const sentence = say`${length} is ${128} but the model has positions for ${64} tokens; set ${length} to at most ${64}.`;
  expect(said(sentence, 'en')).toBe(
    'Max tokens is 128 but the model has positions for 64 tokens; set “Max tokens” to at most 64.',
  );
  expect(said(sentence, 'zh')).toBe(
    '最大词元数为 128，但模型只有 64 个位置，请把“最大词元数”设为不超过 64。',
  );
});
