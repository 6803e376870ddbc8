import { chromium, expect, test } from '@playwright/test';
import { findChromium } from '../../scripts/prerequisites.ts';

test('says what is the matter where there is no WebGPU, why, and what to do', async ({ baseURL }) => {
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-features=WebGPU', '--no-first-run'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(baseURL ?? '');
    const alert = page.getByRole('alert').first();
    await expect(alert).toContainText('This browser cannot train: it offers no WebGPU device');
    await expect(alert).toContainText('current Chrome');
    await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
    // What needs no device still works.
    await expect(page.getByText(/^[\d,]+ training rows, [\d,]+ validation rows$/)).toBeVisible();
  } finally {
    await browser.close();
  }
});
