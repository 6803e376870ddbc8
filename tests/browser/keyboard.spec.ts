/** The whole path without a mouse. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { StudioPage } from './studio.ts';

/** Tabs forward until an element has the focus, as a person would. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`150 presses of Tab did not reach ${String(target)}`);
}

test('trains, reads the shortcuts, opens the history and a stored run by keyboard alone', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open();
  const { keyboard } = page;
  for (const method of ['Prompt', 'LoRA', 'Full']) {
    await tabTo(page, page.getByRole('checkbox', { name: new RegExp(`^${method} `) }));
    await keyboard.press('Space');
  }
  for (const [field, text] of [
    ['Steps', '6'],
    ['Batch size', '4'],
    ['Max tokens', '16'],
    ['Evaluate every', '0'],
  ]) {
    await tabTo(page, page.getByLabel(field, { exact: true }));
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type(text);
  }
  await studio.ready();
  await tabTo(page, studio.button('Start'));
  await keyboard.press('Enter');
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 120_000 });

  await keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toBeVisible();
  await keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);

  await keyboard.press('h');
  const history = page.getByRole('dialog', { name: 'History' });
  await expect(history.locator('[data-state="done"]')).toHaveCount(1);
  await tabTo(page, history.getByRole('button', { name: /^Open:/ }));
  await keyboard.press('Enter');
  await expect(history).toHaveCount(0);
  await expect(page.locator('.shown-note')).toContainText('demo-comparison');
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed');

  // Letters typed into a field are the field's.
  await tabTo(page, page.getByLabel('Steps', { exact: true }));
  await keyboard.press('h');
  await expect(history).toHaveCount(0);
});
