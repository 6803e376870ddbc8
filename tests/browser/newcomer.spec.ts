/** What a newcomer does: open, Start, and read what to take; then the same with a file of one's own. */
import { expect, test } from '@playwright/test';
import { StudioPage, textFile } from './studio.ts';

test(
  'opens, starts, and is told what to take without scrolling; the same with a file of one’s own',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(600_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    const studio = new StudioPage(page);
    await studio.open();
    await studio.button('Start').click();
    await expect(page.getByRole('status').first()).toHaveText(/^Done in/, { timeout: 300_000 });
    const verdict = page.locator('.verdict-first');
    await expect(verdict).toBeInViewport({ timeout: 15_000 });
    // Methods are called as everywhere in the page.
    await expect(verdict).toHaveText(/^Take (Full|LoRA): \d+\.\d % \[/);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(verdict).toHaveText(/(全量|LoRA)/);
    await expect(page.locator('.verdict')).toContainText('准确率');
    await page.getByRole('button', { name: 'English' }).click();

    const rows = Array.from(
      { length: 60 },
      (_, i) => `${i % 2 === 0 ? 'a fine walk' : 'a dull day'} ${i}\t${i % 2}`,
    );
    const file = textFile('days.tsv', ['text\tlabel', ...rows, ''].join('\n'));
    await studio.panel('Data').getByLabel('Training file').setInputFiles(file);
    await expect(studio.panel('Data')).toContainText('54 training rows');
    await studio.choose('LoRA', 'Head');
    await studio.fill({ Steps: '40', 'Batch size': '8', 'Evaluate every': '20' });
    await studio.ready();
    await studio.button('Start').click();
    // What was said of the other comparison is gone.
    await expect(verdict).toHaveCount(0);
    await expect(page.getByRole('status').first()).toHaveText(/^Done in/, { timeout: 120_000 });
    await expect(verdict).toBeInViewport({ timeout: 15_000 });
    await expect(verdict).toHaveText(/(LoRA|Head|No method)/);
  },
);
