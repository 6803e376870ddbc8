/**
 * The built-in T5 in the page: on its own demo, on SST-2 by a template and label words, and on SciTLDR.
 * The last two need the shared folder. A few steps each: what is shown is that all of it fits together.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { sharedFolder } from '../support/shared.ts';
import { FEW_ROWS, StudioPage, textFile } from './studio.ts';

const datasets = path.join(sharedFolder, 'datasets');

/** The first lines of a shared file. */
function some(name: string, lines: number): ReturnType<typeof textFile> {
  const text = readFileSync(path.join(datasets, name), 'utf8').split('\n').slice(0, lines).join('\n');
  return textFile(path.basename(name), text);
}

test.setTimeout(360_000);

let page: Page;
let studio: StudioPage;
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  studio = new StudioPage(page);
  await studio.open();
  await studio.panel('Model').getByRole('button', { name: 'T5, 3.3 M' }).click();
  await expect(studio.panel('Model').locator('.facts-name')).toHaveText('t5-l3-h128');
  await studio.choose('LoRA');
});
test.afterAll(() => page.close());

/** Trains LoRA for some steps on what is chosen. */
async function train(fields: Record<string, string>): Promise<void> {
  await studio.fill({ Steps: '4', 'Evaluate every': '4', ...FEW_ROWS, ...fields });
  await studio.ready();
  await studio.button('Start').click();
  await expect(studio.result('lora')).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await expect(studio.result('lora')).toHaveAttribute('data-phase', 'completed', { timeout: 240_000 });
}

/** LoRA has written a text beside the reference of each of the rows, and is scored by it. */
async function hasWritten(rows: number): Promise<void> {
  const written = studio.panel('Generated text');
  await expect(written).toContainText(`Written for the first ${rows} of ${rows} validation rows.`);
  await expect(written.getByRole('columnheader', { name: 'ROUGE-L' })).toBeVisible();
  await expect(written.locator('dl').first().locator('dd[data-run="lora"]')).not.toBeEmpty();
}

test('the built-in T5 trains on its demo and writes beside its references', async () => {
  await expect(studio.panel('Data').locator('.facts-name')).toHaveText('demo-text2text');
  await train({
    'Batch size': '4',
    'Max tokens': '32',
    'Max target tokens': '32',
    'Validation rows at most': '6',
  });
  await hasWritten(6);
});

test('SST-2 by a template: label words are ranked, and a sentence of one’s own is judged', async () => {
  test.skip(!existsSync(datasets), 'needs the shared datasets');
  const data = studio.panel('Data');
  await data.getByLabel('Training file').setInputFiles(some('sst2/train-4000.tsv', 401));
  await data.getByLabel('Validation file (optional)').setInputFiles(some('sst2/dev.tsv', 41));
  await expect(data).toContainText('400 training rows, 40 validation rows');
  await data.getByLabel('Task', { exact: true }).selectOption('Label words, written');
  await data.getByLabel('Label column').selectOption('label');
  await data.getByLabel('Template', { exact: true }).fill('{text} It was');
  await data.getByLabel('Word for “0”').fill('bad');
  await data.getByLabel('Word for “1”').fill('good');
  await train({ 'Batch size': '4', 'Max tokens': '24', 'Validation rows at most': '16' });
  await expect(studio.result('lora').locator('td[data-column="last"]')).toHaveText(/^[\d.]+%$/);
  const cells = await studio.panel('Confusion').locator('button.cell').allInnerTexts();
  expect(cells.reduce((sum, count) => sum + Number(count), 0)).toBe(16);
  const play = studio.panel('Try it');
  await play.getByLabel('Text', { exact: true }).fill('a warm , funny film');
  await play.getByRole('button', { name: 'Ask' }).click();
  await expect(play.locator('.answer-cards > li')).toHaveCount(2, { timeout: 120_000 });
  for (const card of await play.locator('.answer-cards > li').all())
    await expect(card).toContainText(/[01][\d.]+%/);
});

test('SciTLDR: lists of sentences to one summary of several, scored by ROUGE', async () => {
  test.skip(!existsSync(datasets), 'needs the shared datasets');
  const data = studio.panel('Data');
  await data.getByLabel('Training file').setInputFiles(some('scitldr/train.jsonl', 64));
  await data.getByLabel('Validation file (optional)').setInputFiles(some('scitldr/dev.jsonl', 8));
  await expect(data).toContainText('64 training rows, 8 validation rows');
  await expect(data.getByLabel('Source column')).toHaveValue('source');
  await expect(data.getByLabel('Target column')).toHaveValue('target');
  await train({
    'Batch size': '2',
    'Max tokens': '96',
    'Max target tokens': '24',
    'Validation rows at most': '4',
  });
  await hasWritten(4);
});
