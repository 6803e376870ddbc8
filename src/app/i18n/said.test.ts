/** The engine's sentences in the page's language: values stay as they are, fields have the page's names. */
import { describe, expect, it } from 'vitest';
import { english, field, inARow, listed, named, say, withTexts, type Told } from '../../sentence.ts';
import { said } from './said.ts';

describe('a sentence in Chinese', () => {
  it('keeps the values, in an order of its own, within another too', () => {
    const cut = say`${2} of ${5} rows were cut to ${64} tokens`;
    expect(said(say`${'a.csv'}: ${cut}.`, 'zh')).toBe('a.csv：5 行中有 2 行被截到 64 个词元。');
    expect(english(say`${'a.csv'}: ${cut}.`)).toBe('a.csv: 2 of 5 rows were cut to 64 tokens.');
  });

  it('leaves values as they are, though they are keys or look like places', () => {
    const problem = (column: string) => say`the text in column "${column}" is empty`;
    expect(said(problem('comma'), 'zh')).toBe('列“comma”中的文本为空');
    expect(said(problem('{0} {{1}}'), 'zh')).toBe('列“{0} {{1}}”中的文本为空');
    expect(said(problem('$1'), 'zh')).toBe('列“$1”中的文本为空');
  });

  it('puts a blank between Chinese and other letters, and none before Chinese of ours', () => {
    const kind = (of: string) =>
      say`is that of ${say`a PEFT adapter`}, and "${of}" is kept as ${say`a delta of this studio`}`;
    expect(said(kind('bitfit'), 'zh')).toBe('属于 PEFT 适配器，而“bitfit”存为本工作室的格式');
    expect(
      said(
        say`no rows are left for train; raise ${field('data.limit')} or ${field('data.validation')}`,
        'zh',
      ),
    ).toBe('没有剩下可用于训练的行，请提高“行数上限”或“验证文件”');
    expect(said(say`Columns are separated by the ${say`semicolon`}.`, 'zh')).toBe('各列以分号分隔。');
  });

  it('joins lists its own way', () => {
    const needs = (files: readonly string[]) => say`takes ${listed(files)}`;
    expect(said(needs(['a', 'b', 'c']), 'zh')).toBe('需要输入 a、b 和 c');
    expect(said(needs(['a', 'b', 'c']), 'en')).toBe('takes a, b and c');
    expect(said(needs(['a']), 'zh')).toBe('需要输入 a');
  });

  it('is in English where another version made it, and said to be so', () => {
    const unknown: Told = { key: 'Something new: {0}.', values: [7] };
    expect(said(unknown, 'zh')).toBe('（引擎原文）Something new: 7.');
    expect(said(unknown, 'en')).toBe('Something new: 7.');
    expect(said({ key: '{0}: {1}.', values: ['a', unknown] }, 'zh')).toBe(
      '（引擎原文）a: Something new: 7..',
    );
  });

  it('is a text of the page or of an earlier version as it is', () => {
    expect(said('两列都叫“a”。', 'zh')).toBe('两列都叫“a”。');
    expect(said('the loss became NaN at step 3', 'zh')).toBe('the loss became NaN at step 3');
  });
});

describe('a sentence in the page', () => {
  it('names the fields of the form', () => {
    const sentence = say`${field('training.optimizer.learningRate')}: ${say`got ${-1}`}; expected ${say`a number from ${0}`}`;
    expect(english(sentence)).toBe('training.optimizer.learningRate: got -1; expected a number from 0');
    expect(said(sentence, 'en')).toBe('Learning rate: got -1; expected a number from 0');
    expect(said(sentence, 'zh')).toBe('学习率：给出了 -1，应为不小于 0 的数');
  });

  it('calls methods by their labels, one or several', () => {
    const order = say`Best first, by mean rank: ${inARow(['lora', 'prompt+bitfit-2', 'full-then-head', 'own'].map(named))}.`;
    expect(english(order)).toBe('Best first, by mean rank: lora, prompt+bitfit-2, full-then-head, own.');
    expect(said(order, 'en')).toBe('Best first, by mean rank: LoRA, Prompt + BitFit-2, Full → Head, own.');
    expect(said(order, 'zh')).toBe('按平均名次由好到差：LoRA、提示 + BitFit-2、全量 → 分类头、own。');
    // What puts other texts in leaves them alone.
    expect(withTexts(order, () => 'x')).toEqual(order);
  });

  it('says whose option it is', () => {
    const rank = field('compare[1].method.rank', 'lora');
    const sentence = say`${rank}: ${say`got ${say`${'"x"'} (a string)`}`}; expected ${say`an integer from ${1}`}`;
    expect(said(sentence, 'en')).toBe('LoRA, rank: got "x" (a string); expected an integer from 1');
    expect(said(sentence, 'zh')).toBe('LoRA，秩：给出了 "x"（文字），应为不小于 1 的整数');
  });
});
