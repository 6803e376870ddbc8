/** What figures and answers say of rows whose truth is known. */
import { describe, expect, it } from 'vitest';
import { said } from '../../src/app/i18n/said.ts';
import { Bilingual } from '../../src/evidence/report/bilingual.ts';
import { english, type Told } from '../../src/sentence.ts';
import { beforehand } from '../../src/study/beforehand.ts';
import { cellGrid } from '../../src/study/cell-grid.ts';
import { EXPERIMENTS } from '../../src/study/experiments/experiments.ts';
import { svgFile } from '../../src/study/figures/draw.ts';
import type { Figure, TableCell, TableFigure } from '../../src/study/figures/figure.ts';
import { csvOf } from '../../src/study/figures/table-of.ts';
import { cellOf } from '../../src/study/identity.ts';
import { readStudy } from '../../src/study/read-study.ts';
import { studyReport } from '../../src/study/report/report.ts';
import { emptyRow } from '../../src/study/row-of-run.ts';
import { dimensionFor } from '../../src/study/statistics/intrinsic.ts';
import { readStored, storedExperiment, type StoredExperiment } from '../../src/study/stored.ts';
import {
  EXPERIMENT_NAMES,
  type Cell,
  type ExperimentName,
  type Factors,
  type Row,
} from '../../src/study/study.ts';

const data = (name: string, kind: string) => ({
  name,
  kind,
  train: `${name}.tsv`,
  validation: 0.1,
  test: 0.2,
  template: '{text} was {mask}',
  verbalizer: { a: 'bad', b: 'good' },
});
const spec = {
  name: 'Known',
  model: { source: 'm' },
  datasets: [data('one', 'x'), data('two', 'x'), data('three', 'y')],
  training: { steps: 20, evaluateEvery: 10 },
  seeds: [1, 2, 3],
};
const told = (text: Told): string => (typeof text === 'string' ? text : english(text));

type Score = (factors: Factors) => number;

function experiment(
  name: ExperimentName,
  score: Score,
  patch: (cell: Cell) => Partial<Row> = () => ({}),
  over: object = {},
): StoredExperiment {
  const study = readStudy(JSON.stringify({ ...spec, ...over }), name, { builtinTask: () => null });
  const cells = EXPERIMENTS[name].cells(study).map(cellOf);
  const rows = cells.map((cell): Row => {
    const value = score(cell.factors);
    const metrics = { accuracy: value };
    return {
      ...emptyRow(cell, ''),
      scores: { train: { accuracy: value + 0.1 }, validation: metrics, test: metrics },
      curve: [0, 10, 20].map((step) => ({
        step,
        tokens: step * 9,
        seconds: step / 2,
        value: (value * (10 + step)) / 30,
      })),
      stages: [value - 0.2, value - 0.1, value],
      trainableParameters: 10,
      totalParameters: 1000,
      memory: {
        frozenWeights: 1,
        trainable: 1,
        gradients: 1,
        optimizer: 1,
        activations: 1,
        workspace: 1,
        batch: 1,
        total: cell.factors.method === 'full' ? 100 : 25,
      },
      ...patch(cell),
    };
  });
  return storedExperiment(name, cellGrid(cells), new Map(rows.map((row) => [row.cell, row])), study);
}
const table = ({ figures }: StoredExperiment, id: string) =>
  figures.find((figure) => figure.id === id) as TableFigure;
const shown = (cell: TableCell): string => {
  const told = typeof cell === 'object' && 'value' in cell ? cell.text : cell;
  return typeof told === 'string' ? told : english(told);
};
const rowOf = (figure: TableFigure, name: string) =>
  figure.rows.find(([first]) => shown(first) === name)!.map(shown);
const answer = ({ answer: all }: StoredExperiment) => all.map(english).join(' ');

const BY_METHOD: Record<string, number> = { full: 0.9, lora: 0.8, adapter: 0.7, prefix: 0.6, prompt: 0.5 };
const known: Score = ({ method }) => BY_METHOD[method] ?? 0.4;

describe('what an experiment says', () => {
  it('ranks methods over tasks, and says whether the order is the study’s', () => {
    const found = experiment('performance', known);
    expect(rowOf(table(found, 'scores'), 'lora')).toEqual([
      'lora',
      ...Array<string>(4).fill('80.0 ± 0.0 %'),
      '2.00',
      '10 (1 %)',
    ]);
    expect(rowOf(table(found, 'differences'), 'prompt')[1]).toMatch(/^−40\.0/);
    expect(answer(found)).toContain(
      'full (1.00), lora (2.00), adapter (3.00), prefix (4.00), prompt (5.00). The methods differ',
    );
    expect(answer(found)).toContain("The order is the study's.");
    const reversed = experiment('performance', ({ method }) => 1 - known({ method } as Factors));
    expect(answer(reversed)).toContain("contradicts the study's order: prompt before full");
  });
  it('takes means over the tasks that every method has, so that they are of the same', () => {
    const found = experiment(
      'performance',
      (factors) => (factors.data === 'three' ? 0.1 : known(factors)),
      ({ factors: { data: name, method } }) =>
        name === 'three' && method !== 'full' ? { status: 'failed' } : {},
    );
    const [, , , three, average, rank] = rowOf(table(found, 'scores'), 'full');
    expect([three, average, rank]).toEqual(['10.0 ± 0.0 %', '90.0 ± 0.0 %', '1.00']);
    const means = found.figures.find(({ id }) => id === 'means');
    expect(JSON.stringify(means)).toContain('"mean":0.9,');
  });
  it('measures the way to 95 %', () => {
    const found = experiment('convergence', known);
    // From a third of the end, on a straight line: 0.95 = (10 + s) / 30.
    expect(rowOf(table(found, 'converged-accuracy'), 'full').slice(1, 4)).toEqual(['18.5', '166.5', '9.25']);
    expect(answer(found)).not.toContain('Left out');
    // A method that ends where it began is not the fastest.
    const still = experiment('convergence', known, ({ factors: { method, seed } }) =>
      method === 'prompt' && seed < 3
        ? {
            curve: [0, 10, 20].map((step) => ({
              step,
              tokens: step,
              seconds: step,
              value: 0.5 + step / 1000,
            })),
          }
        : {},
    );
    expect(rowOf(table(still, 'converged-accuracy'), 'prompt')[1]).toBe('18.5');
    expect(answer(still)).toContain(
      'Left out, since they begin within 5 % of where they end, runs of prompt (6 of 9).',
    );
  });
  it('says what memory is saved', () => {
    const found = experiment('memory', known);
    expect(rowOf(table(found, 'saved-m'), 'lora')).toContain('75 %');
    expect(answer(found)).toContain('1: 75 %; 8: 75 %');
  });
  it('tells what adding a method or a template does', () => {
    const score: Score = ({ method, template }) =>
      0.5 +
      (method.includes('adapter') ? 0.1 : 0) -
      (method.includes('prompt') ? 0.05 : 0) +
      (template === true ? 0.02 : 0);
    const found = experiment('combination', score);
    const effects = table(found, 'effects');
    expect(rowOf(effects, 'adapter')[1]).toMatch(/^\+10\.0/);
    expect(rowOf(effects, 'prompt')[1]).toMatch(/^−5\.0/);
    expect(rowOf(effects, 'bitfit')[1]).toMatch(/^0\.0/);
    expect(rowOf(effects, 'template')[1]).toMatch(/^\+2\.0/);
    expect(answer(found)).toContain('Adding adapter helps: +10.0');
    const once = experiment('combination', score, () => ({}), { seeds: [1] });
    expect(answer(once)).toContain(
      'Adding adapter changes the score by +10.0 on average; one seed cannot tell',
    );
    expect(answer(found)).toContain('Untuned, the model scores 50.0 % without and 52.0 % with a template.');
  });
  it('takes the gap of each method', () => {
    const found = experiment('gap', known, ({ factors }) =>
      factors.method === 'full' ? { scores: { train: { accuracy: 1 }, test: { accuracy: 0.7 } } } : {},
    );
    expect(rowOf(table(found, 'gaps'), 'full')[3]).toBe('+30.0');
    expect(answer(found)).toMatch(/Gaps, least first: .*, full \(\+30\.0\)\./);
    expect(answer(found)).toContain(
      'Below full fine-tuning beyond chance: prompt, bitfit, prompt+bitfit, adapter, prompt+adapter, bitfit+adapter, prompt+bitfit+adapter.',
    );
    expect(answer(found)).not.toMatch(/Above full|Not told apart/);
  });
  it('tells gaps that seeds leave open from those that they do not', () => {
    // By seed: full's gap is 30, BitFit's 10 more, those with an adapter 20 less, and the others' around full's.
    const trainScore = ({ factors: { method, seed } }: Cell): number => {
      if (method === 'full') return 0.9;
      if (method === 'bitfit') return 1;
      return method.includes('adapter') ? 0.7 : 0.88 + 0.02 * (seed - 1);
    };
    const rows = (cell: Cell): Partial<Row> => ({
      scores: { train: { accuracy: trainScore(cell) }, test: { accuracy: 0.6 } },
    });
    const found = answer(experiment('gap', known, rows));
    expect(found).toContain('Above full fine-tuning beyond chance: bitfit.');
    expect(found).toContain(
      'Below full fine-tuning beyond chance: adapter, prompt+adapter, bitfit+adapter, prompt+bitfit+adapter.',
    );
    expect(found).toContain('Not told apart from full fine-tuning: prompt, prompt+bitfit.');
    expect(found).toContain('combined ones of +15.0: combining lowers it.');
    const once = answer(experiment('gap', known, rows, { seeds: [1] }));
    expect(once).toContain('One seed cannot tell what of this is chance.');
    expect(once).toContain('the two cannot be told apart.');
    expect(once).not.toContain('beyond chance:');
  });
  it('sees sizes of a method apart from methods', () => {
    expect(answer(experiment('sensitivity', known))).toContain('structure decides');
    expect(answer(experiment('sensitivity', ({ value = 1 }) => 0.5 + value / 1000))).toContain(
      'size matters here',
    );
    // Of two seeds one says this and the other that.
    const open: Score = ({ method, value = 1, seed }) =>
      seed === 1 ? known({ method } as Factors) : 0.5 + value / 1000;
    expect(answer(experiment('sensitivity', open, () => ({}), { seeds: [1, 2] }))).toContain(
      'Which lie further apart cannot be told: the best sizes of methods',
    );
  });
  it('shows stages, and no best order where there is none', () => {
    const found = experiment('sequence', known);
    expect(table(found, 'stages').rows).toHaveLength(6);
    expect(rowOf(table(found, 'stages'), 'prompt → bitfit → adapter').slice(1, 4)).toEqual([
      '20.0 ± 0.0 %',
      '30.0 ± 0.0 %',
      '40.0 ± 0.0 %',
    ]);
    expect(answer(found)).toContain('No order is best beyond chance');
  });
  it('shares what is passed on within a kind and across', () => {
    const score: Score = ({ source, data: target }) =>
      source === undefined ? 0.8 : (source === 'three') === (target === 'three') ? 0.6 : 0.4;
    const found = experiment('transfer', score);
    expect(rowOf(table(found, 'kinds'), 'lora')).toEqual(['lora', '0.75', '0.50', '0.75', '0.50']);
    expect(answer(found)).toContain('reaches 0.75 of the target');
    expect(answer(found)).toContain('Deltas transfer better within a kind, beyond chance over seeds.');
    const open = experiment('transfer', (factors) => (factors.seed === 2 ? 0.5 : score(factors)));
    expect(answer(open)).toContain('Whether deltas transfer better within a kind cannot be told.');
  });
  it('sees prompt tuning catch up with size, fall behind, or neither', () => {
    const sizes = { model: undefined, models: ['s', 'l'] };
    const scale = (prompt: Score): string =>
      answer(
        experiment(
          'scale',
          (factors) => (factors.method === 'prompt' ? prompt(factors) : 0.9),
          ({ factors }) => ({ totalParameters: factors.model === 's' ? 100 : 1000 }),
          sizes,
        ),
      );
    expect(scale(({ model, seed }) => (model === 's' ? 0.6 : 0.8 + seed / 100))).toContain(
      'catches up with full fine-tuning as the model grows (by +22.0)',
    );
    expect(scale(({ model, seed }) => (model === 's' ? 0.8 : 0.6 + seed / 100))).toContain(
      'falls further behind',
    );
    expect(scale(({ model, seed }) => (model === 's' ? 0.6 : seed === 1 ? 0.4 : 0.9))).toContain(
      'cannot be told',
    );
  });
  it('says what is better and sooner in a larger model beyond chance, and how far places to train lie from all', () => {
    const sizes = { model: undefined, models: ['l', 's', 'm'] };
    const parameters: Record<string, number> = { s: 100, m: 500, l: 1000 };
    const value: Score = ({ model, method, seed }) => {
      const large = model === 'l';
      if (method === 'lora') return (large ? 0.8 : 0.7) + seed / 100;
      if (method === 'prefix') return (large ? 0.6 : 0.7) - seed / 100;
      if (method === 'prompt') return large ? 0.4 + seed / 10 : 0.6;
      return method === 'lastLayer' ? 0.8 + (large ? 0 : seed % 2) / 10 : 0.9;
    };
    const found = (over: object = {}) =>
      experiment(
        'scale',
        value,
        ({ factors: { model, method } }) => ({
          totalParameters: parameters[model],
          // Adapters are at their end in half the steps.
          curve: [0, 10, 20].map((step) => ({
            step,
            tokens: step,
            seconds: step,
            value: step === 10 && !(method === 'adapter' && model === 'l') ? 0.5 : step === 0 ? 0.1 : 0.9,
          })),
        }),
        { ...sizes, ...over },
      );
    const text = answer(found());
    expect(text).toContain('From s to l: full 90.0 % → 90.0 %');
    expect(text).toContain(
      'Whether all methods together are better with l cannot be told (by −1.0 in the mean).',
    );
    const step = experiment(
      'scale',
      ({ model, seed }) => (model === 'l' ? 0.8 : 0.7) + seed / 100,
      ({ factors: { model } }) => ({ totalParameters: parameters[model] }),
      sizes,
    );
    expect(answer(step)).toContain('All methods together are better with l beyond chance (by +10.0).');
    expect(text).toContain('Better with l than with s beyond chance: lora.');
    expect(text).toContain('Worse with l than with s beyond chance: prefix.');
    expect(text).toContain('Not told apart between the two: full, adapter, prompt, lastLayer, selective.');
    expect(text).toContain('Sooner at 95 % of the end with l beyond chance: adapter.');
    expect(text).not.toContain('Later at 95 %');
    expect(text).toContain(
      'Distance of lastLayer from full fine-tuning: −3.3 with s (within chance), −3.3 with m (within chance), −10.0 with l (beyond chance).',
    );
    expect(text).toContain('Distance of selective from full fine-tuning: 0.0 with s (within chance)');
    const single = answer(found({ seeds: [1] }));
    expect(single).toContain('One seed cannot tell what of this is chance.');
    expect(single).toContain(
      'Distance of lastLayer from full fine-tuning: 0.0 with s, 0.0 with m, −10.0 with l.',
    );
  });
  it('shows what is forgotten and what damage does', () => {
    const forgot = experiment('retention', ({ data: on, source }) =>
      on === 'one' && source !== undefined ? 0.6 : 0.9,
    );
    expect(rowOf(table(forgot, 'forgetting'), 'lora')).toEqual([
      'lora',
      '90.0 ± 0.0 %',
      '60.0 ± 0.0 %',
      '−30.0',
      '1 %',
    ]);
    const hurt = experiment('robustness', ({ noise, source, data: on }) =>
      noise !== undefined ? 0.5 : source !== undefined && source !== on ? 0.4 : 0.9,
    );
    const row = rowOf(table(hurt, 'damage'), 'full');
    expect(row).toEqual(['full', '90.0 ± 0.0 %', ...Array<string>(4).fill('50.0 ± 0.0 %'), '40.0 ± 0.0 %']);
    expect(answer(hurt)).toContain('Not told apart from full fine-tuning: lora, adapter, prefix, prompt.');
    const sturdy = experiment('robustness', ({ noise, shots, method, seed }) =>
      noise !== undefined
        ? method === 'lora'
          ? 0.7 + seed / 100
          : 0.5
        : shots !== undefined && method === 'prefix'
          ? 0.3 + seed / 100
          : 0.9,
    );
    const few = (found: StoredExperiment): string =>
      svgFile(
        found.figures.find(({ id }) => id === 'few')!,
        new Bilingual(said, ['zh']),
      )!;
    expect(few(sturdy)).not.toContain('<circle');
    // Of one number of rows there is no line, but a dot for each method.
    const dots = few(experiment('robustness', known, () => ({}), { study: { shots: [16] } }));
    const places = [...dots.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(new Set(places).size).toBe(5);
    expect(answer(sturdy)).toMatch(
      /What damage does .*\. Above full fine-tuning beyond chance: lora\. Not told apart/,
    );
    expect(answer(sturdy)).toMatch(
      /With 8 rows .*\. Below full fine-tuning beyond chance: prefix\. Not told apart/,
    );
  });
  it('finds the intrinsic dimension on a logarithmic line', () => {
    const points = [
      { dimension: 10, score: 0.5 },
      { dimension: 1000, score: 0.9 },
    ];
    expect(dimensionFor(points, 0.7)).toBeCloseTo(100, 9);
    expect(dimensionFor(points, 0.95)).toBeNull();
    expect(dimensionFor(points, 0.4)).toBe(10);
    const found = experiment('intrinsic', ({ method, value = 1 }) =>
      method === 'full' ? 1 : 0.5 + Math.log10(value) / 10,
    );
    expect(answer(found)).toContain('about 10000 dimensions reach 90 % of full fine-tuning, on 3 of 3 tasks');
    expect(answer(found)).not.toContain('the head alone');
    // Where the head alone is as good, dimensions say nothing.
    const easy = experiment('intrinsic', ({ method, value = 1, data: on }) =>
      method === 'full' || (method === 'head' && on === 'one') ? 1 : 0.5 + Math.log10(value) / 10,
    );
    expect(answer(easy)).toContain('on 2 of 3 tasks');
    expect(answer(easy)).toContain('m: on 1 of 3 tasks the head alone reaches 90 % of full fine-tuning');
    expect(
      table(easy, 'intrinsic').rows.map((row) => row.slice(2).map((cell) => (cell as { text: string }).text)),
    ).toEqual([['2', '1', '3']]);
  });
  it('lets each metric speak for itself where tasks have several', () => {
    const found = experiment('gap', known, ({ factors }) =>
      factors.data === 'one' ? { metric: 'loss', scores: { train: { loss: 1 }, test: { loss: 2 } } } : {},
    );
    expect(found.figures.map(({ id }) => id)).toEqual([
      'gaps-loss',
      'chart-loss',
      'gaps-accuracy',
      'chart-accuracy',
    ]);
    expect(answer(found)).toContain('accuracy: ');
  });
  it('says nothing of what is missing, and names what failed', () => {
    const lost = experiment('performance', known, ({ factors }) =>
      factors.method === 'lora' ? { status: 'diverged' } : {},
    );
    expect(lost.failed).toHaveLength(9);
    expect(told(lost.failed[0].name)).toBe('m · one · lora · seed 1');
    expect(answer(lost)).not.toContain('lora');
  });
});

it('is told beforehand what an experiment will not be able to say', () => {
  const before = (name: ExperimentName, over: object = {}): string[] =>
    beforehand(readStudy(JSON.stringify({ ...spec, ...over }), name, { builtinTask: () => null })).map(told);
  const sizes = { model: undefined, models: ['s', 'l'] };
  expect(before('performance')).toEqual([]);
  expect(before('scale', sizes)).toEqual([]);
  expect(before('scale')).toEqual([expect.stringContaining('One size of model shows no trend')]);
  const single = { datasets: [data('one', 'x')], seeds: [1] };
  expect(before('performance', single)).toEqual([
    expect.stringContaining('One task cannot tell'),
    expect.stringContaining('One seed leaves nothing'),
  ]);
  expect(before('memory', single)).toEqual([]);
});

describe('the report', () => {
  const models = { models: ['a', 'b'], model: undefined };
  const all = EXPERIMENT_NAMES.map((name) =>
    experiment(
      name,
      known,
      ({ factors }) => ({ totalParameters: factors.model === 'a' ? 1000 : 4000 }),
      name === 'scale' ? models : {},
    ),
  );
  it('shows every experiment in both languages, with no number that is none', () => {
    const html = studyReport(all, {
      name: 'A <study>',
      created: '2026-01-01T00:00:00.000Z',
      environment: {
        studio: '1',
        runtime: 'r',
        adapter: { vendor: 'v', architecture: 'a', description: 'd', software: true },
      },
      said,
    });
    for (const name of EXPERIMENT_NAMES) expect(html).toContain(`id="${name}"`);
    expect(html).toContain('A &#60;study&#62;');
    expect(html).not.toMatch(/NaN|undefined|Infinity|引擎原文|<script|\[object/);
    // Methods have their labels, in tables, pictures and sentences.
    for (const label of ['LoRA', 'Prompt + BitFit', 'Adapter → Prompt → BitFit', '提示 + 适配器'])
      expect(html).toContain(`>${label}<`);
    expect(html).not.toMatch(/>(?:lora|full|prompt|bitfit|adapter|said)</);
  });
  it('is read back from its files', () => {
    for (const one of all) expect(readStored(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(one)));
    expect(readStored('{"format":2}')).toBeNull();
    expect(readStored('no')).toBeNull();
  });
  it.each(
    all.flatMap(({ experiment: name, figures }) =>
      figures.map((figure): [string, Figure] => [`${name} ${figure.id}`, figure]),
    ),
  )('draws %s, and writes it as a table', (_, figure) => {
    const svg = svgFile(figure, new Bilingual(said, ['zh']));
    expect(svg === null).toBe(figure.kind === 'table');
    // The page's policy lets no element have a style of its own.
    expect(svg ?? '').not.toMatch(/NaN|undefined|Infinity|style="/);
    const lines = csvOf(figure).trimEnd().split('\r\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(csvOf(figure)).not.toMatch(/NaN|undefined|\[object/);
  });
});
