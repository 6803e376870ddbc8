/** The form: combinations and stages by mouse and by keyboard, files dropped anywhere, and what a reload keeps. */
import { expect, test, type Page } from '@playwright/test';
import { FEW_ROWS, StudioPage } from './studio.ts';

/** Drops files on an element as a person does from a folder. */
async function drop(page: Page, on: string, files: Record<string, string>): Promise<void> {
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(list)) data.items.add(new File([text], name));
    return data;
  }, files);
  await page.locator(on).dispatchEvent('dragover', { dataTransfer: transfer });
  await page.locator(on).dispatchEvent('drop', { dataTransfer: transfer });
}

const rows = (count: number) =>
  [
    'message\tkind',
    ...Array.from({ length: count }, (_, i) => `note number ${i}\t${i % 2 ? 'ham' : 'spam'}`),
    '',
  ].join('\n');

test('builds combinations and stages, takes files dropped anywhere, and keeps all of it over a reload', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('Head');

  // A card dropped on another: the two train together.
  await page.locator('[data-method="adapter"] .method-name').hover();
  await page.mouse.down();
  await page.mouse.move(120, 320, { steps: 4 });
  // Twice: the first brings the card into view, the second is what the browser takes for dragging over it.
  for (let time = 0; time < 2; time++) await page.locator('[data-method="lora"] .method-name').hover();
  await page.mouse.up();
  const together = page.locator('[data-combination="lora+adapter"]');
  await expect(together).toContainText('LoRA + Adapter');
  // By keyboard alone: a stage behind it, and a second combination from a card's options.
  await together.getByLabel('Add a method: Then').selectOption({ label: 'BitFit' });
  await together.getByRole('button', { name: 'Add BitFit: Then' }).click();
  const staged = page.locator('[data-combination="lora+adapter-then-bitfit"]');
  await expect(staged.locator('.stage')).toHaveCount(3);
  await page.locator('[data-method="prefix"]').getByRole('checkbox').check();
  await page.locator('[data-method="prefix"] summary').first().click();
  await page.getByLabel('Prefix: Combine with').selectOption({ label: 'Prefix → LoRA' });
  await page.locator('[data-method="prefix"]').getByRole('button', { name: 'Combine', exact: true }).click();
  await page.locator('[data-method="prefix"]').getByRole('checkbox').uncheck();
  await expect(page.locator('[data-combination="prefix-then-lora"]')).toBeVisible();
  const costs = page.locator('.costs > li');
  await expect(costs).toHaveCount(3);
  await expect(page.locator('.costs')).toContainText('Prefix → LoRA');

  // Files anywhere on the page, each with what became of it.
  await drop(page, '.comparison', { 'train.tsv': rows(40), 'dev.tsv': rows(10), 'notes.pdf': 'x' });
  const told = page.locator('.drop-told');
  await expect(told).toContainText('train.tsv: training rows');
  await expect(told).toContainText('dev.tsv: validation rows');
  await expect(told).toContainText('notes.pdf: not used');
  await expect(studio.panel('Data')).toContainText('40 training rows, 10 validation rows');
  await expect(page.locator('.question')).toContainText('Which is it: ham or spam?');
  await studio.fill({ Steps: '3', 'Batch size': '4', 'Evaluate every': '0' });
  await studio.ready();
  await page.waitForTimeout(600);

  await page.reload();
  await expect(studio.panel('Data')).toContainText('40 training rows, 10 validation rows');
  await expect(page.getByLabel('Steps', { exact: true })).toHaveValue('3');
  await expect(page.locator('[data-combination]')).toHaveCount(2);
  await expect(page.getByRole('checkbox', { name: /^Full / })).not.toBeChecked();
  await studio.ready();
  await studio.button('Start').click();
  for (const run of ['head', 'lora+adapter-then-bitfit', 'prefix-then-lora'])
    await expect(studio.result(run)).toHaveAttribute('data-phase', 'completed', { timeout: 150_000 });
  await expect(page.getByRole('status').first()).toHaveText(/^Done in/);

  await studio.button('Set everything back to the defaults').click();
  await expect(page.locator('[data-combination]')).toHaveCount(0);
  await expect(page.getByLabel('Steps', { exact: true })).toHaveValue('100');
});

test('reaches Start by Tab within ten stops', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.ready();
  let stops = 0;
  while (!(await studio.button('Start').evaluate((button) => button === document.activeElement))) {
    await page.keyboard.press('Tab');
    expect(++stops).toBeLessThanOrEqual(10);
  }
});

test('shows on a phone what is compared and what came out on the first screen, four methods on four screens', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const studio = new StudioPage(page);
  await page.goto('/');
  await expect(page.locator('.question')).toContainText('Is this film review good or bad?');
  await expect(page.locator('.question-rows li')).toHaveCount(2);
  await studio.ready();
  await expect(studio.button('Start')).toBeInViewport();
  const screens = () => page.evaluate(() => document.documentElement.scrollHeight / innerHeight);
  expect(await screens()).toBeLessThanOrEqual(4);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await studio.fill({ Steps: '2', 'Batch size': '4', 'Max tokens': '16', 'Evaluate every': '2' });
  await studio.fill(FEW_ROWS);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await studio.button('Start').click();
  const results = page.locator('tr[data-run]');
  await expect(page.getByRole('status').first()).toHaveText(/^Done in/, { timeout: 150_000 });
  await expect(results).toHaveCount(4);
  await expect(page.locator('.question')).toBeInViewport();
  // What came of it stands first: what to take.
  await expect(page.locator('.verdict-first')).toBeInViewport();
  expect(await screens()).toBeLessThanOrEqual(4);
});
