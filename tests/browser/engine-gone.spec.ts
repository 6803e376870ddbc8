/** The engine dies or hangs in mid-run: a sentence, nothing lost, and the run goes on from its checkpoint. */
import { expect, test, type Page } from '@playwright/test';
import { StudioPage, textFile } from './studio.ts';

test.describe.configure({ timeout: 360_000 });

const ROWS = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'a dull' : 'a fine'} film ${i}\t${i % 2}`);

/** A run of LoRA that has been evaluated, and so has a checkpoint. */
async function training(page: Page): Promise<StudioPage> {
  const studio = new StudioPage(page);
  await studio.open();
  const file = textFile('films.tsv', ['text\tlabel', ...ROWS, ''].join('\n'));
  await studio.panel('Data').getByLabel('Training file').setInputFiles(file);
  await expect(studio.panel('Data')).toContainText('36 training rows');
  await studio.choose('LoRA');
  await studio.fill({ Steps: '600', 'Batch size': '2', 'Max tokens': '8', 'Evaluate every': '5' });
  await studio.ready();
  await studio.button('Start').click();
  await expect.poll(() => steps(page), { timeout: 120_000 }).toBeGreaterThan(12);
  return studio;
}

const steps = async (page: Page): Promise<number> =>
  parseInt(await page.getByText(/^\d+ of 600 steps$/).innerText(), 10);

/** The run goes on where it was, not from the beginning. */
async function goesOn(page: Page, studio: StudioPage): Promise<void> {
  await page.getByRole('button', { name: 'Start the engine again' }).click();
  await expect(page.locator('.engine-problem')).toHaveCount(0);
  await expect(page.getByRole('status').first()).toHaveText('Training', { timeout: 60_000 });
  // The first evaluation left a checkpoint, and later ones may have.
  let first = 0;
  await expect.poll(async () => (first = await steps(page))).toBeGreaterThan(0);
  expect(first).toBeGreaterThanOrEqual(5);
  await expect(studio.result('lora')).toHaveAttribute('data-phase', 'completed', { timeout: 200_000 });
}

test('an engine that dies is noticed at once; started again, its run goes on', async ({ page }) => {
  const studio = await training(page);
  await page.workers()[0].evaluate(() => self.close());
  const problem = page.locator('.engine-problem');
  await expect(problem).toContainText('has ended without a word', { timeout: 10_000 });
  await expect(problem).toContainText('up to the last checkpoint is kept');
  await expect(studio.button('Start')).toBeDisabled();
  await expect(studio.result('lora')).toHaveAttribute('data-phase', 'interrupted');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(problem.getByRole('button', { name: '重新启动引擎' })).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await goesOn(page, studio);
});

test(
  'an engine that hangs is noticed within seconds; started again, its run goes on',
  { tag: '@long' },
  async ({ page }) => {
    const studio = await training(page);
    void page
      .workers()[0]
      .evaluate(() => {
        for (;;);
      })
      .catch(() => {});
    const problem = page.locator('.engine-problem');
    await expect(problem).toContainText('has stopped answering', { timeout: 20_000 });
    await goesOn(page, studio);
  },
);
