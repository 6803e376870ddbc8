import { readdirSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { encodeLegacy } from '../support/many-languages.ts';
import { StudioPage, textFile } from './studio.ts';

/** A CSV of two classes, with a comma and a quote where RFC 4180 needs care. */
function reviews(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    i % 2 === 0 ? `"a fine, ""warm"" film no. ${i}",good` : `a dull film no. ${i},bad`,
  );
  return ['review,verdict', ...lines, ''].join('\n');
}

// One page for all: every test brings its own files, and opening is what takes longest.
let page: Page;
let studio: StudioPage;
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  studio = new StudioPage(page);
  await studio.open();
});
test.afterAll(() => page.close());

test('reads a CSV of one’s own, guesses its columns and trains on it', async () => {
  const data = studio.panel('Data');
  await data.getByLabel('Training file').setInputFiles(textFile('films.csv', reviews(60)));
  await expect(data).toContainText('54 training rows, 6 validation rows');
  await expect(data).toContainText('a tenth of the training rows is held out');
  await expect(data.getByLabel('Text column', { exact: true })).toHaveValue('review');
  await expect(data.getByLabel('Label column')).toHaveValue('verdict');
  await data.getByText('Look inside').click();
  await expect(data.getByRole('cell', { name: 'a fine, "warm" film no. 0' })).toBeVisible();

  await data.getByLabel('Validation file (optional)').setInputFiles(textFile('films-dev.csv', reviews(20)));
  await expect(data).toContainText('60 training rows, 20 validation rows');

  await studio.choose('Head');
  await studio.fill({ Steps: '3', 'Batch size': '4', 'Evaluate every': '0' });
  await studio.ready();
  await studio.button('Start').click();
  await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 60_000 });
});

test('takes two dropped files: the one with dev in its name validates', async () => {
  const transfer = await page.evaluateHandle(
    ([train, dev]) => {
      const data = new DataTransfer();
      data.items.add(new File([dev], 'films-dev.csv'));
      data.items.add(new File([train], 'films.csv'));
      return data;
    },
    [reviews(40), reviews(10)] as const,
  );
  const zone = studio.panel('Data').locator('.drop-zone');
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(zone).toHaveClass(/over/);
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(studio.panel('Data')).toContainText('40 training rows, 10 validation rows');
});

test('corrects the columns and the task', async () => {
  const data = studio.panel('Data');
  const scored = ['a\tb\tscore', 'one\ttwo\t1.5', 'three\tfour\t2.5', 'five\tsix\t1.5', ''].join('\n');
  await data.getByLabel('Training file').setInputFiles(textFile('pairs.tsv', scored));
  await expect(data.getByLabel('Task', { exact: true })).toHaveValue('regression');
  await data.getByLabel('Text column', { exact: true }).selectOption('a');
  await data.getByLabel('Second text column').selectOption('b');
  await expect(data.getByLabel('Second text column')).toHaveValue('b');
  await data.getByLabel('Task', { exact: true }).selectOption('classification');
  await expect(data.getByRole('heading', { name: 'Classes' })).toBeVisible();
});

test('names the lines of a ragged file, and goes on without these lines when told', async () => {
  const data = studio.panel('Data');
  const rows = Array.from({ length: 20 }, (_, i) => `film ${i}\t${i % 2}`);
  const ragged = ['text\tlabel', 'fine\t1', 'no label here', ...rows, 'nor here', ''].join('\n');
  await data.getByLabel('Training file').setInputFiles(textFile('ragged.tsv', ragged));
  await expect(data.getByRole('alert')).toContainText(/ragged\.tsv.*line 3/);
  // Nothing of the data before is left to be mistaken for these, and Start says why it is off.
  await expect(data).not.toContainText('training rows,');
  await expect(studio.button('Start')).toBeDisabled();
  await expect(page.locator('.start-reason')).toContainText('The data cannot be used as they stand');
  await expect(page.locator('.launch')).not.toContainText('Reading');
  await data.getByText('Rows that cannot be used').click();
  await expect(data.getByText(/line 24: 1 column where line 1 has 2/)).toBeVisible();
  await data.getByRole('button', { name: 'Leave these rows out' }).click();
  await expect(data.getByRole('alert')).toHaveCount(0);
  await expect(data).toContainText('19 training rows, 2 validation rows');
  await expect(data).toContainText('2 rows were left out');
  await data.getByRole('button', { name: 'Put the rows left out back' }).click();
  await expect(data.getByRole('alert')).toContainText(/line 3/);
});

test('refuses a hundred thousand columns in one sentence, and goes back to the data before', async () => {
  const data = studio.panel('Data');
  const wide = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',');
  await data.getByLabel('Training file').setInputFiles(textFile('wide.csv', `${wide}\n${wide}\n`));
  await expect(data.getByRole('alert')).toContainText(
    /wide\.csv.*100,000 columns, and at most 1,000 are read/,
  );
  await expect(data.locator('.facts-name')).toHaveCount(0);
  await data.getByRole('button', { name: /^Go back to / }).click();
  await expect(data.locator('.facts-name')).toHaveText('ragged');
  await data.getByLabel('Training file').setInputFiles(textFile('films.csv', reviews(60)));
  await expect(data.getByRole('alert')).toHaveCount(0);
});

test('takes a model folder, and refuses what is no model in one sentence', async () => {
  const model = studio.panel('Model');
  await model.getByLabel('Choose a model folder').setInputFiles('public/models/bert-l4-h128');
  await expect(model.locator('.facts-name')).toHaveText('bert-l4-h128');
  await expect(model.getByRole('alert')).toHaveCount(0);
  await model.getByLabel('Choose a model folder').setInputFiles('public/data');
  await expect(model.getByRole('alert')).toContainText('holds no model.onnx');
  await expect(studio.button('Start')).toBeDisabled();
  await model.getByRole('button', { name: 'Go back to bert-l4-h128' }).click();
  await studio.ready();
});

test('asks which encoding a file has where it cannot be told, and reads it as chosen', async () => {
  const data = studio.panel('Data');
  const csv = `text,label\n${Array.from({ length: 10 }, (_, i) => (i % 2 ? 'Теплый чай,good\n' : 'Холодный суп,bad\n')).join('')}`;
  const buffer = Buffer.from(encodeLegacy(csv, 'x-mac-cyrillic'));
  await data.getByLabel('Training file').setInputFiles({ name: 'tea.csv', mimeType: 'text/csv', buffer });
  await expect(data.getByRole('alert')).toContainText(/cannot be told in which encoding/);
  await data.getByLabel('Encoding').selectOption('x-mac-cyrillic');
  await expect(data.getByRole('alert')).toHaveCount(0);
  await expect(data).toContainText('Reads: Холодный суп');
  await expect(data).toContainText('9 training rows, 1 validation row');
});

test('asks whether a first row is a header where it may be either', async () => {
  const data = studio.panel('Data');
  const pairs = ['good morning,bonjour', 'good night,bonne nuit', 'thank you,merci', ''].join('\n');
  await data.getByLabel('Training file').setInputFiles(textFile('pairs.csv', pairs));
  await expect(data.getByRole('alert')).toContainText(/cannot be told whether "good morning"/);
  await data.getByLabel('First row').selectOption('false');
  await expect(data.getByText('cannot be told whether')).toHaveCount(0);
  await expect(data.getByText('no column names')).toBeVisible();
});

test('asks about labels that stand for a missing one: left out, or a class', async () => {
  const data = studio.panel('Data');
  const labels = ['for', 'against', 'none'];
  const rows = Array.from({ length: 30 }, (_, i) => `a thought no. ${i}\t${labels[i % 3]}`);
  const file = textFile('stance.tsv', ['text\tlabel', ...rows, ''].join('\n'));
  await data.getByLabel('Training file').setInputFiles(file);
  await expect(data.getByRole('alert')).toContainText(/the label "none" .* stands for a missing one/);
  await data.getByRole('button', { name: 'Leave these rows out' }).click();
  await expect(data).toContainText('9 rows were left out');
  await data.getByRole('button', { name: 'Put the rows left out back' }).click();
  await data.getByRole('button', { name: 'Keep “none” as a class' }).click();
  await expect(data).toContainText('27 training rows, 3 validation rows');
});

test('asks which column holds the text where two would do, and then which the label', async () => {
  const data = studio.panel('Data');
  const rows = Array.from(
    { length: 24 },
    (_, i) => `a fine remark no. ${i}\tan apt reply no. ${i}\t${i % 3}\t${i % 2}`,
  );
  const file = textFile('talk.tsv', ['remark\treply\ttone\tshade', ...rows, ''].join('\n'));
  await data.getByLabel('Training file').setInputFiles(file);
  await expect(studio.button('Start')).toBeDisabled();
  const label = data.getByRole('group', { name: 'Which column holds the label?' });
  await expect(label.getByRole('button')).toHaveText(['tone', 'shade']);
  await label.getByRole('button', { name: 'shade' }).click();
  const text = data.getByRole('group', { name: 'Which column holds the text?' });
  await expect(text.getByRole('button')).toHaveText(['remark', 'reply', 'Both, as a pair']);
  await text.getByRole('button', { name: 'reply' }).click();
  await expect(data.getByLabel('Text column', { exact: true })).toHaveValue('reply');
  await expect(data.getByLabel('Label column')).toHaveValue('shade');
  await expect(data.getByRole('alert')).toHaveCount(0);
});

test('says at once that a model came without its tokenizer, and keeps Start off', async () => {
  const model = studio.panel('Model');
  const folder = 'public/models/bert-l4-h128';
  const files = readdirSync(folder).filter((name) => !/token|vocab/i.test(name));
  const transfer = await page.evaluateHandle(async (names) => {
    const data = new DataTransfer();
    for (const name of names)
      data.items.add(new File([await (await fetch(`models/bert-l4-h128/${name}`)).blob()], name));
    return data;
  }, files);
  await model.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(model.getByRole('alert')).toContainText(/tokenizer\.json/);
  await expect(studio.button('Start')).toBeDisabled();
  await expect(page.locator('.start-reason')).toHaveText(
    'The model cannot be trained as it came: see Model.',
  );
  await model.getByRole('button', { name: /BERT/ }).first().click();
  await studio.ready();
});
