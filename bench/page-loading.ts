/**
 * `npx tsx bench/page-loading.ts [--adapter wasm] [--method LoRA]`: what a model of BERT-base's size (random weights,
 * 418 MiB, written to a folder that is removed again) takes in a real Chromium, from its folder being chosen to the
 * first loss: seconds, and the most memory the renderer and the browser hold by then (resident, on Linux, read ten
 * times a second). `npm run build` first.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { findChromium } from '../scripts/prerequisites.ts';
import { writeBertBase } from './bert-folder.ts';

const { values } = parseArgs({
  options: { adapter: { type: 'string', default: 'wasm' }, method: { type: 'string', default: 'LoRA' } },
});

/** Resident MiB of this process's Chromium by kind of process: each holds its own, and shared pages count in each. */
function resident(): Map<string, number> {
  const known = new Map<number, { parent: number; kind: string; mebibytes: number }>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      known.set(Number(pid), {
        parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
        kind: /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser',
        mebibytes: Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  const ours = (pid: number): boolean =>
    pid === process.pid || (known.has(pid) && ours(known.get(pid)!.parent));
  const most = new Map<string, number>();
  for (const [pid, { kind, mebibytes }] of known)
    if (pid !== process.pid && ours(pid)) most.set(kind, Math.max(most.get(kind) ?? 0, mebibytes));
  return most;
}

const KINDS = ['renderer', 'browser', 'gpu-process'];
const text = (memory: ReadonlyMap<string, number>): string =>
  KINDS.map((kind) => `${kind} ${(memory.get(kind) ?? 0).toFixed(0)}`).join(', ');

/** Says how long something takes, and what is held at most meanwhile and at its end, in MiB. */
async function watched(what: string, act: () => Promise<void>): Promise<void> {
  const began = Date.now();
  const most = resident();
  const timer = setInterval(() => {
    for (const [kind, mebibytes] of resident()) most.set(kind, Math.max(most.get(kind) ?? 0, mebibytes));
  }, 100);
  await act();
  clearInterval(timer);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${what}: ${seconds} s; at most ${text(most)} MiB; after it ${text(resident())} MiB`);
}

async function train(page: Page): Promise<void> {
  for (const method of ['Full', 'LoRA', 'Prompt', 'Head'])
    await page
      .getByRole('checkbox', { name: new RegExp(`^${method} `) })
      .setChecked(method === values.method);
  const fields = { Steps: '2', 'Batch size': '4', 'Max tokens': '32', 'Evaluate every': '0' };
  const rows = { 'Training rows at most': '8', 'Validation rows at most': '8' };
  for (const [label, content] of Object.entries({ ...fields, ...rows })) {
    const field = page.getByLabel(label, { exact: true });
    await field.evaluate((input) => input.closest('details:not([open])')?.querySelector('summary')?.click());
    await field.fill(content);
  }
  await page.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 120_000 });
  const chart = page.getByRole('region', { name: 'Training loss', exact: true }).locator('.chart');
  await chart.and(page.locator('[aria-label*=": "]')).first().waitFor({ timeout: 500_000 });
}

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'delta-bert-base-'));
writeBertBase(folder);
const server = await preview({ root, logLevel: 'warn', preview: { port: 4392 } });
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
try {
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0]}?adapter=${values.adapter}`);
  const model = page.getByRole('region', { name: 'Model', exact: true });
  await model.getByText('parameters').first().waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Start', exact: true }).click({ trial: true, timeout: 120_000 });
  console.log(`before: ${text(resident())} MiB`);
  await watched('model chosen to its facts', async () => {
    await model.locator('input[webkitdirectory]').setInputFiles(folder);
    await model.getByText('109,483,778').first().waitFor({ timeout: 300_000 });
  });
  await watched(`${values.method}, from filling the form to the first loss`, () => train(page));
  await watched('to the end', async () => {
    await page.getByText(/^Done in \d/).waitFor({ timeout: 500_000 });
  });
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
