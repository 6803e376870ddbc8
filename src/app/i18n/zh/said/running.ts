/** Training, predictions and storage as they go, in Chinese. */
import type { Table } from './table.ts';

export const running = {
  '{0}: the file {1} is not open here; choose it, or a fraction of the training rows.':
    '{0}：文件 {1} 在这里没有打开，请选择它，或改用训练行的占比。',
  'The run "{0}" left no usable weights; train it again.': '运行“{0}”没有留下可用的权重，请重新训练。',
  'An ONNX file is made from the base model, which is not open here: choose the model and the data of this comparison, then ask again.':
    'ONNX 文件要由基础模型生成，而它没有在这里打开：请选择此对比所用的模型和数据，然后再试。',
  '{0}: "{1}" trains nothing that the model\'s output depends on; choose another method.':
    '{0}：“{1}”训练的内容不影响模型输出，请换一种方法。',
  '{0}: a method changes {1} behind the language-model head, so token losses cannot be told; leave the head out of its targets.':
    '{0}：有方法改动了语言模型头之后的 {1}，无法得到各词元的损失，请不要让它作用于语言模型头。',
  'onnxruntime-web did not answer within {0} seconds.': 'onnxruntime-web 在 {0} 秒内没有答复。',
  'onnxruntime-web does not run on WebGPU here: {0}': 'onnxruntime-web 无法在此处的 WebGPU 上运行：{0}',
  'The ONNX file computes something else in onnxruntime-web (largest difference {0}); keep the adapter instead, and report the model it was made of.':
    'ONNX 文件在 onnxruntime-web 中的计算结果不同（最大相差 {0}），请改用适配器，并报告所用的模型。',
  'Generation needs {0} to be an integer from 1; it is {1}.':
    '生成文本需要 {0} 是不小于 1 的整数，而它是 {1}。',
  '{0} has no decoder, so it cannot generate texts; choose an encoder-decoder such as T5.':
    '{0} 没有解码器，不能生成文本，请选择 T5 这样的编码器-解码器模型。',
  'A text has {0} tokens and there is room for {1}; shorten it or raise {2}.':
    '有一段文本有 {0} 个词元，而最多放得下 {1} 个，请缩短它或调大 {2}。',
  '{0}: 1 column was found and {1} has {{text2}}; name two.':
    '{0}：只找到 1 列，而 {1} 中有 {{text2}}，请指明两列。',
  '{0}: the columns {1} were found and {2} has no {{text2}}; name one.':
    '{0}：找到了列 {1}，而 {2} 中没有 {{text2}}，请指明一列。',
  '{0} is not the model this run was trained on: its weights differ; put that model back, or take this one all the same with --force.':
    '{0} 不是此运行训练时的模型：权重不同，请换回那个模型，或用 --force 强行使用。',
  '{0} holds no stage of this run; train again.': '{0} 里没有此运行的任何阶段，请重新训练。',
  '{0}: got "{1}", and {2} writes texts and has no classifier; take the task "text2text", for classes with {3}.':
    '{0}：得到 "{1}"，而 {2} 是写出文本的模型，没有分类器；请用任务 "text2text"，分类时配合 {3}。',
  '{0}: got "text2text", and {1} has no decoder to write a text with; choose a T5, or the task "classification".':
    '{0}：给出了“text2text”，但 {1} 没有能写出文本的解码器，请选择 T5，或把任务改为“classification”。',
  'The tokenizer has no mask token, which the task "maskedLm" fills in; use the tokenizer.json that belongs to the model.':
    '分词器没有掩码词元，而“maskedLm”任务要填的就是它，请使用与模型配套的 tokenizer.json。',
  '{0}; no weights from before it could be kept': '{0}；此前没有可保留的权重',
  'the gradient norm became {0} at step {1}': '梯度范数在第 {1} 步变成了 {0}',
  'the loss became {0} at step {1}': '损失在第 {1} 步变成了 {0}',
  '{0}; set {1}, or a {2} of your own': '{0}，请设置 {1}，或自己指定 {2}',
  '{0}; lower {1} ({2}) or lengthen the warm-up': '{0}，请降低 {1}（{2}）或延长预热',
  'The run "{0}" has not ended yet; stop it or wait for its end.':
    '运行“{0}”还没有结束，请停止它或等它结束。',
  'The run "{0}" left no usable weights; {1}.': '运行“{0}”没有留下可用的权重：{1}。',
  'train it again': '重新训练',
  'There is no model yet; choose one first.': '还没有模型，请先选择一个。',
  'There is no data yet; choose a file first.': '还没有数据，请先选择文件。',
  'There is no device to compute on; open it again or reload the page.':
    '没有可用的计算设备，请重新打开或刷新页面。',
  'A comparison is running; wait for its end, then ask again.': '对比正在进行，请等它结束后再提问。',
  'A comparison is running; stop it before starting another.': '对比正在进行，请先停止再开始新的。',
  'This engine stores nothing; start a new comparison.': '这里没有存储，请新建一次对比。',
  'This comparison is being trained in another tab; go on there, or stop it there first.':
    '这次对比正在另一个标签页中训练，请到那里继续，或先在那里停止。',
  'Nothing has been trained yet; start a comparison first.': '还没有训练过任何内容，请先开始一次对比。',
  'No run has left usable weights yet; wait for one to end.': '还没有运行留下可用的权重，请等其中一个结束。',
  'The playground': '试一试',
  '{0} cannot be read; it may have been moved or changed since, so choose it again.':
    '无法读取 {0}，它可能已被移动或改动，请重新选择。',
  'The file has {0} MB: its first {1} MB are read, {2} rows, and the rest is left out.':
    '文件有 {0} MB：读取了前 {1} MB，共 {2} 行，其余略去。',
  '{0} has {1} MB and a page reads up to {2} MB of it in whole rows, which this file does not allow; cut it into smaller files, or use the command line.':
    '{0} 有 {1} MB，网页最多按整行读取 {2} MB，而这个文件做不到，请拆成小文件，或改用命令行。',
  '{0} answered {1} {2}; check the connection and reload the page.':
    '{0} 返回了 {1} {2}，请检查网络并刷新页面。',
  'The browser’s storage is full, so {0} is not stored yet; it is tried again until it is: delete old comparisons in the history to make room, or download the results and leave this page open until then.':
    '浏览器存储空间已满，{0} 还没有保存；会一直重试直到存好。请在历史记录中删除旧的对比以腾出空间，或先下载结果，并在存好之前不要关闭本页面。',
  'The browser refused to store {0} ({1}); it is tried again until it is stored: leave this page open until then, or download the results.':
    '浏览器拒绝保存 {0}（{1}）；会一直重试直到存好，在此之前请不要关闭本页面，或先下载结果。',
  'storage is full': '存储空间已满',
  'The comparison is being saved, but its data and model files could not be ({0}); opening it later will ask for them by name.':
    '这次对比正在保存，但数据和模型文件未能保存（{0}）；以后打开时会按名称请你选择它们。',
  'This comparison was trained on {0}, and another model is loaded; choose that one under Model, then try again.':
    '这次对比是用 {0} 训练的，而现在加载的是另一个模型，请在“模型”里选择它后再试。',
  'This comparison was trained on {0}, and other rows are loaded; choose that under Data, then try again.':
    '这次对比是用 {0} 训练的，而现在加载的是别的数据，请在“数据”里选择它后再试。',
} satisfies Table;
