/** A Parquet file that names its classes, as datasets of Hugging Face do, is trained on and evaluated by these names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { delta, makeProject, WORDS } from '../support/cli.ts';

const TIMEOUT = 600_000;
/** In an order that sorting would change. */
const NAMES = ['World', 'Sports', 'Business'];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-names-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parquet(rows: number): Uint8Array {
  const features = {
    label: { names: NAMES, _type: 'ClassLabel' },
    text: { dtype: 'string', _type: 'Value' },
  };
  const words = Array.from({ length: rows }, (_, i) => `${WORDS[(i % 3) * 2]} ${WORDS[6 + (i % 6)]}`);
  const columnData = [
    { name: 'text', data: words, type: 'STRING' as const },
    { name: 'label', data: words.map((_, i) => BigInt(i % 3)), type: 'INT64' as const },
  ];
  const kvMetadata = [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

it(
  'in the order of the file, from training to the record and back',
  async () => {
    const data = { train: 'train.parquet', validation: 'dev.parquet', maxLength: 8 };
    makeProject(folder, { data, training: { steps: 2, batchSize: 4, evaluateEvery: 2, seed: 3 } });
    writeFileSync(path.join(folder, 'train.parquet'), parquet(18));
    writeFileSync(path.join(folder, 'dev.parquet'), parquet(9));
    const trained = await delta(['train', '--spec', 'spec.json', '--out', 'run'], folder);
    expect(trained.status, trained.stderr).toBe(0);
    const { labels } = JSON.parse(readFileSync(path.join(folder, 'run/run.json'), 'utf8')) as {
      labels: object;
    };
    expect(labels).toEqual({ names: NAMES, source: 'file' });
    const evaluated = await delta(['evaluate', '--run', 'run', '--data', 'dev.parquet', '--json'], folder);
    expect(evaluated.status, evaluated.stderr).toBe(0);
    const { rows, report } = JSON.parse(evaluated.stdout) as { rows: number; report: { classes: object[] } };
    expect(rows).toBe(9);
    expect(JSON.stringify(report)).toMatch(/World.*Sports.*Business/);
  },
  TIMEOUT,
);
