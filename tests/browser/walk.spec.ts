/** The page as one walks through it: what stays in sight, what is said while it works, how it ends, what goes stale. */
import { expect, test, type Page } from '@playwright/test';
import { StudioPage, textFile } from './studio.ts';

function days(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `${i % 2 === 0 ? 'a fine walk' : 'a dull day'} ${i}\t${i % 2 === 0 ? 'good' : 'bad'}`,
  );
  return ['text\tlabel', ...lines, ''].join('\n');
}

interface Watched {
  statuses: string[];
  notified: string[];
}

/** Remembers what the page says as its status and by notifications, as if nobody were looking at it. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: Watched = { statuses: [], notified: [] };
    Object.assign(window, { seen });
    const told = function (_title: string, { body }: { body: string }): void {
      seen.notified.push(body);
    };
    Object.assign(window, { Notification: Object.assign(told, { permission: 'granted' }) });
    Object.defineProperty(document, 'hidden', { get: () => true });
    new MutationObserver(() => {
      const said = document.querySelector('.run-progress [role="status"]')?.textContent ?? '';
      if (said !== '' && seen.statuses.at(-1) !== said) seen.statuses.push(said);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

const seen = (page: Page): Promise<Watched> =>
  page.evaluate(() => (window as unknown as { seen: Watched }).seen);

test('says what it does, stops one run and goes on, tells its end, and forgets what is stale', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await watch(page);
  const studio = new StudioPage(page);
  await studio.open('wasm');
  await studio
    .panel('Data')
    .getByLabel('Training file')
    .setInputFiles(textFile('days.tsv', days(80)));
  await expect(studio.panel('Data')).toContainText('72 training rows');
  await studio.choose('Full', 'LoRA', 'Head');
  await studio.fill({ Steps: '60', 'Batch size': '8', 'Max tokens': '10', 'Evaluate every': '20' });
  await studio.ready();

  // The right column is there wherever the left one has been scrolled to.
  for (const share of [0, 0.5, 1]) {
    await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), share);
    await expect(studio.button('Start')).toBeInViewport();
  }

  await studio.button('Start').click();
  await expect(page.locator('.run-progress [role="status"]')).toHaveText('Training', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop LoRA' }).click();
  await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Stopped after/, {
    timeout: 120_000,
  });
  const { statuses, notified } = await seen(page);
  expect(statuses.join('\n')).toMatch(/Scoring the untuned model/);
  expect(statuses.join('\n')).toMatch(/Getting (Full|LoRA|Head) ready, \d of 3/);
  expect(notified).toEqual([expect.stringMatching(/^Stopped after \d/)]);
  await expect(page).toHaveTitle(/^Stopped after \d.* · Delta Studio$/);

  // Beyond its end a curve has nothing to read.
  for (const title of ['Training loss', 'Validation']) {
    await studio.panel(title).locator('.chart').focus();
    await page.keyboard.press('End');
    const lora = studio.panel(title).getByRole('row').filter({ hasText: 'LoRA' });
    await expect(lora.getByRole('cell')).toHaveText('–');
    const full = studio.panel(title).getByRole('row').filter({ hasText: 'Full' });
    await expect(full.getByRole('cell')).toHaveText(/\d/);
  }

  // No name in the trade-off covers another.
  const boxes = await studio
    .panel('Trade-off')
    .locator('.plot-labels text')
    .evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().toJSON() as DOMRect));
  expect(boxes).toHaveLength(3);
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
  });

  // What was said of these data goes with them.
  await expect(page.locator('.run-notes')).toContainText('fresh classifier');
  await studio
    .panel('Data')
    .getByLabel('Training file')
    .setInputFiles(textFile('broken.tsv', 'text\tlabel\nx'));
  await expect(studio.panel('Data').getByRole('alert')).toBeVisible();
  await expect(page.locator('.run-notes')).toHaveCount(0);
  await expect(page.locator('.costs > li')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Before you start' })).toHaveCount(0);
  await expect(studio.button('Start')).toBeDisabled();
  await expect(page.locator('.start-reason')).toHaveText(/see Data|under Data/);

  // A second press of Stop skips the scoring of the rows.
  await studio.button('Demo data').click();
  await studio.choose('Full');
  await studio.fill({ Steps: '5000', 'Max tokens': '48', 'Evaluate every': '0' });
  await studio.ready();
  await studio.button('Start').click();
  await expect(page.locator('.run-progress [role="status"]')).toHaveText('Training', { timeout: 60_000 });
  await studio.button('Stop').click();
  await studio.button('Skip the scoring').click();
  await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Stopped after/, {
    timeout: 20_000,
  });
  await expect(studio.result('full')).toHaveAttribute('data-phase', 'stopped');
});
