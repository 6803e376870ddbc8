/** The Study page: chosen, planned, trained, interrupted by a reload, gone on with, taken along. */
import { expect, test, type Page } from '@playwright/test';
import { textFile, violations } from './studio.ts';

async function openStudy(page: Page, experiment: string): Promise<void> {
  await page.goto(`/?adapter=wasm#study=${experiment}`);
  await expect(page.getByRole('combobox', { name: 'Experiment' })).toHaveValue(experiment, {
    timeout: 120_000,
  });
}

const totals = (page: Page) => page.locator('.study-totals');
const cells = (page: Page, state: string) => page.locator(`tr[data-cell][data-state="${state}"]`);

async function small(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, text] of Object.entries({
    'How many seeds': '1',
    'Batch size': '4',
    'Training rows at most': '32',
    'Validation rows at most': '8',
    'Test rows at most': '8',
    ...fields,
  }))
    await page.getByLabel(label, { exact: true }).fill(text);
}

test('a tiny study is planned, trained, gone on with after a reload, and taken along', async ({ page }) => {
  test.setTimeout(300_000);
  await openStudy(page, 'performance');
  await expect(page.getByText('The study found').first()).toBeVisible();
  await page.getByLabel('LoRA', { exact: true }).check();
  await page.getByLabel('Head', { exact: true }).check();
  await page.getByLabel('Learning rate of LoRA').fill('0.001');
  await small(page, { Steps: '40', 'Evaluate every': '20' });
  await expect(totals(page)).toHaveText(/^2 cells, 2 runs left, about .+, at most .+ on the device$/, {
    timeout: 120_000,
  });
  await expect(cells(page, 'toDo')).toHaveCount(2);

  // Paused in the first cell, and the page reloaded: what has ended is kept, the rest is to do.
  await page.getByRole('button', { name: 'Start the study' }).click();
  await expect(cells(page, 'done')).toHaveCount(1, { timeout: 120_000 });
  await page.reload();
  await expect(totals(page)).toHaveText(/^2 cells, (1 run left|no training left)/, { timeout: 120_000 });
  await expect(page.getByLabel('Learning rate of LoRA')).toHaveValue('0.001');
  await expect(cells(page, 'done').first()).toBeVisible();
  const more = page.getByRole('button', { name: 'Go on' });
  if (await more.isEnabled()) await more.click();
  await expect(cells(page, 'done')).toHaveCount(2, { timeout: 120_000 });
  await expect(totals(page)).toHaveText('2 cells, no training left', { timeout: 120_000 });
  const scores = page.locator('[data-figure="scores"] table');
  await expect(scores.getByRole('row')).toHaveCount(3);
  await expect(scores).toContainText('%');

  // Another seed trains what is missing, and nothing that is there.
  await page.getByLabel('How many seeds', { exact: true }).fill('2');
  await expect(totals(page)).toHaveText(/^4 cells, 2 runs left/, { timeout: 120_000 });
  await expect(cells(page, 'done')).toHaveCount(2);

  // The same work in another experiment is there already.
  await page.getByLabel('How many seeds', { exact: true }).fill('1');
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('convergence');
  await expect(totals(page)).toHaveText('2 cells, no training left', { timeout: 120_000 });
  expect(new URL(page.url()).hash).toBe('#study=convergence');
  const curve = page.locator('[data-figure] svg').first();
  await expect(curve).toBeVisible();

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Everything as a zip' }).click();
  expect((await saved).suggestedFilename()).toBe('study.zip');
  const report = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Report', exact: true }).click();
  expect((await report).suggestedFilename()).toBe('convergence-report.html');

  // Nothing keeps anybody out, in light and dark, in either language, on a phone.
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page, 'main.study'), colorScheme).toEqual([]);
  }
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('combobox', { name: '实验' })).toBeVisible();
  await expect(totals(page)).toHaveText('2 个单元，没有剩余的训练');
  await expect(cells(page, 'done').first()).toContainText(/完成，[\d.]+%/);
  await page.setViewportSize({ width: 390, height: 844 });
  const spare = await page.evaluate(() => document.documentElement.clientWidth - document.body.scrollWidth);
  expect(spare).toBeGreaterThanOrEqual(0);
  // State, time and memory are seen beside the names, which break.
  const hidden = await page
    .locator('.study-cells')
    .evaluate((table) => table.scrollWidth - table.parentElement!.clientWidth);
  expect(hidden).toBeLessThanOrEqual(0);
  await expect(page.locator('tr[data-cell] th').first()).toContainText('种子');
  await page.getByRole('link', { name: '对比' }).click();
  await expect(page.locator('main.study')).toHaveCount(0);
});

test(
  'a cell is paused and resumed; another tab does not do it twice; a bad description is refused',
  { tag: '@long' },
  async ({ page, context }) => {
    test.setTimeout(300_000);
    await openStudy(page, 'performance');
    await page.getByLabel('LoRA', { exact: true }).check();
    await page.getByLabel('Head', { exact: true }).check();
    await small(page, { Steps: '60', 'Evaluate every': '30', 'Batch size': '8' });
    await expect(totals(page)).toHaveText(/^2 cells, 2 runs left/, { timeout: 120_000 });
    await page.getByRole('button', { name: 'Start the study' }).click();
    await expect(cells(page, 'working')).toHaveCount(1, { timeout: 120_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(totals(page)).toHaveText('Paused');

    // The other tab leaves alone what this one is at, trains the other cell, and waits.
    const other = await context.newPage();
    await openStudy(other, 'performance');
    await expect(totals(other)).toHaveText(/^2 cells, \d runs? left/, { timeout: 120_000 });
    await other.getByRole('button', { name: /^(Start the study|Go on)$/ }).click();
    await expect(totals(other)).toHaveText('Waiting for a cell that another tab is at.', {
      timeout: 120_000,
    });
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(cells(page, 'done')).toHaveCount(2, { timeout: 120_000 });
    await expect(cells(other, 'done')).toHaveCount(2, { timeout: 120_000 });
    await other.close();

    await page.getByLabel('Steps', { exact: true }).fill('many');
    await expect(page.getByRole('alert')).toHaveText(/^Steps: got "many"/);
    await page.getByLabel('Steps', { exact: true }).fill('60');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.getByRole('button', { name: 'Forget these results' }).click();
    await page.getByRole('button', { name: 'Really forget?' }).click();
    await expect(totals(page)).toHaveText(/^2 cells, 2 runs left/, { timeout: 120_000 });
  },
);

test(
  'what cannot run, and what is the same twice, is told before the cells',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(300_000);
    await openStudy(page, 'combination');
    await small(page, { Steps: '4', 'Evaluate every': '2', 'Training rows at most': '16' });
    // The eight subsets with and without a template; sixteen rows of a class are not there.
    await expect(totals(page)).toHaveText(/^32 cells, 16 cannot run, 16 runs left, about /, {
      timeout: 120_000,
    });
    const all = page.locator('.study-told');
    await expect(all).toHaveCount(2);
    await expect(all.first()).toHaveText('One seed leaves nothing to tell chance by; give three or more.');
    const told = all.filter({ hasNotText: /^One seed leaves|^只有一个种子/ });
    await expect(told).toContainText(/asks for 16 rows of each class and "\w+" has \d/);

    await page.getByRole('combobox', { name: 'Experiment' }).selectOption('memory');
    await expect(totals(page)).toHaveText(/^24 cells, planned and not trained, at most /, {
      timeout: 120_000,
    });
    // Columns of one title stay as many in another language.
    await page.getByRole('button', { name: 'Start the study' }).click();
    await expect(cells(page, 'done')).toHaveCount(24, { timeout: 120_000 });
    const heads = page.locator('[data-figure^="saved-"] thead th');
    await expect(heads.filter({ hasText: 'saved' })).toHaveCount(4);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(heads.filter({ hasText: '节省' })).toHaveCount(4);
    await expect(heads).toHaveCount(9);
    await page.getByRole('button', { name: 'English' }).click();

    await page.getByRole('combobox', { name: 'Experiment' }).selectOption('performance');
    await page.getByLabel('shop-reviews', { exact: true }).uncheck();
    const rows = Array.from(
      { length: 40 },
      (_, i) => `a ${i % 2 === 0 ? 'fine' : 'dull'} day ${i}\t${i % 2}`,
    );
    const text = ['text\tlabel', ...rows, ''].join('\n');
    for (const name of ['first.tsv', 'second.tsv'])
      await page.getByLabel('Add files of your own').setInputFiles(textFile(name, text));
    await expect(told).toHaveText(
      'second holds the same rows as first and is read in the same way: the two count as one data set, first.',
      { timeout: 120_000 },
    );
    await expect(totals(page)).toHaveText(/^5 cells, 5 runs left, /);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(told).toHaveText('second 的行与 first 相同，读法也相同：两者算作一个数据集 first。');
    await expect(totals(page)).toHaveText(/^5 个单元，剩余 5 次训练，/);
  },
);

test(
  'a fusion goes over the adapters that the study’s own runs of several tasks have left',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(300_000);
    await openStudy(page, 'multiTask');
    await page.getByLabel('question-pairs', { exact: true }).check();
    await page.getByLabel('Adapter', { exact: true }).check();
    await page.getByLabel('Fusion', { exact: true }).check();
    await small(page, { Steps: '8', 'Evaluate every': '4' });
    // An adapter a task, one for both, and on each task a fusion; none is refused for adapters that are not there yet.
    await expect(totals(page)).toHaveText(/^5 cells, 5 runs left, about .+, at most .+ on the device$/, {
      timeout: 120_000,
    });
    await page.getByRole('button', { name: 'Start the study' }).click();
    await expect(cells(page, 'done')).toHaveCount(5, { timeout: 240_000 });
    const table = page.locator('[data-figure="fusion"] table');
    await expect(table.getByRole('row')).toHaveCount(3);
    await expect(table).toContainText('Fusion, over the adapters of all tasks');
  },
);
