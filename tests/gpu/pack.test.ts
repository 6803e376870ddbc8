/** The folder for other machines runs from anywhere, with nothing of this project or of the environment. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/measure/measure.ts';
import { pack } from '../../bench/pack.ts';

const work = mkdtempSync(path.join(tmpdir(), 'delta-pack-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.skipIf(`${process.platform}-${process.arch}` !== 'linux-x64')('a pack', () => {
  it('measures the adapter it is told to, and writes what it measured', async () => {
    await pack(path.join(work, 'made'));
    // Elsewhere, so that nothing it was made from is beside it.
    const moved = path.join(work, 'moved');
    cpSync(path.join(work, 'made'), moved, { recursive: true });
    rmSync(path.join(work, 'made'), { recursive: true });
    const flags = ['--adapter', 'swiftshader', '--quick', '--only', 'matmul', '--out', 'measured.json'];
    const text = execFileSync(path.join(moved, 'run.sh'), flags, { cwd: work, env: {}, encoding: 'utf8' });
    expect(text).toMatch(/SwiftShader.* GFLOP\/s of multiply-adds/);
    expect(text).toMatch(/NN 128 × 128 × 128 .* matmul\/quad-nn/);
    const measured = JSON.parse(readFileSync(path.join(work, 'measured.json'), 'utf8')) as Measurement;
    expect(measured.peak.gflops).toBeGreaterThan(0);
    expect(measured.peak.gigabytesPerSecond).toBeGreaterThan(0);
    expect(measured.matmul.map(({ form }) => form)).toEqual(['NN', 'NT', 'TN']);
    for (const { gflops, ofPeak } of measured.matmul)
      expect(ofPeak).toBeCloseTo(gflops / measured.peak.gflops, 10);
    expect(readdirSync(moved).sort()).toEqual(['measure-gpu.mjs', 'node', 'node_modules', 'run.sh']);
  }, 300_000);

  it('says in one line what is wrong', () => {
    const run = (): string =>
      execFileSync(path.join(work, 'moved', 'run.sh'), ['--only', 'speed'], {
        cwd: work,
        env: {},
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run).toThrow(/--only takes matmul, attention, steps, forward, not "speed"\./);
  });
});
