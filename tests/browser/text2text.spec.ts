/** A T5 in the page: its data step, two methods, what they write beside what they should have, the playground. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { tinyRows, tinyT5 } from '../support/tiny-t5.ts';
import { StudioPage, textFile } from './studio.ts';

/** The folder of a tiny T5, with some of its files left out. */
function folder(without: string[] = []): string {
  const root = mkdtempSync(path.join(tmpdir(), 'tiny-t5-'));
  for (const [name, bytes] of tinyT5())
    if (!without.includes(name)) writeFileSync(path.join(root, name), bytes);
  return root;
}

// Half a minute or so on a machine that has nothing else to do.
test.setTimeout(360_000);

test('a T5 reads sources and targets, writes, and shows where it leaves its references', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  const [model, data] = [studio.panel('Model'), studio.panel('Data')];
  await studio.choose('LoRA', 'BitFit');

  // An encoder alone is refused where it was chosen, and nothing that was there is lost.
  await model.getByLabel('Choose a model folder').setInputFiles(folder(['decoder_model.onnx']));
  await expect(model.getByRole('alert')).toContainText('holds encoder_model.onnx without its decoder');
  await expect(data.getByLabel('Label column')).toHaveValue('label');

  // A T5 brings its own demo; a file of one's own is guessed, and says what is wrong with it.
  await model.getByLabel('Choose a model folder').setInputFiles(folder());
  await expect(data.getByLabel('Source column')).toHaveValue('source');
  await expect(data.locator('.facts-name')).toHaveText('demo-text2text');
  const empty = 'source\ttarget\nthe sun\tshort tale\nthe rain\t\n';
  await data.getByLabel('Training file').setInputFiles(textFile('empty.tsv', empty));
  await expect(data.getByRole('alert')).toContainText(/empty\.tsv.*line 3.*target/);
  await data.getByLabel('Training file').setInputFiles(textFile('tales.tsv', tinyRows(24)));
  await data.getByLabel('Validation file (optional)').setInputFiles(textFile('tales-dev.tsv', tinyRows(6)));
  await expect(data).toContainText('24 training rows, 6 validation rows');
  await expect(data.getByLabel('Target column')).toHaveValue('target');
  await expect(data.getByRole('heading', { name: 'Classes' })).toHaveCount(0);
  await data.getByText('Look inside').click();
  await data.getByRole('tab', { name: 'First batch' }).click();
  await expect(data.locator('.tokens.target').first()).toContainText('tale');

  // Label words: a word that the vocabulary lacks is named at its field.
  await data.getByLabel('Task', { exact: true }).selectOption('Label words, written');
  await data.getByLabel('Label column').selectOption('class');
  await data.getByLabel('Word for “1”').fill('dreadful');
  await data.getByLabel('Word for “0”').fill('good');
  await expect(data.getByText(/Word for “1”: got "dreadful"/)).toBeVisible();
  await data.getByLabel('Task', { exact: true }).selectOption('Text to text');
  await data.getByLabel('Target column').selectOption('target');

  await studio.fill({ Steps: '3', 'Batch size': '2', 'Max tokens': '8', 'Max target tokens': '8' });
  await studio.fill({ 'Evaluate every': '3' });
  await studio.ready();
  await studio.button('Start').click();
  for (const run of ['lora', 'bitfit'])
    await expect(studio.result(run)).toHaveAttribute('data-phase', 'completed', { timeout: 180_000 });

  const written = studio.panel('Generated text');
  await expect(written).toContainText('Written for the first 6 of 6 validation rows.');
  await expect(written.getByRole('columnheader', { name: 'ROUGE-L' })).toBeVisible();
  const first = written.locator('dl').first();
  await expect(first).toContainText('short tale of sun');
  await expect(first.locator('dd[data-run="lora"] del, dd[data-run="lora"] ins').first()).toBeVisible();
  await written.getByRole('button', { name: 'Only wrong' }).click();
  await expect(written.getByRole('button', { name: 'Only wrong' })).toHaveAttribute('aria-pressed', 'true');
  await expect(studio.panel('Confusion')).toHaveCount(0);

  const play = studio.panel('Try it');
  await play.getByLabel('Text').fill('the sun was good');
  await play.getByRole('button', { name: 'Ask' }).click();
  await expect(play.locator('.answer-cards > li')).toHaveCount(3, { timeout: 120_000 });
  await expect(play.locator('.answer-cards .problem')).toHaveCount(0);

  // The same comparison from the history, with what was written.
  await page.reload();
  await studio.button('History').click();
  await page
    .getByRole('button', { name: /^Open: / })
    .first()
    .click();
  await expect(studio.panel('Generated text').locator('dl').first()).toContainText('short tale of sun', {
    timeout: 60_000,
  });
});
