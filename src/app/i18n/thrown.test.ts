/** What the engine throws and notes about texts, words, models and adapters, as the page says it in Chinese. */
import type { Told } from '../../sentence.ts';
import { describe, expect, it } from 'vitest';
import { encodeDataset, encodingNote } from '../../data/batching/encoded.ts';
import { buildDataset } from '../../data/dataset.ts';
import { fewShotRows } from '../../data/few-shot.ts';
import { readTable } from '../../data/table/read-table.ts';
import { parseTemplate } from '../../data/template.ts';
import { encodeTemplated } from '../../data/templated.ts';
import { loadTokenizer } from '../../data/tokenizer/tokenizer.ts';
import { tokenizerFromVocab } from '../../data/tokenizer/vocab-file.ts';
import { checkWrittenWords, labelWordIds } from '../../data/verbalizer.ts';
import type { Delta } from '../../deltas/delta.ts';
import type { SourceGraph, SourceNode, ValueInfo } from '../../graph/source.ts';
import { joinEncoderDecoder } from '../../models/encoder-decoder.ts';
import { filesFromMemory } from '../../models/files.ts';
import { pairOf } from '../../models/pair-files.ts';
import { takeBranchWithoutCache } from '../../onnx/merged.ts';
import { readSafetensors, writeSafetensors } from '../../onnx/safetensors.ts';
import { loadAdapter } from '../../runs/adapter-load.ts';
import { StudioError } from '../../errors.ts';
import { said } from './said.ts';

const VOCAB = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nwas\n##s\ngood\n.\n好\nbad\n差\nit\n##ly\n';
const tokenizer = loadTokenizer(tokenizerFromVocab(VOCAB));
const writer = loadTokenizer(tokenizerFromVocab(VOCAB), null, { eos_token_id: 3 });

const wordIds = (verbalizer: Record<string, string>, template = '{text} it was {mask}.') =>
  labelWordIds(tokenizer, template, verbalizer, { names: Object.keys(verbalizer), source: 'sorted' });

const texts = (rows: string) =>
  buildDataset(readTable(`source\ttext\n${rows}`, 'news.tsv'), {
    columns: { text: ['source'], target: 'text' },
    task: 'text2text',
    split: 'train',
  });

const value = (name: string): ValueInfo => ({ name, type: 'float32', dims: [] });
const graph = (inputs: string[], outputs: string[], opset = 17, nodes: SourceNode[] = []): SourceGraph => ({
  name: 'g',
  opset,
  nodes,
  initializers: new Map(),
  inputs: inputs.map(value),
  outputs: outputs.map(value),
});
const half = (file: string, inputs: string[], outputs: string[], opset?: number) => ({
  file,
  graph: graph(inputs, outputs, opset),
  parameters: new Map(),
});
const encoder = half('encoder_model.onnx', ['input_ids', 'attention_mask'], ['last_hidden_state']);
const branch = graph([], ['present'], 17, [
  {
    name: 'n',
    op: 'Add',
    domain: '',
    inputs: ['past_key_values.0.key'],
    outputs: ['present'],
    attributes: {},
  },
]);

const delta = { type: 'bitfit', tensors: [], unfrozen: [], peftConfig: null } as unknown as Delta;
const adapterOf = (base: string) =>
  filesFromMemory({ 'model.safetensors': writeSafetensors([], { base_model_hash: base }) });

/** What is thrown, or else given back. */
async function sentenceOf(work: () => unknown): Promise<Told> {
  try {
    return (await work()) as Told;
  } catch (error) {
    if (error instanceof StudioError) return error.sentence;
    throw error;
  }
}

describe('what the engine throws, in Chinese', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a template that fills the row',
      () => encodeTemplated(tokenizer, parseTemplate('{text} it was {mask}.'), 'the film', null, 6),
      '最大词元数为 6，而“模板”本身就占 6 个词元，放不下文本，请调大“最大词元数”或缩短模板。',
    ],
    [
      'a word of several tokens',
      () => wordIds({ a: 'good', b: 'badly' }),
      '“b”的词：给出了“badly”，它在词表中是 2 个词元（bad ##ly），请换一个恰为一个词元的词，如 "good", "bad"。',
    ],
    [
      'an unknown word',
      () => wordIds({ a: 'good', label: '妙' }),
      '“label”的词：给出了“妙”，它不在词表中，请换一个恰为一个词元的词，如 "好", "差"。',
    ],
    [
      'two words of one token',
      () => wordIds({ a: 'good', b: 'Good' }),
      '“b”的词：给出了“Good”，它与“a”的词是同一个词元，请换一个恰为一个词元的词，如 "good", "bad"。',
    ],
    [
      'an unknown word to write',
      () => checkWrittenWords(tokenizer, { a: 'good film', b: 'worse film' }),
      '“b”的词：给出了“worse film”，它含有词表里没有的内容，请换一个恰为一个词元的词，如 "good", "bad"。',
    ],
    [
      'too few rows of a class',
      () => fewShotRows([0, 1, 1], { names: ['text', 'label'], source: 'sorted' }, 2, 1, 'a.csv'),
      'a.csv：每类行数要求每类 2 行，而 "text" 只有 1 行，请调小它或补充数据。',
    ],
    [
      'an empty target',
      () => texts('the film\tgood\nit was\t \nthe film was\t'),
      'news.tsv 第 3 行：列“text”中的目标文本为空，请填写，或用“缺失值” "drop" 略去这样的行（另有 1 行无法使用：第 4 行）。',
    ],
    [
      'long sources and targets',
      () => {
        const options = { targets: { maxLength: 3, startId: 0 } };
        return encodingNote(
          encodeDataset(texts('the film was\tgood good film\nqqq\tbad'), writer, 4, options),
        );
      },
      'news.tsv：2 行中有 1 行被截到 4 个词元；2 条目标文本中有 1 条被截到 3 个词元（“目标最大词元数”）；2 行中有 1 行含有词表里没有的词元。',
    ],
    [
      'no end of a text',
      () => tokenizer.encodeTarget('good', 8),
      '模型没有结束词元，学不到文本在哪里结束，请把含有 eos_token_id 的 config.json 放在旁边。',
    ],
    [
      'an encoder alone',
      () => pairOf(undefined, ['encoder_model.onnx'], 't5'),
      't5 里有 encoder_model.onnx，却没有对应的解码器，请把同一次导出的 decoder_model.onnx 或 decoder_model_merged.onnx 放在旁边。',
    ],
    [
      'halves of two models',
      () => {
        const inputs = ['input_ids', 'encoder_hidden_states', 'encoder_attention_mask'];
        return joinEncoderDecoder(encoder, half('decoder_model.onnx', inputs, ['logits'], 13));
      },
      'encoder_model.onnx 和 decoder_model.onnx 不属于同一个模型：算子集分别是 17 和 13，请把同一次导出的两个文件放在一起。',
    ],
    [
      'a decoder of another kind',
      () => joinEncoderDecoder(encoder, half('decoder_model.onnx', ['input_ids'], [])),
      'decoder_model.onnx 没有 encoder_hidden_states 和 logits，因此无法拼接，请用 Optimum 导出模型（`optimum-cli export onnx --task text2text-generation`）。',
    ],
    [
      'a merged decoder that only continues',
      () => {
        const attributes = { then_branch: branch, else_branch: branch };
        const node = {
          name: '/If',
          op: 'If',
          domain: '',
          inputs: ['use_cache_branch'],
          outputs: ['p'],
          attributes,
        };
        takeBranchWithoutCache(graph(['use_cache_branch'], ['p'], 17, [node]), 'decoder_model_merged.onnx');
      },
      'decoder_model_merged.onnx：/If 的两个分支都要接着缓存的键值计算，而训练从没有缓存开始，请把同一次导出的 decoder_model.onnx 放在旁边。',
    ],
    [
      'weights that are cut short',
      () => {
        const tensor = { name: 'w', type: 'float32' as const, dims: [4], bytes: new Uint8Array(16) };
        return readSafetensors(writeSafetensors([tensor]).slice(0, -8), 'mine/adapter_model.safetensors');
      },
      'mine/adapter_model.safetensors 不是完整的 safetensors 文件：张量 w 应到第 16 字节，而只有 8 字节，文件被截断了，请重新保存或下载。',
    ],
    [
      'an adapter of another base',
      () => loadAdapter(adapterOf('abc'), 'mine', delta, [], { base: { hash: 'def', force: false } }),
      'mine/model.safetensors 是在另一个基础模型上训练的（权重 abc，这里是 def），请使用它训练时的模型，或用“从其他模型的适配器开始”或 --force 强行使用',
    ],
  ])('%s', async (_, work, chinese) => {
    expect(said(await sentenceOf(work), 'zh')).toBe(chinese);
  });
});
