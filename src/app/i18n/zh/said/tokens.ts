/** Tokenizers, templates and label words, in Chinese. */
import type { Table } from './table.ts';

export const tokens = {
  'the text has no tokens': '这段文本没有任何词元',
  'the target has no tokens': '目标文本没有任何词元',
  '{0}; fill it in or remove the line': '{0}，请填写或删除这一行',
  '{0}: 1 row has no tokens and was left out; it begins on line {1}.':
    '{0}：1 行没有任何词元，已略去；它始于第 {1} 行。',
  '{0}: {1} rows have no tokens and were left out; the first begins on line {2}.':
    '{0}：{1} 行没有任何词元，已略去；第一行始于第 {2} 行。',
  'the text holds {0}, which stands for the word to fill in; write it differently':
    '文本里有 {0}，而它代表要填的词，请换一种写法',
  '{0} of {1} rows were cut to {2} tokens': '{1} 行中有 {0} 行被截到 {2} 个词元',
  '{0} of {1} targets were cut to {2} tokens ({3})': '{1} 条目标文本中有 {0} 条被截到 {2} 个词元（{3}）',
  '{0} of {1} rows hold a token the vocabulary lacks': '{1} 行中有 {0} 行含有词表里没有的词元',
  '{0}: {1}.': '{0}：{1}。',
  '{0}: {1}; {2}.': '{0}：{1}；{2}。',
  '{0}: {1}; {2}; {3}.': '{0}：{1}；{2}；{3}。',
  '{0} is {1} and {2} alone takes {3} tokens, which leaves no room for the text; raise {4} or shorten the template.':
    '{0} 为 {1}，而 {2} 本身就占 {3} 个词元，放不下文本，请调大 {4} 或缩短模板。',
  "{0} has neither tokenizer.json nor vocab.txt; put the model's tokenizer.json beside it.":
    '{0} 里既没有 tokenizer.json 也没有 vocab.txt，请把模型的 tokenizer.json 放在旁边。',
  'tokenizer.json cannot be read ({0}); use one that the tokenizers library wrote.':
    '无法读取 tokenizer.json（{0}），请使用 tokenizers 库写出的文件。',
  'A pattern of tokenizer.json takes too long on the text {0}; leave the text out, or use a tokenizer whose patterns have no repetition within a repetition.':
    'tokenizer.json 里有一个模式在文本 {0} 上耗时过长，请去掉这段文本，或改用模式中没有重复套重复的分词器。',
  'The tokenizer cannot read the text {0} ({1}); leave the text out, or use the tokenizer.json that belongs to the model.':
    '分词器无法读取文本 {0}（{1}），请去掉这段文本，或使用与模型配套的 tokenizer.json。',
  "{0}: got {1}, which leaves no room for text in the model's {2} positions; choose at most {3} for texts of {4} {5}.":
    '{0}：{1} 个虚拟词元占满了模型的 {2} 个位置，文本放不下；{4} 为 {5} 时请不要超过 {3}。',
  '{0} is {1} but the model has positions for {2} tokens beside {3} virtual tokens; set {4} to at most {5}.':
    '{0} 为 {1}，但除去 {3} 个虚拟词元，模型只有 {2} 个位置，请把 {4} 设为不超过 {5}。',
  '{0} is {1} but the model has positions for {2} tokens; set {3} to at most {4}.':
    '{0} 为 {1}，但模型只有 {2} 个位置，请把 {3} 设为不超过 {4}。',
  '{0} is {1}, which leaves no room beside {2} special tokens; raise it.':
    '{0} 为 {1}，除去 {2} 个特殊词元就放不下文本了，请调大。',
  'The model has no end-of-sequence token, so it cannot learn where a text ends; put the config.json with eos_token_id beside it.':
    '模型没有结束词元，学不到文本在哪里结束，请把含有 eos_token_id 的 config.json 放在旁边。',
  "The tokenizer has the id {0} but the model's vocabulary ends at {1}; use the tokenizer.json that belongs to the model.":
    '分词器里有编号 {0}，但模型的词表只到 {1}，请使用与模型配套的 tokenizer.json。',
  'The {0} of tokenizer.json {1}; download it again.': 'tokenizer.json 的 {0} {1}，请重新下载。',
  'puts {0} tokens around a text, and at most {1} are read': '在文本前后加上了 {0} 个词元，最多只读 {1} 个',
  'has {0} characters, and at most {1} are read': '共有 {0} 个字符，最多只读 {1} 个',
  'has more than {0} parts, which are more than are read': '的组成部分超过 {0} 个，多于所能读取的',
  'has a pattern of {0} characters, and at most {1} are read': '中有长达 {0} 个字符的模式，最多只读 {1} 个',
  'can make a text more than {0} times as long, which is more than is read':
    '会把文本变长到 {0} 倍以上，超出了所能读取的范围',
  'The model of tokenizer.json has a dropout of {0}, which splits words at random; set it to null.':
    'tokenizer.json 的模型设有 dropout {0}，会随机切分词语，请把它设为 null。',
  '{0} is not valid JSON; download it again.': '{0} 不是合法的 JSON，请重新下载。',
  '{0} does not hold a JSON object; download it again.': '{0} 里不是 JSON 对象，请重新下载。',
  "vocab.txt belongs to a {0}, which cuts texts in another way than BERT's; give the model's tokenizer.json instead.":
    'vocab.txt 属于 {0}，它切分文本的方式与 BERT 不同，请改用模型的 tokenizer.json。',
  'The post_processor of tokenizer.json does not leave a text in one piece, so its beginning cannot be cut (truncation_side "left"); raise {0}, or set truncation_side to "right".':
    'tokenizer.json 的 post_processor 不让文本保持完整，因此无法从开头截断（truncation_side 为 "left"），请调大 {0}，或把 truncation_side 设为 "right"。',
  'The post_processor of tokenizer.json cannot put two texts together, as it joins them more than once; leave one TemplateProcessing in it, or use texts without a second one.':
    'tokenizer.json 的 post_processor 会重复拼接两段文本，因此无法处理文本对，请只保留一个 TemplateProcessing，或使用没有第二段的文本。',
  "vocab.txt has no token {0}; give the model's tokenizer.json instead.":
    'vocab.txt 里没有词元 {0}，请改用模型的 tokenizer.json。',
  'the vocabulary does not know': '不在词表中',
  'is {0} tokens of the vocabulary ({1})': '在词表中是 {0} 个词元（{1}）',
  'is the same token as the word of "{0}"': '与“{0}”的词是同一个词元',
  'holds what the vocabulary does not know': '含有词表里没有的内容',
  '{0}: got "{1}", which {2}': '{0}：给出了“{1}”，它{2}',
  '{0}; choose a word that is one token such as {1}.': '{0}，请换一个恰为一个词元的词，如 {1}。',
  '{0}; choose a word that is one token.': '{0}，请换一个恰为一个词元的词。',
} satisfies Table;
