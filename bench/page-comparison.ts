/**
 * `npx tsx bench/page-comparison.ts [--adapter wasm] [--threads 2]`: the comparison that the page opens with, in a
 * real Chromium, from Start to the first loss on the chart and to the end of the last run, by the clock and by the
 * processor time of all that the browser runs (on Linux). `npm run build` first.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { findChromium } from '../scripts/prerequisites.ts';

const { values } = parseArgs({
  options: { adapter: { type: 'string', default: 'wasm' }, threads: { type: 'string', default: '' } },
});
/** Of the kernel's clock, as all Linux distributions set it. */
const TICKS_A_SECOND = 100;

/** Processor seconds by the name of the thread, of what this process has started and of what that has. */
function processorSeconds(): Map<string, number> {
  const fieldsOf = (file: string): { name: string; fields: string[] } | null => {
    try {
      // The name, in parentheses, may hold spaces.
      const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(file, 'utf8'))!;
      return { name, fields: rest.split(' ') };
    } catch {
      return null; // It has ended meanwhile.
    }
  };
  const numbers = (folder: string): string[] => readdirSync(folder).filter((name) => /^\d+$/.test(name));
  const parents = new Map(
    numbers('/proc').map((pid) => [Number(pid), Number(fieldsOf(`/proc/${pid}/stat`)?.fields[1] ?? 0)]),
  );
  const ours = (pid: number | undefined): boolean =>
    pid !== undefined && pid !== 0 && (pid === process.pid || ours(parents.get(pid)));
  const seconds = new Map<string, number>();
  for (const pid of parents.keys()) {
    if (pid === process.pid || !ours(pid) || fieldsOf(`/proc/${pid}/stat`) === null) continue;
    for (const thread of numbers(`/proc/${pid}/task`)) {
      const read = fieldsOf(`/proc/${pid}/task/${thread}/stat`);
      if (read === null) continue;
      const spent = (Number(read.fields[11]) + Number(read.fields[12])) / TICKS_A_SECOND;
      seconds.set(read.name, (seconds.get(read.name) ?? 0) + spent);
    }
  }
  return seconds;
}

/** All of it, and the threads that took most. */
function spentSince(before: ReadonlyMap<string, number>): string {
  const spent = [...processorSeconds()].map(
    ([name, seconds]) => [name, seconds - (before.get(name) ?? 0)] as const,
  );
  const total = spent.reduce((sum, [, seconds]) => sum + seconds, 0);
  const most = spent.toSorted((a, b) => b[1] - a[1]).slice(0, 5);
  return `${total.toFixed(1)} s of processor: ${most.map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`).join(', ')}`;
}

const root = path.resolve(import.meta.dirname, '..');
const server = await preview({ root, logLevel: 'warn', preview: { port: 4391 } });
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
try {
  const page = await browser.newPage();
  const query = new URLSearchParams({ adapter: values.adapter, threads: values.threads });
  await page.goto(`${server.resolvedUrls?.local[0]}?${query}`);
  const start = page.getByRole('button', { name: 'Start', exact: true });
  // The forecast is what the page works out before anybody starts.
  await page.locator('.costs > li').first().waitFor({ timeout: 120_000 });
  console.log(await page.locator('button.badge').innerText());
  const before = processorSeconds();
  const began = Date.now();
  await start.click({ timeout: 120_000 });
  const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s (${spentSince(before)})`;
  const chart = page.getByRole('region', { name: 'Training loss', exact: true }).locator('.chart');
  await chart.and(page.locator('[aria-label*=": "]')).first().waitFor({ timeout: 120_000 });
  console.log(`first loss after ${seconds()}`);
  await page.getByText(/^Done in \d/).waitFor({ timeout: 1_200_000 });
  console.log(`all runs after ${seconds()}: ${await page.getByText(/^Done in \d/).innerText()}`);
  for (const row of await page.locator('tr[data-run]').allInnerTexts()) console.log(row.replace(/\s+/g, ' '));
} finally {
  await browser.close();
  await server.close();
}
