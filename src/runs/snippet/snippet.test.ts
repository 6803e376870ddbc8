import { describe, expect, it } from 'vitest';
import { METHOD_TYPES } from '../../deltas/defaults.ts';
import { parseSpec, readSpec } from '../spec.ts';
import { commandLine } from './command.ts';
import { pythonSnippet } from './python.ts';
import { keywords, python } from './values.ts';

const base = {
  name: 'SST-2, four ways',
  model: { source: 'builtin:bert-l4-h128' },
  data: { train: 'train.tsv', validation: 'dev.tsv', columns: { text: ['sentence'], label: 'label' } },
  training: { steps: 30, batchSize: 8, seed: 9, schedule: { type: 'cosine' as const, warmupSteps: 3 } },
};

describe('the command line', () => {
  it('names a file that holds the same spec', () => {
    const spec = readSpec({ ...base, compare: [{ method: { type: 'lora' } }] });
    const { command, file, json, files } = commandLine(spec);
    expect(file).toBe('SST-2-four-ways.json');
    expect(command).toBe('npm run delta -- compare --spec SST-2-four-ways.json --out runs/SST-2-four-ways');
    expect(parseSpec(json)).toEqual(spec);
    expect(files).toEqual(['train.tsv', 'dev.tsv']);
  });
});

describe('the Python file', () => {
  const all = readSpec({
    ...base,
    compare: METHOD_TYPES.map((type) => ({
      method: { type, ...(type === 'ipt' && { prompts: ['a', 'b'] }) } as { type: 'full' },
    })),
  });

  it('has every method: as a function, or with the sentence why not', () => {
    const text = pythonSnippet(all);
    for (const [i, type] of METHOD_TYPES.entries()) {
      const there = text.includes(`def tune_${i}(model):`) && text.includes(`"${type}": (tune_${i}, `);
      const sentence = new RegExp(`^# ${type}: .*the command line does it\\.$`, 'm').test(text);
      expect([type, there !== sentence]).toEqual([type, true]);
    }
    expect(text).toMatch(
      /^from peft import IA3Config, LNTuningConfig, LoHaConfig, LoKrConfig, LoraConfig, .*PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig, ShiraConfig, VeraConfig, get_peft_model$/m,
    );
  });

  it('carries rates, schedule, clipping, seed and options over', () => {
    const text = pythonSnippet(
      readSpec({
        ...base,
        compare: [
          {
            method: { type: 'lora', rank: 4, alpha: 32, rankStabilized: true, targets: ['q', 'ffn.in'] },
            training: { optimizer: { learningRate: 0.003, weightDecay: 0.01 } },
          },
          { method: [{ type: 'lora' }, { type: 'bitfit' }] },
        ],
      }),
    );
    expect(text).toContain(
      'LoraConfig(task_type="SEQ_CLS", r=4, lora_alpha=32, lora_dropout=0, use_rslora=True, target_modules=modules(model, ["q", "ffn.in"]))',
    );
    expect(text).toContain('dict(steps=30, rate=0.003, decay=0.01, warmup=3, schedule="cosine")');
    expect(text).toContain('SEED = 9');
    expect(text).toContain('clip_grad_norm_(trained, 1)');
    expect(text).toMatch(/^# lora\+bitfit: .*several methods/m);
  });
});

it('writes values as Python does', () => {
  expect(python({ a: [1, true, null, 'x"y'], b: 1e-8 })).toBe('{"a": [1, True, None, "x\\"y"], "b": 1e-8}');
  expect(keywords({ a: '1', b: undefined, c: '2' })).toBe('a=1, c=2');
});

it('takes Adafactor from transformers', () => {
  const optimizer = { type: 'adafactor' };
  const text = pythonSnippet(
    readSpec({ ...base, compare: [{ method: { type: 'lora' } }], training: { optimizer } }),
  );
  expect(text).toContain('from transformers import Adafactor, ');
  expect(text).toContain('optimizer = Adafactor(trained, lr=rate, eps=(1e-30, 0.001), clip_threshold=1,');
  expect(text).toContain('rate=None');
  expect(text).not.toContain('scheduler.step()');
});

it('groups the head apart where a run gives it a rate', () => {
  const own = { method: { type: 'lora' }, training: { optimizer: { headLearningRate: 0.002 } } };
  const text = pythonSnippet(readSpec({ ...base, compare: [own, { method: { type: 'full' } }] }));
  expect(text).toContain('rate=0.005, head_rate=0.002, ');
  expect(text).toMatch(/torch\.optim\.AdamW\(\[\n.*bool\(HEAD\.search\(name\)\) == head\], "lr": lr}/);
  expect(text).toContain('schedule, head_rate=None):');
  expect(pythonSnippet(readSpec({ ...base, compare: [{ method: { type: 'lora' } }] }))).not.toContain(
    'head_rate',
  );
});
