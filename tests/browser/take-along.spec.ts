import { readFileSync } from 'node:fs';
import { expect, test, type Download, type Page } from '@playwright/test';
import { FEW_ROWS, StudioPage } from './studio.ts';

const bytesOf = async (download: Download): Promise<Buffer> => readFileSync(await download.path());

async function take(page: Page, title: string, what: string): Promise<Download> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Take along: ${title}`, exact: true }).click();
  await page.getByRole('button', { name: what, exact: true }).click();
  return download;
}

test('scores by class, curves and calibration; charts and tables are taken along', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.emulateMedia({ colorScheme: 'dark' });
  const studio = new StudioPage(page);
  await studio.open('wasm');
  await studio.choose('LoRA', 'Head');
  await studio.fill({ Steps: '8', 'Batch size': '8', 'Evaluate every': '4' });
  await studio.fill({ ...FEW_ROWS, 'Validation rows at most': '60' });
  await studio.ready();
  await studio.button('Start').click();
  for (const run of ['lora', 'head'])
    await expect(studio.result(run)).toHaveAttribute('data-phase', 'completed', { timeout: 150_000 });

  // Class by class, opened by the keyboard.
  const confusion = studio.panel('Confusion');
  await confusion.locator('.class-details summary').focus();
  await page.keyboard.press('Enter');
  const classes = confusion.locator('table[data-name="classes"]');
  await expect(classes.locator('tbody tr')).toHaveCount(4);
  const support = classes.locator('tbody tr:not(.mean) td:nth-child(5)');
  const rows = (await support.allInnerTexts()).map(Number);
  expect(rows.reduce((sum, count) => sum + count, 0)).toBe(60);
  await expect(
    confusion.getByRole('img', { name: /^ROC curve\. Area positive: [01]\.\d{3}\.$/ }),
  ).toBeVisible();
  await expect(confusion.getByRole('img', { name: /Expected calibration error 0\.\d{3}/ })).toBeVisible();

  // A canvas, a drawing and bars as SVG: whole files, in the colours of the light theme.
  for (const title of ['Training loss', 'Trade-off', 'Final scores', 'Memory']) {
    const download = await take(page, title, 'Chart as SVG');
    expect(download.suggestedFilename()).toMatch(/\.svg$/);
    const svg = (await bytesOf(download)).toString('utf8');
    expect(svg, title).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg, title).toContain('fill="#ffffff"');
    expect(svg, title).not.toMatch(/var\(|light-dark|class="/);
    const problem = await page.evaluate(
      (text) =>
        new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent ??
        '',
      svg,
    );
    expect(problem, title).toBe('');
  }
  // Light text colour of the axis, though the page is dark.
  const tradeOff = (await bytesOf(await take(page, 'Trade-off', 'Chart as SVG'))).toString('utf8');
  expect(tradeOff).toContain('rgb(91, 96, 103)');

  const png = await bytesOf(await take(page, 'Training loss', 'Chart as PNG'));
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(png.readUInt32BE(16)).toBe(1440);

  const csv = (await bytesOf(await take(page, 'Results', 'Table as CSV'))).toString('utf8');
  const [header, ...lines] = csv
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(header.slice(0, 2)).toEqual(['Method', 'Best']);
  expect(csv).toContain('"Time, seconds"');
  // Rows of what takes no training have as many cells as the others, of which one holds a comma.
  expect(lines.map((cells) => cells.length)).toEqual([10, 10, 11, 10]);
  // The methods, and below them what takes no training.
  const names = lines.map(([name]) => name);
  expect(names.slice(0, 2).sort()).toEqual(['Head', 'LoRA']);
  expect(names.slice(2)).toEqual(['"Largest class', 'The untuned model']);
  const best = Number(lines[0][1]);
  expect(best).toBeGreaterThan(0);
  expect(best).toBeLessThanOrEqual(1);

  // No chart and no table is without its menu.
  const untaken = await page.evaluate(() =>
    [...document.querySelectorAll('.comparison table, .comparison .chart svg')]
      .filter((one) => !one.closest('.takes, .panel')?.querySelector('.take-along'))
      .map((one) => one.closest('section')?.textContent?.slice(0, 40)),
  );
  expect(untaken).toEqual([]);

  // What the verdict rests on, a figure a cell, with the figures that the page shows.
  const verdict = studio.panel('What to take');
  const evidence = (await bytesOf(await take(page, 'What to take', 'Table as CSV'))).toString('utf8');
  const [, ...figures] = evidence
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  for (const [name, mean, low, high] of figures.slice(0, 2)) {
    const row = verdict.locator('tr[data-method]').filter({ hasText: name });
    const percent = (text: string): string => `${(100 * Number(text)).toFixed(1)}%`;
    await expect(row.locator('td').first()).toHaveText(`${percent(mean)}${percent(low)} to ${percent(high)}`);
  }
  await expect(verdict.locator('tr[data-method]:not([data-method="full"])').first()).toContainText('points');

  // A chart over time is its points, a row each.
  const loss = (await bytesOf(await take(page, 'Training loss', 'Table as CSV'))).toString('utf8');
  const points = loss
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(points[0]).toEqual(['Method', 'Steps', 'Training loss']);
  expect(points.slice(1).map(([name, step]) => `${name} ${step}`)).toEqual(
    ['LoRA', 'Head'].flatMap((name) => Array.from({ length: 8 }, (_, i) => `${name} ${i + 1}`)),
  );
  for (const [, , value] of points.slice(1)) expect(Number(value)).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Take along: Results' }).click();
  await page.getByRole('button', { name: 'Copy the table as Markdown' }).click();
  await expect(studio.panel('Results').getByText('Copied.')).toBeVisible();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown.split('\n')[0]).toMatch(/^\| Method \| Best \|/);
  expect(markdown).toMatch(/\| LoRA \| [\d.]+% \|/);

  // All of it as one page, which shows itself without anything else.
  const report = (await bytesOf(await take(page, 'Results', 'Save as one page (HTML)'))).toString('utf8');
  expect(report).toMatch(/^<!doctype html>/);
  expect(report).toContain('<svg');
  expect(report).toContain('lora');
  expect(report).not.toMatch(/<script|src=|href="http/);

  // Escape closes the menu and goes back to its button.
  const menu = page.getByRole('button', { name: 'Take along: Results' });
  await menu.click();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveAttribute('aria-expanded', 'false');
  await expect(menu).toBeFocused();
});
