/** Refusals of run specs with templates, label words and targets, as the page says them in Chinese. */
import { describe, expect, it } from 'vitest';
import { readSpec } from '../../runs/spec.ts';
import { StudioError } from '../../errors.ts';
import type { Told } from '../../sentence.ts';
import { said } from './said.ts';

const spec = (task: string, data: object, more: object = {}) =>
  readSpec({
    model: { source: 'm', task },
    data: { train: 't.tsv', ...data },
    method: { type: 'lora' },
    ...more,
  });
const words = { '0': 'bad', '1': 'good' };

function refusalOf(work: () => unknown): Told {
  try {
    work();
    return 'nothing is refused';
  } catch (error) {
    if (error instanceof StudioError) return error.sentence;
    throw error;
  }
}

describe('refusals of a run spec, in Chinese', () => {
  it.each<[string, () => unknown, string]>([
    [
      'no template',
      () => spec('maskedLm', { verbalizer: words }),
      '模板：缺失，应为如 "{text} It was {mask}." 的模板',
    ],
    [
      'an unknown slot',
      () => spec('maskedLm', { template: '{text} {foo}', verbalizer: words }),
      '模板：给出了 "{text} {foo}"（文字），应为{text}、{text2} 或 {mask}，而不是 {foo}',
    ],
    [
      'a slot twice',
      () => spec('maskedLm', { template: '{text} {text} {mask}', verbalizer: words }),
      '模板：给出了 "{text} {text} {mask}"（文字），应为只出现一次的 {text}',
    ],
    [
      'a template without the text',
      () => spec('text2text', { template: 'expected {text2}' }),
      '模板：给出了 "expected {text2}"（文字），应为含有 {text} 的模板（文本放在该处）',
    ],
    [
      'a template without the mask',
      () => spec('maskedLm', { template: '{text}', verbalizer: words }),
      '模板：给出了 "{text}"（文字），应为含有 {mask} 的模板（标签词放在该处）',
    ],
    [
      'a mask where the model writes',
      () => spec('text2text', { template: '{text} {mask}' }),
      '模板：给出了 "{text} {mask}"（文字），应为不含 {mask} 的模板（在“text2text”中答案由模型自己写出）',
    ],
    [
      'one column for two slots',
      () => spec('text2text', { template: '{text} {text2}', columns: { text: ['text'] } }),
      '文本列：给出了 ["text"]（列表），应为两列，因为“模板”中有 {text2}',
    ],
    [
      'two columns for one slot',
      () => spec('text2text', { template: '{text}', columns: { text: ['a', 'b'] } }),
      '文本列：给出了 ["a","b"]（列表），应为一列，因为“模板”中没有 {text2}',
    ],
    [
      'a template of another task',
      () => spec('classification', { template: '{text}' }),
      '模板：给出了 "{text}"（文字），应为空：任务“classification”没有这一项，它属于“maskedLm”和“text2text”',
    ],
    [
      'no words',
      () => spec('maskedLm', { template: '{text} {mask}' }),
      '标签词：缺失，应为每个标签各一个词，如 {"0": "bad", "1": "good"}',
    ],
    [
      'one word',
      () => spec('maskedLm', { template: '{text} {mask}', verbalizer: { '0': 'bad' } }),
      '标签词：给出了 {"0":"bad"}（对象），应为至少两个标签：每个标签各一个词，如 {"0": "bad", "1": "good"}',
    ],
    [
      'a word for two labels',
      () => spec('maskedLm', { template: '{text} {mask}', verbalizer: { a: 'bad', b: 'bad' } }),
      '标签词：给出了 {"a":"bad","b":"bad"}（对象），应为各标签不同的词（“bad”用在了两个标签上）',
    ],
    [
      'targets beside words',
      () => spec('text2text', { verbalizer: words, columns: { target: 'label' } }),
      '目标文本列：给出了 "label"（文字），应为空：任务“text2text”没有这一项，它属于不带标签词的文本到文本（否则目标就是标签词）',
    ],
    [
      'few examples of no class',
      () => spec('regression', { fewShot: 4 }),
      '每类行数：给出了 4（数字），应为空：任务“regression”没有这一项，它属于有类别的任务',
    ],
    [
      'a word out of a few',
      () => spec('poetry', {}),
      '任务：给出了 "poetry"（文字），应为“classification”或“regression”或“text2text”或“maskedLm”',
    ],
    [
      'a misspelt field',
      () => spec('text2text', {}, { generation: { beam: 4 } }),
      'generation.beam：给出了 4（数字），但没有这个字段，是否想写 beams？“文本生成”可用的字段有 maxNewTokens, beams, rows',
    ],
  ])('%s', (_, work, chinese) => {
    expect(said(refusalOf(work), 'zh')).toBe(chinese);
  });
});
