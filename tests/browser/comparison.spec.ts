import { readFileSync } from 'node:fs';
import { expect, test, type Download } from '@playwright/test';
import { AT_LENGTH } from '../support/at-length.ts';
import { FEW_ROWS, StudioPage } from './studio.ts';

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8');
}

// On a software GPU in the checks at length, where training and what is asked after it take a minute.
const ADAPTER = AT_LENGTH ? 'swiftshader' : 'wasm';

test(
  'compares two methods to the end: curves, table, memory, downloads',
  { tag: '@gpu' },
  async ({ page }) => {
    test.setTimeout(400_000);
    const studio = new StudioPage(page);
    await studio.open(ADAPTER);
    await studio.choose('LoRA', 'Head');
    await studio.fill({ Steps: '6', 'Batch size': '8', 'Evaluate every': '3' });
    await studio.fill(FEW_ROWS);
    await studio.ready();
    await studio.button('Start').click();
    for (const run of ['lora', 'head']) {
      await expect(studio.result(run)).toHaveAttribute('data-phase', 'completed', { timeout: 150_000 });
    }
    await expect(page.getByRole('status')).toHaveText(/^Done in \d/);
    await expect(page).toHaveTitle(/^Done in \d.* · Delta Studio$/);

    const loss = studio.panel('Training loss').locator('.chart');
    await expect(loss).toHaveAttribute('aria-label', /LoRA: \d\.\d+, Head: \d\.\d+/);
    await expect(loss.locator('canvas')).toHaveCount(1);
    const readout = studio.panel('Training loss').locator('.readout');
    // The header is there for those who cannot see the lines.
    await expect(readout.locator('tbody').getByRole('row')).toHaveCount(2);
    await expect(readout).toContainText('latest');
    await loss.focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowLeft');
    await expect(readout).toContainText(/at step 3/);
    await expect(studio.panel('Validation').locator('.readout')).toContainText(/at step 3/);
    const validation = studio.panel('Validation').locator('.chart');
    await expect(validation).toHaveAttribute('aria-label', /Accuracy by step\. LoRA: [\d.]+%/);

    for (const run of ['lora', 'head']) {
      const memory = studio.panel('Memory').locator(`[data-run="${run}"]`);
      await expect(memory).toContainText('Allocated');
      await expect(memory).toContainText('equal to the byte');
    }
    // Trainable counts: the head is a dense layer and the output, LoRA adds rank 8 on q and v of 4 layers.
    const trainable = async (run: string) =>
      Number(
        (await studio.result(run).locator('td[data-column="trainable"]').innerText()).replace(/\D/g, ''),
      );
    expect((await trainable('lora')) - (await trainable('head'))).toBe(4 * 2 * 2 * 8 * 128);

    // The table fits its place without scrolling sideways, on a phone too.
    const spare = () =>
      studio
        .panel('Results')
        .locator('.scroll')
        .evaluate((element) => element.clientWidth - element.scrollWidth);
    expect(await spare()).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await spare()).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });

    // Against a baseline: LoRA trains more than the head alone, which is worse.
    await page.getByRole('button', { name: 'Compare the others with Head' }).click();
    const change = studio.result('lora').locator('td[data-column="trainable"] .change');
    await expect(change).toHaveText(/^\+[\d,]+$/);
    await expect(change).toHaveClass(/bad/);
    await page.getByRole('button', { name: /^Trainable/ }).click();
    await expect(studio.panel('Results').locator('tbody tr').first()).toHaveAttribute('data-run', 'head');
    await expect(studio.panel('Trade-off').locator('[data-front]')).toHaveAttribute('data-front', /head/);

    // The cells of the confusion matrix add up to the validation rows, and open the rows behind them.
    const confusion = studio.panel('Confusion');
    const cells = confusion.locator('button.cell:not(:disabled)');
    const counts = (await confusion.locator('button.cell').allInnerTexts()).map(Number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Number(FEW_ROWS['Validation rows at most']));
    const first = Number(await cells.first().innerText());
    await cells.first().click();
    await expect(confusion.locator('caption')).toContainText(`${first} row`);
    await expect(confusion.locator('.example-rows tbody tr')).toHaveCount(Math.min(10, first));
    await expect(studio.panel('Where they disagree')).toBeVisible();

    // The untuned model and both runs answer a text.
    const play = studio.panel('Try it');
    await play.getByLabel('Text', { exact: true }).fill('The soup was wonderful and the waiter kind.');
    await play.getByRole('button', { name: 'Ask' }).click();
    await expect(play.locator('.answer-cards > li')).toHaveCount(3, { timeout: 60_000 });
    for (const card of await play.locator('.answer-cards > li').all())
      await expect(card).toContainText(/(positive|negative)[\d.]+%/);
    await expect(play).toContainText('Its head is fresh');

    const metrics = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Metrics of LoRA' }).click();
    const events = (await textOf(await metrics))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; step?: number; split?: string });
    expect(events[0].type).toBe('start');
    expect(events.filter((event) => event.type === 'step').map((event) => event.step)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(
      events
        .filter((event) => event.split === 'validation' && event.type === 'evaluate')
        .map((event) => event.step),
    ).toEqual([0, 3, 6]);
    expect(events.at(-1)?.type).toBe('end');

    const record = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Record of LoRA' }).click();
    const run = JSON.parse(await textOf(await record)) as {
      spec: { method: { type: string; rank: number } };
    };
    expect(run.spec.method).toMatchObject({ type: 'lora', rank: 8 });

    const adapter = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Adapter of LoRA' }).click();
    const zip = readFileSync(await (await adapter).path());
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes('adapter_config.json')).toBe(true);
    expect(zip.includes('adapter_model.safetensors')).toBe(true);

    // The tuned model as ONNX, run in onnxruntime-web before it is handed over.
    const model = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('button', { name: 'ONNX of LoRA' }).click();
    expect((await model).suggestedFilename()).toBe('lora-model.zip');
    await expect(page.getByText(/^Checked in onnxruntime: differs by at most \d\.\de-\d\.$/)).toBeVisible();
  },
);

test('pauses, resumes and stops between steps', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('Head');
  await studio.fill({ Steps: '2000', 'Batch size': '8', 'Evaluate every': '0', ...FEW_ROWS });
  await studio.ready();
  await studio.button('Start').click();
  const done = async () => {
    const [, steps] = /^([\d,]+) of/.exec(await page.getByText(/^[\d,]+ of [\d,]+ steps$/).innerText()) ?? [];
    return Number(steps.replaceAll(',', ''));
  };
  await expect.poll(done, { timeout: 60_000 }).toBeGreaterThan(3);

  await studio.button('Pause').click();
  await expect(page.getByRole('status')).toHaveText('Paused');
  // Steps in flight still come in; then it stands still.
  let paused = -1;
  await expect
    .poll(
      async () => {
        const before = paused;
        paused = await done();
        return paused === before;
      },
      { intervals: [1000], timeout: 30_000 },
    )
    .toBe(true);
  await page.waitForTimeout(1500);
  expect(await done()).toBe(paused);

  // One step more, by button and by key.
  await studio.button('Step').click();
  await expect.poll(done, { timeout: 30_000 }).toBe(paused + 1);
  await page.keyboard.press('n');
  await expect.poll(done, { timeout: 30_000 }).toBe(paused + 2);
  await expect(page.getByRole('status')).toHaveText('Paused');

  await studio.button('Resume').click();
  await expect.poll(done, { timeout: 30_000 }).toBeGreaterThan(paused + 2);
  await studio.button('Stop').click();
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'stopped', { timeout: 30_000 });
  // The scores are compared meanwhile, which is told as well.
  await expect(page.getByRole('status').filter({ hasText: /^Stopped after/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Adapter of Head' })).toBeEnabled();
});

test('stops one run and leaves the other, by button and by key', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('BitFit', 'Head');
  await studio.fill({ Steps: '20000', 'Batch size': '4', 'Max tokens': '16', 'Evaluate every': '0' });
  await studio.fill(FEW_ROWS);
  await studio.ready();
  await page.locator('h1').click();
  await page.keyboard.press('s');
  const row = (run: string) => page.locator(`.run-rows [data-run="${run}"]`);
  await expect(row('head').locator('progress')).not.toHaveAttribute('value', '0', { timeout: 120_000 });
  await page.getByRole('button', { name: 'Pause BitFit' }).click();
  await expect(row('bitfit')).toHaveAttribute('data-control', 'paused');
  await page.getByRole('button', { name: 'Stop Head' }).click();
  await expect(row('head')).toHaveAttribute('data-control', 'ended', { timeout: 60_000 });
  await expect(page.getByRole('status').first()).toHaveText('Paused');
  await page.getByRole('button', { name: 'Resume BitFit' }).click();
  await expect(row('bitfit')).toHaveAttribute('data-control', 'going');
  await page.locator('h1').click();
  await page.keyboard.press('Shift+S');
  await expect(studio.result('bitfit')).toHaveAttribute('data-phase', 'stopped', { timeout: 60_000 });
  await expect(page.getByText('No validation answers are kept')).toBeVisible();
});

test('says on the method what will not fit, and leaves the others be', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('Prompt', 'Head');
  await studio.fill({ 'Prompt: Virtual tokens': '120' });
  const refused = page.locator('.costs > li.refused');
  await expect(refused).toContainText('Will not fit');
  await expect(refused).toHaveAttribute('data-run', 'prompt');
  await expect(page.locator('.costs > li:not(.refused)')).toHaveCount(1);
});
