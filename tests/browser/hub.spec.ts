/** A model from a hub by its id: progress, a broken connection, what the browser keeps, an id that is not there, a busy hub. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { HUB_PORT } from '../../playwright.config.ts';
import { HubServer, type HubRepository } from '../support/hub-server.ts';
import { StudioPage } from './studio.ts';

const MODEL = 'public/models/bert-l4-h128';
const ID = 'someone/small-bert';

function repository(): HubRepository {
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.onnx'];
  return {
    commit: 'c0ffee',
    files: Object.fromEntries(files.map((name) => [name, readFileSync(path.join(MODEL, name))])),
  };
}

test('loads a model from a hub, goes on after a broken connection, and keeps it', async ({ page }) => {
  const hub = new HubServer();
  const endpoint = await hub.open(HUB_PORT);
  try {
    hub.repositories.set(ID, repository());
    const studio = new StudioPage(page);
    await studio.open();
    const model = studio.panel('Model');
    await model.getByText('Another address').click();
    await model.getByLabel('Address of the hub or a mirror').fill(endpoint);
    const ask = async (id: string): Promise<void> => {
      await model.getByLabel('Model on the Hugging Face hub').fill(id);
      await model.getByRole('button', { name: 'Load', exact: true }).click();
    };

    await ask('someone/nothing');
    await expect(model.getByRole('alert')).toContainText('has no model someone/nothing at revision main');

    // The connection breaks off in the weights and gives nothing more: what came is kept.
    hub.breakAfter = [3_000_000, 0, 0, 0, 0];
    await ask(ID);
    // A browser drops what a broken body had sent and the page had not read yet: the sentence says how far it came.
    const brokeOff = /broke off at ([\d.]+) of 7\.61 MB/;
    await expect(model.getByRole('alert')).toContainText(brokeOff, { timeout: 30_000 });
    const megabytes = brokeOff.exec(await model.getByRole('alert').innerText())![1];
    expect(Number(megabytes)).toBeGreaterThan(0);
    expect(Number(megabytes)).toBeLessThanOrEqual(3);
    // What was refused leaves no model's numbers behind, and the one before is a press away.
    await expect(model.getByRole('button', { name: 'Go back to bert-l4-h128' })).toBeVisible();

    hub.breakAfter = [];
    hub.pace = 120;
    hub.requests.length = 0;
    await ask(ID);
    await expect(model.getByRole('progressbar')).toHaveAttribute(
      'aria-label',
      /^model\.onnx: \d.* of 7\.26 MiB/,
    );
    await expect(model.locator('.facts-name')).toHaveText(ID);
    const [asked, ...again] = hub.requests.filter((request) => request.startsWith('model'));
    expect(again).toEqual([]);
    const from = Number(/^model\.onnx bytes=(\d+)-$/.exec(asked)![1]);
    expect(Math.abs(from - Number(megabytes) * 1e6)).toBeLessThanOrEqual(5_000);
    await studio.ready();

    // Another visit: no byte of a file is asked for again.
    hub.requests.length = 0;
    await page.reload();
    await studio.ready();
    await model.getByText('Another address').click();
    await expect(model.getByLabel('Address of the hub or a mirror')).toHaveValue(endpoint);
    await ask(ID);
    await expect(model.locator('.facts-name')).toHaveText(ID);
    expect(hub.requests).toEqual([]);
  } finally {
    await hub.close();
  }
});

test('takes a data set by its id under Data, and says what there is where it is not', async ({ page }) => {
  const hub = new HubServer();
  const endpoint = await hub.open(HUB_PORT);
  try {
    hub.repositories.set('datasets/lab/texts', {
      commit: 'c0ffee',
      revision: 'refs/convert/parquet',
      files: { 'default/train/0000.parquet': readFileSync('tests/data/parquet/gzip.parquet') },
    });
    const studio = new StudioPage(page);
    await studio.open();
    const model = studio.panel('Model');
    await model.getByText('Another address').click();
    await model.getByLabel('Address of the hub or a mirror').fill(endpoint);
    const data = studio.panel('Data');
    const ask = async (id: string): Promise<void> => {
      await data.getByLabel('Data set of the Hugging Face hub').fill(id);
      await data.getByRole('button', { name: 'Load', exact: true }).click();
    };
    await ask('lab/texts:test');
    await expect(data.getByRole('alert')).toContainText('lab/texts has no split test; it has train', {
      timeout: 90_000,
    });
    await ask('lab/texts');
    await expect(data.locator('.facts-name')).toHaveText('texts', { timeout: 90_000 });
    // The same rows are there after a reload, from what the browser keeps.
    const asked = hub.requests.filter((request) => request.includes('0000.parquet')).length;
    await page.reload();
    await expect(data.locator('.facts-name')).toHaveText('texts', { timeout: 60_000 });
    expect(hub.requests.filter((request) => request.includes('0000.parquet'))).toHaveLength(asked);
  } finally {
    await hub.close();
  }
});

test(
  'waits for a hub that is busy, and follows where it sends downloads on',
  { tag: '@long' },
  async ({ page }) => {
    const hub = new HubServer();
    await hub.open(HUB_PORT);
    try {
      hub.repositories.set(ID, repository());
      const studio = new StudioPage(page);
      await studio.open();
      const model = studio.panel('Model');
      await model.getByLabel('Model on the Hugging Face hub').fill(ID);
      const load = model.getByRole('button', { name: 'Load', exact: true });

      // Longer than anyone waits: it says when to come back.
      hub.answers = [{ status: 429, headers: { 'Retry-After': '3600' } }];
      await load.click();
      await expect(model.getByRole('alert')).toContainText(
        'takes none for someone/small-bert now; try again in 3600 s.',
      );

      // Round in a circle, until the browser gives up.
      hub.hops = Infinity;
      await load.click();
      await expect(model.getByRole('alert')).toContainText('cannot be reached');

      hub.hops = 3;
      hub.answers = [{ status: 429, headers: { 'Retry-After': '3' } }];
      const asked = performance.now();
      await load.click();
      await expect(model.getByText('has had too many requests; it is asked again in 3 s.')).toBeVisible();
      await expect(model.locator('.facts-name')).toHaveText(ID);
      expect(performance.now() - asked).toBeGreaterThan(2900);
      expect(hub.answers).toEqual([]);
      expect(hub.requests.map((request) => request.split(' ')[0])).toContain('model.onnx');
      await studio.ready();
    } finally {
      await hub.close();
    }
  },
);
