/** One comparison over several seeds: its fields, the mean and its band, single runs, reference lines, reload, downloads. */
import { expect, test } from '@playwright/test';
import { StudioPage, textFile, violations } from './studio.ts';

/** Sentences whose label a few words tell. */
function table(rows: number, from = 0): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const n = from + i;
    return `${n % 2 === 0 ? 'a fine and sunny walk' : 'a dull and rainy day'} ${n}\t${n % 2 === 0 ? 'good' : 'bad'}`;
  });
  return ['text\tlabel', ...lines, ''].join('\n');
}

test(
  'trains every method with every seed: mean and band, single runs, references, reload, the best seed’s files',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(300_000);
    const studio = new StudioPage(page);
    await studio.open('wasm');
    const files = studio.panel('Data');
    await files.getByLabel('Training file').setInputFiles(textFile('days.tsv', table(80)));
    await expect(files).toContainText('72 training rows');
    await studio.choose('LoRA', 'Head');
    const launch = page.locator('.launch');

    // A share held out for the test is said, until a file has the test's rows.
    await studio.fill({ 'Share held out for the test': '0.25' });
    await expect(launch).toContainText('25.0% of the rows are held out for the test');
    await expect(files).toContainText('52 training rows, 8 validation rows · 20 test rows');
    // Dropped together, one is taken for training; what the other is can be said.
    const transfer = await page.evaluateHandle(
      ([days, exam]) => {
        const data = new DataTransfer();
        data.items.add(new File([days], 'days.tsv'));
        data.items.add(new File([exam], 'exam.tsv'));
        return data;
      },
      [table(80), table(40, 1000)] as const,
    );
    await page.locator('body').dispatchEvent('drop', { dataTransfer: transfer });
    await page.getByLabel('What exam.tsv is').selectOption({ label: 'test rows' });
    await expect(files).toContainText('40 test rows');
    await expect(launch).toContainText('exam.tsv is the test, scored once at the end');
    await expect(page.getByLabel('Share held out for the test', { exact: true })).toHaveCount(0);

    await studio.fill({ 'How many seeds': '0' });
    await expect(page.locator('.start-reason')).toContainText('How many seeds');
    await studio.fill({ 'How many seeds': '3', Steps: '24', 'Batch size': '8', 'Evaluate every': '8' });
    await studio.fill({ 'Max tokens': '12' });
    await expect(launch).toContainText('3 seeds each: 6 runs');
    await page.getByLabel('Compare with', { exact: true }).selectOption('head');
    await studio.ready();
    await studio.button('Start').click();

    // Pausing and going on hold for all seeds of a method.
    await expect(page.locator('.run-rows > li')).toHaveCount(2);
    await page.getByRole('button', { name: 'Pause', exact: true }).click({ timeout: 60_000 });
    await expect(page.locator('.run-progress [role="status"]')).toHaveText('Paused');
    await studio.button('Resume').first().click();
    await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Done in/, { timeout: 120_000 });

    const evidence = page.getByRole('group', { name: 'The evidence' });
    await expect(evidence).toContainText('test rows, looked at once', { timeout: 20_000 });
    await expect(evidence.locator('tr[data-method="head"]')).toContainText('baseline');
    await expect(evidence.locator('tr[data-method="lora"]')).toContainText('3 seeds');

    // A method stands for its seeds: the mean with its interval, and the single runs on request.
    const lora = studio.result('lora');
    await expect(studio.panel('Results').locator('tbody tr[data-run]')).toHaveCount(2);
    await expect(lora.locator('[data-column="best"] .interval')).toHaveText(/^±[\d.]+%$/);
    await lora.getByRole('button', { name: 'Single runs of LoRA' }).click();
    const single = studio.panel('Results').locator('tr.single');
    await expect(single).toHaveCount(3);
    const bests = await single
      .locator('[data-column="best"]')
      .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.value)));
    const mean = Number(await lora.locator('[data-column="best"]').getAttribute('data-value'));
    expect(mean).toBeCloseTo(bests.reduce((sum, one) => sum + one, 0) / 3, 6);

    // Whose adapter is downloaded is said: that of the seed that scored best.
    const best = [42, 43, 44][bests.indexOf(Math.max(...bests))];
    await expect(lora.locator('.whose')).toContainText(`Of seed ${best}`);
    const saved = page.waitForEvent('download');
    await lora.getByRole('button', { name: `Adapter of LoRA, seed ${best}` }).click();
    expect((await saved).suggestedFilename()).toContain(`seed-${best}`);

    // What takes no training stands in the table and in every chart of a score, and says what it is.
    for (const name of ['largestClass', 'untuned']) {
      const places = page.locator(`[data-reference="${name}"]`);
      // Evidence, results, final scores, validation.
      await expect(places).toHaveCount(4);
      await expect(studio.panel('Results').locator(`tr[data-reference="${name}"]`)).toHaveAttribute(
        'title',
        /^What .+ score/,
      );
    }
    await expect(studio.panel('Trade-off').locator('.plot-reference title')).toHaveCount(2);

    // One line a method; each seed on request. Beyond a curve's end there is nothing to read.
    const readout = studio.panel('Validation').locator('.readout');
    await expect(readout.locator('tbody tr:not(.reference)')).toHaveCount(2);
    await expect(readout.locator('tbody tr:not(.reference)').first()).toContainText(/% \(\d.* to .*%\)/);
    await page.getByLabel('Each seed').check();
    await page.getByLabel('Answers of seed').selectOption('44');
    await expect(studio.panel('Confusion').getByLabel('Method')).toContainText('LoRA, seed 44');

    // The table fits its place, on a phone too; nothing of it keeps anybody out, in light and in dark.
    const spare = () =>
      studio
        .panel('Results')
        .locator('.scroll')
        .evaluate((element) => element.clientWidth - element.scrollWidth);
    expect(await spare()).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await spare()).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page, '.comparison'), colorScheme).toEqual([]);
    }

    // All of it is there again: the form, and the comparison from the history, judged anew from its records.
    await page.reload();
    await studio.ready();
    await expect(page.getByLabel('How many seeds', { exact: true })).toHaveValue('3');
    await expect(page.getByLabel('Compare with', { exact: true })).toHaveValue('head');
    await page.keyboard.press('h');
    await page.locator('[data-comparison]').first().getByRole('button', { name: /^Open/ }).click();
    await expect(page.locator('.verdict')).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('group', { name: 'The evidence' })).toContainText(
      'test rows, looked at once',
    );
    await expect(studio.result('lora')).toHaveAttribute('data-phase', 'completed');
  },
);
