/** The engine's sentences in Chinese: nothing is lost on the way, and no pattern has gone stale. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Phrasebook, placeholders } from './phrasebook.ts';
import { CHINESE, said } from './say.ts';

const SOURCES = path.join(import.meta.dirname, '../../..');

/** The words of a text in threes, values and punctuation aside. */
function triples(text: string): string[] {
  return text.split(/\{=?\w+\}|\[\w+\]|\$\{[^}]*\}/).flatMap((part) => {
    const words = part.match(/[\p{L}\p{N}_.@]+/gu) ?? [];
    return words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`);
  });
}

/** All that the engine's sources say, in threes; strings that go over lines are joined. */
function engineTriples(): Set<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith(path.join('app', 'i18n')),
  );
  const joined = (file: string): string =>
    readFileSync(path.join(SOURCES, file), 'utf8')
      .replace(/['`]\s*\+\s*['`]/g, '')
      .split('\n')
      .filter((line) => /['"`]/.test(line))
      .join('\n');
  return new Set(files.flatMap((file) => triples(joined(file))));
}

describe('the phrasebook', () => {
  const book = new Phrasebook({
    '{file}, line {line}: {=problem}.': '{file}，{line}：{problem}。',
    'no label "{label}"; add {count} row[s]': '没有“{label}”，加 {count} 行',
  });

  it('keeps the values of a sentence, within another too', () => {
    expect(book.translate('a.csv, line 3: no label "x"; add 1 row.')).toBe('a.csv，3：没有“x”，加 1 行。');
    expect(book.translate('no label "$1"; add 22 rows')).toBe('没有“$1”，加 22 行');
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
    expect(chinese).toMatch(/\p{Script=Han}|^\{\w+\}/u);
  });

  it('is of sentences that the engine still says', () => {
    const engine = engineTriples();
    // Where the engine puts a sentence together from parts, some threes go over a seam.
    const stale = Object.keys(CHINESE).filter((pattern) => {
      const all = triples(pattern);
      return all.length > 3 && all.filter((three) => engine.has(three)).length < 0.6 * all.length;
    });
    expect(stale).toEqual([]);
  });

  it.each([
    [
      'films.tsv, line 3: 1 column where line 1 has 2 columns; give every line the same number of columns.',
      /films\.tsv 第 3 行：有 1 列，而第 1 行有 2 列/,
    ],
    [
      'a.csv, line 4: the text in column "t" is empty; fill it in or remove the line (and 2 more rows cannot be used: lines 6, 7).',
      /第 4 行：列“t”中的文本为空.*另有 2 行.*6, 7/,
    ],
    [
      'x.parquet, row 9: the label in column "y" is missing; fill it in or remove the line.',
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
  ])('%s', (english, chinese) => {
    expect(said(english, 'zh')).toMatch(chinese);
    expect(said(english, 'zh')).not.toContain('引擎原文');
  });
});
