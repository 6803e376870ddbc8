import { expect, it } from 'vitest';
import { completeSpec, readSpec } from '../../runs/spec.ts';
import { methodList } from '../../runs/spec-method.ts';
import { defaultForm } from './form.ts';
import { studyFields } from './study-preset.ts';

it('writes the numbers that the spec’s preset stands for', () => {
  const fields = studyFields(defaultForm().methods);
  expect(fields.map(({ id, field, text }) => `${id}.${field} ${text}`).sort()).toEqual([
    'adapter.activation silu',
    'adapter.bottleneck 64',
    'adapter.placement both',
    'lora.rank 8',
    'lora.targets q, v',
    'prefix.virtualTokens 5',
    'prompt.virtualTokens 100',
  ]);
  const spec = readSpec({
    model: { source: 'builtin:x' },
    data: { train: 'train.tsv' },
    method: [{ type: 'prompt' }, { type: 'lora', rank: 2 }],
    preset: 'study',
  });
  expect(methodList(completeSpec(spec).method!)).toMatchObject([
    { type: 'prompt', virtualTokens: 100, initialization: 'vocab' },
    { type: 'lora', rank: 2, targets: ['q', 'v'] },
  ]);
});
