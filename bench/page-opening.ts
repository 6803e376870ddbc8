/**
 * `npx tsx bench/page-opening.ts [--dist dist,other] [--times 3]`: what a page costs from its opening to its forecasts,
 * their timing included, and from Start to the first loss, by the clock and by the processor time of all that the
 * browser runs. Several builds take turns, so that other work on the machine meets them alike. `npm run build` first.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { findChromium } from '../scripts/prerequisites.ts';
import { processorSeconds, spentSince } from './browser-time.ts';

const { values } = parseArgs({
  options: { dist: { type: 'string', default: 'dist' }, times: { type: 'string', default: '3' } },
});
/** Longer than the form rests before the page times a few steps, and than these take. */
const REST = 4000;

const root = path.resolve(import.meta.dirname, '..');

async function open(address: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    let before = processorSeconds();
    let began = Date.now();
    const told = (what: string): void =>
      console.log(`  ${what} ${((Date.now() - began) / 1000).toFixed(1)} s (${spentSince(before)})`);
    await page.goto(address);
    const start = page.getByRole('button', { name: 'Start', exact: true });
    await start.and(page.locator(':enabled')).waitFor({ timeout: 120_000 });
    told('Start can be pressed after');
    await page.locator('.costs > li').first().waitFor({ timeout: 120_000 });
    told('forecast after');
    await page.waitForTimeout(REST);
    told('at rest after');
    before = processorSeconds();
    began = Date.now();
    await start.click({ timeout: 120_000 });
    const chart = page.getByRole('region', { name: 'Training loss', exact: true }).locator('.chart');
    await chart.and(page.locator('[aria-label*=": "]')).first().waitFor({ timeout: 120_000 });
    told('first loss after');
  } finally {
    await browser.close();
  }
}

const servers = await Promise.all(
  values.dist.split(',').map(async (outDir) => {
    const server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { port: 4391 } });
    return { outDir, server };
  }),
);
for (let time = 0; time < Number(values.times); time++)
  for (const { outDir, server } of servers) {
    console.log(outDir);
    await open(server.resolvedUrls?.local[0] ?? '');
  }
await Promise.all(servers.map(({ server }) => server.close()));
