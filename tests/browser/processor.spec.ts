/** Without a graphics card: browsers without WebGPU, without SIMD, without isolation, and what a person may set. */
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { findChromium } from '../../scripts/prerequisites.ts';
import { StudioPage, textFile } from './studio.ts';

const launch = (...more: string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--headless=new', '--no-sandbox', '--no-first-run', ...more],
  });

/** A short run of LoRA, to its end. */
async function train(page: Page): Promise<void> {
  const studio = new StudioPage(page);
  await expect(studio.panel('Model')).toContainText('parameters');
  await expect(studio.panel('Data')).toContainText('training rows');
  await studio.trainBriefly(60_000);
}

test('a browser without WebGPU trains on the processor, and says so once', async ({ baseURL }) => {
  const browser = await launch('--disable-gpu', '--disable-features=WebGPU');
  try {
    const page = await browser.newPage();
    await page.goto(baseURL ?? '');
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const threads = cores === 1 ? '1 thread' : `${cores} threads`;
    const badge = page.getByRole('button', { name: `Runs on this computer’s processor, ${threads}` });
    await expect(badge).toBeVisible();
    const notice = page.getByRole('region', { name: 'What it runs on' });
    await expect(notice).toContainText(`Training runs on this computer’s processor, ${threads}.`);
    await expect(notice).toContainText(/This browser has no WebGPU|The browser found no graphics card/);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(page.getByRole('region', { name: '运行设备' })).toContainText('训练运行于本机处理器');
    await page.getByRole('button', { name: 'English' }).click();
    await notice.getByRole('button', { name: 'Understood' }).click();
    await expect(notice).toHaveCount(0);

    await train(page);
    await page.reload();
    await expect(badge).toBeVisible();
    await expect(notice).toHaveCount(0);

    // What may be chosen: fewer threads, and a card that is not there.
    await badge.click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Threads of the processor').fill('many');
    await expect(sheet).toContainText('A number from 1 to 64, or nothing.');
    await expect(sheet.getByRole('button', { name: 'Use these' })).toBeDisabled();
    await sheet.getByLabel('Threads of the processor').fill('1');
    await sheet.getByRole('button', { name: 'Use these' }).click();
    const one = page.getByRole('button', { name: 'Runs on this computer’s processor, 1 thread' });
    await one.click({ timeout: 60_000 });
    await sheet.getByLabel('Compute on').selectOption('Graphics card');
    await sheet.getByRole('button', { name: 'Use these' }).click();
    const problem = page.getByRole('alert').first();
    await expect(problem).toContainText('This browser cannot train', { timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
    await problem.getByRole('button', { name: 'What it runs on' }).click();
    await sheet.getByLabel('Compute on').selectOption('The best there is');
    await sheet.getByRole('button', { name: 'Use these' }).click();
    await expect(one).toBeVisible();
    await train(page);
  } finally {
    await browser.close();
  }
});

test('a browser without SIMD says what is the matter', async ({ baseURL }) => {
  const browser = await launch('--disable-gpu');
  try {
    const page = await browser.newPage();
    // Every engine of today has SIMD: kernels that it does not validate stand for those that it would not.
    await page.route('**/*.wasm', (route) => route.fulfill({ body: 'no WebAssembly' }));
    await page.goto(`${baseURL}/?adapter=wasm`);
    const problem = page.getByRole('alert').first();
    await expect(problem).toContainText('This browser cannot train');
    await expect(problem).toContainText("This machine's WebAssembly has no SIMD, which the processor needs");
    await expect(page.getByText(/^[\d,]+ training rows, [\d,]+ validation rows$/)).toBeVisible();
  } finally {
    await browser.close();
  }
});

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** The built page below a folder of a server that sends no headers. */
async function plainServer(): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://copy');
    const name = pathname === '/below/' ? 'index.html' : pathname.slice('/below/'.length);
    try {
      const bytes = readFileSync(path.join('dist', name));
      response.writeHead(200, { 'Content-Type': TYPES[path.extname(name)] ?? 'application/octet-stream' });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/below/` };
}

test(
  'on a server that sends no headers the page isolates itself, and has its threads',
  { tag: '@long' },
  async ({ browser }) => {
    const { server, address } = await plainServer();
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      let loads = 0;
      page.on('load', () => loads++);
      await page.goto(`${address}?adapter=wasm&threads=2`);
      await expect(page.getByRole('button', { name: 'processor, 2 threads' })).toBeVisible();
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      expect(loads).toBe(2);
      await train(page);
      await page.reload();
      await expect(page.getByRole('button', { name: 'processor, 2 threads' })).toBeVisible();
      expect(loads).toBe(3);
      await context.close();

      // Where service workers are forbidden too, one thread does it all, and says so.
      const forbidden = await browser.newContext({ serviceWorkers: 'block' });
      const alone = await forbidden.newPage();
      await alone.goto(`${address}?adapter=wasm&threads=2`);
      await expect(alone.getByRole('button', { name: 'processor, 1 thread' })).toBeVisible();
      await expect(alone.getByRole('region', { name: 'What it runs on' })).toContainText(
        'Only one thread works, because this page is not isolated from other windows',
      );
      await train(alone);
      await forbidden.close();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);

test(
  'what does not fit 4 GiB is refused with its forecast; what fits can be started after',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(300_000);
    const studio = new StudioPage(page);
    await studio.open('wasm');
    const rows = Array.from({ length: 1100 }, (_, i) => `${'a long day '.repeat(43)}${i}\t${i % 2}`);
    const file = textFile('long.tsv', ['text\tlabel', ...rows, ''].join('\n'));
    await studio.panel('Data').getByLabel('Training file').setInputFiles(file);
    await expect(studio.panel('Data')).toContainText('990 training rows', { timeout: 60_000 });
    await studio.choose('Full');
    await studio.fill({ Steps: '1', 'Batch size': '980', 'Max tokens': '128', 'Evaluate every': '0' });
    await expect(studio.button('Start')).toBeEnabled({ timeout: 120_000 });
    await studio.button('Start').click();
    await expect(page.locator('body')).toContainText(
      /This needs \d{4,}\.\d MiB of memory and WebAssembly has 4095\.9 MiB, of which \d+\.\d MiB are taken: choose a smaller/,
      { timeout: 120_000 },
    );
    await studio.fill({ 'Batch size': '4' });
    await expect(studio.button('Start')).toBeEnabled({ timeout: 120_000 });
  },
);
