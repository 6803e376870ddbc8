/** What all images of the page have in common: the faces it has, and how it is opened and photographed. */
import path from 'node:path';
import type { Page } from '@playwright/test';
import { en } from '../../src/app/i18n/en.ts';
import { zh } from '../../src/app/i18n/zh.ts';

export const TEXTS = { en, zh };
/** A software adapter takes its time, and other work beside it. */
export const PATIENCE = 600_000;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

export type Language = keyof typeof TEXTS;
export interface Face {
  language: Language;
  theme: 'light' | 'dark';
  width: number;
  height: number;
}

export const FACES: readonly Face[] = (['en', 'zh'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) => SIZES.map((size) => ({ language, theme, ...size }))),
);

export function nameOf({ language, theme, width }: Face): string {
  return `${language}-${theme}-${width}`;
}

/** Puts the page into a face, as a person does. */
export async function wear(page: Page, { language, theme, width, height }: Face): Promise<void> {
  await page.setViewportSize({ width, height });
  if ((await page.locator('html').getAttribute('lang'))?.startsWith(language) !== true)
    await page.locator('.header-tools button[lang]').click();
  await page.locator('.header-tools').getByLabel(TEXTS[language].theme).selectOption(theme);
}

/** A tour of the page, and the folder its images go to. */
export interface Tour {
  page: Page;
  /** Of the page, with the processor as its device. */
  address: string;
  folder: string;
}

/** Readable, and small enough for all of them to be committed. */
const QUALITY = 46;

/** A style of ours is added to the page, which its policy refuses. */
export const CONTEXT = { bypassCSP: true };

interface Shots {
  /** Brings the step into view, each time anew. */
  before?: (language: Language, face: Face) => Promise<void>;
  /** Puts away what was opened for it. */
  after?: () => Promise<void>;
}

/** Images of one step in every face; the page is left in English, light and wide. */
export async function shots(
  { page, folder }: Tour,
  step: string,
  { before, after }: Shots = {},
): Promise<void> {
  for (const face of FACES) {
    await wear(page, face);
    await page.evaluate(() => scrollTo(0, 0));
    await before?.(face.language, face);
    // Charts draw themselves anew after the page has changed its width.
    await page.waitForTimeout(700);
    const name = `${step}-${nameOf(face)}.jpg`;
    await page.screenshot({ path: path.join(folder, name), type: 'jpeg', quality: QUALITY });
    await after?.();
  }
  await wear(page, FACES[0]);
  console.log(step);
}

/** Brings an element to the top of the window. */
export async function toTop(page: Page, selector: string): Promise<void> {
  await page
    .locator(selector)
    .first()
    .evaluate((element) => element.scrollIntoView());
}

/** Brings a panel to the top of the window; where it is folded, as on a phone, it is opened. */
export async function openPanel(page: Page, title: string): Promise<void> {
  const panel = page.locator('section.panel').filter({ has: page.getByRole('heading', { name: title }) });
  const fold = panel.locator('button.fold[aria-expanded="false"]').first();
  if ((await fold.count()) > 0) await fold.click();
  await panel.first().evaluate((element) => element.scrollIntoView());
}

/** The page without the word that its engine is at work, which a busy machine would lay over any picture. */
export async function withoutBusyNote(page: Page): Promise<void> {
  await page.addStyleTag({ content: '.engine-busy { display: none }' });
}
