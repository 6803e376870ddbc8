import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { BUILTIN_TRAITS } from '../deltas/default-rates.ts';
import { DEFAULT_LEARNING_RATES } from '../deltas/defaults.ts';
import { comparisonSpecs, completeSpec, parseSpec, readSpec } from './spec.ts';

/** The example of the run spec's documentation. */
const example = {
  version: 1,
  name: 'sst2-lora',
  model: { source: 'builtin:bert-l4-h128', task: 'classification' },
  data: {
    train: 'train.tsv',
    validation: 'dev.tsv',
    columns: { text: ['sentence'], label: 'label' },
    maxLength: 64,
    limit: { train: 2000, validation: 872 },
  },
  method: { type: 'lora', rank: 8, alpha: 16, targets: ['q', 'v'] },
  training: {
    steps: 200,
    batchSize: 16,
    seed: 42,
    shuffle: true,
    optimizer: { type: 'adamw', learningRate: 5e-4, weightDecay: 0, betas: [0.9, 0.999], epsilon: 1e-8 },
    schedule: { type: 'linear', warmupSteps: 0 },
    maxGradNorm: 1,
    dropout: 0,
    evaluateEvery: 50,
  },
};

const minimal = {
  model: { source: 'builtin:bert-l4-h128' },
  data: { train: 'train.tsv' },
  method: { type: 'lora' },
};

/** The example with one field set; a path such as `training.batchSize`. */
function withField(path: string, value: unknown): unknown {
  const spec = structuredClone(example) as Record<string, unknown>;
  const keys = path.split('.');
  let holder = spec;
  for (const key of keys.slice(0, -1)) holder = (holder[key] ??= {}) as Record<string, unknown>;
  holder[keys[keys.length - 1]] = value;
  return spec;
}

function refused(value: unknown): StudioError {
  try {
    const input = readSpec(value);
    completeSpec(input);
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    return error as StudioError;
  }
  throw new Error(`accepted: ${JSON.stringify(value)}`);
}

describe('a completed spec', () => {
  it('keeps what the example says', () => {
    const spec = completeSpec(readSpec(example));
    expect(spec).toMatchObject(example);
    expect(spec.model.pooling).toBe('mean');
    expect(spec.training.keepBest).toBe(true);
    expect(spec.training.metric).toBe('accuracy');
  });

  it('has every documented default', () => {
    expect(completeSpec(readSpec(minimal))).toEqual({
      version: 1,
      name: 'lora',
      model: { source: 'builtin:bert-l4-h128', task: 'classification', pooling: 'mean' },
      data: { train: 'train.tsv', columns: {}, maxLength: 64, limit: {} },
      method: {
        type: 'lora',
        rank: 8,
        alpha: 16,
        dropout: 0,
        targets: ['q', 'v'],
        rankStabilized: false,
        dora: false,
        initialization: 'default',
        bias: 'none',
      },
      training: {
        steps: 200,
        batchSize: 16,
        gradientAccumulation: 1,
        seed: 42,
        shuffle: true,
        optimizer: {
          type: 'adamw',
          learningRate: 5e-3,
          // Until its model is known.
          defaultFor: BUILTIN_TRAITS,
          weightDecay: 0,
          betas: [0.9, 0.999],
          epsilon: 1e-8,
        },
        schedule: { type: 'linear', warmupSteps: 0 },
        maxGradNorm: 1,
        dropout: 0,
        evaluateEvery: 0,
        metric: 'accuracy',
        keepBest: false,
      },
    });
  });

  it('is a valid spec that completes to itself', () => {
    for (const value of [example, minimal]) {
      const once = completeSpec(readSpec(value));
      expect(completeSpec(readSpec(JSON.parse(JSON.stringify(once))))).toEqual(once);
    }
  });

  it('takes the learning rate of its method when none is given', () => {
    const rate = (type: string) =>
      completeSpec(readSpec({ ...minimal, method: { type } })).training.optimizer.learningRate;
    expect([rate('full'), rate('lora'), rate('prompt'), rate('head')]).toEqual([5e-4, 5e-3, 2e-2, 2e-3]);
  });

  it('evaluates by default when there is something to evaluate on', () => {
    const spec = completeSpec(readSpec({ ...minimal, data: { train: 'a.csv', validation: 0.1 } }));
    expect(spec.training).toMatchObject({ evaluateEvery: 50, keepBest: true });
  });

  it('draws a fraction from every class alike, where there are classes and nothing else is said', () => {
    const data = (more: object, model: object = minimal.model) =>
      completeSpec(readSpec({ ...minimal, model, data: { train: 'a.csv', validation: 0.1, ...more } })).data;
    expect(data({}).stratify).toBe(true);
    expect(data({ stratify: false }).stratify).toBe(false);
    expect(data({ validation: 'b.csv' })).not.toHaveProperty('stratify');
    const regression = { ...minimal.model, task: 'regression' };
    expect(data({}, regression)).not.toHaveProperty('stratify');
    expect(data({ stratify: false }, regression).stratify).toBe(false);
    expect(() => data({ stratify: true }, regression)).toThrow(/^data\.stratify: got true/);
  });

  it('may leave validation out when it never evaluates', () => {
    const spec = readSpec({ ...minimal, training: { evaluateEvery: 0 } });
    expect(completeSpec(spec).data).not.toHaveProperty('validation');
  });
});

describe('a refused spec', () => {
  const cases: [path: string, value: unknown, message: string][] = [
    [
      'training.batchSize',
      '16',
      'training.batchSize: got "16" (a string); expected an integer from 1 to 65536',
    ],
    ['training.batchSize', 0, 'training.batchSize: got 0 (a number); expected an integer from 1 to 65536'],
    ['training.steps', 1.5, 'training.steps: got 1.5 (a number); expected an integer from 0'],
    ['training.steps', null, 'training.steps: got null; expected an integer from 0'],
    [
      'training.dropout',
      1,
      'training.dropout: got 1 (a number); expected a number from 0 up to, not including, 1',
    ],
    [
      'training.optimizer.learningRate',
      -1,
      'training.optimizer.learningRate: got -1 (a number); expected a number from 0',
    ],
    [
      'training.optimizer.betas',
      [0.9],
      'training.optimizer.betas: got [0.9] (a list); expected two numbers such as [0.9, 0.999]',
    ],
    [
      'training.optimizer.betas',
      [0.9, 1],
      'training.optimizer.betas[1]: got 1 (a number); expected a number from 0 up to, not including, 1',
    ],
    [
      'training.optimizer.type',
      'sgd',
      'training.optimizer.type: got "sgd" (a string); expected "adamw" or "adafactor"',
    ],
    [
      'training.schedule.type',
      'step',
      'training.schedule.type: got "step" (a string); expected "linear" or "cosine" or "constant"',
    ],
    ['training.shuffle', 'yes', 'training.shuffle: got "yes" (a string); expected true or false'],
    [
      'training.batchsize',
      8,
      'training.batchsize: got 8 (a number), but there is no such field, did you mean batchSize?; training accepts',
    ],
    [
      'extra',
      {},
      'extra: got {} (an object), but there is no such field; a spec accepts version, name, model',
    ],
    ['version', 2, 'version: got 2 (a number); expected 1'],
    ['model', undefined, 'model: missing; expected an object with the fields source, task, pooling'],
    ['model.source', '', 'model.source: got "" (a string); expected "builtin:NAME", a path, or a hub id'],
    ['model.pooling', 'max', 'model.pooling: got "max" (a string); expected "mean" or "first"'],
    ['data.train', undefined, 'data.train: missing; expected the path of a data file'],
    ['data.validation', 1.5, 'data.validation: got 1.5 (a number); expected a path, or a fraction'],
    [
      'data.columns.text',
      'sentence',
      'data.columns.text: got "sentence" (a string); expected a list of one or two',
    ],
    [
      'data.columns.text',
      ['a', 'b', 'c'],
      'data.columns.text: got ["a","b","c"] (a list); expected a list of one',
    ],
    ['data.limit.train', 0, 'data.limit.train: got 0 (a number); expected an integer from 1'],
    ['method', undefined, 'method: missing; expected a method such as {"type": "lora"}'],
    ['method', 'lora', 'method: got "lora" (a string); expected a method such as {"type": "lora"}'],
    ['method.type', 'lorra', 'method.type: got "lorra" (a string); expected one of the types "full", "lora"'],
    ['method.rank', 0, 'method.rank: got 0 (a number); expected an integer from 1'],
    [
      'method.virtualTokens',
      4,
      'method.virtualTokens: got 4 (a number), but there is no such field; method accepts',
    ],
    ['method.targets', [], 'method.targets: got [] (a list); expected a list with at least one role'],
    ['method.targets', ['/(/'], 'method.targets[0]: got "/(/" (a string); expected a regular expression'],
    [
      'training.metric',
      'pearson',
      'training.metric: got "pearson" (a string); expected a metric of classification',
    ],
    [
      'data.validation',
      undefined,
      'data.validation: missing; expected a path or a fraction, since training.evaluateEvery is 50',
    ],
  ];
  it.each(cases)('%s = %j', (path, value, message) => {
    const error = refused(withField(path, value));
    expect(error.message.slice(0, message.length)).toBe(message);
    expect(error.message).not.toContain('\n');
    expect(error.code).toBe('spec');
  });

  it('counts what else is wrong', () => {
    const error = refused({ ...example, training: { steps: -1, batchSize: -1 } });
    expect(error.message).toBe(
      'training.steps: got -1 (a number); expected an integer from 0 (and 1 more field)',
    );
  });

  it('is told apart from text that is not JSON', () => {
    expect(() => parseSpec('{"model": ')).toThrow(/^the spec is not valid JSON: /);
    expect(() => parseSpec(`{"compare": [${'1,'.repeat(500_000)}1]}`)).toThrow(
      /^the spec has 1000\d+ characters, and at most 1000000 are read; choose the file of a spec$/,
    );
    expect(() => readSpec([])).toThrow(/^the spec: got \[\] \(a list\); expected an object with the fields/);
  });
});

describe('method defaults', () => {
  it.each([
    ['prefix', { virtualTokens: 5, initialization: 'zero', projection: false }],
    ['adapter', { bottleneck: 64, activation: 'silu', placement: 'both', learnedScale: false }],
    ['ia3', { targets: ['k', 'v', 'o', 'ffn.out'] }],
    ['lastLayer', { layers: 1 }],
    ['selective', { budget: 0.1 }],
    ['bitfit', {}],
    ['layernorm', {}],
  ])('%s', (type, options) => {
    const { method, training } = completeSpec(readSpec({ ...minimal, method: { type } }));
    expect(method).toEqual({ type, ...options });
    expect(training.optimizer.learningRate).toBe(DEFAULT_LEARNING_RATES[type as 'bitfit']);
  });

  it('keep what was given', () => {
    const method = { type: 'adapter', bottleneck: 8, placement: 'parallel', init: 'folder' };
    expect(completeSpec(readSpec({ ...minimal, method })).method).toEqual({
      ...method,
      activation: 'silu',
      learnedScale: false,
    });
    const lora = { type: 'lora', dora: true, learningRateRatio: 16, rankPattern: { q: 4 } };
    expect(completeSpec(readSpec({ ...minimal, method: lora })).method).toMatchObject({ ...lora, rank: 8 });
  });
});

describe('options inside a method', () => {
  it('are checked by their paths', () => {
    expect(refused(withField('method', { type: 'prefix', virtualTokens: 0 })).where).toBe(
      'method.virtualTokens',
    );
    expect(refused(withField('method', [{ type: 'lora', rank: 'x' }])).where).toBe('method[0].rank');
  });
});

describe('a comparison', () => {
  it('gives every method named its own learning rate', () => {
    const runs = comparisonSpecs(readSpec(minimal), ['full', 'lora', 'prompt']);
    expect(runs.map(({ key }) => key)).toEqual(['full', 'lora', 'prompt']);
    expect(runs.map(({ spec }) => spec.training.optimizer.learningRate)).toEqual([5e-4, 5e-3, 2e-2]);
    expect(new Set(runs.map(({ spec }) => spec.training.seed)).size).toBe(1);
  });

  it('keeps a learning rate that the spec gives', () => {
    const runs = comparisonSpecs(readSpec(example), ['full', 'head']);
    expect(runs.map(({ spec }) => spec.training.optimizer.learningRate)).toEqual([5e-4, 5e-4]);
  });

  it('takes options of a named method from the spec', () => {
    const input = readSpec({
      ...minimal,
      method: { type: 'lora', rank: 2 },
      compare: [{ method: { type: 'prompt', virtualTokens: 5 } }],
    });
    const runs = comparisonSpecs(input, ['lora', 'prompt', 'head']);
    expect(runs[0].spec.method).toMatchObject({ type: 'lora', rank: 2 });
    expect(runs[1].spec.method).toMatchObject({ type: 'prompt', virtualTokens: 5 });
  });

  it('sets method and training an entry, and names folders apart', () => {
    const input = readSpec({
      ...example,
      compare: [
        { method: { type: 'lora', rank: 2 } },
        { method: { type: 'lora', rank: 4 }, training: { optimizer: { learningRate: 1e-3 } } },
        { name: 'wide prompt', method: { type: 'prompt' }, training: { steps: 10 } },
      ],
    });
    const runs = comparisonSpecs(input);
    expect(runs.map(({ key }) => key)).toEqual(['lora', 'lora-2', 'wide-prompt']);
    expect(runs[1].spec.training.optimizer).toEqual({
      type: 'adamw',
      learningRate: 1e-3,
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
    });
    expect(runs[2].spec.training.steps).toBe(10);
    expect(runs[2].spec.training.batchSize).toBe(16);
  });

  it('refuses another seed or order for one method', () => {
    const error = refused({ ...example, compare: [{ method: { type: 'lora' }, training: { seed: 7 } }] });
    expect(error.message).toMatch(/^compare\[0\]\.training\.seed: got 7/);
  });

  it('names the entry that is wrong', () => {
    const error = refused({
      ...example,
      compare: [{ method: { type: 'lora' } }, { method: { type: 'lora', rank: '8' } }],
    });
    expect(error.message).toBe('compare[1].method.rank: got "8" (a string); expected an integer from 1');
  });

  it('needs methods from somewhere', () => {
    expect(() => comparisonSpecs(readSpec(minimal))).toThrow(/^compare: missing/);
    expect(() => comparisonSpecs(readSpec(minimal), ['somethingElse'])).toThrow(/not available yet/);
  });
});
