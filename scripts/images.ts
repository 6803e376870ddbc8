/**
 * `npm run images -- [--only comparison,verdicts,study,tasks] [--out FOLDER] [--dist BUILD]`: drives the built page (`npm
 * start` builds it) and takes the images of docs/images anew, each step in light and dark, English and Chinese, at 1440 and 390
 * pixels. What is trained for them is trained on the processor and takes some minutes.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../playwright.config.ts';
import { comparisonTour } from './images/comparison.ts';
import { CONTEXT, PATIENCE, type Tour } from './images/faces.ts';
import { studyTour } from './images/study.ts';
import { tasksTour } from './images/tasks.ts';
import { verdictSheets } from './images/verdicts.ts';
import { findChromium } from './prerequisites.ts';

const TOURS: Record<string, (tour: Tour) => Promise<void>> = {
  comparison: comparisonTour,
  study: studyTour,
  tasks: tasksTour,
};
const ALL = [...Object.keys(TOURS), 'verdicts'];

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: ALL.join(',') },
    out: { type: 'string', default: path.join(root, 'docs', 'images') },
    dist: { type: 'string', default: 'dist' },
    port: { type: 'string', default: '4399' },
  },
});
const wanted = values.only.split(',');
const unknown = wanted.filter((name) => !ALL.includes(name));
if (unknown.length > 0)
  throw new Error(`--only: got ${unknown.join(', ')}; expected some of ${ALL.join(', ')}`);
const folder = path.resolve(values.out);
mkdirSync(folder, { recursive: true });
const server = await preview({
  root,
  logLevel: 'warn',
  build: { outDir: path.resolve(values.dist) },
  preview: { port: Number(values.port) },
});
const served = server.resolvedUrls?.local[0];
if (served === undefined) throw new Error('the page could not be served; run npm start once to build it');
const address = `${served}?adapter=wasm`;
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
try {
  for (const [name, tour] of Object.entries(TOURS)) {
    if (!wanted.includes(name)) continue;
    // Each begins as a person does who was never here.
    const context = await browser.newContext(CONTEXT);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await tour({ page, address, folder });
    await context.close();
  }
  if (wanted.includes('verdicts')) await verdictSheets(browser, address, folder);
} finally {
  await browser.close();
  await server.close();
}
const files = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
const bytes = files.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
console.log(`${files.length} images, ${(bytes / 2 ** 20).toFixed(2)} MiB`);
process.exit(0);
