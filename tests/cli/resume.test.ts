/**
 * A command that is ended in the middle, whatever ends it, and goes on by `--resume` leaves what it would have
 * left without: every loss, every evaluation and every trained value, bit for bit.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, deltaProcess, makeProject, rowsText, type CliResult } from '../support/cli.ts';
import { onFullDisk } from '../support/full-disk.ts';
import { folderText } from '../support/folder-text.ts';
import { leftInFolder } from '../support/run-folder.ts';

const TIMEOUT = 600_000;
let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);
const json = (...parts: string[]) =>
  JSON.parse(readFileSync(at(...parts), 'utf8')) as Record<string, unknown>;

const STEPS = 32;
const TRAINING = { steps: STEPS, batchSize: 4, evaluateEvery: 4, seed: 3, dropout: 0.1, metric: 'loss' };

const leftIn = (...parts: string[]) => leftInFolder(at(...parts));

const ok = ({ status, stderr }: CliResult): void => expect(status, stderr).toBe(0);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-resume-'));
  makeProject(folder, { training: TRAINING });
  ok(await delta(['train', '--spec', 'spec.json', '--out', 'whole'], folder));
}, TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a run that is ended by', () => {
  it(
    'kill -9 goes on from its checkpoint, with the spec or without',
    async () => {
      const args = ['train', '--spec', 'spec.json', '--out', 'killed'];
      const { status } = await deltaProcess(args, folder, {
        interruptAfter: /validation at step 24/,
        signal: 'SIGKILL',
      });
      expect(status).toBe(-1);
      expect(existsSync(at('killed/run.json'))).toBe(false);
      expect(statSync(at('killed/checkpoint.safetensors')).size).toBeGreaterThan(1000);
      expect(existsSync(at('killed/.delta-lock'))).toBe(true);
      // Cut off in the middle of a line.
      appendFileSync(at('killed/metrics.jsonl'), '{"type":"step","st');
      cpSync(at('killed'), at('by-name'), { recursive: true });

      const { stderr, ...rest } = await delta(['train', '--resume', 'killed'], folder);
      ok({ stderr, ...rest });
      expect(stderr).not.toMatch(/validation at step 0:/);
      expect(leftIn('killed')).toEqual(leftIn('whole'));

      ok(await delta(['train', '--spec', 'spec.json', '--out', 'by-name', '--resume'], folder));
      expect(leftIn('by-name')).toEqual(leftIn('whole'));
    },
    TIMEOUT,
  );

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s ends after the step with its best weights written, and goes on',
    async (signal) => {
      const out = signal.toLowerCase();
      const { status, stderr } = await deltaProcess(['train', '--spec', 'spec.json', '--out', out], folder, {
        interruptAfter: /validation at step 12/,
        signal,
        // `timeout` and `npm run` send what they get a second time.
        againAfter: 5,
      });
      expect(status, stderr).toBe(0);
      expect(stderr).toContain(`Go on with: delta train --resume ${at(out)}`);
      const record = json(out, 'run.json') as {
        adapterStep: number;
        summary: { reason: string; steps: number; best: { step: number } };
      };
      expect(record.summary.reason).toBe('stopped');
      expect(record.summary.steps).toBeLessThan(STEPS);
      expect(record.adapterStep).toBe(record.summary.best.step);
      ok(await delta(['evaluate', '--run', out, '--data', 'dev.csv'], folder));

      ok(await delta(['train', '--resume', out], folder));
      expect(leftIn(out)).toEqual(leftIn('whole'));
    },
    TIMEOUT,
  );

  it(
    'a second signal leaves at once, in the middle of a step, and what was stored stays',
    async () => {
      // One step of thousands of micro-batches: it goes on long after the second signal.
      const rows = 6000;
      const file = makeProject(at('twice'), {
        training: { ...TRAINING, steps: 1, batchSize: 1, gradientAccumulation: rows, evaluateEvery: 1 },
      });
      writeFileSync(at('twice/train.tsv'), rowsText(rows, '\t', ['sentence', 'label']));
      const { status, stderr } = await deltaProcess(['train', '--spec', file, '--out', 'twice/run'], folder, {
        interruptAfter: /validation at step 0/,
        signal: 'SIGINT',
        // Later than what `timeout` and `npm run` pass on.
        againAfter: 1200,
      });
      // As shells know it from Ctrl-C; a run that ends after its step leaves with 0.
      expect(status, stderr).toBe(130);
      expect(stderr).toContain('a second signal leaves at once.');
      expect(stderr).not.toMatch(/step 1\/1/);
      expect(existsSync(at('twice/run/run.json'))).toBe(false);
      expect(existsSync(at('twice/run/session.json'))).toBe(true);
    },
    TIMEOUT,
  );

  // Room for no checkpoint, and for one but not for all lines.
  it.each([10_000, 22_000])(
    'a disk that takes no more than %i bytes says so, keeps what it had, and goes on where there is room',
    async (room) => {
      rmSync(at('full'), { recursive: true, force: true });
      const args = ['train', '--spec', 'spec.json', '--out', 'full'];
      const { status, stderr } = await onFullDisk(room, () => delta(args, folder));
      expect(status).toBe(1);
      const line = stderr.trimEnd().split('\n').at(-1)!;
      expect(line.length).toBeLessThan(400);
      expect(line).toMatch(
        /^delta: .*full\/(metrics\.jsonl|checkpoint\.safetensors|adapter) cannot be written \(ENOSPC: .*\): training has stopped, what was stored before is kept; make room and go on with --resume /,
      );
      ok(await delta(['train', '--resume', 'full'], folder));
      expect(leftIn('full')).toEqual(leftIn('whole'));
    },
    TIMEOUT,
  );
});

it(
  'outputs that nobody reads any more end printing, not training',
  async () => {
    const args = ['train', '--spec', 'spec.json', '--out', 'unread'];
    const { status } = await deltaProcess(args, folder, { closeAfter: /validation at step 0/ });
    expect(status).toBe(0);
    expect(leftIn('unread')).toEqual(leftIn('whole'));
  },
  TIMEOUT,
);

describe('stages and comparisons', () => {
  it(
    'a run in stages goes on in the stage it was in',
    async () => {
      const place = at('staged');
      const stages = [
        { method: { type: 'head' }, training: { steps: 10 } },
        { type: 'lora', rank: 2, dropout: 0.1 },
      ];
      makeProject(place, { stages, method: undefined, training: { ...TRAINING, steps: 20 } });
      const args = ['train', '--spec', 'staged/spec.json', '--out'];
      ok(await delta([...args, 'staged/whole'], folder));
      await deltaProcess([...args, 'staged/cut'], folder, {
        interruptAfter: /validation at step 22/,
        signal: 'SIGKILL',
      });
      expect(existsSync(at('staged/cut/checkpoint.safetensors'))).toBe(true);
      ok(await delta(['train', '--resume', 'staged/cut'], folder));
      expect(leftIn('staged/cut')).toEqual(leftIn('staged/whole'));
    },
    TIMEOUT,
  );

  it.each(['inTurn', 'oneAfterAnother'])(
    'the runs of a comparison go on %s, each from where it was',
    async (compareOrder) => {
      const place = at(compareOrder);
      makeProject(place, {
        compareOrder,
        method: undefined,
        training: { ...TRAINING, steps: 20 },
        compare: [
          { method: { type: 'head' } },
          { method: { type: 'lora', rank: 2 } },
          { method: { type: 'bitfit' } },
        ],
      });
      const args = ['compare', '--spec', `${compareOrder}/spec.json`, '--out'];
      ok(await delta([...args, `${compareOrder}/whole`], folder));
      await deltaProcess([...args, `${compareOrder}/cut`], folder, {
        interruptAfter: /lora +validation at step 12/,
        signal: 'SIGKILL',
      });
      expect(existsSync(at(compareOrder, 'cut/summary.json'))).toBe(false);
      const ended = compareOrder === 'oneAfterAnother';
      expect(existsSync(at(compareOrder, 'cut/head/run.json'))).toBe(ended);
      expect(existsSync(at(compareOrder, 'cut/bitfit'))).toBe(!ended);
      const before = ended ? folderText(at(compareOrder, 'cut/head')) : null;

      ok(await delta(['compare', '--resume', `${compareOrder}/cut`], folder));
      for (const key of ['head', 'lora', 'bitfit']) {
        const parts = [compareOrder, 'cut', key];
        expect(leftIn(...parts)).toEqual(leftIn(compareOrder, 'whole', key));
      }
      // What had ended was not trained again.
      if (before) expect(folderText(at(compareOrder, 'cut/head'))).toEqual(before);
      const keys = (...parts: string[]) =>
        (json(...parts, 'summary.json').runs as { key: string; best: { value: number } }[]).map((run) => [
          run.key,
          run.best.value,
        ]);
      expect(keys(compareOrder, 'cut')).toEqual(keys(compareOrder, 'whole'));
      expect(readFileSync(at(compareOrder, 'cut/report.html'), 'utf8')).toContain('<svg');

      const again = await delta(['compare', '--resume', `${compareOrder}/cut`, '--json'], folder);
      ok(again);
      expect(again.stderr).toBe('Everything here has ended already.\n');
      expect(JSON.parse(again.stdout)).toMatchObject({ runs: [{ key: 'head' }, { key: 'lora' }, {}] });
    },
    TIMEOUT,
  );
});

it(
  'a comparison of methods of the command line goes on with the spec or without, and only with those methods',
  async () => {
    makeProject(at('named'), { training: { ...TRAINING, steps: 4 } });
    const spec = ['--spec', 'named/spec.json'];
    ok(await delta(['compare', ...spec, '--methods', 'lora,head', '--out', 'named/out'], folder));
    for (const args of [[], spec, [...spec, '--methods', 'lora,head'], ['--methods', 'lora,head']])
      ok(await delta(['compare', '--resume', 'named/out', ...args], folder));
    const other = await delta(['compare', '--resume', 'named/out', '--methods', 'lora'], folder);
    expect(other.status).toBe(1);
    expect(other.stderr).toBe(
      'delta: named/out began with the runs lora, head, and this asks for lora; leave out --spec and --methods to go on, or choose another --out\n',
    );
  },
  TIMEOUT,
);

it(
  'a run that starts from a saved adapter goes on with its spec, and not from another adapter',
  async () => {
    makeProject(at('start'), {
      training: { ...TRAINING, steps: 4 },
      method: { type: 'lora', rank: 4, alpha: 8 },
    });
    ok(await delta(['train', '--spec', 'start/spec.json', '--out', 'start/first'], folder));
    const method = { type: 'lora', rank: 4, alpha: 8, init: 'first/adapter' };
    const spec = { ...json('start/spec.json'), method, training: TRAINING };
    writeFileSync(at('start/next.json'), JSON.stringify(spec));
    const args = ['train', '--spec', 'start/next.json', '--out', 'start/next'];
    await deltaProcess(args, folder, { interruptAfter: /validation at step 12/, signal: 'SIGKILL' });
    const weights = at('start/first/adapter/adapter_model.safetensors');
    const before = readFileSync(weights);
    const changed = Buffer.from(before);
    changed[changed.length - 1] ^= 1;
    writeFileSync(weights, changed);
    const refused = await delta([...args, '--resume'], folder);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^delta: method\.init: first\/adapter holds another adapter \(/m);
    writeFileSync(weights, before);
    ok(await delta([...args, '--resume'], folder));
  },
  TIMEOUT,
);

describe('what goes on as something else', () => {
  const refused = async (...args: string[]) => {
    const { status, stdout, stderr } = await delta(args, folder);
    expect(status, stderr).toBe(1);
    expect(stdout).toBe('');
    const line = stderr.trimEnd().split('\n').at(-1)!;
    expect(line.length).toBeLessThan(400);
    return line;
  };
  let before: Record<string, string>;

  beforeAll(async () => {
    makeProject(at('changed'), { training: TRAINING });
    const args = ['train', '--spec', 'changed/spec.json', '--out', 'changed/cut'];
    await deltaProcess(args, folder, { interruptAfter: /validation at step 12/, signal: 'SIGKILL' });
    rmSync(at('changed/cut/.delta-lock'));
    before = folderText(at('changed/cut'));
  }, TIMEOUT);

  it('is refused by the field of the spec that has changed', async () => {
    const spec = json('changed/spec.json');
    writeFileSync(at('changed/other.json'), JSON.stringify({ ...spec, training: { ...TRAINING, seed: 4 } }));
    expect(await refused('train', '--resume', 'changed/cut', '--spec', 'changed/other.json')).toBe(
      'delta: training.seed is 4 now, and changed/cut began with 3; leave out --spec to go on as it began, or choose another --out',
    );
    // Written otherwise, it is the same: defaults stand in the one and not in the other.
    writeFileSync(
      at('changed/other.json'),
      JSON.stringify({
        version: 1,
        ...spec,
        training: { ...TRAINING, shuffle: true, gradientAccumulation: 1 },
      }),
    );
    writeFileSync(at('changed/dev.csv'), rowsText(8, ',', ['sentence', 'label']));
    expect(await refused('train', '--resume', 'changed/cut', '--spec', 'changed/other.json')).toMatch(
      /^delta: data\.validation: dev\.csv or its tokenizer gives other rows \([0-9a-f]{12}\) than this run began with \([0-9a-f]{12}\)/,
    );
    writeFileSync(at('changed/dev.csv'), rowsText(7, ',', ['sentence', 'label']));
  });

  it('is refused by the hash of the rows or of the weights', async () => {
    writeFileSync(at('changed/train.tsv'), rowsText(17, '\t', ['sentence', 'label']));
    expect(await refused('train', '--resume', 'changed/cut')).toMatch(
      /^delta: data\.train: train\.tsv or its/,
    );
    writeFileSync(at('changed/train.tsv'), rowsText(18, '\t', ['sentence', 'label']));

    const model = readFileSync(at('changed/model/model.onnx'));
    const other = Buffer.from(model);
    // A weight of the middle of the file, in its last bit.
    other[other.length >> 1] ^= 1;
    writeFileSync(at('changed/model/model.onnx'), other);
    expect(await refused('train', '--resume', 'changed/cut')).toMatch(
      /^delta: model holds other weights \([0-9a-f]{12}\) than this run began with/,
    );
    writeFileSync(at('changed/model/model.onnx'), model);
  });

  it('is refused where there is nothing to go on with', async () => {
    expect(await refused('train', '--resume', 'nowhere')).toBe(
      'delta: there is no run in nowhere to go on with; start one with --spec and --out nowhere',
    );
    mkdirSync(at('old'));
    cpSync(at('whole/run.json'), at('old/run.json'));
    expect(await refused('train', '--resume', 'old')).toMatch(/^delta: old has no session\.json, so its run/);
    mkdirSync(at('torn'));
    const session = readFileSync(at('whole/session.json'), 'utf8');
    const broken = session.replace('"base"', '"basis"');
    writeFileSync(at('torn/session.json'), broken);
    expect(await refused('train', '--resume', 'torn')).toMatch(
      /session\.json is damaged \(base\), so its run/,
    );
    const escaping = session.replace('"key": "lora"', '"key": "../lora"');
    expect(escaping).not.toBe(session);
    writeFileSync(at('torn/session.json'), escaping);
    expect(await refused('train', '--resume', 'torn')).toMatch(/session\.json is damaged \(runs\.0\.key\)/);
    const { status, stderr } = await delta(['compare', '--resume', 'whole'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^delta: compare: whole is the work of "delta train"; go on with that/);
  });

  it(
    'never touches what is there; and the files as they were go on',
    async () => {
      expect(folderText(at('changed/cut'))).toEqual(before);
      ok(await delta(['train', '--resume', 'changed/cut'], folder));
      expect(leftIn('changed/cut')).toEqual(leftIn('whole'));
    },
    TIMEOUT,
  );

  it(
    'a checkpoint that is damaged begins the run again, to the same end',
    async () => {
      const args = ['train', '--spec', 'spec.json', '--out', 'damaged'];
      await deltaProcess(args, folder, { interruptAfter: /validation at step 12/, signal: 'SIGKILL' });
      const bytes = readFileSync(at('damaged/checkpoint.safetensors'));
      writeFileSync(at('damaged/checkpoint.safetensors'), bytes.subarray(0, bytes.length - 100));
      const result = await delta(['train', '--resume', 'damaged'], folder);
      ok(result);
      expect(result.stderr).toMatch(
        /^Note: .*checkpoint\.safetensors cannot be read, so this run begins again/m,
      );
      expect(leftIn('damaged')).toEqual(leftIn('whole'));
    },
    TIMEOUT,
  );

  it(
    'the same command begins what has not begun, and does nothing when all has ended',
    async () => {
      const args = ['train', '--spec', 'spec.json', '--out', 'script', '--resume'];
      const begun = await delta(args, folder);
      ok(begun);
      expect(begun.stderr).toMatch(/^There is nothing in script yet, so this begins it\.$/m);
      const left = folderText(at('script'));
      const again = await delta(args, folder);
      ok(again);
      expect(again.stderr).toBe('Everything here has ended already.\n');
      expect(folderText(at('script'))).toEqual(left);
    },
    TIMEOUT,
  );
});
