/** `delta advise`: pilots within minutes, on the processor, and a spec that trains. */
import { existsSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeSpec, readSpec } from '../../src/runs/spec.ts';
import { delta, makeProject } from '../support/cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-advise-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wasm = ['--adapter', 'wasm'];
const lines = (out: string): Record<string, unknown>[] =>
  readFileSync(path.join(out, 'pilots.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the advice', () => {
  it('is a whole spec that trains as it stands, with the pilots behind it, and goes on', async () => {
    const spec = makeProject(path.join(folder, 'project'));
    const out = path.join(folder, 'advice');
    const args = [
      'advise',
      '--spec',
      spec,
      '--methods',
      'lora,head',
      '--minutes',
      '2',
      '--out',
      out,
      ...wasm,
    ];
    const { status, stdout, stderr } = await delta([...args, '--json'], folder);
    expect(stderr).not.toMatch(/^delta:/m);
    expect(status).toBe(0);
    const [head, ...pilots] = lines(out);
    expect(head).toMatchObject({ format: 1, asked: { methods: ['lora', 'head'], minutes: 2 } });
    expect(pilots.length).toBeGreaterThanOrEqual(2);
    const told = JSON.parse(stdout) as {
      recommended: unknown;
      learned: boolean;
      reason: string;
      reasons: string[];
    };
    const file = JSON.parse(readFileSync(path.join(out, 'recommended.json'), 'utf8')) as { notes: string[] };
    expect(told.recommended).toEqual(file);
    // Seven rows seldom show that anything was learned; where they do not, what to change comes second.
    expect(told.reason).toMatch(
      told.learned ? /^Take (lora|head) at the rate / : /^Nothing was shown to be learned: (lora|head) at/,
    );
    const [rows, beside] = told.reasons.slice(told.learned ? 1 : 2);
    // How little so few rows can tell stands with the answer, and in the file.
    expect(told.reasons[0]).toBe(told.reason);
    expect(rows).toMatch(/^It was scored on \d+ validation rows, which leave its accuracy anywhere/);
    expect(beside).toMatch(/95 % interval|No other candidate was trained for as long/);
    // All validation rows are training rows here, which no method mends: that stands first.
    expect(file.notes[0]).toMatch(/^validation rows that stand among the training rows too: 7/);
    expect(file.notes.slice(1)).toEqual(told.reasons);
    expect(completeSpec(readSpec(file))).toEqual(file);
    for (const pilot of pilots.filter(({ metrics }) => metrics !== null)) {
      const { metrics, interval } = pilot as { metrics: { accuracy: number }; interval: [number, number] };
      expect(interval[0]).toBeLessThanOrEqual(metrics.accuracy);
      expect(interval[1]).toBeGreaterThanOrEqual(metrics.accuracy);
    }
    const trained = await delta(
      ['train', '--spec', path.join(out, 'recommended.json'), '--out', path.join(folder, 'trained'), ...wasm],
      folder,
    );
    expect(trained.status).toBe(0);

    expect((await delta(args, folder)).stderr).toMatch(/holds a run; choose another --out/);
    // A pilot that was cut off is trained again, those that ended are not.
    const text = readFileSync(path.join(out, 'pilots.jsonl'), 'utf8').trimEnd();
    writeFileSync(path.join(out, 'pilots.jsonl'), `${text.slice(0, text.lastIndexOf('\n'))}\n`);
    rmSync(path.join(out, 'recommended.json'));
    const resumed = await delta(['advise', '--resume', out, '--minutes', '1', ...wasm], folder);
    expect(resumed.status).toBe(0);
    expect(existsSync(path.join(out, 'recommended.json'))).toBe(true);
    expect(lines(out).slice(1, -1)).toEqual(pilots.slice(0, lines(out).length - 2));
  });

  it('says first what no method can mend: a vocabulary that does not have these texts', async () => {
    const spec = makeProject(path.join(folder, 'foreign'));
    const rows = Array.from(
      { length: 48 },
      (_, i) => `酒店房间很${i % 2 ? '干净' : '肮脏'}第${i}间\t${i % 2}`,
    );
    for (const [name, separator] of [
      ['train.tsv', '\t'],
      ['dev.csv', ','],
    ])
      writeFileSync(
        path.join(folder, 'foreign', name),
        ['sentence\tlabel', ...rows].map((row) => row.replace('\t', separator)).join('\n'),
      );
    const out = path.join(folder, 'foreign-advice');
    const args = ['--spec', spec, '--methods', 'head', '--minutes', '1', '--out', out, ...wasm];
    const { status, stdout, stderr } = await delta(['advise', ...args], folder);
    expect(status, stderr).toBe(0);
    const wrong = /of the tokens of these Chinese texts are unknown to this model's vocabulary/;
    expect(stderr.split('\n')[0]).toMatch(wrong);
    expect(stdout.split('\n')[0]).toMatch(wrong);
    const { notes } = JSON.parse(readFileSync(path.join(out, 'recommended.json'), 'utf8')) as {
      notes: string[];
    };
    expect(notes[0]).toMatch(wrong);
    const found = await delta(
      ['rates', '--spec', spec, '--methods', 'head', '--out', path.join(folder, 'foreign-rates'), ...wasm],
      folder,
    );
    expect(found.stderr.split('\n')[0]).toMatch(wrong);
  });

  it('refuses minutes that are none', async () => {
    const spec = makeProject(path.join(folder, 'other'));
    const { status, stderr } = await delta(
      ['advise', '--spec', spec, '--minutes', 'soon', '--out', 'x', ...wasm],
      folder,
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/--minutes: got "soon"; expected a number above 0/);
  });
});
