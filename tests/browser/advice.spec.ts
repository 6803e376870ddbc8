/** Advice before Start: what the data says, how long it takes, which rate to take. */
import { expect, test } from '@playwright/test';
import { StudioPage } from './studio.ts';

test('says what one answer scores and how long each method takes, and finds a rate', async ({ page }) => {
  test.setTimeout(300_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const studio = new StudioPage(page);
  await studio.open('wasm');
  await studio.choose('LoRA');
  const doctor = page.getByRole('region', { name: 'Before you start' });
  await expect(doctor).toContainText(/always answering ".+" scores \d+ % accuracy/);
  await expect(page.locator('.costs > li')).toContainText(/about \d/, { timeout: 60_000 });
  const options = page.locator('[data-method="lora"] .method-options');
  await options.locator('summary').first().click();
  const rate = page.getByLabel('LoRA: Learning rate', { exact: true });
  await expect(rate).toHaveValue('');
  await expect(rate).toHaveAttribute('placeholder', '0.005');
  await page.getByRole('button', { name: 'Find the learning rate of LoRA' }).click();
  const take = options.getByRole('button', { name: /^Take / });
  await expect(take.or(options.getByText('No rate brought'))).toBeVisible({ timeout: 200_000 });
  await expect(options.getByRole('img', { name: /^Smoothed loss/ })).toBeVisible();
  if (await take.isVisible()) {
    await take.click();
    await expect(rate).not.toHaveValue('');
  }
  expect(problems).toEqual([]);
});
