/** Axe over the whole page: both languages, wide and narrow, light and dark, sheets, before and after training. */
import { expect, test, type Page } from '@playwright/test';
import { FEW_ROWS, StudioPage, violations } from './studio.ts';

// Axe looks sixteen times through a long page.
test.describe.configure({ timeout: 420_000 });

const WIDTHS = [1440, 390];
const LANGUAGES = [
  { button: 'English', start: 'Start', lang: 'en', sheetsAt: 1440 },
  { button: '中文', start: '开始', lang: 'zh-CN', sheetsAt: 390 },
] as const;

test(
  'has no serious violations in either language, wide and narrow, light and dark, in sheets and after training',
  { tag: '@long' },
  async ({ page }) => {
    const studio = new StudioPage(page);
    await studio.open();
    await studio.choose('Head');
    await studio.fill({ Steps: '4', 'Batch size': '4', 'Evaluate every': '0', ...FEW_ROWS });
    // Keys are shortcuts only outside of fields.
    await page.getByLabel('Validation rows at most', { exact: true }).blur();
    for (const { button, start, lang, sheetsAt } of LANGUAGES) {
      if (lang !== 'en') await studio.button(button).click();
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.getByRole('button', { name: start, exact: true })).toBeEnabled();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await expectNone(page, `${lang} at ${width}`);
        // The sheets take their colours and most of their layout from the page.
        for (const key of width === sheetsAt ? ['h', '?'] : []) {
          await page.keyboard.press(key);
          await expect(page.getByRole('dialog')).toBeVisible();
          expect(await violations(page)).toEqual([]);
          await page.keyboard.press('Escape');
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
    await studio.button('English').click();
    await studio.button('Start').click();
    await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 60_000 });
    // Start has brought up what it started, from below the setup.
    await expect(studio.button('Start')).toBeInViewport();
    await expectNone(page, 'after training, at 390');
    await page.setViewportSize({ width: 1440, height: 900 });
    await expectNone(page, 'after training, at 1440');
  },
);

/** Nothing serious in either colour scheme. */
async function expectNone(page: Page, when: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), `${when}, ${colorScheme}`).toEqual([]);
  }
}
