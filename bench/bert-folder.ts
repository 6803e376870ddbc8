/** A folder as an exporter leaves it, with a BERT of BERT-base's size and random weights: 438 MB that nobody has to keep. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bertConfig, bertGraph, bertTensors, normals } from '../src/measure/random-bert.ts';
import { writeModel } from '../src/onnx/write.ts';

/** Numbers drawn of a tensor; a prime, so that rows differ where they repeat. */
const DRAWN = 65_537;

/** Weights of no importance, drawn in part and repeated: a second instead of ten. */
function repeated(name: string, length: number): Float32Array {
  const drawn = normals(name, Math.min(length, DRAWN));
  const all = new Float32Array(length);
  for (let at = 0; at < length; at += DRAWN) all.set(drawn.subarray(0, Math.min(DRAWN, length - at)), at);
  return all;
}

/** A vocabulary in which every text of letters and digits can be written, as long as BERT's. */
function vocabulary(length: number): string[] {
  const characters = Array.from("abcdefghijklmnopqrstuvwxyz0123456789.,!?'-");
  const known = [
    ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
    ...characters,
    ...characters.map((character) => `##${character}`),
  ];
  return [...known, ...Array.from({ length: length - known.length }, (_, i) => `[unused${i}]`)];
}

/** Writes `model.onnx`, `config.json` and `vocab.txt`. @param folder is made where there is none */
export function writeBertBase(folder: string): void {
  const config = { ...bertConfig(768, 12), vocabulary: 30_522 };
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(path.join(folder, name), content);
  write('model.onnx', writeModel(bertGraph(config, bertTensors(config, repeated))));
  write('vocab.txt', vocabulary(config.vocabulary).join('\n'));
  write(
    'config.json',
    JSON.stringify({
      architectures: ['BertForSequenceClassification'],
      model_type: 'bert',
      hidden_size: config.hidden,
      num_hidden_layers: config.layers,
      num_attention_heads: config.heads,
      intermediate_size: config.inner,
      max_position_embeddings: config.positions,
      type_vocab_size: config.types,
      vocab_size: config.vocabulary,
    }),
  );
}
