/**
 * `npx tsx bench/page-comparison.ts [--adapter wasm] [--threads 2]`: the comparison that the page opens with, in a
 * real Chromium, from Start to the first loss on the chart and to the end of the last run, by the clock and by the
 * processor time of all that the browser runs (on Linux). `npm run build` first.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { findChromium } from '../scripts/prerequisites.ts';
import { processorSeconds, spentSince } from './browser-time.ts';

const { values } = parseArgs({
  options: { adapter: { type: 'string', default: 'wasm' }, threads: { type: 'string', default: '' } },
});
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
