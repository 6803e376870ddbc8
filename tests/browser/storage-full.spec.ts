/** Storage that runs full in the middle of a run and has room again once it has ended: nothing of it is lost. */
import { expect, test, type Page } from '@playwright/test';
import { FEW_ROWS, StudioPage } from './studio.ts';

test.describe.configure({ timeout: 300_000 });

const openHistory = (page: Page) => page.getByRole('button', { name: 'History', exact: true }).click();

test(
  'a run that ends while storage is full is stored as soon as there is room, and said not to be until then',
  { tag: '@long' },
  async ({ page }) => {
    page.on('dialog', (dialog) => void dialog.accept());
    const studio = new StudioPage(page);
    await studio.open();
    const browser = await page.context().newCDPSession(page);
    const origin = new URL(page.url()).origin;
    await studio.choose('Head');
    await studio.fill({ Steps: '200', 'Batch size': '4', 'Max tokens': '16', 'Evaluate every': '100' });
    await studio.fill(FEW_ROWS);
    await studio.ready();
    await studio.button('Start').click();
    // It waits meanwhile: how fast it trains does not matter then.
    await studio.button('Pause').click({ timeout: 120_000 });
    await expect(page.getByRole('status').first()).toHaveText('Paused');
    await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
    await studio.button('Resume').first().click();
    await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 120_000 });
    const said = page.locator('.shown-note').getByRole('alert');
    await expect(said).toContainText('The browser’s storage is full, so');
    await expect(said).toContainText('(head) is not stored yet');
    await expect(page.getByRole('status').first()).toHaveText(/^Done in/);
    await openHistory(page);
    const entry = page.locator('[data-comparison]').first();
    await expect(entry).toHaveAttribute('data-state', 'unstored');
    await expect(entry).toContainText('Not stored yet');
    // It goes on being said, however often it is tried.
    await page.waitForTimeout(4000);
    await expect(said).toContainText('is not stored yet');

    await browser.send('Storage.overrideQuotaForOrigin', { origin });
    await expect(said).toHaveCount(0, { timeout: 30_000 });
    await expect(entry).toHaveAttribute('data-state', 'done');
    await page.reload();
    await studio.ready();
    await openHistory(page);
    await expect(entry).toHaveAttribute('data-state', 'done');
    await expect(entry).toContainText('200 of 200 steps');
    await entry.getByRole('button', { name: /^Open/ }).click();
    await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed');
    await expect(page.locator('.answer-cards').or(studio.panel('Try it'))).toBeVisible({ timeout: 60_000 });
  },
);

test(
  'a tab that is closed no longer counts as training in the list of another',
  { tag: '@long' },
  async ({ page, context }) => {
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
    await page.close();
    await expect(entry).toHaveAttribute('data-state', 'interrupted');
    await expect(entry.getByRole('button', { name: /^Resume/ })).toBeEnabled();
  },
);
