/** A file of one's own by keys alone: from the opened page to its verdict, its single runs and its report. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { choose, stopOf, tabTo, type } from './keys.ts';
import { StudioPage, textFile } from './studio.ts';

test(
  'opens, loads a CSV, sets its columns, picks methods, starts, reads the verdict and saves the report by keyboard alone',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(600_000);
    const studio = new StudioPage(page);
    // Listened for from here on: who begins to listen as the key goes down may be too late.
    const asked = page.waitForEvent('filechooser', { timeout: 0 });
    await studio.open('wasm');
    const { keyboard } = page;
    const data = studio.panel('Data');

    // The file: the field is reached, asks the system when it is pressed, and keeps the focus.
    const field = data.getByLabel('Training file');
    await tabTo(page, field);
    await keyboard.press('Enter');
    const lines = Array.from(
      { length: 60 },
      (_, i) => `note ${i % 7},a ${i % 2 ? 'dull' : 'fine'} day ${i},${i % 2 ? 'bad' : 'good'}`,
    );
    const csv = ['aside,review,verdict', ...lines, ''].join('\n');
    await (await asked).setFiles(textFile('days.csv', csv));
    // Two columns could hold the label: it is asked, and the focus stays where it was.
    await expect(data).toContainText('Which column holds the label?');
    await expect(field).toBeFocused();
    await choose(page, data.getByLabel('Label column'), 'verdict');
    await expect(data).toContainText('54 training rows');
    await expect(data.getByLabel('Label column')).toBeFocused();
    await choose(page, data.getByLabel('Text column', { exact: true }), 'review');
    await expect(data.getByLabel('Text column', { exact: true })).toHaveValue('review');

    for (const method of ['Prompt', 'Full']) {
      await tabTo(page, page.getByRole('checkbox', { name: new RegExp(`^${method} `) }));
      await keyboard.press('Space');
      await expect(page.getByRole('checkbox', { name: new RegExp(`^${method} `) })).toBeFocused();
    }
    await type(page, 'Steps', '6');
    await type(page, 'Evaluate every', '3');
    await type(page, 'How many seeds', '2');
    await studio.ready();

    // Start goes off: the focus is found on Pause, and at the end on Start again.
    await tabTo(page, studio.button('Start'));
    await keyboard.press('Enter');
    await expect(studio.button('Pause')).toBeFocused({ timeout: 120_000 });
    expect((await stopOf(page))?.seen).toBe(true);
    await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Done in/, { timeout: 180_000 });
    await expect(page.locator('.verdict-first')).toBeInViewport({ timeout: 20_000 });
    await expect(studio.button('Start')).toBeFocused();
    expect((await stopOf(page))?.seen).toBe(true);

    const results = studio.panel('Results');
    const runs = results.getByRole('button', { name: 'Single runs of LoRA', exact: true });
    await tabTo(page, runs);
    await keyboard.press('Enter');
    await expect(results.locator('tr.single')).toHaveCount(2);
    await expect(runs).toBeFocused();

    await tabTo(page, page.getByRole('button', { name: /^Take along: Results/ }));
    await keyboard.press('Enter');
    const saved = page.waitForEvent('download');
    await tabTo(page, results.getByRole('button', { name: 'Save as one page (HTML)' }));
    await keyboard.press('Enter');
    const report = readFileSync(await (await saved).path(), 'utf8');
    expect(report).toMatch(/^<!doctype html>/);
    expect(report).toContain(
      ((await page.locator('.verdict-first').textContent()) ?? '').split(':')[0].slice(0, 4),
    );
  },
);

test('Tab reaches Start within ten stops with a file of one’s own too', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('wasm');
  const lines = Array.from({ length: 60 }, (_, i) => `a ${i % 2 ? 'dull' : 'fine'} day ${i},${i % 2}`);
  const file = textFile('days.csv', ['review,verdict', ...lines, ''].join('\n'));
  await studio.panel('Data').getByLabel('Training file').setInputFiles(file);
  await expect(studio.panel('Data')).toContainText('54 training rows');
  await studio.ready();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.evaluate(() => window.getSelection()?.removeAllRanges());
  let stops = 0;
  for (; stops < 12; stops++) {
    await page.keyboard.press('Tab');
    if (await studio.button('Start').evaluate((element) => element === document.activeElement)) break;
  }
  expect(stops).toBeLessThan(10);
});
