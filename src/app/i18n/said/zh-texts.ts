/** What text to text, templates, label words, few examples and generation say, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const texts: Phrases = {
  'a template with {{text}}': '含有 {{text}} 的模板',
  'a template such as "{{text}} It was {{mask}}."': '如 "{{text}} It was {{mask}}." 的模板',
  'a template with {{text}}, where the text goes': '含有 {{text}} 的模板（文本放在该处）',
  'a template with {{mask}}, where the word goes': '含有 {{mask}} 的模板（标签词放在该处）',
  'a template without {{mask}}: in "text2text" the model writes its answer itself':
    '不含 {{mask}} 的模板（在“text2text”中答案由模型自己写出）',
  '{{text}}, {{text2}} or {{mask}} in place of {slot}': '{{text}}、{{text2}} 或 {{mask}}，而不是 {slot}',
  '{slot} to stand once': '只出现一次的 {slot}',
  'two columns, since data.template has {{text2}}': '两列，因为 data.template 中有 {{text2}}',
  'one column, since data.template has no {{text2}}': '一列，因为 data.template 中没有 {{text2}}',
  'data.columns.text: {count} column was found and data.template has {{text2}}; name two.':
    'data.columns.text：只找到 {count} 列，而 data.template 中有 {{text2}}，请指明两列。',
  'data.columns.text: the columns {columns} were found and data.template has no {{text2}}; name one.':
    'data.columns.text：找到了列 {columns}，而 data.template 中没有 {{text2}}，请指明一列。',
  'data.columns.text has {columns} columns; name one or two.':
    'data.columns.text 有 {columns} 列，请指明一列或两列。',
  'data.maxLength is {length} and data.template alone takes {taken} tokens, which leaves no room for the text; raise data.maxLength or shorten the template.':
    'data.maxLength 为 {length}，而 data.template 本身就占 {taken} 个词元，放不下文本，请调大 data.maxLength 或缩短模板。',
  'the text holds {mask}, which stands for the word to fill in; write it differently':
    '文本里有 {mask}，而它代表要填的词，请换一种写法',

  'an object from labels to words': '从标签到词的对象',
  'an object from labels to the names of classes': '从标签到类别名的对象',
  'the name of a class': '类别名',
  'it to be left out of a "{task}", which has no classifier': '空：任务“{task}”没有分类头',
  'a word': '一个词',
  'a word for each label such as {words}': '每个标签各一个词，如 {words}',
  'at least two labels: {=example}': '至少两个标签：{example}',
  'a different word for each label; "{word}" stands for two': '各标签不同的词（“{word}”用在了两个标签上）',
  'data.verbalizer.{label}: got "{word}", which {=why}; choose a word that is one token such as {words}.':
    'data.verbalizer.{label}：给出了“{word}”，它{why}，请换一个恰为一个词元的词，如 {words}。',
  'data.verbalizer.{label}: got "{word}", which {=why}; choose a word that is one token.':
    'data.verbalizer.{label}：给出了“{word}”，它{why}，请换一个恰为一个词元的词。',
  'the vocabulary does not know': '不在词表中',
  'holds what the vocabulary does not know': '含有词表里没有的内容',
  'is {#count} tokens of the vocabulary ({tokens})': '在词表中是 {count} 个词元（{tokens}）',
  'is the same token as the word of "{label}"': '与“{label}”的词是同一个词元',
  'The tokenizer has no mask token, which the task "maskedLm" fills in; use the tokenizer.json that belongs to the model.':
    '分词器没有掩码词元，而“maskedLm”任务要填的就是它，请使用与模型配套的 tokenizer.json。',
  'The language-model head of {file} answers, by one word for each of {labels}.':
    '由 {file} 的语言模型头作答，{labels} 各对应一个词。',
  '{file}: its language-model head is not the linear layers that the task "maskedLm" needs; export the model with Optimum (`--task fill-mask`).':
    '{file}：它的语言模型头不是“maskedLm”任务所需的线性层，请用 Optimum 导出模型（`--task fill-mask`）。',
  'data.fewShot asks for {count} rows of each class and {label} has {rows}; lower it or add rows':
    'data.fewShot 要求每类 {count} 行，而 {label} 只有 {rows} 行，请调小它或补充数据',

  'it to be left out of a "{task}": it belongs to {=owner}': '空：任务“{task}”没有这一项，它属于{owner}',
  'tasks with classes': '有类别的任务',
  'text to text without a verbalizer, whose words are the targets':
    '不带 data.verbalizer 的文本到文本（否则目标就是标签词）',
  'data.columns.target for text to text, or words for the labels in data.verbalizer':
    '文本到文本所用的 data.columns.target，或在 data.verbalizer 里为各标签给出词',
  'a metric of {task}: {metrics}': '{task} 的指标之一：{metrics}',
  'a metric that needs no generated texts, since generation.rows is 0':
    '不需要生成文本的指标，因为 generation.rows 为 0',

  'The model has no end-of-sequence token, so it cannot learn where a text ends; put the config.json with eos_token_id beside it.':
    '模型没有结束词元，学不到文本在哪里结束，请把含有 eos_token_id 的 config.json 放在旁边。',
  '{#cut} of {#all} targets were cut to {#length} tokens (data.maxTargetLength)':
    '{all} 条目标文本中有 {cut} 条被截到 {length} 个词元（data.maxTargetLength）',
  '{path}: a method changes {value} behind the language-model head, so token losses cannot be told; leave the head out of its targets.':
    '{path}：有方法改动了语言模型头之后的 {value}，无法得到各词元的损失，请不要让它作用于语言模型头。',
  'Generation needs {name} to be an integer from 1; it is {value}.':
    '生成文本需要 {name} 是不小于 1 的整数，而它是 {value}。',
  '{model} has no decoder, so it cannot generate texts; choose an encoder-decoder such as T5.':
    '{model} 没有解码器，不能生成文本，请选择 T5 这样的编码器-解码器模型。',
  'A text has {tokens} tokens and there is room for {room}; shorten it or raise data.maxLength.':
    '有一段文本有 {tokens} 个词元，而最多放得下 {room} 个，请缩短它或调大 data.maxLength。',
  'Node "{node}" ({op}) of the decoder {=what}, so texts cannot be generated with it; export the model with Optimum.':
    '解码器的节点“{node}”（{op}）{what}，因此无法用它生成文本，请用 Optimum 导出模型。',
  'has no additive bias that says what comes before what': '没有表明先后顺序的加性偏置',
  'The decoder reads nothing of {input} than its tokens, so texts cannot be generated with it; export the model with Optimum.':
    '解码器没有读取 {input} 的词元，因此无法用它生成文本，请用 Optimum 导出模型。',
  'The decoder reads more of {input} than its tokens, so texts cannot be generated with it; export the model with Optimum.':
    '解码器读取的不只是 {input} 的词元，因此无法用它生成文本，请用 Optimum 导出模型。',

  '{file} {=what}, so it cannot be joined; export the model with Optimum (`optimum-cli export onnx --task text2text-generation`).':
    '{file} {what}，因此无法拼接，请用 Optimum 导出模型（`optimum-cli export onnx --task text2text-generation`）。',
  'has no {name}': '没有 {name}',
  'has no {first} and no {second}': '没有 {first} 和 {second}',
  'has no {first} and no {second} and no {third}': '没有 {first}、{second} 和 {third}',
  'takes {names}': '需要输入 {names}',
  'takes {first} and {second}': '需要输入 {first} 和 {second}',
  '{encoder} and {decoder} are not of one model: {=why}; put the two files of one export together.':
    '{encoder} 和 {decoder} 不属于同一个模型：{why}，请把同一次导出的两个文件放在一起。',
  'their operator sets are {encoder} and {decoder}': '算子集分别是 {encoder} 和 {decoder}',
  'their embeddings are {encoder} and {decoder}': '词嵌入的形状分别是 {encoder} 和 {decoder}',
  'the embedding they share differs': '共用的词嵌入不一致',
  '{file}: both branches of {node} continue from cached keys and values, and training starts without; put decoder_model.onnx of the same export beside it.':
    '{file}：{node} 的两个分支都要接着缓存的键值计算，而训练从没有缓存开始，请把同一次导出的 decoder_model.onnx 放在旁边。',
};
