/** Every control of the page by keyboard alone: each is reached, seen while it has the focus, used, and left again. */
import { expect, test } from '@playwright/test';
import { choose, stopOf, tabTo, type } from './keys.ts';
import { StudioPage, textFile, violations } from './studio.ts';

test('Tab passes every control once, each in sight while it has the focus, and comes out again', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open('wasm');
  await studio.ready();
  await expect(page.locator('.costs > li')).toHaveCount(4);
  await expect(page.locator('.costs > li').first()).toContainText(/about \d/);
  await expect(page.getByText('Inside the model')).toBeVisible();
  // With everything unfolded that can be.
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
  const unseen: string[] = [];
  let stops = 0;
  for (; stops < 600; stops++) {
    await page.keyboard.press('Tab');
    const stop = await stopOf(page);
    // Past the last one the focus leaves the page.
    if (stop === null) break;
    if (!stop.seen) unseen.push(stop.name);
  }
  expect(unseen).toEqual([]);
  expect(stops).toBeGreaterThan(60);
  expect(stops).toBeLessThan(600);
  const missed = await page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'button:enabled, input:enabled, select:enabled, textarea:enabled, summary, a[href], [tabindex="0"]',
      ),
    ]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
      // Of tabs and radio buttons the arrow keys reach the others.
      .filter((element) => !element.matches('[role="tab"], [type="radio"]'))
      .filter((element) => !element.hasAttribute('data-reached'))
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(missed).toEqual([]);
});

test(
  'rates, combinations, stages, seeds, test rows, baseline, single runs, menus and history by keyboard alone',
  { tag: '@long' },
  async ({ page }) => {
    // Some hundred stops, each looked at.
    test.setTimeout(600_000);
    const studio = new StudioPage(page);
    await studio.open('wasm');
    const { keyboard } = page;
    // Which file to take is asked by the system, not by the page.
    const lines = Array.from(
      { length: 90 },
      (_, i) => `${i % 2 ? 'a dull' : 'a fine'} day ${i}\t${i % 2 ? 'bad' : 'good'}`,
    );
    const file = textFile('days.tsv', ['text\tlabel', ...lines, ''].join('\n'));
    await studio.panel('Data').getByLabel('Training file').setInputFiles(file);
    await expect(studio.panel('Data')).toContainText('81 training rows');
    await studio.ready();
    for (const method of ['Prompt', 'Full']) {
      await tabTo(page, page.getByRole('checkbox', { name: new RegExp(`^${method} `) }));
      await keyboard.press('Space');
    }
    await type(page, 'Batch size', '8');
    await type(page, 'Max tokens', '16');

    // The rate of a method is looked for and taken over.
    const lora = page.locator('[data-method="lora"]');
    await tabTo(page, lora.locator('.method-options > summary'));
    await keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Find the learning rate of LoRA' }));
    await keyboard.press('Enter');
    const take = lora.getByRole('button', { name: /^Take \d/ });
    await expect(take).toBeVisible({ timeout: 120_000 });
    await tabTo(page, take);
    await keyboard.press('Enter');
    const rate = (await take.textContent())!.replace(/^Take /, '');
    await expect(page.getByLabel('LoRA: Learning rate', { exact: true })).toHaveValue(rate);

    // Arrow keys pass over the choices; only the button combines.
    await choose(page, page.getByLabel('LoRA: Combine with'), 'LoRA + BitFit');
    await expect(page.locator('[data-combination]')).toHaveCount(0);
    await tabTo(page, lora.getByRole('button', { name: 'Combine', exact: true }));
    await keyboard.press('Enter');
    const together = page.locator('[data-combination="lora+bitfit"]');
    await expect(together).toBeVisible();
    await choose(page, together.getByLabel('Add a method: Then'), 'Head');
    await tabTo(page, together.getByRole('button', { name: 'Add Head: Then' }));
    await keyboard.press('Enter');
    const staged = page.locator('[data-combination="lora+bitfit-then-head"]');
    await expect(staged).toBeVisible();
    await tabTo(page, staged.getByRole('button', { name: 'Take Head out of Stage 2' }));
    await keyboard.press('Enter');
    await expect(together).toBeVisible();

    await type(page, 'Steps', '6');
    await type(page, 'Evaluate every', '3');
    await type(page, 'How many seeds', '2');
    await type(page, 'Share held out for the test', '0.2');
    await choose(page, page.getByLabel('Compare with', { exact: true }), 'Head');
    await expect(page.locator('.launch')).toContainText('2 seeds each');

    // Pilots are begun, and stopped again.
    await studio.ready();
    await choose(page, page.getByLabel('within', { exact: true }), '1 minute');
    await tabTo(page, studio.button('Find out for me'));
    await keyboard.press('Enter');
    const findOut = page.getByRole('region', { name: 'Find out for me' });
    const stop = findOut.getByRole('button', { name: /^Stop/ });
    await expect(stop).toBeVisible();
    await tabTo(page, stop);
    await keyboard.press('Enter');
    await expect(studio.button('Find out for me')).toBeVisible({ timeout: 60_000 });

    await studio.ready();
    await tabTo(page, studio.button('Start'));
    await keyboard.press('Enter');
    await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Done in/, { timeout: 180_000 });
    await expect(page.locator('.verdict-first')).toBeVisible({ timeout: 20_000 });

    // What came out: sorted, its single runs, each seed's curve.
    const results = studio.panel('Results');
    await tabTo(page, results.getByRole('button', { name: 'Single runs of LoRA', exact: true }));
    await keyboard.press('Enter');
    await expect(results.locator('tr.single')).toHaveCount(2);
    await tabTo(
      page,
      results
        .getByRole('columnheader')
        .getByRole('button', { name: /^Trainable/ })
        .first(),
    );
    await keyboard.press('Enter');
    await expect(results.locator('th[aria-sort]')).toHaveCount(1);
    await tabTo(page, page.getByLabel('Each seed'));
    await keyboard.press('Space');
    await expect(page.getByLabel('Each seed')).toBeChecked();

    // A menu opens, is left by Escape with the focus where it came from, and saves.
    const menu = page.getByRole('button', { name: /^Take along: Results/ });
    await tabTo(page, menu);
    await keyboard.press('Enter');
    await expect(results.locator('.take-along-menu')).toBeVisible();
    await keyboard.press('Escape');
    await expect(results.locator('.take-along-menu')).toBeHidden();
    await expect(menu).toBeFocused();
    await keyboard.press('Enter');
    const saved = page.waitForEvent('download');
    await tabTo(page, results.locator('[data-take="csv"]'));
    await keyboard.press('Enter');
    expect((await saved).suggestedFilename()).toMatch(/\.csv$/);

    // The history: a new name, and back to where it was opened from.
    await tabTo(page, studio.button('History'));
    await keyboard.press('Enter');
    const history = page.getByRole('dialog', { name: 'History' });
    const rename = history.getByRole('button', { name: /^Rename:/ });
    await tabTo(page, rename);
    await keyboard.press('Enter');
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('by keyboard');
    await keyboard.press('Enter');
    await expect(history.getByRole('heading', { name: 'by keyboard' })).toBeVisible();
    await expect(rename).toBeFocused();
    await keyboard.press('Escape');
    await expect(history).toHaveCount(0);
    await expect(studio.button('History')).toBeFocused();

    // What was opened and built on the way keeps nobody out; the rest of the page has a test of its own.
    expect(await violations(page, '.setup')).toEqual([]);
  },
);
