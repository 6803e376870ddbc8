import { expect, test } from '@playwright/test';
import { StudioPage } from './studio.ts';

test('opens with the built-in model, demo data and a forecast for every method', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  const studio = new StudioPage(page);
  await studio.open();
  await expect(studio.panel('Model')).toContainText('bert-l4-h128');
  await expect(studio.panel('Model')).toContainText('4 layers, width 128');
  await expect(page.getByText(/^Runs on/)).toBeVisible();
  await studio.ready();
  await expect(page.getByRole('heading', { name: '4 ways to tune it, side by side' })).toBeVisible();
  const rows = page.locator('.costs > li');
  await expect(rows).toHaveCount(4);
  for (const row of await rows.all()) await expect(row).toContainText(/[\d,]+ trained.*[\d.]+ MiB/);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'fits a phone').toBeLessThanOrEqual(
    390,
  );
  expect(problems).toEqual([]);
});

test('says what a field accepts, ticks methods by keyboard, forecasts anew when the batch grows', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.ready();
  await studio.fill({ 'LoRA: Rank': 'eight' });
  await expect(page.getByText('a whole number from 1')).toBeVisible();
  await expect(studio.button('Start')).toBeDisabled();
  await studio.fill({ 'LoRA: Rank': '8' });
  await expect(studio.button('Start')).toBeEnabled();
  await studio.choose();
  await expect(page.getByText('Tick at least one method.')).toBeVisible();
  await expect(studio.button('Start')).toBeDisabled();

  // By keyboard alone: the first methods are reached and ticked.
  const lora = page.getByRole('checkbox', { name: /^LoRA/ });
  await lora.focus();
  await page.keyboard.press('Space');
  await expect(lora).toBeChecked();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('checkbox', { name: /^VeRA/ })).toBeFocused();
  await studio.choose('LoRA');

  // It forecasts anew when the batch grows.
  const total = page.locator('.costs > li .cost-bytes');
  await studio.fill({ 'Batch size': '8' });
  await expect(page.locator('.costs > li')).toHaveCount(1);
  const bytes = async () => Number((await total.getAttribute('title'))?.replace(/\D/g, ''));
  await expect.poll(bytes).toBeGreaterThan(0);
  await expect(page.locator('.launch')).not.toContainText('Forecasting');
  const small = await bytes();
  await studio.fill({ 'Batch size': '64' });
  await expect.poll(bytes).toBeGreaterThan(small);
});

test('speaks Chinese, and remembers it and the theme', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('heading', { name: '模型', exact: true })).toBeVisible();
  await page.getByLabel('主题').selectOption('dark');
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.reload();
  await expect(page.getByRole('button', { name: '开始' })).toBeVisible();
  expect(await background()).toBe(dark);
  await page.getByLabel('主题').selectOption('light');
  expect(await background()).not.toBe(dark);
});
