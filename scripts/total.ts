/** The tests of the last `npm test` and the last `npm run test:gpu` together, in one line, from their reports. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inWords, playwrightTally, vitestTally } from './tally.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, '..', '.cache', 'reports', name), 'utf8'));

console.log(
  inWords([
    vitestTally(read('vitest.json')),
    playwrightTally(read('playwright.json')),
    vitestTally(read('gpu.json')),
    playwrightTally(read('gpu-page.json')),
  ]),
);
