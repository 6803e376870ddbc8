/**
 * Images 8: what the page says of a comparison of each kind of verdict, made up by `recorded-comparisons.ts`: one sheet
 * of all kinds for each face.
 */
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { VERDICT_CODES, type VerdictCode } from '../../src/evidence/verdict.ts';
import { recordedComparison } from '../recorded-comparisons.ts';
import { CONTEXT, FACES, nameOf, PATIENCE, TEXTS, wear, withoutBusyNote, type Face } from './faces.ts';

const { en } = TEXTS;
/** Of a sheet: readable, and small enough for all of them to be committed. */
const QUALITY = 36;

/** The verdict of a kind in every face. */
async function picturesOf(
  browser: Browser,
  address: string,
  code: VerdictCode,
): Promise<Map<string, Buffer>> {
  // A style of ours is added below, which the page's policy refuses.
  const context = await browser.newContext(CONTEXT);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(address);
    await withoutBusyNote(page);
    await page.getByRole('button', { name: en.history.open, exact: true }).click();
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
      // Charts draw themselves anew after the page has changed its width.
      await page.waitForTimeout(400);
      const panel = page.getByRole('region', { name: TEXTS[face.language].verdict.title, exact: true });
      pictures.set(nameOf(face), await panel.screenshot({ type: 'png' }));
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
  folder: string,
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

export async function verdictSheets(browser: Browser, address: string, folder: string): Promise<void> {
  const all = new Map<VerdictCode, Map<string, Buffer>>();
  for (const code of VERDICT_CODES) {
    all.set(code, await picturesOf(browser, address, code));
    console.log(code);
  }
  for (const face of FACES) {
    const pictures = new Map([...all].map(([code, faces]) => [code, faces.get(nameOf(face))!]));
    await sheet(browser, face, pictures, folder);
  }
}
