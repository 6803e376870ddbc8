/** `delta plan`: a batch size that does not fit costs its row, not the table. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, makeProject } from '../support/cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a plan', () => {
  it('has a row that says why, for each batch size that does not fit', async () => {
    const spec = makeProject(path.join(folder, 'fits'));
    // A GPU, whose dispatches have limits: the processor takes such a batch.
    const gpu = ['--adapter', 'swiftshader'];
    const args = ['plan', '--spec', spec, '--methods', 'lora,head', '--batch', '2,65536', ...gpu];
    const { status, stdout } = await delta([...args, '--json'], folder);
    expect(status).toBe(0);
    const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
    expect(rows.map(({ method, batchSize }) => [method, batchSize])).toEqual([
      ['lora', 2],
      ['lora', 65536],
      ['head', 2],
      ['head', 65536],
    ]);
    for (const row of rows) {
      if (row.batchSize === 2) expect(row).toHaveProperty('predicted.total');
      else expect(row.refused).toMatch(/batch size/);
    }
    const table = await delta(args, folder);
    expect(table.status).toBe(0);
    expect(table.stdout).toMatch(/lora +2 /);
    expect(table.stdout).toMatch(/lora at batch size 65536: .*batch size/);
  });

  it('is for the least GPU there may be where that is asked for, and no device is opened', async () => {
    const spec = makeProject(path.join(folder, 'limits'));
    const args = ['plan', '--spec', spec, '--methods', 'lora', '--limits'];
    const { status, stdout, stderr } = await delta([...args, 'default', '--json'], folder);
    expect(status).toBe(0);
    expect(stderr).not.toMatch(/Adapter:/);
    const [row] = (JSON.parse(stdout) as { rows: { seconds: null; predicted: { total: number } }[] }).rows;
    expect(row.predicted.total).toBeGreaterThan(0);
    expect(row.seconds).toBeNull();
    const both = await delta([...args, 'default', '--adapter', 'wasm'], folder);
    expect([both.status, both.stderr]).toEqual([2, expect.stringMatching(/leave out --adapter/)]);
    const other = await delta([...args, 'small'], folder);
    expect([other.status, other.stderr]).toEqual([2, expect.stringMatching(/got "small"; expected default/)]);
  });

  it('fails where nothing can be planned, for another reason than room', async () => {
    const spec = makeProject(path.join(folder, 'fails'), { method: { type: 'lora', targets: ['zz'] } });
    const { status, stdout, stderr } = await delta(['plan', '--spec', spec, '--json'], folder);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/"zz" matches no linear layer/);
  });
});
