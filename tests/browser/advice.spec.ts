/** Advice before Start: what the data says, how long it takes, which rate to take. */
import { expect, test } from '@playwright/test';
import { StudioPage, textFile, violations } from './studio.ts';

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
  const take = options.getByRole('button', { name: /^Take \d/ });
  await expect(take.or(options.getByText('No rate brought'))).toBeVisible({ timeout: 200_000 });
  await expect(options.getByRole('img', { name: /^Smoothed loss/ })).toBeVisible();
  if (await take.isVisible()) {
    await take.click();
    await expect(rate).not.toHaveValue('');
  }
  expect(problems).toEqual([]);
});

test('finds out what to train by pilots, which can be stopped, and has it taken over by one press', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const studio = new StudioPage(page);
  await studio.open('wasm');
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'a dull day' : 'a fine walk'} ${i}\t${i % 2}`);
  const file = textFile('days.tsv', ['text\tlabel', ...rows, ''].join('\n'));
  await studio.panel('Data').getByLabel('Training file').setInputFiles(file);
  await expect(studio.panel('Data')).toContainText('54 training rows');
  await studio.fill({ Steps: '20', 'Batch size': '4', 'Max tokens': '10' });
  await studio.ready();
  const findOut = page.getByRole('region', { name: 'Find out for me' });
  await findOut.getByLabel('within').selectOption('1');
  await findOut.getByRole('button', { name: 'Find out for me' }).click();
  // It is said how far it is, and why Start is off meanwhile.
  await expect(studio.button('Start')).toBeDisabled();
  await expect(page.locator('.start-reason')).toContainText('being tried out');
  await expect(findOut.getByRole('status')).toContainText(/\d+ tried; \d+ in the first round/, {
    timeout: 60_000,
  });
  await expect(findOut.locator('[data-pilot]').first()).toBeVisible({ timeout: 60_000 });
  await findOut.getByRole('button', { name: 'Stop trying' }).click();
  const found = findOut.locator('.find-out-found');
  await expect(found).toContainText(
    // Six rows show nothing, however they are answered.
    /^Nothing was shown to be learned: .+ at the rate .+ only led the pilots, .+ accuracy .+ steps/,
    { timeout: 30_000 },
  );
  expect(await violations(page, '.launch')).toEqual([]);
  const method = (await found.getAttribute('data-method'))!;
  const [taken] = await found.locator('tr.taken').all();
  const rate = await taken.locator('td').first().innerText();
  await found.getByRole('button', { name: 'Take this over' }).click();
  await expect(page.locator('.costs > li')).toHaveCount(1);
  await expect(page.locator('.costs > li')).toHaveAttribute('data-run', method);
  const card = page.locator(`[data-method="${method}"]`);
  await expect(card.getByLabel(/: Learning rate$/)).toHaveValue(rate);
  await studio.ready();
  // What was found in these data is nothing to others.
  await studio.button('Demo data').click();
  await expect(found).toHaveCount(0);
});
