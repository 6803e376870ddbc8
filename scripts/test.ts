/**
 * `npm test`: every check but those that take long. All run even when one fails. Those that only read the sources run
 * first, side by side. Then those that run the product, side by side too: pages wait for their engines and clocks half
 * of the time, and meanwhile the others, of lower priority, have the cores.
 * `npm test -- lint units` runs only those named; `npm run test:page` is `npm test -- page`, the long walks through the
 * page (tagged `@long`), and `npm run test:gpu` is `npm test -- gpu gpu-page`, what a software GPU compiles at length
 * (tests/support/at-length.ts). The last line counts the tests of all runners, from the reports they wrote; the exit
 * status also covers the checks that count nothing.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildKernels } from '../src/cpu/node-build.ts';
import { prepare } from './prerequisites.ts';
import { type Tally, inWords, playwrightTally, vitestTally } from './tally.ts';

const root = path.resolve(import.meta.dirname, '..');
const reports = path.join(root, '.cache', 'reports');

interface Check {
  name: string;
  command: string[];
  /** Only reads the sources: runs beside the others that do, and its words are shown when it has ended. */
  reads?: true;
  /** Makes way for the others. */
  modest?: true;
  /** Runs only where it is named. */
  named?: true;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** Where the runner writes its JSON report and how to count it. */
  report?: { file: string; tally: (report: unknown) => Tally };
}

const vitest = (file: string): Pick<Check, 'command' | 'report'> => ({
  command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  report: { file, tally: vitestTally },
});

const playwright = (file: string, ...args: string[]): Pick<Check, 'command' | 'report'> => ({
  command: ['playwright', 'test', ...args],
  report: { file, tally: playwrightTally },
});

const AT_LENGTH = { named: true, env: { DELTA_AT_LENGTH: '1' } } as const;

const CHECKS: Check[] = [
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'], reads: true },
  { name: 'lint', command: ['oxlint'], reads: true },
  { name: 'format', command: ['oxfmt', '--check'], reads: true },
  { name: 'unused', command: ['knip', '--no-progress'], reads: true },
  { name: 'units', modest: true, ...vitest(path.join(reports, 'vitest.json')) },
  { name: 'browser', ...playwright(path.join(reports, 'playwright.json'), '--grep-invert', '@long') },
  { name: 'page', named: true, ...playwright(path.join(reports, 'page.json'), '--grep', '@long') },
  { name: 'gpu', ...AT_LENGTH, ...vitest(path.join(reports, 'gpu.json')) },
  { name: 'gpu-page', ...AT_LENGTH, ...playwright(path.join(reports, 'gpu-page.json'), '--grep', '@gpu') },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`No check named ${unknown.join(', ')}; there are ${CHECKS.map((c) => c.name).join(', ')}.`);
  process.exit(2);
}

const chosen = CHECKS.filter(({ name, named }) => (wanted.length === 0 ? !named : wanted.includes(name)));

// Others' reports stay: scripts/total.ts adds them up.
for (const { report } of chosen) if (report) rmSync(report.file, { force: true });
// Of processes that have ended: see tests/support/bundle.ts.
rmSync(path.join(root, '.cache', 'bundles'), { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const missing = prepare();
await buildKernels((sentence) => console.error(sentence));
for (const line of missing) console.error(line);

const tallies: Tally[] = [];
const troubles = [...missing];

/** Priority of a modest check, of -20 to 19, the least: a quarter of a core that the others want too. */
const MODEST = 5;

/** Runs one check to its end, says how it went and counts its tests. */
async function run({ name, command, reads, modest, report, env }: Check): Promise<void> {
  const started = Date.now();
  const child = spawn('npx', ['--no-install', ...command], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report?.file },
  });
  // What it starts has its priority.
  if (modest && child.pid !== undefined) setPriority(child.pid, MODEST);
  const said: string[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      if (reads) said.push(line);
      else console.log(`${name.padEnd(7)} | ${line}`);
    });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  const heading = reads ? `\n== ${name}\n` : '';
  const ended = `== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`;
  console.log(heading + [...said, ended].join('\n'));
  if (status !== 0) troubles.push(`${name} failed.`);
  if (report === undefined) return;
  try {
    tallies.push(report.tally(JSON.parse(readFileSync(report.file, 'utf8'))));
  } catch (error) {
    troubles.push(`${name} left no readable report: ${String(error)}.`);
  }
}

await Promise.all(chosen.filter(({ reads }) => reads).map(run));
await Promise.all(chosen.filter(({ reads }) => !reads).map(run));

console.log('');
for (const failed of tallies.flatMap(({ failures }) => failures)) console.log(`FAILED ${failed}`);
for (const line of troubles) console.log(line);
console.log(inWords(tallies));
process.exit(troubles.length > 0 ? 1 : 0);
