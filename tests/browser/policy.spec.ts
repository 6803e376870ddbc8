/** The content security policy: what a whole run asks for, what is stopped, and a copy of the page elsewhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { HUB_PORT } from '../../playwright.config.ts';
import { HubServer } from '../support/hub-server.ts';
import { StudioPage } from './studio.ts';

const MODEL = 'public/models/bert-l4-h128';
const ID = 'someone/small-bert';

/** Every address that is asked for, by the page and its workers. */
function requestsOf(page: Page): string[] {
  const addresses: string[] = [];
  page.context().on('request', (request) => addresses.push(request.url()));
  return addresses;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function hubWithModel(): Promise<{ hub: HubServer; address: string }> {
  const hub = new HubServer();
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.onnx'];
  hub.repositories.set(ID, {
    commit: 'c0ffee',
    files: Object.fromEntries(files.map((name) => [name, readFileSync(path.join(MODEL, name))])),
  });
  return { hub, address: await hub.open(HUB_PORT) };
}

test('a whole run asks the page and the hub for things, and nobody else', async ({ page, baseURL }) => {
  const { hub, address } = await hubWithModel();
  try {
    const requests = requestsOf(page);
    const studio = new StudioPage(page);
    const [answer] = await Promise.all([page.waitForResponse(`${baseURL}/`), studio.open()]);
    expect(answer.headers()).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as unknown as string,
      'x-content-type-options': 'nosniff',
    });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

    // The page was served with a hub, so it is asked without its address being given.
    const model = studio.panel('Model');
    await model.getByLabel('Model on the Hugging Face hub').fill(ID);
    await model.getByRole('button', { name: 'Load', exact: true }).click();
    await expect(model.locator('.facts-name')).toHaveText(ID);
    await studio.trainBriefly(150_000);

    const origins = new Set(
      requests.filter((url) => !url.startsWith('blob:')).map((url) => new URL(url).origin),
    );
    expect([...origins].sort()).toEqual([address, baseURL!].sort());
    expect(requests.some((url) => url.endsWith('/resolve/c0ffee/model.onnx'))).toBe(true);
    await expect(page.locator('.policy-stops')).toHaveCount(0);
  } finally {
    await hub.close();
  }
});

test('what the policy stops is said, in both languages', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  const model = studio.panel('Model');
  await model.getByText('Another address').click();
  await model.getByLabel('Address of the hub or a mirror').fill('https://mirror.example');
  await model.getByLabel('Model on the Hugging Face hub').fill(ID);
  await model.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(model.getByRole('alert')).toContainText(
    'lets it connect neither to mirror.example nor to where that sends downloads on; start the studio with `npm start -- --hub https://mirror.example`',
  );
  // Said where the hub is asked, and not again above.
  await expect(page.locator('.policy-stops')).toHaveCount(0);

  await page.evaluate(() => fetch('https://elsewhere.example/').catch(() => {}));
  await expect(page.locator('.policy-stops')).toContainText(
    "This page's security policy stopped a connection to elsewhere.example; if you trust that host as a hub",
  );
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.src = 'https://scripts.example/x.js';
    document.head.append(script);
  });
  await expect(page.locator('.policy-stops')).toContainText('(script-src-elem) stopped scripts.example');
  await studio.button('中文').click();
  await expect(page.locator('.policy-stops')).toContainText(
    '本页的安全策略阻止了与 elsewhere.example 的连接',
  );
  await expect(page.getByText('本页的安全策略不允许连接 mirror.example')).toBeVisible();
});

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

test('a copy on any static server keeps the policy, in its worker too', async ({ page }) => {
  const copy = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://copy');
    try {
      const file = path.join(
        'dist',
        pathname === '/below/' ? 'index.html' : pathname.slice('/below/'.length),
      );
      const bytes = readFileSync(file);
      response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  const stranger = createServer((_, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('open');
  });
  const [address, elsewhere] = await Promise.all([listen(copy), listen(stranger)]);
  try {
    const requests = requestsOf(page);
    await page.goto(`${address}/below/`);
    const studio = new StudioPage(page);
    await expect(studio.panel('Model')).toContainText('parameters');
    await expect(studio.panel('Data')).toContainText('training rows');
    expect(requests.every((url) => url.startsWith('blob:') || new URL(url).origin === address)).toBe(true);

    const ask = (url: string): Promise<string> =>
      fetch(url).then(
        (response) => response.text(),
        () => 'stopped',
      );
    expect(await page.evaluate(ask, elsewhere)).toBe('stopped');
    expect(await page.workers()[0].evaluate(ask, elsewhere)).toBe('stopped');
    await expect(page.locator('.policy-stops')).toContainText(`a connection to ${new URL(elsewhere).host}`);
  } finally {
    copy.closeAllConnections();
    stranger.closeAllConnections();
    copy.close();
    stranger.close();
  }
});
