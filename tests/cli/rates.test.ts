/** `delta rates`: a curve for each method, on the processor. */
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, makeProject } from '../support/cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-rates-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wasm = ['--adapter', 'wasm'];

type Rates = Record<string, { curve: [number, number][]; suggested: number | null; diverges: number | null }>;

describe('the search for rates', () => {
  it('writes a curve for each method, refuses a folder in use and moves it when asked', async () => {
    // Seeds are of the comparison that comes after: a rate is the method's.
    const spec = makeProject(path.join(folder, 'project'), { seeds: [1, 2] });
    const out = path.join(folder, 'found');
    const args = ['rates', '--spec', spec, '--methods', 'full,lora', '--out', out, ...wasm];
    const { status, stdout } = await delta([...args, '--json'], folder);
    expect(status).toBe(0);
    const rates = JSON.parse(readFileSync(path.join(out, 'rates.json'), 'utf8')) as Rates;
    expect((JSON.parse(stdout) as { rates: Rates }).rates).toEqual(rates);
    expect(Object.keys(rates)).toEqual(['full', 'lora']);
    for (const { curve, diverges } of Object.values(rates)) {
      expect(curve.length).toBeGreaterThan(10);
      const at = curve.map(([rate]) => rate);
      expect(at).toEqual([...at].sort((a, b) => a - b));
      if (diverges === null) expect(curve).toHaveLength(80);
    }
    expect((await delta(args, folder)).stderr).toMatch(/holds a run; choose another --out/);
    expect((await delta([...args, '--force'], folder)).status).toBe(0);
    expect(existsSync(path.join(`${out}.previous`, 'rates.json'))).toBe(true);
  });

  it('asks for methods where the spec names none', async () => {
    const spec = makeProject(path.join(folder, 'none'), { method: undefined });
    const { status, stderr } = await delta(['rates', '--spec', spec, '--out', 'x', ...wasm], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--methods is missing/);
  });
});
