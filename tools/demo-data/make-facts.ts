/**
 * Writes the text-to-text demo: `npx tsx tools/demo-data/make-facts.ts [folder]`, by default into
 * public/data/demo-text2text. The same seed gives the same bytes, on any machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { factsRow, type FactsRow } from './facts-grammar.ts';
import { Draw } from './grammar.ts';

const SEED = 21;
const TRAIN = 2000;
const VALIDATION = 400;

export interface FactsData {
  train: string;
  validation: string;
}

/** Both files as TSV: no facts occur twice. */
export function makeFactsData(): FactsData {
  const draw = new Draw(new PhiloxStream(SEED, 1), false);
  const seen = new Set<string>();
  const rows: FactsRow[] = [];
  while (rows.length < TRAIN + VALIDATION) {
    const row = factsRow(draw);
    if (seen.has(row.source)) continue;
    seen.add(row.source);
    rows.push(row);
  }
  return { train: tsv(rows.slice(0, TRAIN)), validation: tsv(rows.slice(TRAIN)) };
}

function tsv(data: readonly FactsRow[]): string {
  return ['source\ttarget', ...data.map(({ source, target }) => `${source}\t${target}`), ''].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2] ?? 'public/data/demo-text2text';
  mkdirSync(folder, { recursive: true });
  const { train, validation } = makeFactsData();
  writeFileSync(join(folder, 'train.tsv'), train);
  writeFileSync(join(folder, 'validation.tsv'), validation);
}
