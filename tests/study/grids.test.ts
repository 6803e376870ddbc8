/** What each experiment asks to be done, and how it is refused. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinTask } from '../../cli/builtin-data.ts';
import { totalSteps } from '../../src/runs/spec.ts';
import { EXPERIMENTS } from '../../src/study/experiments/experiments.ts';
import { cellOf } from '../../src/study/identity.ts';
import { readStudy, type ReadStudyOptions } from '../../src/study/read-study.ts';
import { EXPERIMENT_NAMES, type Draft, type ExperimentName } from '../../src/study/study.ts';

const spec = {
  model: { source: 'm' },
  data: {
    train: 'a/train.tsv',
    validation: 'a/dev.tsv',
    test: 'a/test.tsv',
    columns: { text: ['x'], label: 'y' },
  },
  training: { steps: 10, evaluateEvery: 5, seed: 7 },
};
const templated = { ...spec.data, template: '{text} it was {mask}', verbalizer: { '0': 'bad', '1': 'good' } };

function cells(name: ExperimentName, patch: object = {}, options: Partial<ReadStudyOptions> = {}): Draft[] {
  const study = readStudy(JSON.stringify({ ...spec, ...patch }), name, {
    builtinTask: (task) => ({ name: task, kind: 'sentiment', ...spec.data }),
    ...options,
  });
  return EXPERIMENTS[name].cells(study);
}
const names = (drafts: readonly Draft[]) => [...new Set(drafts.map(({ factors }) => factors.method))];

describe('the grid of an experiment', () => {
  it('takes the study’s five methods and three seeds of an ordinary spec', () => {
    const found = cells('performance');
    expect(found).toHaveLength(15);
    expect(names(found)).toEqual(['full', 'lora', 'adapter', 'prefix', 'prompt']);
    expect([...new Set(found.map(({ factors }) => factors.seed))]).toEqual([7, 8, 9]);
    expect(found[0].factors).toMatchObject({ model: 'm', data: 'a' });
  });
  it('takes the seeds and methods that are asked for, with the options that the spec gives them', () => {
    const compare = [{ method: { type: 'lora', rank: 3 }, training: { optimizer: { learningRate: 0.01 } } }];
    const found = cells('performance', { compare }, { seeds: 2, methods: ['lora', 'head'] });
    expect(found.map(({ factors }) => [factors.method, factors.seed])).toEqual([
      ['lora', 7],
      ['lora', 8],
      ['head', 7],
      ['head', 8],
    ]);
    expect(found[0].spec.method).toMatchObject({ rank: 3 });
    expect(found[0].spec.training.optimizer.learningRate).toBe(0.01);
    expect(cells('performance', { compare, seeds: [4] })).toHaveLength(1);
  });
  it('runs over several models and data sets, each under a name of its own', () => {
    const found = cells('performance', {
      model: undefined,
      models: ['builtin:one', { source: 'x/two', training: { batchSize: 4 } }],
      data: undefined,
      datasets: ['builtin:t', spec.data, { ...spec.data, name: 'a' }],
      seeds: [1],
    });
    expect(found).toHaveLength(2 * 3 * 5);
    expect([...new Set(found.map(({ factors }) => factors.data))]).toEqual(['t', 'a', 'a-2']);
    expect(found.at(-1)!.spec.training.batchSize).toBe(4);
    expect(found[0].spec.training.batchSize).toBe(16);
  });
  it('takes the tasks of a run of several for its data sets', () => {
    const tasks = [
      { ...spec.data, name: 'one' },
      { ...spec.data, name: 'two' },
    ];
    const found = cells('performance', { data: undefined, tasks, seeds: [1] });
    expect([...new Set(found.map(({ factors }) => factors.data))]).toEqual(['one', 'two']);
  });
  it('asks a built-in model that writes texts to write, where no task is named', () => {
    const models = ['builtin:bert-l4-h128', 'builtin:t5-l3-h128'];
    const found = cells('performance', { models, data: templated, seeds: [1] });
    expect([...new Set(found.map(({ spec: { model } }) => model.task))]).toEqual([
      'classification',
      'text2text',
    ]);
    expect(found.at(-1)!.spec.data.template).toBe('{text} it was');
  });
  it('plans memory for each batch size, and trains nothing', () => {
    const found = cells('memory');
    expect(found).toHaveLength(4 * 6);
    expect(found.every(({ kind }) => kind === 'plan')).toBe(true);
    expect(cells('memory', { study: { batchSizes: [2] } })).toHaveLength(6);
  });
  it('varies a method’s size, and LoRA’s scale with its rank', () => {
    const found = cells('sensitivity', { seeds: [1], study: { ranks: [2, 4], lengths: [3] } });
    expect(found.map(({ factors }) => `${factors.method} ${factors.value}`)).toEqual([
      'lora 2',
      'lora 4',
      'adapter 4',
      'adapter 16',
      'adapter 64',
      'adapter 256',
      'prefix 3',
      'prompt 3',
    ]);
    expect(found[1].spec.method).toMatchObject({ rank: 4, alpha: 8 });
  });
  it('combines all subsets with few rows and all, with and without a template', () => {
    const found = cells('combination', { data: templated, seeds: [1] });
    expect(found).toHaveLength(8 * 2 * 2);
    expect(names(found)).toEqual([
      'none',
      'prompt',
      'bitfit',
      'prompt+bitfit',
      'adapter',
      'prompt+adapter',
      'bitfit+adapter',
      'prompt+bitfit+adapter',
    ]);
    expect(found[0].spec.training.steps).toBe(0);
    const templates = [...new Set(found.map(({ spec: { data } }) => data.template))];
    expect(templates).toEqual(['{text} {mask}', '{text} it was {mask}']);
    expect(new Set(found.map(({ spec: { data } }) => data.fewShot))).toEqual(new Set([undefined, 16]));
    expect(found.every(({ spec: { model } }) => model.task === 'maskedLm')).toBe(true);
  });
  it('keeps the template away where an experiment does not ask for it', () => {
    const [first] = cells('performance', { data: templated });
    expect(first.spec.model.task).toBe('classification');
    expect(first.spec.data.template).toBeUndefined();
  });
  it('takes the three stages in all six orders', () => {
    const found = cells('sequence', { seeds: [1] });
    expect(new Set(names(found)).size).toBe(6);
    expect(found[0].spec.stages).toHaveLength(3);
  });
  it('takes a fusion over the adapters of all tasks on each of them, beside one delta for all', () => {
    const compare = [{ method: { type: 'adapter', bottleneck: 8 } }, { method: { type: 'fusion' } }];
    const patch = { data: undefined, datasets: ['builtin:t', spec.data], seeds: [1, 2], compare };
    const found = cells('multiTask', patch);
    const fused = found.filter((draft) => draft.fused !== undefined);
    expect(fused.map(({ factors: { data, seed } }) => `${data} ${seed}`)).toEqual([
      't 1',
      't 2',
      'a 1',
      'a 2',
    ]);
    const ids = new Set(found.filter((draft) => draft.fused === undefined).map((draft) => cellOf(draft).id));
    for (const draft of fused) {
      expect(draft.fused!.map(({ factors }) => [factors.data, factors.seed])).toEqual([
        ['t', draft.factors.seed],
        ['a', draft.factors.seed],
      ]);
      const { fused: over } = cellOf(draft);
      expect(over!.map(({ method }) => method)).toEqual(
        Array.from(
          { length: 2 },
          () => expect.objectContaining({ type: 'adapter', bottleneck: 8 }) as unknown,
        ),
      );
      // They are the same work as the adapters that stand by themselves.
      for (const { id } of over!) expect(ids.has(id)).toBe(true);
    }
    expect(found.some(({ factors }) => factors.method === 'fusion' && factors.together === true)).toBe(false);
  });
  it('takes full fine-tuning and all combinations for the gap, and random modules for the scale', () => {
    expect(names(cells('gap'))).toHaveLength(8);
    expect(cells('gap', { data: templated })).toHaveLength(8 * 2 * 3);
    expect(names(cells('scale'))).toContain('selective');
  });
});

it('asks in the whole small study for all experiments, and for no more runs than two hours hold', () => {
  const small = readFileSync(path.join(import.meta.dirname, '../../docs/small-study.json'), 'utf8');
  const trained = new Map<string, number>();
  for (const name of EXPERIMENT_NAMES) {
    const all = EXPERIMENTS[name].cells(readStudy(small, name, { builtinTask })).map(cellOf);
    expect([name, all.length > 0]).toEqual([name, true]);
    for (const { id, kind, spec: one } of all) if (kind === 'train') trained.set(id, totalSteps(one));
  }
  // docs/study.md names them.
  expect(trained.size).toBe(828);
  expect([...trained.values()].reduce((sum, steps) => sum + steps, 0)).toBe(46_800);
});

describe('a cell’s identity', () => {
  it('is that of the work, whatever the experiment or the name', () => {
    const one = cells('performance').map((draft) => cellOf(draft).id);
    expect(cells('convergence', { name: 'another' }).map((draft) => cellOf(draft).id)).toEqual(one);
    expect(new Set(one).size).toBe(15);
  });
  it('hangs on what is done with the spec', () => {
    const [draft] = cells('performance');
    const { training } = draft.spec;
    const longer = { ...draft.spec, training: { ...training, steps: training.steps + 1 } };
    expect(cellOf({ ...draft, spec: longer }).id).not.toBe(cellOf(draft).id);
    expect(cellOf({ ...draft, kind: 'plan' }).id).not.toBe(cellOf(draft).id);
  });
  it('hangs on what files hold, and not on what they are called', () => {
    const elsewhere = {
      model: { source: '/models/m' },
      data: { ...spec.data, train: '../b/x.tsv', validation: '../b/y.tsv', test: '../b/z.tsv' },
    };
    const [[draft], [moved]] = [cells('performance'), cells('performance', elsewhere)];
    const held = ['weights', 'train', 'dev', 'test'];
    const contents = ({ data, model }: Draft['spec'], values: readonly string[]) =>
      new Map(
        [model.source, data.train, data.validation, data.test].map((name, i) => [String(name), values[i]]),
      );
    const idOf = (one: Draft, values = held) => cellOf({ ...one, contents: contents(one.spec, values) }).id;
    expect(idOf(moved)).toBe(idOf(draft));
    expect(cellOf(moved).id).not.toBe(cellOf(draft).id);
    const changed = held.map((_one, i) => idOf(draft, held.with(i, 'other')));
    expect(new Set([idOf(draft), ...changed]).size).toBe(5);
    expect(idOf({ ...moved, spec: { ...moved.spec, notes: ['for people'] } })).toBe(idOf(draft));
  });
});

describe('a study is refused before its first run', () => {
  it('says what a spec is, of a list that is none', () => {
    const options: ReadStudyOptions = { builtinTask: () => null };
    expect(() => readStudy('[1]', 'performance', options)).toThrow(
      'the spec: got [1] (a list); expected an object such as {"models"',
    );
  });
  it.each([
    [
      'combination',
      {},
      'a: this experiment puts texts into a template, and data.template or data.verbalizer is missing',
    ],
    [
      'performance',
      { data: { ...spec.data, validation: undefined, test: undefined }, training: {} },
      'nothing is held out',
    ],
    [
      'convergence',
      { data: { ...spec.data, validation: undefined }, training: {} },
      'follows the score as training goes',
    ],
    [
      'performance',
      { study: { ranks: [0] } },
      'study.ranks[0]: got 0 (a number); expected an integer from 1',
    ],
    ['performance', { study: { rank: [1] } }, 'there is no such field, did you mean ranks?'],
    ['performance', { models: [] }, 'expected a list of models'],
    ['performance', { datasets: ['reviews'] }, 'expected "builtin:NAME", "hub:owner/name", or an object'],
    [
      'performance',
      { trainings: {} },
      'trainings: got {} (an object), but there is no such field, did you mean training?',
    ],
    ['performance', { data: undefined }, 'expected data such as'],
    ['performance', { baseline: 'ia3' }, 'a method of the comparison: full, lora, adapter, prefix, prompt'],
    ['performance', { stages: [{ type: 'lora' }] }, 'expected it as an entry of compare'],
    ['performance', { tasks: [spec.data] }, 'since data is given'],
    [
      'performance',
      { models: ['m', { source: 'n', training: 7 }] },
      'models[1].training: got 7 (a number); expected an object such as',
    ],
  ] as const)('%s %j', (name, patch, message) => {
    expect(() => cells(name, patch)).toThrow(message);
  });
  it('lets templates be left out', () => {
    const found = cells('combination', { study: { templates: [false] }, compare: undefined });
    expect(found).toHaveLength(8 * 2 * 3);
  });
});
