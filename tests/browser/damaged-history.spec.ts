/** What cannot be read or shown harms nothing else: poisoned entries of the history, and a panel that throws. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { storedComparison } from '../support/stored.ts';
import { FEW_ROWS, StudioPage } from './studio.ts';

test.describe.configure({ timeout: 120_000 });

const openHistory = (page: Page) => page.getByRole('button', { name: 'History', exact: true }).click();

/** Puts records into the page's database, whatever they are. */
async function put(page: Page, store: string, records: unknown[]): Promise<void> {
  await page.evaluate(
    async ([name, values]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('delta-studio');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
      const work = database.transaction(name, 'readwrite');
      for (const value of values) work.objectStore(name).put(value);
      await new Promise((resolve) => (work.oncomplete = resolve));
      database.close();
    },
    [store, records] as const,
  );
}

test('an entry that cannot be read says so, can be saved and deleted, and all others work', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open();
  // The database is there once the history has been open.
  await openHistory(page);
  await expect(page.getByText(/^Nothing trained yet/)).toBeVisible();
  const good = { ...storedComparison('good', '2026-01-02T00:00:00Z'), name: '<img src=x onerror="boom()">' };
  const poison = { ...storedComparison('poison', '2026-01-03T00:00:00Z'), name: 'poison', spec: undefined };
  await put(page, 'comparisons', [good, poison, { id: 'empty' }]);
  await page.reload();
  await openHistory(page);

  const damaged = page.locator('[data-comparison="poison"]');
  await expect(damaged).toHaveAttribute('data-state', 'damaged');
  await expect(damaged).toContainText('The stored comparison poison cannot be read: spec does not read');
  await expect(page.locator('[data-comparison="empty"]')).toHaveAttribute('data-state', 'damaged');
  const other = page.locator('[data-comparison="good"]');
  await expect(other.getByRole('heading')).toHaveText('<img src=x onerror="boom()">');
  await expect(other.locator('img')).toHaveCount(0);
  await other.getByRole('button', { name: /^Rename/ }).click();
  await page.getByLabel('New name').fill('as good as new');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.getByRole('heading')).toHaveText('as good as new');
  await other.getByText('Runs and settings').click();
  await expect(other.getByRole('table')).toContainText('method.rank');

  const download = page.waitForEvent('download');
  await damaged.getByRole('button', { name: /^Save as a file/ }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  expect(JSON.parse(file)).toMatchObject({ id: 'poison', comparison: { name: 'poison', dataHash: 'bb' } });
  await damaged.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(damaged).toHaveCount(0);
  await expect(other).toBeVisible();

  // A zip is looked at before anything of it is stored.
  const choose = page.getByLabel('Open a zip');
  const bad = { comparison: { ...good, id: 'x', created: 'yesterday' }, states: [] };
  const zip = zipSync({
    'manifest.json': strToU8(JSON.stringify({ kind: 'delta-studio-comparison', version: 1, runs: [] })),
    'comparison.json': strToU8(JSON.stringify(bad)),
    '../out.json': new Uint8Array(),
  });
  await choose.setInputFiles({ name: 'bad.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) });
  await expect(page.getByRole('alert')).toContainText('the name ../out.json in it leads out of its folder');
  await expect(page.locator('[data-comparison]')).toHaveCount(2);
});

test(
  'only the comparisons in sight are drawn, and all can be reached',
  { tag: '@long' },
  async ({ page }) => {
    const studio = new StudioPage(page);
    await studio.open();
    await openHistory(page);
    await expect(page.getByText(/^Nothing trained yet/)).toBeVisible();
    const many = Array.from({ length: 200 }, (_, i) => ({
      ...storedComparison(`c${i}`, new Date(Date.UTC(2026, 0, 1, i)).toISOString()),
      name: `number ${i}`,
    }));
    await put(page, 'comparisons', many);
    await page.reload();
    await openHistory(page);
    await expect(page.locator('[data-comparison="c199"]')).toBeVisible();
    expect(await page.locator('[data-comparison]').count()).toBeLessThan(20);
    expect(await page.locator('dialog *').count()).toBeLessThan(1000);
    // Every height is measured as it comes into sight, so the end may move once.
    await expect
      .poll(async () => {
        await page.locator('.history-scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight));
        return page.locator('[data-comparison="c0"]').isVisible();
      })
      .toBe(true);
    await expect(page.locator('[data-comparison="c0"]').getByRole('heading')).toHaveText('number 0');
  },
);

test('a panel that throws says so, keeps the rest alive, and can be tried again', async ({ page }) => {
  // The curves alone draw on a canvas.
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: unknown[]) {
      if (!('mended' in window)) throw new Error('no canvas today');
      return (getContext as (...args: unknown[]) => unknown).apply(this, args);
    } as typeof getContext;
  });
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('Head');
  await studio.fill({ Steps: '4', 'Batch size': '4', 'Max tokens': '16', 'Evaluate every': '0' });
  await studio.fill(FEW_ROWS);
  await studio.ready();
  await studio.button('Start').click();
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 100_000 });
  const broken = page.locator('.broken');
  await expect(broken).toHaveCount(1);
  await expect(broken.getByRole('alert')).toContainText('cannot be shown because of a defect of the studio');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(broken.getByRole('alert')).toContainText('因软件缺陷无法显示');
  await page.getByRole('button', { name: 'English' }).click();

  const download = page.waitForEvent('download');
  await broken.getByRole('button', { name: 'Save the record' }).click();
  const record = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as { error: object };
  expect(record).toMatchObject({
    error: { message: 'no canvas today' },
    runs: [{ run: 'head', phase: 'completed' }],
    stored: { comparison: { runs: [{ run: 'head' }] } },
  });
  await page.evaluate(() => Object.assign(window, { mended: true }));
  await broken.getByRole('button', { name: 'Try again' }).click();
  await expect(broken).toHaveCount(0);
  await expect(studio.panel('Training loss').first()).toBeVisible();
});
