/**
 * `npx tsx bench/loading-memory.ts [--method full] [--layers 12] [--width 768]`: what a run of a random export of BERT-base's size takes of process
 * memory headless, at its highest, from reading the file to the second step.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bertConfig, bertGraph, bertTensors } from '../src/measure/random-bert.ts';
import { writeModel } from '../src/onnx/write.ts';

const { values: options } = parseArgs({
  options: {
    method: { type: 'string', default: 'full' },
    layers: { type: 'string', default: '12' },
    width: { type: 'string', default: '768' },
  },
});

const CLI = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url));
/** Pieces of the vocabulary that are in the texts; the others only fill the table. */
const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'good', 'bad', 'film'];

/** Cheap numbers about as large as trained weights. */
const draw = (_name: string, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 0.03 * Math.sin(i * 12.9898));

const folder = mkdtempSync(path.join(tmpdir(), 'delta-loading-'));
try {
  const config = {
    ...bertConfig(Number(options.width), Number(options.layers)),
    vocabulary: 30_522,
  };
  mkdirSync(path.join(folder, 'model'));
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(path.join(folder, name), content);
  write('model/model.onnx', writeModel(bertGraph(config, bertTensors(config, draw))));
  const names = {
    model_type: 'bert',
    hidden_size: config.hidden,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.inner,
    max_position_embeddings: config.positions,
    vocab_size: config.vocabulary,
    id2label: { 0: 'bad', 1: 'good' },
  };
  write('model/config.json', JSON.stringify(names));
  const filler = Array.from({ length: config.vocabulary - WORDS.length }, (_, i) => `##${i}`);
  write('model/vocab.txt', `${[...WORDS, ...filler].join('\n')}\n`);
  const rows = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 'bad film\tbad' : 'good film\tgood'));
  write('rows.tsv', `${['text\tlabel', ...rows].join('\n')}\n`);
  const training = { steps: 2, batchSize: 4, evaluateEvery: 0, optimizer: { learningRate: 1e-5 } };
  const spec = {
    model: { source: 'model' },
    data: {
      train: 'rows.tsv',
      validation: 'rows.tsv',
      columns: { text: ['text'], label: 'label' },
      maxLength: 8,
    },
    method: { type: options.method },
    training,
  };
  write('spec.json', JSON.stringify(spec));
  const args = [CLI, 'train', '--spec', 'spec.json', '--out', 'out', '--adapter', 'wasm'];
  // The highest that the process took is known to itself alone.
  const told = `process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));`;
  write('told.mjs', told);
  const time = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL(path.join(folder, 'told.mjs')).href, ...args],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  // In KiB.
  const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
  if (status !== 0 || !(peak > 0)) throw new Error(stderr);
  const file = statSync(path.join(folder, 'model/model.onnx')).size;
  const seconds = (performance.now() - time) / 1000;
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  console.log(
    `${options.method}: model file ${mebibytes(file)} MiB, process at most ${mebibytes(1024 * peak)} MiB, ${seconds.toFixed(0)} s`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
