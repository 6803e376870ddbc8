/** A T5 small enough to train in a moment: an oracle's graphs with a tokenizer of whole words. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ORACLE = path.join(import.meta.dirname, '../oracle/t5-gated');
const GRAPHS = ['encoder_model.onnx', 'decoder_model.onnx', 'config.json'];
const WORDS = ['the', 'film', 'was', 'good', 'bad', 'sun', 'rain', 'say', 'short', 'long', 'tale', 'of'];

/** A Unigram tokenizer.json of whole words. */
function tokenizerJson(): unknown {
  const special = ['<pad>', '</s>', '<unk>'];
  const added = special.map((content, id) => ({ id, content, special: true, normalized: false }));
  const vocab = [...special.map((token) => [token, 0]), ...WORDS.map((word) => [`▁${word}`, -1])];
  const end = { SpecialToken: { id: '</s>', type_id: 0 } };
  const text = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const metaspace = { type: 'Metaspace', replacement: '▁', add_prefix_space: true };
  return {
    version: '1.0',
    added_tokens: added.map((token) => ({ ...token, single_word: false, lstrip: false, rstrip: false })),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: {
      type: 'TemplateProcessing',
      single: [text('A'), end],
      pair: [text('A'), end, text('B'), end],
      special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
    },
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: 2, vocab },
  };
}

/** The files of its folder, by name. */
export function tinyT5(): Map<string, Uint8Array<ArrayBuffer>> {
  const files = GRAPHS.map((name) => [name, new Uint8Array(readFileSync(path.join(ORACLE, name)))] as const);
  const tokenizer = new TextEncoder().encode(JSON.stringify(tokenizerJson()));
  return new Map([...files, ['tokenizer.json', tokenizer]]);
}

/** Rows for it: a source, a target and a class each, tab-separated. */
export function tinyRows(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    i % 2 === 0 ? 'the sun was good\tshort tale of sun\t0' : 'the rain was bad\tlong tale of rain\t1',
  );
  return ['source\ttarget\tclass', ...lines, ''].join('\n');
}
