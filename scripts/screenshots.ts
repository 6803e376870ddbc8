/**
 * `npx tsx scripts/screenshots.ts [FOLDER]`: drives the built page (`npm start` builds it) through one
 * comparison and takes the images of docs/images: each step in light and dark, English and Chinese, at 1440
 * and 390 pixels. The training is real, with few steps on few rows, and takes some minutes on a software adapter.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { en } from '../src/app/i18n/en.ts';
import { zh } from '../src/app/i18n/zh.ts';
import { findChromium } from './prerequisites.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'docs', 'images'));
const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];
const TEXTS = { en, zh };
const LANGUAGES = ['en', 'zh'] as const;
const THEMES = ['light', 'dark'] as const;
/** Readable, and small enough for all of them to be committed. */
const QUALITY = 46;
const PATIENCE = 600_000;

type Language = (typeof LANGUAGES)[number];

/** Puts the page into a language and a theme, as a person does. */
async function wear(page: Page, language: Language, theme: string): Promise<void> {
  if ((await page.locator('html').getAttribute('lang'))?.startsWith(language) !== true)
    await page.locator('.header-tools button[lang]').click();
  await page.locator('.header-tools').getByLabel(TEXTS[language].theme).selectOption(theme);
}

/**
 * Images of one step in every face.
 * @param before brings the step into view, each time anew
 * @param after puts away what was opened for it
 */
async function shots(
  page: Page,
  step: string,
  before: (language: Language) => Promise<void> = async () => {},
  after: () => Promise<void> = async () => {},
): Promise<void> {
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await wear(page, language, theme);
        // Where the page is one column, the comparison stands below the setup.
        const below = size.width < 900 && !step.startsWith('1');
        await page.locator(below ? '.comparison' : 'body').evaluate((element) => element.scrollIntoView());
        await before(language);
        // Charts draw themselves anew after the page has changed its width.
        await page.waitForTimeout(700);
        const name = `${step}-${language}-${theme}-${size.width}.jpg`;
        await page.screenshot({ path: path.join(folder, name), type: 'jpeg', quality: QUALITY });
        await after();
      }
    }
  }
  console.log(step);
}

async function tour(page: Page, address: string): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.goto(address);
  await wear(page, 'en', 'light');
  const start = button(en.start).and(page.locator(':enabled'));
  await start.waitFor({ timeout: PATIENCE });
  // The forecast is part of the first picture.
  await page.locator('.launch .memory-bar').first().waitFor({ timeout: PATIENCE });
  await shots(page, '1-first-screen');

  await wear(page, 'en', 'light');
  await page.getByText(en.methods.trainingMore).click();
  for (const [field, text] of [
    ['steps', '60'],
    ['batchSize', '16'],
    ['evaluateEvery', '10'],
    ['maxLength', '32'],
    ['validationRows', '200'],
  ] as const)
    await page.getByLabel(en.fieldNames[field], { exact: true }).fill(text);
  await page.getByText(en.methods.trainingMore).click();
  await start.click({ timeout: PATIENCE });
  await page.waitForFunction(
    () => (document.querySelector<HTMLProgressElement>('.run-controls progress')?.value ?? 0) > 150,
    undefined,
    { timeout: PATIENCE },
  );
  await button(en.pause).click();
  await page.waitForTimeout(3000);
  await shots(page, '2-training');

  await wear(page, 'en', 'light');
  await button(en.resume).first().click();
  await page.waitForFunction(
    () => {
      const rows = [...document.querySelectorAll<HTMLElement>('tr[data-run]')];
      return rows.length > 0 && rows.every(({ dataset }) => dataset.phase === 'completed');
    },
    undefined,
    { timeout: PATIENCE },
  );
  await button(en.start).and(page.locator(':enabled')).waitFor({ timeout: PATIENCE });
  await shots(page, '3-results');
  const play = page.getByRole('region', { name: en.compare.playTitle });
  await wear(page, 'en', 'light');
  await play.getByLabel(en.compare.playText, { exact: true }).fill('A warm and funny film, well acted.');
  await play.getByRole('button', { name: en.compare.ask }).click();
  await page.locator('.answer-cards > li').last().waitFor({ timeout: PATIENCE });
  await shots(page, '4-answers', async (language) => {
    const title = page.getByRole('heading', { name: TEXTS[language].compare.answersTitle });
    await title.evaluate((element) => element.scrollIntoView());
  });
  await shots(page, '5-try-it', async (language) => {
    const title = page.getByRole('heading', { name: TEXTS[language].compare.playTitle });
    await title.evaluate((element) => element.scrollIntoView());
  });
  await shots(
    page,
    '6-history',
    async () => {
      await page.keyboard.press('h');
      await page.locator('[data-comparison]').first().waitFor();
    },
    () => page.keyboard.press('Escape'),
  );
  await wear(page, 'en', 'light');
  await page.getByText(en.share.title).click();
  await shots(page, '7-elsewhere', async (language) => {
    await page.getByText(TEXTS[language].share.title).evaluate((element) => element.scrollIntoView());
  });
}

mkdirSync(folder, { recursive: true });
const server = await preview({ root, logLevel: 'warn', preview: { port: 4399 } });
const address = server.resolvedUrls?.local[0];
if (address === undefined) throw new Error('the page could not be served; run npm start once to build it');
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await tour(page, address);
} finally {
  await browser.close();
  await server.close();
}
const files = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
const bytes = files.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
console.log(`${files.length} images, ${(bytes / 2 ** 20).toFixed(2)} MiB`);
process.exit(0);
