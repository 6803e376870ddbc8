/**
 * `npx tsx scripts/verdict-images.ts [FOLDER]`: what the built page (`npm start` builds it) says of a comparison of each
 * kind of verdict, made up by `recorded-comparisons.ts`: one sheet of all kinds for each language, theme and width, and
 * with `--single` each picture by itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { en } from '../src/app/i18n/en.ts';
import { zh } from '../src/app/i18n/zh.ts';
import { VERDICT_CODES, type VerdictCode } from '../src/evidence/verdict.ts';
import { findChromium } from './prerequisites.ts';
import { recordedComparison } from './recorded-comparisons.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { single: { type: 'boolean', default: false } },
});
const folder = path.resolve(positionals[0] ?? path.join(root, 'docs', 'images'));
const WIDTHS = [1440, 390] as const;
const TEXTS = { en, zh };
const PATIENCE = 300_000;
/** Readable, and small enough for all of them to be committed. */
const QUALITY = 36;

interface Face {
  language: 'en' | 'zh';
  theme: 'light' | 'dark';
  width: (typeof WIDTHS)[number];
}
const FACES = (['en', 'zh'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) => WIDTHS.map((width): Face => ({ language, theme, width }))),
);
const nameOf = ({ language, theme, width }: Face): string => `${language}-${theme}-${width}`;

async function wear(page: Page, { language, theme, width }: Face): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  if ((await page.locator('html').getAttribute('lang'))?.startsWith(language) !== true)
    await page.locator('.header-tools button[lang]').click();
  await page.locator('.header-tools').getByLabel(TEXTS[language].theme).selectOption(theme);
  // Charts draw themselves anew after the page has changed its width.
  await page.waitForTimeout(400);
}

/** The verdict of a kind in every face. */
async function picturesOf(
  browser: Browser,
  address: string,
  code: VerdictCode,
): Promise<Map<string, Buffer>> {
  // A style of ours is added below, which the page's policy refuses.
  const context = await browser.newContext({ bypassCSP: true });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${address}?adapter=wasm`);
    // What the engine is at meanwhile would lie over the page.
    await page.addStyleTag({ content: '.engine-busy { display: none }' });
    await page.keyboard.press('h');
    const buffer = Buffer.from(await recordedComparison(code));
    await page
      .getByLabel(en.history.importZip)
      .setInputFiles({ name: `${code}.zip`, mimeType: 'application/zip', buffer });
    const entry = page.locator('[data-comparison]').first();
    await entry.getByRole('button', { name: new RegExp(`^${en.history.reopen}`) }).click();
    await page.locator('.verdict').waitFor();
    const pictures = new Map<string, Buffer>();
    for (const face of FACES) {
      await wear(page, face);
      const panel = page.getByRole('region', { name: TEXTS[face.language].verdict.title, exact: true });
      pictures.set(nameOf(face), await panel.screenshot({ type: 'png' }));
      if (values.single && code === 'winner')
        await page.screenshot({
          path: path.join(folder, `page-${nameOf(face)}.png`),
          fullPage: face.width < 900,
        });
    }
    return pictures;
  } finally {
    await context.close();
  }
}

/** All kinds on one sheet. */
async function sheet(
  browser: Browser,
  face: Face,
  pictures: ReadonlyMap<VerdictCode, Buffer>,
): Promise<void> {
  const wide = face.width > 900;
  const [columns, size] = wide ? [2, 700] : [4, 320];
  const dark = face.theme === 'dark';
  const page = await browser.newPage({ viewport: { width: columns * (size + 20) + 20, height: 400 } });
  const figures = [...pictures].map(
    ([code, png]) =>
      `<figure><figcaption>${code}</figcaption><img width="${size}" src="data:image/png;base64,${png.toString('base64')}"></figure>`,
  );
  await page.setContent(
    `<style>body{margin:20px;display:grid;grid-template-columns:repeat(${columns},${size}px);gap:20px;align-items:start;font:14px sans-serif;background:${dark ? '#0b0d10' : '#e8e8e4'};color:${dark ? '#ddd' : '#222'}}figure{margin:0}figcaption{padding-block-end:6px}</style>${figures.join('')}`,
  );
  await page.waitForTimeout(200);
  const file = path.join(folder, `8-verdicts-${nameOf(face)}.jpg`);
  await page.screenshot({ path: file, type: 'jpeg', quality: QUALITY, fullPage: true });
  await page.close();
  console.log(file);
}

mkdirSync(folder, { recursive: true });
const server = await preview({ root, logLevel: 'warn', preview: { port: 4398 } });
const address = server.resolvedUrls?.local[0];
if (address === undefined) throw new Error('the page could not be served; run npm start once to build it');
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
try {
  const all = new Map<VerdictCode, Map<string, Buffer>>();
  for (const code of VERDICT_CODES) {
    all.set(code, await picturesOf(browser, address, code));
    console.log(code);
  }
  for (const face of FACES) {
    const pictures = new Map([...all].map(([code, faces]) => [code, faces.get(nameOf(face))!]));
    await sheet(browser, face, pictures);
    if (values.single)
      for (const [code, png] of pictures)
        writeFileSync(path.join(folder, `${code}-${nameOf(face)}.png`), png);
  }
} finally {
  await browser.close();
  await server.close();
}
process.exit(0);
