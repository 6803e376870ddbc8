/**
 * The process that reads inputs, so that one which hangs or fills the memory ends it alone. Says on file
 * descriptor 3, a line each, which input it begins and what it found.
 */
import { readFileSync, writeSync } from 'node:fs';
import { judge, watchUnhandled } from './judge.ts';
import { mutated } from './mutate.ts';
import { packed, unpacked, type Order, type Report } from './orders.ts';
import { Random } from './random.ts';
import { READERS } from './readers/index.ts';

const say = (report: Report): void => void writeSync(3, `${JSON.stringify(report)}\n`);

const order = JSON.parse(readFileSync(0, 'utf8')) as Order;
const reader = READERS.find(({ name }) => name === order.reader)!;
watchUnhandled();
const seeds = await reader.seeds();
// What is loaded and compiled once belongs to no input; every seed is read, so that a broken one is noticed.
for (const seed of seeds)
  try {
    await reader.read(seed);
  } catch (error) {
    if (!('files' in order) && order.from === 0)
      say({
        finding: -1,
        kind: `a seed is refused: ${String(error)}`,
        detail: String(error),
        files: packed(seed),
      });
  }

if ('files' in order) {
  say({ at: 0 });
  const files = unpacked(order.files);
  const finding = await judge(reader, files, 300);
  if (finding !== null) say({ finding: 0, ...finding, files: order.files });
} else {
  for (let i = order.from; i < order.to; i += order.step) {
    say({ at: i });
    const files = mutated(seeds, new Random(order.reader, order.seed, i));
    const finding = await judge(reader, files);
    if (finding !== null) say({ finding: i, ...finding, files: packed(files) });
  }
}
say({ done: true });
process.exit(0);
