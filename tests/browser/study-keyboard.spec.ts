/** The Study page by keyboard alone: chosen, started, paused, resumed, taken along, forgotten. */
import { expect, test } from '@playwright/test';
import { choose, stopOf, tabTo, type } from './keys.ts';

test(
  'a study is asked for, trained, paused, taken along and forgotten by keyboard alone',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(600_000);
    const { keyboard } = page;
    await page.goto('/?adapter=wasm#study=memory');
    const experiment = page.getByRole('combobox', { name: 'Experiment' });
    await expect(experiment).toHaveValue('memory', { timeout: 120_000 });
    const totals = page.locator('.study-totals');
    const cells = (state: string) => page.locator(`tr[data-cell][data-state="${state}"]`);

    await choose(page, experiment, 'Performance');
    await expect(experiment).toHaveValue('performance');
    for (const name of ['LoRA', 'Head']) {
      await tabTo(page, page.getByLabel(name, { exact: true }));
      await keyboard.press('Space');
      await expect(page.getByLabel(name, { exact: true })).toBeChecked();
    }
    await type(page, 'Learning rate of LoRA', '0.001');
    for (const [field, text] of Object.entries({
      'How many seeds': '1',
      Steps: '60',
      'Batch size': '8',
      'Evaluate every': '30',
      'Training rows at most': '32',
      'Validation rows at most': '8',
      'Test rows at most': '8',
    }))
      await type(page, field, text);
    await expect(totals).toHaveText(/^2 cells, 2 runs left/, { timeout: 120_000 });

    const press = async (name: string | RegExp): Promise<void> => {
      await tabTo(page, page.getByRole('button', { name }));
      await keyboard.press('Enter');
    };
    await press('Start the study');
    await press('Pause');
    await expect(totals).toHaveText('Paused');
    await press('Resume');
    await expect(cells('done')).toHaveCount(2, { timeout: 240_000 });
    await expect(totals).toHaveText('2 cells, no training left', { timeout: 120_000 });

    const report = page.waitForEvent('download');
    await press(/^Report$/);
    expect((await report).suggestedFilename()).toBe('performance-report.html');

    // Nothing holds the focus: it goes through the page and out of it.
    let stops = 0;
    while (stops < 300 && (await stopOf(page)) !== null) {
      await keyboard.press('Tab');
      stops++;
    }
    expect(stops).toBeLessThan(300);

    await press('Forget these results');
    await press('Really forget?');
    await expect(totals).toHaveText(/^2 cells, 2 runs left/, { timeout: 120_000 });
  },
);
