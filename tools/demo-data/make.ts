/**
 * Writes the demo data: `npx tsx tools/demo-data/make.ts [folder]`, by default into public/data/demo.
 * The same seed gives the same bytes, on any machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { Draw, review, type Mix, type Polarity } from './grammar.ts';

const SEED = 20;
const LABELS: readonly Polarity[] = ['negative', 'positive'];
/**
 * Percent of each kind. A good three quarters can be told by their words, which keeps a hundred steps
 * enough to learn something; the rest need the words put together.
 */
const MIX: Mix = { plain: 52, agreed: 26, turned: 8, conceded: 8, reported: 6 };

interface Row {
  text: string;
  label: Polarity;
}

export interface DemoData {
  train: string;
  validation: string;
}

/** Both files as TSV. */
export function makeDemoData(): DemoData {
  const seen = new Set<string>();
  return { train: tsv(rows(2400, false, seen)), validation: tsv(rows(600, true, seen)) };
}

/**
 * Rows with balanced classes, 6 to 22 words each, none twice and none of `seen`.
 * @param validation every row has a word or form that training rows never have
 */
function rows(count: number, validation: boolean, seen: Set<string>): Row[] {
  const random = new PhiloxStream(SEED, validation ? 2 : 1);
  const result: Row[] = [];
  while (result.length < count) {
    const label = LABELS[result.length % LABELS.length];
    const draw = new Draw(random, validation);
    const text = review(draw, label, MIX);
    const words = text.split(' ').length;
    if (words < 6 || words > 22 || seen.has(text) || (validation && !draw.heldOut)) continue;
    seen.add(text);
    result.push({ text, label });
  }
  // Classes were drawn in turn; shuffled, so that training in file order meets both.
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

function tsv(data: readonly Row[]): string {
  return ['text\tlabel', ...data.map(({ text, label }) => `${text}\t${label}`), ''].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2] ?? 'public/data/demo';
  mkdirSync(folder, { recursive: true });
  const { train, validation } = makeDemoData();
  writeFileSync(join(folder, 'train.tsv'), train);
  writeFileSync(join(folder, 'validation.tsv'), validation);
}
