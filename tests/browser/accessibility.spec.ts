import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { StudioPage } from './studio.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious accessibility violations, ${colorScheme}, before and after training`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const studio = new StudioPage(page);
    await studio.open();
    await studio.choose('Head');
    await studio.fill({ Steps: '4', 'Batch size': '4', 'Evaluate every': '0' });
    await studio.ready();
    expect(await violations(page)).toEqual([]);
    await studio.button('Start').click();
    await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 60_000 });
    expect(await violations(page)).toEqual([]);
  });
}

for (const language of ['en', 'zh'] as const) {
  for (const width of [1440, 390]) {
    test(`has no serious violations in ${language} at ${width} pixels, light and dark, sheets too`, async ({
      page,
    }) => {
      await page.addInitScript(
        (chosen) =>
          localStorage.setItem(
            'delta-studio.preferences',
            JSON.stringify({ language: chosen, theme: 'auto' }),
          ),
        language,
      );
      await page.setViewportSize({ width, height: 900 });
      await page.goto('/');
      const start = page.getByRole('button', { name: language === 'en' ? 'Start' : '开始', exact: true });
      await expect(start).toBeEnabled();
      await expect(page.locator('html')).toHaveAttribute('lang', language === 'en' ? 'en' : 'zh-CN');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page)).toEqual([]);
        // The sheets take their colours from the page, so once is enough.
        for (const key of colorScheme === 'light' ? ['h', '?'] : []) {
          await page.keyboard.press(key);
          await expect(page.getByRole('dialog')).toBeVisible();
          expect(await violations(page)).toEqual([]);
          await page.keyboard.press('Escape');
        }
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  }
}

/** Violations that keep people out, as `rule: element`. */
async function violations(page: ConstructorParameters<typeof AxeBuilder>[0]['page']): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}
