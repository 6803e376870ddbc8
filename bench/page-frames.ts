/**
 * `npx tsx bench/page-frames.ts [--seconds 30]`: what the page costs its main thread while eight runs of 5,000
 * steps come in. The page is built for production and driven in Chromium; a trace gives every task of the
 * renderer's main thread, in processor time where the browser measures it, so that a busy machine counts less.
 * Tasks are summed over frames of 1/60 s. The aim: at most 8 ms a frame at the 95th percentile.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { findChromium } from '../scripts/prerequisites.ts';
import { quantile } from './statistics.ts';

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const seconds = Number(options.seconds);
const FRAME = 1e6 / 60;
const AIM = 8;

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** Processor time of the thread. */
  tdur?: number;
  args?: { name?: string };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = `${root}.cache/bench-page`;
await build({
  root,
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true, rolldownOptions: { input: `${root}bench/page/replay.html` } },
});
const server = await preview({ root, build: { outDir }, preview: { port: 4399, strictPort: false } });
const browser = await chromium.launch({
  executablePath: findChromium() ?? '',
  args: ['--headless=new', '--no-sandbox', '--disable-background-networking', '--no-first-run'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(new URL('bench/page/replay.html', server.resolvedUrls!.local[0]).href);
  await page.waitForSelector('.setup');
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', {
    categories: 'toplevel,disabled-by-default-devtools.timeline,blink.user_timing',
    transferMode: 'ReportEvents',
  });
  await page.evaluate(
    (s) => (window as unknown as { replay: (seconds: number) => Promise<void> }).replay(s),
    seconds,
  );
  await session.send('Tracing.end');
  await ended;
  report(events);
} finally {
  await browser.close();
  await server.close();
}

function report(events: readonly TraceEvent[]): void {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const tasks = (main: TraceEvent): TraceEvent[] =>
    events.filter(
      ({ name, ph, pid, tid }) =>
        name.endsWith('RunTask') && ph === 'X' && pid === main.pid && tid === main.tid,
    );
  // The page's own renderer is the one that worked.
  const work = mains.map(tasks).sort((a, b) => b.length - a.length)[0] ?? [];
  if (work.length === 0) throw new Error('the trace has no tasks of a main thread');
  const from = Math.min(...work.map(({ ts }) => ts));
  const to = Math.max(...work.map(({ ts, dur = 0 }) => ts + dur));
  const frames = new Float64Array(Math.ceil((to - from) / FRAME) + 1);
  for (const { ts, dur = 0, tdur = dur } of work) frames[Math.floor((ts - from) / FRAME)] += tdur / 1000;
  const all = [...frames];
  const busy = all.filter((ms) => ms > 1);
  const line = (name: string, values: number[]): void => {
    const at = (q: number): string => quantile(values, q).toFixed(2);
    console.log(
      `${name}: ${values.length} frames, median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, most ${at(1)} ms`,
    );
  };
  line('all frames', all);
  line('frames with more than 1 ms of work', busy);
  const p95 = quantile(all, 0.95);
  console.log(`aim: at most ${AIM} ms a frame at the 95th percentile: ${p95 <= AIM ? 'met' : 'MISSED'}`);
}
