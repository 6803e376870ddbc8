/** Where a command may write: what stands there is never lost. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, makeProject } from '../support/cli.ts';
import { folderText } from '../support/folder-text.ts';

const TIMEOUT = 600_000;
let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);
const QUICK = { training: { steps: 1, batchSize: 4, evaluateEvery: 1, seed: 3 } };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-out-'));
  makeProject(folder, QUICK);
  const { status, stderr } = await delta(['train', '--spec', 'spec.json', '--out', 'run'], folder);
  expect(status, stderr).toBe(0);
}, TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command says when it fails. */
async function refusal(args: string[]): Promise<string> {
  const { status, stdout, stderr } = await delta(args, folder);
  expect(status, stderr).toBe(1);
  expect(stdout).toBe('');
  return stderr.trimEnd().split('\n').at(-1)!;
}

const OTHERS: [what: string, make: (place: string) => void, said: RegExp][] = [
  [
    'files that only look like ours',
    (place) => {
      mkdirSync(path.join(place, 'adapter'));
      writeFileSync(path.join(place, 'adapter/weights.bin'), 'precious');
      writeFileSync(path.join(place, 'run.json'), '{"mine":1}');
      writeFileSync(path.join(place, 'metrics.jsonl'), 'keep');
    },
    /holds run\.json, which no run wrote there; choose an empty or a new folder as --out$/,
  ],
  ['a note', (place) => writeFileSync(path.join(place, 'notes.txt'), 'keep'), /holds notes\.txt, /],
  ['an empty folder of somebody', (place) => mkdirSync(path.join(place, 'photos')), /holds photos, /],
  ['a hidden file', (place) => writeFileSync(path.join(place, '.env'), 'TOKEN=1'), /holds \.env, /],
];

describe.each([
  ['train', '--spec', 'spec.json'],
  ['train', '--spec', 'spec.json', '--force'],
  ['compare', '--spec', 'spec.json', '--methods', 'head,bitfit'],
  ['compare', '--spec', 'spec.json', '--methods', 'head', '--force'],
  ['export', '--run', 'run', '--format', 'peft'],
  ['export', '--run', 'run', '--format', 'onnx', '--force'],
])('%s %s %s %s', (...command) => {
  const args = command.filter((arg) => arg !== undefined);

  it.each(OTHERS)('refuses a folder with %s and touches nothing', async (_, make, said) => {
    const place = mkdtempSync(at('other-'));
    make(place);
    const before = folderText(place);
    expect(await refusal([...args, '--out', path.basename(place)])).toMatch(said);
    expect(folderText(place)).toEqual(before);
    expect(existsSync(`${place}.previous`)).toBe(false);
  });

  it('refuses a file', async () => {
    expect(await refusal([...args, '--out', 'spec.json'])).toBe(
      'delta: spec.json is a file; choose a folder as --out',
    );
  });
});

describe('a folder with a run', () => {
  it.each([
    [['train', '--spec', 'spec.json', '--out', 'run']],
    [['compare', '--spec', 'spec.json', '--methods', 'head', '--out', 'run']],
    [['export', '--run', 'run', '--format', 'peft', '--out', 'run']],
  ])('is refused by %j', async (args) => {
    const before = folderText(at('run'));
    expect(await refusal(args)).toMatch(
      /^delta: run holds a run; choose another --out(, go on with it by --resume run, or move it to run\.previous by --force)?$/,
    );
    expect(folderText(at('run'))).toEqual(before);
  });

  it.each([
    [
      'a method that does not fit',
      { method: { type: 'lora', targets: ['nonexistent'] } },
      /matches no linear/,
    ],
    ['a model that is missing', { model: { source: 'nowhere' } }, /There is no nowhere/],
    ['data that are missing', { data: { train: 'none.tsv' }, training: {} }, /there is no file none\.tsv/],
    ['an adapter that is missing', { method: { type: 'lora', rank: 2, init: 'none' } }, /none/],
  ])(
    'stays as it is, even with --force, for a spec with %s',
    async (_, patch, said) => {
      const spec = { ...(JSON.parse(readFileSync(at('spec.json'), 'utf8')) as object), ...patch };
      writeFileSync(at('bad.json'), JSON.stringify(spec));
      const before = folderText(at('run'));
      expect(await refusal(['train', '--spec', 'bad.json', '--out', 'run', '--force'])).toMatch(said);
      expect(folderText(at('run'))).toEqual(before);
      expect(existsSync(at('run.previous'))).toBe(false);
      // Neither is a folder begun for nothing.
      await refusal(['train', '--spec', 'bad.json', '--out', 'new/one']);
      expect(existsSync(at('new'))).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'is moved by --force, as those before it are; none is deleted, and what is not ours stays where it is',
    async () => {
      const first = folderText(at('run'));
      const again = ['train', '--spec', 'spec.json', '--out', 'run', '--force'];
      expect((await delta(again, folder)).status).toBe(0);
      expect(folderText(at('run.previous'))).toEqual(first);
      const second = folderText(at('run'));
      expect((await delta(again, folder)).status).toBe(0);
      expect(folderText(at('run.previous'))).toEqual(second);
      expect(folderText(at('run.previous-2'))).toEqual(first);

      const mine = at('other.previous');
      mkdirSync(mine);
      writeFileSync(path.join(mine, 'notes.txt'), 'keep');
      const other = ['train', '--spec', 'spec.json', '--out', 'other', '--force'];
      expect((await delta(other, folder)).status).toBe(0);
      expect((await delta(other, folder)).status).toBe(0);
      expect(folderText(mine)).toEqual({ 'notes.txt': 'keep' });
      expect(existsSync(at('other.previous-2/run.json'))).toBe(true);
    },
    TIMEOUT,
  );

  it('is not moved away from what the new run reads, nor through a link', async () => {
    const init = { ...(JSON.parse(readFileSync(at('spec.json'), 'utf8')) as object) };
    const method = { type: 'lora', rank: 2, alpha: 4, init: 'run/adapter' };
    writeFileSync(at('init.json'), JSON.stringify({ ...init, method }));
    expect(await refusal(['train', '--spec', 'init.json', '--out', 'run', '--force'])).toMatch(
      /run\/adapter lies in run, which --force would move away; choose another --out$/,
    );
    symlinkSync('run', at('link'));
    expect(await refusal(['train', '--spec', 'spec.json', '--out', 'link', '--force'])).toMatch(
      /^delta: link is a link; give the folder that it leads to as --out$/,
    );
  });

  it('of an earlier version is known by its record, but not where others put things beside it', async () => {
    const record = readFileSync(at('run/run.json'), 'utf8');
    mkdirSync(at('old'));
    writeFileSync(at('old/run.json'), record);
    expect(await refusal(['train', '--spec', 'spec.json', '--out', 'old'])).toMatch(/old holds a run/);
    writeFileSync(at('old/thesis.tex'), 'keep');
    expect(await refusal(['train', '--spec', 'spec.json', '--out', 'old', '--force'])).toMatch(
      /old holds thesis\.tex, which no run wrote there/,
    );
  });
});

it(
  'an empty folder is taken, with what systems leave in them',
  async () => {
    mkdirSync(at('empty'));
    writeFileSync(at('empty/.DS_Store'), '');
    expect((await delta(['train', '--spec', 'spec.json', '--out', 'empty'], folder)).status).toBe(0);
    expect(Object.keys(folderText(at('empty')))).toEqual(
      expect.arrayContaining(['adapter/', 'metrics.jsonl', 'run.json', 'session.json']),
    );
    expect(existsSync(at('empty/.delta-lock'))).toBe(false);
    mkdirSync(at('peft'));
    expect(
      (await delta(['export', '--run', 'empty', '--format', 'peft', '--out', 'peft'], folder)).status,
    ).toBe(0);
    expect(Object.keys(folderText(at('peft')))).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  },
  TIMEOUT,
);
