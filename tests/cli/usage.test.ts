/** Exit statuses, the one line of a failure, and what stands on which stream; nothing here needs a device. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseCommand, UsageError } from '../../cli/arguments.ts';
import { delta, deltaBin, makeProject } from '../support/cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-cli-'));
  // Nobody listens there: what a hub id does without a connection, wherever the tests run.
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('arguments', () => {
  it('are told apart by verb', () => {
    expect(
      parseCommand(['compare', '--spec', 'a.json', '--methods', 'full,lora', '--out', 'o', '--json']),
    ).toEqual({
      kind: 'run',
      args: { verb: 'compare', flags: { spec: 'a.json', methods: 'full,lora', out: 'o' }, json: true },
    });
    expect(parseCommand(['inspect', 'model.onnx'])).toEqual({
      kind: 'run',
      args: { verb: 'inspect', target: 'model.onnx', flags: {}, json: false },
    });
    expect(parseCommand(['predict', '--run', 'r', '--text', 'a', '--text', 'b'])).toMatchObject({
      args: { flags: { text: ['a', 'b'] } },
    });
  });

  it.each([
    [['teach'], /no verb "teach"/],
    [['train', '--out', 'o'], /train: --spec is missing/],
    [['train', '--spec', 's', '--out', 'o', '--methods', 'full'], /train: Unknown option '--methods'/],
    [['inspect'], /inspect: MODEL\|DATA is missing/],
    [['inspect', 'a', 'b'], /inspect: unexpected argument "b"/],
    [['plan', '--spec'], /plan: Option '--spec <value>' argument missing/],
  ])('%j is wrong usage', (argv, message) => {
    expect(() => parseCommand(argv)).toThrow(UsageError);
    expect(() => parseCommand(argv)).toThrow(message);
  });
});

describe('the command', () => {
  it('prints its help and succeeds', async () => {
    const { status, stdout, stderr } = await deltaBin(['help'], folder);
    expect(status).toBe(0);
    for (const verb of ['inspect', 'plan', 'train', 'compare', 'evaluate', 'predict', 'export']) {
      expect(stdout).toContain(`\n  ${verb}`);
    }
    expect(stderr).toBe('');
  });

  it('ends with 2 and a hint on wrong usage', async () => {
    const { status, stdout, stderr } = await deltaBin(['train', '--spec', 'x.json'], folder);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe('delta: train: --out is missing\nTry: delta help\n');
  });

  it('ends with 2 for a method or a batch size that is none', async () => {
    const spec = makeProject(path.join(folder, 'usage'));
    const methods = await delta(['compare', '--spec', spec, '--out', 'o', '--methods', 'lora,magic'], folder);
    expect(methods.status).toBe(2);
    expect(methods.stderr).toContain('there is no method "magic"; choose from full, ');
    const batch = await delta(['plan', '--spec', spec, '--batch', '8,big'], folder);
    expect(batch.status).toBe(2);
    expect(batch.stderr).toContain('--batch: got "big"; expected an integer from 1');
  });

  const failures: [name: string, patch: Record<string, unknown>, line: RegExp][] = [
    [
      'a field of the wrong type',
      { training: { batchSize: '16' } },
      /^delta: training\.batchSize: got "16" \(a string\); expected an integer from 1 to 65536$/,
    ],
    [
      'an unknown field',
      { training: { batchsize: 16 } },
      /^delta: training\.batchsize: got 16 \(a number\), but there is no such field, did you mean batchSize\?/,
    ],
    [
      'two ways to say what trains',
      { stages: [{ type: 'head' }] },
      /^delta: stages: got \[\{"type":"head"\}\] \(a list\); expected it to be left out, since method is given$/,
    ],
    [
      'a data file that is missing',
      { data: { train: 'no.tsv' }, training: {} },
      /^delta: data\.train: there is no file no\.tsv in /,
    ],
    ['a model that is missing', { model: { source: 'nowhere' } }, /^delta: There is no nowhere in /],
    [
      'a hub that is not there',
      { model: { source: 'owner/name' } },
      /^delta: 127\.0\.0\.1:9 cannot be reached; check the connection/,
    ],
  ];
  it.each(failures)('ends with 1 and one line for %s', async (_, patch, line) => {
    const spec = makeProject(path.join(folder, 'failures'), patch);
    const { status, stdout, stderr } = await delta(['train', '--spec', spec, '--out', 'out'], folder);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr.trimEnd()).toMatch(line);
  });

  it('says what is wrong with a spec that is not JSON, or not there', async () => {
    writeFileSync(path.join(folder, 'broken.json'), '{"model": ');
    const broken = await delta(['train', '--spec', 'broken.json', '--out', 'out'], folder);
    expect(broken.status).toBe(1);
    expect(broken.stderr).toMatch(/^delta: the spec is not valid JSON: /);
    const missing = await delta(['train', '--spec', 'none.json', '--out', 'out'], folder);
    expect(missing.status).toBe(1);
    expect(missing.stderr).toBe('delta: there is no spec file none.json; check --spec\n');
  });

  it('says that a folder is not that of a finished run', async () => {
    const { status, stderr } = await delta(['predict', '--run', '.', '--text', 'a'], folder);
    expect(status).toBe(1);
    expect(stderr).toBe('delta: . has no run.json; give the folder of a finished run\n');
  });

  it('says what can be exported', async () => {
    const { status, stderr } = await delta(['export', '--run', '.', '--format', 'pt', '--out', 'o'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^delta: export: --format: got "pt"; expected "peft" or "onnx"\n/);
  });

  it('inspects a model as one JSON document', async () => {
    makeProject(folder);
    const { status, stdout, stderr } = await delta(['inspect', 'model', '--json'], folder);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const found = JSON.parse(stdout) as Record<string, unknown>;
    expect(found).toMatchObject({
      family: 'bert',
      task: 'classification',
      opset: 18,
      supported: true,
      unsupported: [],
    });
    expect(found.tensors).toContainEqual(
      expect.objectContaining({ name: 'bert.encoder.layer.0.attention.self.query.weight', shape: [32, 32] }),
    );
    const { linears } = found.roles as { linears: { role: string }[] };
    expect(linears.map(({ role }) => role)).toContain('encoder.1.self.q');
  });
});
