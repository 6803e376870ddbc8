/**
 * `npx tsx bench/page-sst2.ts --model FOLDER --reference FOLDER [--data FOLDER] [--method lora] [--adapter wasm]`: a
 * training of `tools/sst2-reference/run.py` once more in a real Chromium, from PyTorch's own start, by the page's form;
 * its losses and scores beside PyTorch's. `npm run build` first.
 *
 * The page always shuffles. So the rows are given to it in the order out of which its seed's shuffle makes that of the
 * file, in which PyTorch took them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { findChromium } from '../scripts/prerequisites.ts';
import { permutation } from '../src/data/batching/order.ts';
import { SHUFFLE_STREAM } from '../src/data/streams.ts';
import { PhiloxStream } from '../src/graph/philox.ts';
import type { RunEvent } from '../src/train/events.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    reference: { type: 'string' },
    data: { type: 'string', default: path.join(root, '..', 'shared', 'datasets', 'sst2') },
    method: { type: 'string', default: 'lora' },
    adapter: { type: 'string', default: 'wasm' },
    port: { type: 'string', default: '4391' },
  },
});

interface Scored {
  accuracy: number;
  loss: number;
}
interface Reference {
  spec: {
    data: { maxLength: number };
    training: {
      steps: number;
      batchSize: number;
      seed: number;
      optimizer: { learningRate: number; weightDecay: number };
      schedule: { warmupSteps: number };
      maxGradNorm: number;
    };
  };
  initial: Scored;
  final: Scored;
  losses: number[];
}

/** How the page calls the methods that start from a saved adapter of PyTorch's. */
const LABELS: Readonly<Record<string, string>> = {
  lora: 'LoRA',
  full: 'Full',
  prompt: 'Prompt',
  head: 'Head',
};

/** The file's rows where a shuffle by this seed puts them back in the file's order. */
function unshuffled(file: string, seed: number): Buffer {
  const [head, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const arranged = new Array<string>(rows.length);
  const order = permutation(rows.length, new PhiloxStream(seed, SHUFFLE_STREAM, 0));
  for (const [i, row] of rows.entries()) arranged[order[i]] = row;
  return Buffer.from(`${[head, ...arranged].join('\n')}\n`);
}

async function fill(page: Page, fields: Readonly<Record<string, string | number>>): Promise<void> {
  for (const [label, content] of Object.entries(fields)) {
    const field = page.getByLabel(label, { exact: true });
    await field.evaluate((input) => input.closest('details:not([open])')?.querySelector('summary')?.click());
    if ((await field.evaluate((one) => one.tagName)) === 'SELECT') await field.selectOption(String(content));
    else await field.fill(String(content));
  }
}

async function train(page: Page, label: string, { spec }: Reference, method: string): Promise<RunEvent[]> {
  const { training } = spec;
  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const data = region('Data');
  await region('Model').locator('input[webkitdirectory]').setInputFiles(values.model!);
  await region('Model').getByText(path.basename(values.model!)).first().waitFor({ timeout: 300_000 });
  const rows = unshuffled(path.join(values.data, 'train-4000.tsv'), training.seed);
  const file = { name: 'train.tsv', mimeType: 'text/tab-separated-values', buffer: rows };
  await data.getByLabel('Training file').setInputFiles(file);
  await data.getByLabel('Validation file (optional)').setInputFiles(path.join(values.data, 'dev.tsv'));
  await data
    .getByText(/validation rows/)
    .first()
    .waitFor({ timeout: 120_000 });
  for (const name of Object.values(LABELS))
    await page.getByRole('checkbox', { name: new RegExp(`^${name} `) }).setChecked(name === label);
  await fill(page, {
    Steps: training.steps,
    'Batch size': training.batchSize,
    'Max tokens': spec.data.maxLength,
    'Evaluate every': training.steps,
    Seed: training.seed,
    Schedule: 'linear',
    'Warm-up steps': training.schedule.warmupSteps,
    'Weight decay': training.optimizer.weightDecay,
    'Clip gradients at': training.maxGradNorm,
    [`${label}: Learning rate`]: training.optimizer.learningRate,
  });
  const start = page.getByLabel(`Start ${label} from a saved adapter`);
  const saved = path.join(values.reference!, 'initial', method);
  await start.setInputFiles(readdirSync(saved).map((name) => path.join(saved, name)));
  await page
    .getByText(/^starts from/i)
    .first()
    .waitFor({ timeout: 60_000, state: 'attached' });
  await page.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 300_000 });
  const row = page.locator(`tr[data-run="${method}"]`);
  await row.and(page.locator('[data-phase="completed"]')).waitFor({ timeout: 3_000_000 });
  console.log((await row.innerText()).replace(/\s+/g, ' '));
  const metrics = page.waitForEvent('download');
  await page.getByRole('button', { name: `Metrics of ${label}` }).click();
  const lines = readFileSync(await (await metrics).path(), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

function compare(events: readonly RunEvent[], reference: Reference): void {
  const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
  const differences = losses.map((loss, i) => Math.abs(loss / reference.losses[i] - 1));
  console.log(`${losses.length} losses, at most ${Math.max(...differences).toExponential(1)} from PyTorch's`);
  const scores = events.filter((event) => event.type === 'evaluate' && event.split === 'validation');
  for (const [name, event] of [
    ['initial', scores[0]],
    ['final', scores.at(-1)],
  ] as const)
    if (event?.type === 'evaluate')
      console.log(name, JSON.stringify({ ours: event, theirs: reference[name] }));
}

if (values.model === undefined || values.reference === undefined)
  throw new Error('give --model and --reference');
const label = LABELS[values.method];
const results = JSON.parse(readFileSync(path.join(values.reference, 'results.json'), 'utf8')) as {
  methods: Record<string, Reference>;
};
const reference = results.methods[values.method];
const server = await preview({ root, logLevel: 'warn', preview: { port: Number(values.port) } });
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${server.resolvedUrls?.local[0]}?adapter=${values.adapter}`);
  await page.getByText('parameters').first().waitFor({ timeout: 120_000 });
  compare(await train(page, label, reference, values.method), reference);
} finally {
  await browser.close();
  await server.close();
}
