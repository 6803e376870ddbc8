/** The whole path: own data, four methods, pause, reload, resume, reopen, predict, zip, another browser. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { sharedFolder } from '../support/shared.ts';
import { FEW_ROWS, StudioPage } from './studio.ts';

test.describe.configure({ timeout: 240_000 });

/** Short reviews with a label, as SST-2 has them. */
function reviews(rows: number): string {
  const good = ['warm and funny', 'a fine film', 'quite moving', 'well acted'];
  const bad = ['dull and slow', 'a weak film', 'rather empty', 'badly cut'];
  const lines = Array.from({ length: rows }, (_, i) => {
    const words = i % 2 === 0 ? good : bad;
    return `${words[Math.floor(i / 2) % 4]} , scene ${i}\t${i % 2 === 0 ? 1 : 0}`;
  });
  return ['sentence\tlabel', ...lines, ''].join('\n');
}

/** SST-2 itself where the shared folder is, else rows like its own. */
function sst2(): { files: { name: string; text: string }[]; facts: string } {
  const [train, dev] = ['train-4000', 'dev'].map((name) =>
    path.join(sharedFolder, 'datasets/sst2', `${name}.tsv`),
  );
  const there = existsSync(train) && existsSync(dev);
  const read = (file: string, rows: number): string => (there ? readFileSync(file, 'utf8') : reviews(rows));
  return {
    files: [
      { name: 'sst2.tsv', text: read(train, 80) },
      { name: 'sst2-dev.tsv', text: read(dev, 16) },
    ],
    facts: there ? '4,000 training rows, 872 validation rows' : '80 training rows, 16 validation rows',
  };
}

async function dropFiles(page: Page, files: { name: string; text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, text } of list) data.items.add(new File([text], name, { type: 'text/plain' }));
    return data;
  }, files);
  const zone = page.getByRole('region', { name: 'Data', exact: true }).locator('.drop-zone');
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

const phases = (page: Page): Promise<(string | null)[]> =>
  page
    .getByRole('region', { name: 'Results', exact: true })
    .locator('tr[data-run]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-phase')));

const openHistory = (page: Page) => page.getByRole('button', { name: 'History', exact: true }).click();

test('drop a file, compare four methods, pause, reload, resume, reopen, predict, save a zip, open it elsewhere', async ({
  page,
  browser,
}) => {
  page.on('dialog', (dialog) => void dialog.accept());
  const studio = new StudioPage(page);
  await studio.open();
  const { files, facts } = sst2();
  await dropFiles(page, files);
  await expect(studio.panel('Data')).toContainText(facts);
  await studio.choose('LoRA', 'Prompt', 'BitFit', 'Head');
  await studio.fill({ Steps: '24', 'Batch size': '4', 'Max tokens': '16', 'Evaluate every': '4' });
  await studio.fill({ 'Training rows at most': '60', 'Validation rows at most': '12' });
  await studio.ready();
  await studio.button('Start').click();

  // Four methods at once; paused once all have taken a few steps.
  await expect(page.getByText(/^\d+ of 96 steps$/)).toBeVisible({ timeout: 180_000 });
  await expect
    .poll(async () => Number(/^(\d+) of/.exec(await page.getByText(/^\d+ of 96 steps$/).innerText())?.[1]), {
      timeout: 180_000,
    })
    .toBeGreaterThan(24);
  await studio.button('Pause').click();
  await openHistory(page);
  const entry = page.locator('[data-comparison]').first();
  await expect(entry).toHaveAttribute('data-state', 'here');
  await expect(entry.getByText(/resumes at step \d+/)).toHaveCount(4, { timeout: 60_000 });

  // The page goes away in the middle; the runs are there, and go on.
  await page.reload();
  await studio.ready();
  await openHistory(page);
  await expect(entry).toHaveAttribute('data-state', 'interrupted');
  await entry.getByRole('button', { name: /^Resume/ }).click();
  await expect.poll(() => phases(page), { timeout: 240_000 }).toEqual(Array(4).fill('completed'));
  await expect(page.getByRole('status').first()).toHaveText(/^Done in/);

  // Opened again from the store alone, curves and all.
  await page.reload();
  await studio.ready();
  await openHistory(page);
  await expect(entry).toHaveAttribute('data-state', 'done');
  await entry.getByRole('button', { name: /^Rename/ }).click();
  await page.getByLabel('New name').fill('Four ways');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(entry.getByRole('heading')).toHaveText('Four ways');
  await entry.getByRole('button', { name: /^Open/ }).click();
  await expect.poll(() => phases(page)).toEqual(Array(4).fill('completed'));
  await expect(page.locator('.shown-note')).toContainText('Four ways');
  const row = await studio.result('lora').innerText();
  const verdict = await page.locator('.verdict-first').innerText({ timeout: 30_000 });
  const play = studio.panel('Try it');
  await play.getByLabel('Text', { exact: true }).fill('warm and funny , scene 3');
  await play.getByRole('button', { name: 'Ask' }).click();
  await expect(play.locator('.answer-cards > li')).toHaveCount(5, { timeout: 120_000 });
  for (const card of await play.locator('.answer-cards > li').all())
    await expect(card).toContainText(/[\d.]+%/);

  // As one zip, in another browser.
  await openHistory(page);
  const download = page.waitForEvent('download');
  await entry.getByRole('button', { name: /^Save as zip/ }).click();
  const zip = readFileSync(await (await download).path());
  const other = await browser.newContext();
  try {
    const elsewhere = new StudioPage(await other.newPage());
    await elsewhere.open();
    await openHistory(elsewhere.page);
    await expect(elsewhere.page.getByText(/^Nothing trained yet/)).toBeVisible();
    const choose = elsewhere.page.getByLabel('Open a zip');
    await choose.setInputFiles({
      name: 'half.zip',
      mimeType: 'application/zip',
      buffer: zip.subarray(0, 900),
    });
    await expect(elsewhere.page.getByRole('alert')).toContainText('half.zip cannot be opened: it is no zip');
    await choose.setInputFiles({ name: 'four.zip', mimeType: 'application/zip', buffer: zip });
    const there = elsewhere.page.locator('[data-comparison]').first();
    await expect(there.getByRole('heading')).toHaveText('Four ways');
    await there.getByRole('button', { name: /^Open/ }).click();
    await expect.poll(() => phases(elsewhere.page)).toEqual(Array(4).fill('completed'));
    expect(await elsewhere.result('lora').innerText()).toBe(row);
    // What is to be said of it is worked out from its records.
    await expect(elsewhere.page.locator('.verdict-first')).toHaveText(verdict, { timeout: 30_000 });
    // Its data did not travel: predictions say what to choose.
    await expect(elsewhere.page.locator('.shown-note')).toContainText('choose sst2.tsv under Data');
  } finally {
    await other.close();
  }
});

test('a link fills the form, once; a bad one says so', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('LoRA');
  await studio.fill({ Steps: '17', 'LoRA: Rank': '3' });
  await page.getByText('Do it again elsewhere').click();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash).toMatch(/^#spec=1\./);
  await expect(page.getByText('npm run delta -- compare --spec')).toBeVisible();
  await expect(page.getByText('LoraConfig(task_type="SEQ_CLS", r=3')).toBeVisible();

  const other = await page.context().newPage();
  const fresh = new StudioPage(other);
  await other.goto(link);
  await expect(other.getByLabel('Steps', { exact: true })).toHaveValue('17');
  await expect(other.getByLabel('LoRA: Rank', { exact: true })).toHaveValue('3');
  await expect(other.getByRole('checkbox', { name: /^Head / })).not.toBeChecked();
  expect(new URL(other.url()).hash).toBe('');
  await fresh.ready();

  await other.goto(link.slice(0, -20));
  await expect(other.getByRole('alert').first()).toContainText('cut off or changed on the way');
});

test('a second tab sees a run that trains in the first, and may only read it', async ({ page, context }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('Head');
  await studio.fill({ Steps: '20000', 'Batch size': '4', 'Max tokens': '16', 'Evaluate every': '0' });
  await studio.fill(FEW_ROWS);
  await studio.ready();
  await studio.button('Start').click();
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'running', { timeout: 120_000 });

  const second = await context.newPage();
  const other = new StudioPage(second);
  await other.open();
  await openHistory(second);
  const entry = second.locator('[data-comparison]').first();
  await expect(entry).toHaveAttribute('data-state', 'training');
  await expect(entry.getByRole('button', { name: /^Resume/ })).toHaveCount(0);
  await expect(entry.getByRole('button', { name: /^Delete/ })).toBeDisabled();
  await entry.getByRole('button', { name: /^Open/ }).click();
  await expect(second.locator('.shown-note')).toContainText('being trained in another tab');
  await second.close();
  await studio.button('Stop').click();
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'stopped', { timeout: 60_000 });

  // Stopped is not over: it can go on; and it can be deleted, after asking.
  await openHistory(page);
  const mine = page.locator('[data-comparison]').first();
  await expect(mine).toHaveAttribute('data-state', 'stopped');
  await mine.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText(/^Nothing trained yet/)).toBeVisible();
});
