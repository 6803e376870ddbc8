/** "Measure this device": stopped, measured, saved as JSON and as a picture; in Chinese, in the dark, on a phone. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Measurement } from '../../src/measure/measure.ts';
import { violations } from './studio.ts';

test('the processor is measured, and what was found is saved', { tag: '@long' }, async ({ page }) => {
  test.setTimeout(900_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  // It takes no model and no data.
  await page.goto('/?adapter=wasm');
  await page.getByRole('button', { name: /^Runs on this computer/ }).click({ timeout: 90_000 });
  const sheet = page.getByRole('dialog');
  const measure = sheet.getByRole('region', { name: 'Measure this device' });

  // Stopped, it ends with what it is at, and shows nothing.
  await measure.getByRole('button', { name: 'Measure', exact: true }).click();
  // Its turn comes when the model and the data that the page opens with have been read.
  await expect(measure.getByRole('status')).toHaveText(/^Measuring .*…$/, { timeout: 300_000 });
  await measure.getByRole('button', { name: 'Stop', exact: true }).click();
  const begin = measure.getByRole('button', { name: 'Measure', exact: true });
  await expect(begin).toBeVisible({ timeout: 120_000 });
  await expect(measure.getByRole('table')).toHaveCount(0);

  await begin.click();
  await expect(measure.getByRole('status')).toHaveText(/^Measuring training steps, 1 of 5 …$/, {
    timeout: 180_000,
  });
  await expect(measure.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 240_000 });
  await expect(measure).toContainText(/GFLOP\/s of multiply-adds, [\d.]+ GB\/s of memory/);
  for (const title of ['Matrix products', 'Attention', 'Training steps'])
    await expect(measure.getByRole('table', { name: title })).toBeVisible();
  const steps = measure.getByRole('table', { name: 'Training steps' });
  await expect(steps.getByRole('rowheader')).toHaveText([
    'Full, 128 × 4',
    'Full, layers made anew, 128 × 4',
    'LoRA, 128 × 4',
    'Prompt, 128 × 4',
    'Head, 128 × 4',
  ]);
  expect(await violations(page, 'dialog')).toEqual([]);
  const overflow = await page.evaluate(() => {
    const body = document.querySelector('dialog[open]')!;
    return body.scrollWidth - body.clientWidth;
  });
  expect(overflow).toBeLessThanOrEqual(0);

  const saved = async (button: string): Promise<Buffer> => {
    const download = page.waitForEvent('download');
    await measure.getByRole('button', { name: button }).click();
    return readFileSync(await (await download).path());
  };
  const json = JSON.parse((await saved('Save as JSON')).toString()) as Measurement & { name: string };
  expect(json.name).toMatch(/^this computer’s processor/);
  expect(json.steps).toHaveLength(5);
  expect(json.steps.every(({ utilisation }) => utilisation > 0 && utilisation < 1.5)).toBe(true);
  expect(json.peak.gflops).toBeGreaterThan(0.1);
  const picture = await saved('Save a picture');
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  // Six products, two kernels of attention, five steps, at two pixels a unit.
  expect(picture.readUInt32BE(16)).toBe(1440);
  expect(picture.readUInt32BE(20)).toBe(2 * (60 + 13 * 26 + 3 * 20 + 12));

  await sheet.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: /本机处理器/ }).click();
  await expect(sheet.getByRole('region', { name: '测量此设备' })).toContainText('逐层重新计算');
});

test(
  'a GPU is measured beside onnxruntime-web, which is loaded when it is its turn',
  { tag: '@gpu' },
  async ({ page }) => {
    test.setTimeout(900_000);
    const loaded: string[] = [];
    page.on('request', (request) => {
      if (/ort[.-]/.test(request.url())) loaded.push(request.url());
    });
    await page.goto('/?adapter=swiftshader');
    await page.getByRole('button', { name: /^Runs on .*swiftshader/ }).click({ timeout: 90_000 });
    const measure = page.getByRole('dialog').getByRole('region', { name: 'Measure this device' });
    await measure.getByRole('button', { name: 'Measure', exact: true }).click();
    await expect(measure.getByRole('status')).toHaveText(/^Measuring training steps/, { timeout: 400_000 });
    expect(loaded).toEqual([]);
    await expect(measure.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 400_000 });
    const table = measure.getByRole('table', { name: 'Forward pass, beside onnxruntime-web on WebGPU' });
    await expect(table.getByRole('rowheader')).toHaveText(['128 × 2, 4 × 32']);
    expect(loaded.some((url) => url.endsWith('.wasm'))).toBe(true);
    // The two give the same logits.
    expect(Number(await table.getByRole('cell').last().textContent())).toBeLessThan(1e-5);
  },
);
