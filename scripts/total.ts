/** The failures of the last `npm test`, `npm run test:page` and `npm run test:gpu`, and all their tests in one line, from their reports. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inWords, playwrightTally, vitestTally, type Tally } from './tally.ts';

/** Nothing of a runner that left no report: the check that ran it has failed, and has said so. */
function tallies(name: string, tally: (report: unknown) => Tally): Tally[] {
  const file = path.join(import.meta.dirname, '..', '.cache', 'reports', name);
  return existsSync(file) ? [tally(JSON.parse(readFileSync(file, 'utf8')))] : [];
}

const all = [
  ...tallies('vitest.json', vitestTally),
  ...tallies('playwright.json', playwrightTally),
  ...tallies('page.json', playwrightTally),
  ...tallies('gpu.json', vitestTally),
  ...tallies('gpu-page.json', playwrightTally),
];
for (const failed of all.flatMap(({ failures }) => failures)) console.log(`FAILED ${failed}`);
console.log(inWords(all));
