/**
 * `npx tsx bench/page-history.ts [--comparisons 50,100,200,400] [--runs 4]`: how long the history takes to open. A
 * store of so many comparisons, each run with 200 steps, predictions for 872 rows and an adapter on record, is put
 * into the database of the built page in Chromium; the time is that from the press of the button until the list has
 * been drawn, the middle of five reloads. The aim: at most a second for 200 comparisons of 4 runs.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { findChromium } from '../scripts/prerequisites.ts';
import { storedComparison } from '../tests/support/stored.ts';
import { summarize } from '../src/runs/summary.ts';
import type { RunEvent } from '../src/train/events.ts';
import { quantile } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '50,100,200,400' },
    runs: { type: 'string', default: '4' },
  },
});
const sizes = options.comparisons.split(',').map(Number);
const methods = ['full', 'lora', 'prompt', 'head', 'bitfit', 'ia3', 'adapter', 'prefix'].slice(
  0,
  Number(options.runs),
);
const ROWS = 872;
const STEPS = 200;
const TIMES = 5;
const AIM = 1000;

const events: RunEvent[] = Array.from({ length: STEPS }, (_, i) => ({
  type: 'step',
  step: i + 1,
  loss: Math.exp(-i / 100),
  learningRate: 5e-4 * (1 - i / STEPS),
  gradNorm: 0.4,
  milliseconds: 12.5,
  tokens: 512,
}));
for (let step = 0; step <= STEPS; step += 50)
  events.push({
    type: 'evaluate',
    step,
    split: 'validation',
    metrics: { accuracy: step / STEPS, loss: 0.4 },
  });
events.push({
  type: 'end',
  reason: 'completed',
  step: STEPS,
  best: { step: STEPS, metric: 'accuracy', value: 1 },
  seconds: 31,
});
const summary = summarize(events);

/** Records of one comparison by the store they belong to. */
function records(i: number): Record<string, unknown[]> {
  const id = crypto.randomUUID();
  const created = new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString();
  const comparison = { ...storedComparison(id, created, methods), name: `comparison ${i}` };
  const keys = comparison.runs.map(({ run }) => run);
  const adapter = { step: STEPS, files: [{ name: 'adapter_model.safetensors', bytes: 136_192 }] };
  return {
    comparisons: [comparison],
    runs: keys.map((run) => ({
      comparison: id,
      run,
      phase: 'completed',
      summary,
      adapter,
      checkpoint: null,
    })),
    events: keys.map((run) => ({ comparison: id, run, first: 0, events })),
  };
}

/** Adds records to the page's database, and predictions to every run among them. */
async function fill(page: Page, added: readonly Record<string, unknown[]>[]): Promise<void> {
  await page.evaluate(
    async ([list, rows]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('delta-studio');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('no database'));
      });
      const work = database.transaction(['comparisons', 'runs', 'events', 'predictions'], 'readwrite');
      for (const one of list) {
        for (const [name, values] of Object.entries(one))
          for (const value of values) work.objectStore(name).put(value);
        for (const { comparison, run } of one.runs as { comparison: string; run: string }[]) {
          const predictions = { step: 200, logits: Float64Array.from({ length: rows * 2 }, Math.random) };
          work.objectStore('predictions').put({ comparison, run, predictions });
        }
      }
      await new Promise((resolve) => (work.oncomplete = resolve));
      database.close();
    },
    [added, ROWS] as const,
  );
}

interface Opened {
  /** Milliseconds from the press of the button until the list has been drawn. */
  wall: number;
  /** Processor time of the page's main thread in it, which a busy machine does not lengthen. */
  cpu: number;
}

async function opening(page: Page, session: CDPSession): Promise<Opened> {
  await page.reload();
  await page
    .getByText(/training rows/)
    .first()
    .waitFor();
  // Whatever starting the page still does is not the history's.
  await page.waitForTimeout(1500);
  const before = await taskTime(session);
  const wall = await page.evaluate(async () => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent === 'History')!;
    const from = performance.now();
    button.click();
    while (document.querySelector('.history-entry') === null) await new Promise(requestAnimationFrame);
    // The frame that shows it has been handed over once the next begins.
    await new Promise(requestAnimationFrame);
    return performance.now() - from;
  });
  return { wall, cpu: (await taskTime(session)) - before };
}

/** Milliseconds of processor time that the page's main thread has spent. */
async function taskTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = `${root}.cache/bench-history`;
await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
const server = await preview({ root, build: { outDir }, preview: { port: 4398, strictPort: false } });
const browser = await chromium.launch({
  executablePath: findChromium() ?? '',
  args: ['--headless=new', '--no-sandbox', '--disable-background-networking', '--no-first-run'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.resolvedUrls!.local[0]);
  await page.getByRole('button', { name: 'History', exact: true }).click();
  await page.getByText(/^Nothing trained yet/).waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let stored = 0;
  for (const size of sizes.sort((a, b) => a - b)) {
    for (; stored < size; stored += 10)
      await fill(
        page,
        Array.from({ length: Math.min(10, size - stored) }, (_, i) => records(stored + i)),
      );
    const times: Opened[] = [];
    for (let i = 0; i < TIMES; i++) times.push(await opening(page, session));
    const walls = times.map(({ wall }) => wall);
    const middle = quantile(walls, 0.5);
    const cpu = quantile(
      times.map((one) => one.cpu),
      0.5,
    );
    const elements = await page.locator('dialog *').count();
    console.log(
      `${size} comparisons of ${methods.length} runs: ${middle.toFixed(0)} ms (${walls.map((t) => t.toFixed(0)).join(', ')}), ${cpu.toFixed(0)} ms of the main thread, ${elements} elements`,
    );
    if (size === 200) console.log(`aim: at most ${AIM} ms: ${middle <= AIM ? 'met' : 'missed'}`);
  }
} finally {
  await browser.close();
  await new Promise((resolve) => server.httpServer.close(resolve));
}
