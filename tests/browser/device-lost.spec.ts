/** The graphics process crashes in mid-run: a sentence, nothing lost, and a way on. */
import { expect, test } from '@playwright/test';
import { StudioPage } from './studio.ts';

test.describe.configure({ timeout: 360_000 });

test(
  'a lost device ends the run with what it has learned; opened again, it goes on',
  { tag: '@long' },
  async ({ page, browser }) => {
    const studio = new StudioPage(page);
    await studio.open('swiftshader');
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'a dull' : 'a fine'} film ${i}\t${i % 2}`);
    await studio
      .panel('Data')
      .getByLabel('Training file')
      .setInputFiles({
        name: 'films.tsv',
        mimeType: 'text/plain',
        buffer: Buffer.from(['text\tlabel', ...rows, ''].join('\n')),
      });
    await expect(studio.panel('Data')).toContainText('36 training rows');
    await studio.choose('LoRA');
    await studio.fill({ Steps: '60', 'Batch size': '2', 'Max tokens': '8', 'Evaluate every': '5' });
    await studio.ready();
    await studio.button('Start').click();
    const done = page.getByText(/^\d+ of 60 steps$/);
    await expect
      .poll(async () => parseInt(await done.innerText(), 10), { timeout: 120_000 })
      .toBeGreaterThan(5);

    const session = await browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');

    const problem = page.locator('.device-problem');
    await expect(problem).toContainText('The device is gone');
    await expect(problem).toContainText('what was trained up to the last checkpoint is kept');
    await expect(studio.result('lora')).toHaveAttribute('data-phase', 'deviceLost', { timeout: 30_000 });
    await expect(page.getByRole('status').first()).toHaveText(/^Failed after/);
    // The best weights of the last evaluation are there to take.
    await expect(studio.result('lora').getByRole('button', { name: 'Adapter of LoRA' })).toBeEnabled();

    await problem.getByRole('button', { name: 'Open it again' }).click();
    await expect(problem).toHaveCount(0);
    await studio.ready();
    await page.locator('.shown-note').getByRole('button', { name: 'Resume' }).click();
    await expect(studio.result('lora')).toHaveAttribute('data-phase', 'completed', { timeout: 200_000 });
  },
);
