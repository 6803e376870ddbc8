/** Merged and converted runs are runs: they evaluate to what their weights say. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 600_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-merge-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Asked = Record<string, unknown>;

/**
 * Trains a few steps that change much, whether for the better or not.
 * @param method several: stages
 * @returns the run's folder
 */
async function trained(name: string, method: Asked | Asked[], seed = 3): Promise<string> {
  const place = path.join(folder, name);
  const training = {
    steps: 3,
    batchSize: 4,
    evaluateEvery: 3,
    seed,
    keepBest: false,
    optimizer: { learningRate: 0.02 },
  };
  makeProject(place, {
    ...(Array.isArray(method) ? { method: undefined, stages: method } : { method }),
    training,
  });
  const result = await delta(['train', '--spec', `${name}/spec.json`, '--out', `${name}/run`], folder);
  expect(result.status, result.stderr).toBe(0);
  return `${name}/run`;
}

/** What its logits say of rows it was not trained on. */
async function loss(run: string, data = 'a/dev.csv'): Promise<number> {
  const result = await delta(['evaluate', '--run', run, '--data', data, '--json'], folder);
  expect(result.status, result.stderr).toBe(0);
  return (JSON.parse(result.stdout) as { metrics: { loss: number } }).metrics.loss;
}

const LORA = { type: 'lora', rank: 2, alpha: 4 };

describe('delta merge', () => {
  it(
    'with all the weight on one is that one; with shares it is neither',
    async () => {
      const [a, b] = [await trained('a', LORA), await trained('b', LORA, 4)];
      const merge = (out: string, ...more: string[]) =>
        delta(['merge', '--runs', `${a},${b}`, '--out', out, ...more], folder);
      const first = await merge('first', '--how', 'linear', '--weights', '1,0');
      expect(first.status, first.stderr).toBe(0);
      const [own, other] = [await loss(a), await loss(b)];
      expect(Math.abs(own - other)).toBeGreaterThan(1e-3);
      expect(await loss('first')).toBeCloseTo(own, 4);
      const svd = await merge('second', '--how', 'svd', '--weights', '0,1', '--json');
      expect(JSON.parse(svd.stdout)).toMatchObject({ how: 'svd', rank: 2 });
      expect((JSON.parse(svd.stdout) as { error: { whole: number } }).error.whole).toBeLessThan(1e-4);
      expect(await loss('second')).toBeCloseTo(other, 4);
      for (const how of ['linear', 'ties', 'dare', 'dare-ties', 'svd']) {
        const result = await merge(`by-${how}`, '--how', how);
        expect(result.status, result.stderr).toBe(0);
        expect(result.stdout).toContain(`2 adapters by ${how}, rank 2`);
        expect(Math.abs((await loss(`by-${how}`)) - own)).toBeGreaterThan(1e-5);
      }
      const record = JSON.parse(readFileSync(path.join(folder, 'by-ties/run.json'), 'utf8')) as object;
      expect(record).toMatchObject({
        merged: { how: 'ties', runs: [a, b], weights: [1, 1], density: 0.5 },
        spec: { method: { type: 'lora', rank: 2, alpha: 2 } },
      });
      expect(record).not.toHaveProperty('summary');
      // What stands there is kept.
      expect((await merge('first', '--how', 'linear')).stderr).toMatch(
        /first holds a run; choose another --out/,
      );
    },
    TIMEOUT,
  );

  it('says what is wrong with how it is called', async () => {
    const said = async (...args: string[]) => {
      const result = await delta(['merge', '--out', 'none', ...args], folder);
      expect(result.status).toBe(2);
      return result.stderr;
    };
    expect(await said('--runs', 'a,b', '--how', 'best')).toMatch(
      'merge: --how: got "best"; expected one of linear, ties, dare, dare-ties, svd',
    );
    expect(await said('--runs', 'a', '--how', 'svd')).toMatch('got one folder; give two or more');
    expect(await said('--runs', 'a,b', '--how', 'svd', '--weights', '1')).toMatch('got 1 for 2 adapters');
    expect(await said('--runs', 'a,b', '--how', 'svd', '--density', '1')).toMatch(
      '--density belongs to ties and dare',
    );
    expect(await said('--runs', 'a,b', '--how', 'ties', '--rank', '1')).toMatch('--rank belongs to svd');
    expect(await said('--runs', 'a,b', '--how', 'ties', '--density', '0')).toMatch(
      'expected a share above 0',
    );
    expect(await said('--runs', 'nowhere,nor-there', '--how', 'linear')).toMatch(
      '--runs: there is no folder nowhere; check the path',
    );
  });
});

describe('delta merge --how lorahub', { timeout: TIMEOUT }, () => {
  let runs: string[];
  beforeAll(async () => {
    runs = [await trained('hub-a', LORA), await trained('hub-b', LORA, 5), await trained('hub-c', LORA, 6)];
  }, TIMEOUT);
  const hub = (out: string, ...more: string[]) =>
    delta(['merge', '--runs', runs.join(','), '--how', 'lorahub', '--out', out, ...more], folder);
  const found = (out: string) =>
    (
      JSON.parse(readFileSync(path.join(folder, out, 'run.json'), 'utf8')) as {
        merged: { weights: number[]; losses: Record<string, number>; examples: number };
      }
    ).merged;

  it('finds weights that are better on the examples than all alike, the same for a seed', async () => {
    const result = await hub('hub', '--data', 'hub-a/dev.csv');
    expect(result.status, result.stderr).toBe(0);
    const { weights, losses, examples } = found('hub');
    expect(examples).toBe(7);
    expect(weights).toHaveLength(3);
    expect(losses.found).toBeLessThan(losses.alike);
    expect(losses.found).toBeLessThan(losses.none);
    // What is written is what was tried out.
    expect(await loss('hub', 'hub-a/dev.csv')).toBeCloseTo(losses.found, 4);
    const again = await hub('hub-again', '--data', 'hub-a/dev.csv');
    expect(again.status, again.stderr).toBe(0);
    expect(found('hub-again')).toEqual(found('hub'));
    const other = await hub('hub-few', '--data', 'hub-a/dev.csv', '--examples', '4', '--seed', '7');
    expect(other.status, other.stderr).toBe(0);
    expect(found('hub-few').examples).toBe(4);
    expect(found('hub-few').weights).not.toEqual(weights);
  });

  it.each([
    [[], 2, '--how lorahub needs --data'],
    [['--data', 'hub-a/dev.csv', '--weights', '1,1,1'], 2, 'lorahub finds the weights itself'],
    [['--data', 'hub-a/dev.csv', '--examples', '8'], 1, '--examples: got 8, and hub-a/dev.csv has 7 rows'],
    [['--data', 'nowhere.csv'], 1, 'there is no file nowhere.csv'],
  ])('is refused with %j', async (more, status, message) => {
    const result = await hub('refused', ...more);
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(message);
  });

  it('is for runs of one rank, since their model tries them out', async () => {
    const wide = await trained('hub-wide', { ...LORA, rank: 3 });
    const args = ['merge', '--how', 'lorahub', '--data', 'hub-a/dev.csv', '--out', 'refused', '--runs'];
    const ranks = await delta([...args, `${runs[0]},${wide}`], folder);
    expect(ranks.stderr).toContain('has rank 3');
    const folders = await delta([...args, `${runs[0]}/adapter,${runs[1]}/adapter`], folder);
    expect(folders.status).toBe(2);
    expect(folders.stderr).toContain('give run folders in --runs');
    const plain = await delta(
      ['merge', '--how', 'linear', '--seed', '3', '--out', 'refused', '--runs', runs.join(',')],
      folder,
    );
    expect(plain.stderr).toContain('--seed belongs to lorahub');
  });
});

describe('delta convert', () => {
  const convert = (run: string, out: string, rank: number) =>
    delta(['convert', '--run', run, '--to', 'lora', '--rank', String(rank), '--out', out, '--json'], folder);

  it.each<[string, Asked | Asked[], number]>([
    ['loha', { type: 'loha', rank: 2, alpha: 2 }, 4],
    ['lokr', { type: 'lokr', rank: 2, alpha: 2 }, 32],
    ['vera', { type: 'vera', rank: 4 }, 4],
    ['adalora', { type: 'adalora', initialRank: 3, rank: 2 }, 3],
    ['sparse', { type: 'sparse', rank: 2 }, 32],
    ['mask', { type: 'mask' }, 32],
    ['stages', [LORA, { type: 'sparse', rank: 2 }], 32],
    ['dora', { ...LORA, dora: true }, 32],
    ['pissa', { ...LORA, initialization: 'pissa' }, 4],
  ])(
    '%s: of a rank that holds all of it, the same logits; of rank 1 not, and how much is said',
    async (name, method, rank) => {
      const run = await trained(name, method);
      const own = await loss(run, `${name}/dev.csv`);
      const whole = await convert(run, `${name}/whole`, rank);
      expect(whole.status, whole.stderr).toBe(0);
      const found = JSON.parse(whole.stdout) as {
        error: { whole: number; modules: object };
        targets: string[];
      };
      expect(found.error.whole).toBeLessThan(1e-3);
      expect(found.targets.length).toBeGreaterThan(0);
      expect(await loss(`${name}/whole`, `${name}/dev.csv`)).toBeCloseTo(own, 3);
      const narrow = await convert(run, `${name}/narrow`, 1);
      const { error } = JSON.parse(narrow.stdout) as typeof found;
      expect(error.whole).toBeGreaterThan(0.01);
      expect(Object.keys(error.modules).length).toBeGreaterThan(1);
    },
    TIMEOUT,
  );

  it.each<[string, Asked, RegExp]>([
    ['bitfit', { type: 'bitfit' }, /"bitfit" changes \S+bias, which is no sum of a matrix and a change/],
    // It scales what comes out, the bias too.
    ['ia3', { type: 'ia3' }, /"ia3" changes \S+bias, which is no sum of a matrix and a change/],
    ['prompt', { type: 'prompt', virtualTokens: 2 }, /"prompt" changes \S+, which is no sum of a matrix/],
    ['adapter', { type: 'adapter' }, /"adapter" changes \S+, which is no sum of a matrix/],
  ])(
    'refuses what is no change of matrices: %s',
    async (name, method, sentence) => {
      const result = await convert(await trained(name, method), `${name}/lora`, 2);
      expect(result.status).toBe(1);
      expect(result.stderr).toMatch(sentence);
    },
    TIMEOUT,
  );
});
