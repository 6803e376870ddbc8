/**
 * `npx tsx scripts/screenshots.ts [FOLDER]`: drives the built page and takes the images of docs/images, each
 * step in light and dark, English and Chinese, at 1440 and 390 pixels. Training is real, with few steps; it
 * takes some minutes on a software adapter. Images are JPEG, small enough to commit.
 */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { en } from '../src/app/i18n/en.ts';
import { zh } from '../src/app/i18n/zh.ts';
import { findChromium } from './prerequisites.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'docs', 'images'));
const WIDTHS = [1440, 390];
const FACES = (['en', 'zh'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((theme) => ({ language, theme })),
);

const TEXTS = { en, zh };

async function shots(page: Page, step: string, language: 'en' | 'zh', theme: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    // Charts draw themselves anew after the page has changed its width.
    await page.waitForTimeout(600);
    const name = `${step}-${language}-${theme}-${width}.jpg`;
    await page.screenshot({ path: path.join(folder, name), type: 'jpeg', quality: 62 });
    console.log(name, `${Math.round(statSync(path.join(folder, name)).size / 1024)} KiB`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function tour(page: Page, address: string, language: 'en' | 'zh', theme: string): Promise<void> {
  const texts = TEXTS[language];
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.addInitScript(
    (stored) => localStorage.setItem('delta-studio.preferences', JSON.stringify(stored)),
    { language, theme },
  );
  await page.goto(address);
  await button(texts.start).and(page.locator(':enabled')).waitFor({ timeout: 120_000 });
  // The forecast is part of the first picture.
  await page.waitForTimeout(6000);
  await shots(page, '1-first-screen', language, theme);
  for (const [field, text] of [
    ['steps', '40'],
    ['batchSize', '8'],
    ['evaluateEvery', '10'],
  ] as const)
    await page.getByLabel(texts.fieldNames[field], { exact: true }).fill(text);
  await button(texts.start).click();
  const steps = page.locator('progress').first();
  await page.waitForFunction(
    (bar) =>
      (bar as HTMLProgressElement | null)?.value !== undefined && (bar as HTMLProgressElement).value > 60,
    await steps.elementHandle({ timeout: 240_000 }),
    { timeout: 400_000 },
  );
  await button(texts.pause).click();
  await page.waitForTimeout(2000);
  await shots(page, '2-paused', language, theme);
  await button(texts.resume).click();
  await page
    .locator('tr[data-run]:not([data-phase="completed"])')
    .first()
    .waitFor({ state: 'detached', timeout: 400_000 });
  await page.waitForTimeout(2000);
  await shots(page, '3-results', language, theme);
  await page.locator('tr[data-run]').first().scrollIntoViewIfNeeded();
  await button(texts.history.open).click();
  await page.waitForTimeout(1000);
  await shots(page, '4-history', language, theme);
  await page.keyboard.press('Escape');
  await page.getByText(texts.share.title).click();
  await page.getByText(texts.share.title).scrollIntoViewIfNeeded();
  await shots(page, '5-share', language, theme);
}

mkdirSync(folder, { recursive: true });
const server = await preview({ root, logLevel: 'warn', preview: { port: 4399 } });
const address = server.resolvedUrls?.local[0];
if (address === undefined) throw new Error('the page could not be served; run npm start once to build it');
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
for (const { language, theme } of FACES) {
  // A profile of its own each, so that histories do not grow from picture to picture.
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.accept());
  await tour(page, address, language, theme);
  await context.close();
}
await browser.close();
await server.close();
