/** The engine's sentences in Chinese: nothing is lost on the way, and no pattern has gone stale. */
import { describe, expect, it } from 'vitest';
import { Phrasebook, placeholders } from './phrasebook.ts';
import { CHINESE, said } from './say.ts';

describe('the phrasebook', () => {
  const book = new Phrasebook({
    '{file}, line {line}: {=problem}.': '{file}，{line}：{problem}。',
    'no label "{label}"; add {count} row[s]': '没有“{label}”，加 {count} 行',
  });

  it('keeps the values of a sentence, within another too', () => {
    expect(book.translate('a.csv, line 3: no label "x"; add 1 row.')).toBe('a.csv，3：没有“x”，加 1 行。');
    expect(book.translate('no label "$1"; add 22 rows')).toBe('没有“$1”，加 22 行');
  });

  it('leaves values as they are, though they are phrases or look like places', () => {
    const words = new Phrasebook({
      text: '文本',
      'the {=what} "{column}" is {~state}': '{what}“{column}”：{state}',
      '{#count} of {{text}} in {$file}': '{file} 里有 {count} 个 {{text}}',
    });
    expect(words.translate('the text "text" is text')).toBe('文本“text”：文本');
    expect(words.translate('the text "{state}" is new')).toBe('文本“{state}”：new');
    expect(words.translate('3 of {text} in a.csv')).toBe('a.csv 里有 3 个 {text}');
    expect(words.translate('few of {text} in a.csv')).toBeNull();
    expect(words.translate('3 of text in a.csv')).toBeNull();
    expect(words.translate('3 of {text} in "a" or "b"')).toBeNull();
  });

  it('puts a blank between Chinese and other letters', () => {
    const kinds = new Phrasebook({
      'a PEFT adapter': 'PEFT 适配器',
      'of {=kind}': '属于{kind}',
      'of {n}': '属于{n}项',
    });
    expect(kinds.translate('of a PEFT adapter')).toBe('属于 PEFT 适配器');
    expect(kinds.translate('of 3')).toBe('属于 3 项');
  });

  it('does not guess', () => {
    expect(book.translate('a.csv, line 3: something else.')).toBeNull();
    expect(said('Something new happened.', 'zh')).toBe('（引擎原文）Something new happened.');
    expect(said('Something new happened.', 'en')).toBe('Something new happened.');
  });
});

describe('the Chinese of the engine’s sentences', () => {
  it.each(Object.entries(CHINESE))('%s: has every value', (english, chinese) => {
    const values = placeholders(english);
    expect([...placeholders(chinese)].sort()).toEqual([...values].sort());
    expect(new Set(values).size).toBe(values.length);
    if (chinese !== english) expect(chinese).toMatch(/\p{Script=Han}|^“?\{\w+\}/u);
  });

  it.each([
    [
      'films.tsv, line 3: 1 column where line 1 has 2; give every line the same number of columns.',
      /films\.tsv 第 3 行：有 1 列，而第 1 行有 2 列/,
    ],
    [
      'a.csv, line 4: the text in column "t" is empty; fill it in, or leave such rows out with data.missing "drop" (and 2 more rows cannot be used: lines 6, 7).',
      /第 4 行：列“t”中的文本为空.*另有 2 行.*6, 7/,
    ],
    [
      'x.parquet, row 9: the label in column "y" is missing; fill it in, or leave such rows out with data.missing "drop".',
      /x\.parquet 第 9 行：列“y”/,
    ],
    [
      'public holds no model.onnx; export the model to ONNX (`optimum-cli export onnx`) and give that folder.',
      /^public 里没有 model\.onnx/,
    ],
    [
      'model.onnx is a Git LFS pointer, not the model; run `git lfs pull` or download the file itself.',
      /model\.onnx 只是 Git LFS 指针.*git lfs pull/,
    ],
    [
      'localhost:1 cannot be reached; check the connection, or set another endpoint (such as https://hf-mirror.com).',
      /无法连接 localhost:1/,
    ],
    [
      'compare[0].method.rank: got "x" (a string); expected an integer from 1',
      /compare\[0\]\.method\.rank：给出了 "x"（文字），应为不小于 1 的整数/,
    ],
    [
      'method.targets[0]: "zz" matches no linear layer of this model; its roles are q, k, v.',
      /method\.targets\[0\]：“zz”.*q, k, v/,
    ],
    [
      'the gradient norm became NaN at step 7; lower training.optimizer.learningRate (0.5) or lengthen the warm-up',
      /梯度范数在第 7 步变成了 NaN.*0\.5/,
    ],
    [
      'a.zip cannot be opened: it is no zip, or not a whole one; save or download it again.',
      /^无法打开 a\.zip：它不是 zip/,
    ],
    [
      'The GPU device was lost (destroyed): what was trained up to the last checkpoint is kept, resume the run from there.',
      /GPU 设备丢失（destroyed）/,
    ],
    [
      'a.csv: there is no column "text"; it has "label", "target": name one of these.',
      /^a\.csv：没有名为“text”的列；它的列有 "label", "target"，请从中选择。$/,
    ],
    [
      'a.csv: it cannot be told which column holds the label; set data.columns.label to one of "a", "b", … (14 columns).',
      /看不出哪一列是标签，请把 data\.columns\.label 设为以下之一："a", "b" 等 14 列。$/,
    ],
    [
      'a.csv: 2 rows were left out; line 3: 1 column where line 1 has 2 (and 1 more row cannot be used: line 4).',
      /^a\.csv：略去了 2 行；第 3 行：有 1 列，而第 1 行有 2 列（另有 1 行无法使用：第 4 行）。$/,
    ],
    ['Not UTF-8: read as gb18030.', /^不是 UTF-8，按 gb18030 读取。$/],
    ['a.csv: Not UTF-8: read as gb18030.', /^a\.csv：不是 UTF-8，按 gb18030 读取。$/],
    ['The playground, line 1: the text is empty; write one.', /^试一试的第 1 行：文本是空的，请写一段。$/],
    [
      'data.columns.text: the columns "a", "b" were found and data.template has no {text2}; name one.',
      /^data\.columns\.text：找到了列 "a", "b"，而 data\.template 中没有 \{text2\}，请指明一列。$/,
    ],
    [
      'data.columns.text: 1 column was found and data.template has {text2}; name two.',
      /^data\.columns\.text：只找到 1 列，而 data\.template 中有 \{text2\}，请指明两列。$/,
    ],
    [
      'a.csv, line 4: the text holds [MASK], which stands for the word to fill in; write it differently.',
      /^a\.csv 第 4 行：文本里有 \[MASK\]，而它代表要填的词，请换一种写法。$/,
    ],
    [
      'method[1].rank: got 64, larger than the 32 × 128 matrix of "encoder.layer.0.q"; choose at most 32.',
      /^method\[1\]\.rank：给出了 64，大于“encoder\.layer\.0\.q”的矩阵（32 × 128），请不要超过 32。$/,
    ],
    [
      'the loss became NaN at step 3; set training.optimizer.warmupInit, or a learningRate of your own; no weights from before it could be kept',
      /^损失在第 3 步变成了 NaN，.*；此前没有可保留的权重$/,
    ],
    [
      'The comparison in this link cannot be opened: training: got 3 (a number); expected an object with the fields steps, seed.',
      /^无法打开链接里的对比：training：给出了 3（数字），应为含有字段 steps, seed 的对象。$/,
    ],
    [
      'my adapter.zip/adapter_config.json is that of a PEFT adapter (peft_type "IA3"), and "bitfit" is kept as a delta of this studio; start from an adapter of the same method and model',
      /^my adapter\.zip\/adapter_config\.json 属于 PEFT 适配器（peft_type 为 "IA3"），而“bitfit”存为本工作室的格式/,
    ],
  ])('%s', (english, chinese) => {
    expect(said(english, 'zh')).toMatch(chinese);
    expect(said(english, 'zh')).not.toContain('引擎原文');
  });
});
