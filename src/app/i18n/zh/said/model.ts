/** Model files, in Chinese. */
import type { Table } from './table.ts';

export const model = {
  'There is no built-in model of this name; choose a model under Model.':
    '没有这个名称的内置模型，请在“模型”里选择。',
  '{0}: attribute {1} of the {2} node {3} holds nothing; export the model again.':
    '{0}：{2} 节点 {3} 的属性 {1} 没有内容，请重新导出模型。',
  'rotary positions': '旋转位置编码',
  'fused query, key and value projections': '合并的查询、键、值投影',
  'ALiBi positions': 'ALiBi 位置偏置',
  'disentangled attention over relative positions': '基于相对位置的解耦注意力',
  'attention with relative positions of segments': '带片段相对位置的注意力',
  'fewer heads for keys and values than for queries': '少于查询头数的键值头（分组查询注意力）',
  'hidden states that the mask multiplies': '与掩码相乘的隐藏状态',
  'embeddings of the rows and columns of a table': '表格行列的嵌入',
  'attention within windows': '限于窗口之内的注意力',
  'attention within blocks': '限于分块之内的注意力',
  'attention by landmarks': '用代表点近似的注意力',
  'hashed characters in place of a vocabulary': '以字符散列代替的词表',
  'a decoder that begins with the padding token, whose embedding does not train':
    '以填充词元开头的解码器（该词元的嵌入不训练）',
  'sinusoidal positions that the file stores as weights': '文件中存为权重的正弦位置编码',
  'an adapter for each language': '每种语言各一个适配器',
  'attention with its heads folded into the batch': '把各个头并入批次的注意力',
  'a head that reads the end-of-sequence token of a decoder': '读取解码器句末词元的分类头',
  'convolutions in its attention': '注意力中的卷积',
  'pooled queries between its blocks': '块间的查询池化',
  'bottlenecks around every layer': '每层外围的瓶颈结构',
  'a head that reads the last token of a decoder': '读取解码器最后一个词元的分类头',
  'This model': '此模型',
  '{0}: {1} has {2}, which cannot be trained yet; choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.':
    '{0}：{1}有{2}，目前还不能训练，请改用 BERT、RoBERTa、XLM-RoBERTa、DistilBERT、MPNet、ELECTRA、ALBERT 或 T5。',
  '{0} has {1} GB and a file is read whole up to 2 GB; export the model with its weights in a file beside it (external data).':
    '{0} 有 {1} GB，而整个读取的文件最多 2 GB，请在导出时把权重放在旁边的文件里（外部数据）。',
  '{0} was exported without a bias that was all zeros; it is put back and trained ({1}).':
    '{0} 导出时省略了一个全为零的偏置，已补回并参与训练（{1}）。',
  '{0} was exported without {1} biases that were all zeros; they are put back and trained ({2}{3}).':
    '{0} 导出时省略了 {1} 个全为零的偏置，已补回并参与训练（{2}{3}）。',
  '{0} has {1} bytes and tensors of more than twice as many are said to lie in it, so the model is damaged; export it again.':
    '{0} 有 {1} 字节，而记在其中的张量超过其两倍，模型已损坏，请重新导出。',
  '{0}: a node ({1}) has no operator, so the file is damaged; export the model again.':
    '{0}：一个节点（{1}）没有算子，文件已损坏，请重新导出模型。',
  'without a name': '没有名称',
  '{0} gives a vector for each text ({1}) and not the hidden states of its tokens; export it with them too, by the name token_embeddings.':
    '{0} 对每个文本只给出一个向量（{1}），而不给出各词元的隐藏状态，请在导出时以 token_embeddings 为名一并输出。',
  '{0}: two nodes make the value {1} (the second is {2}), so the file is damaged; export the model again.':
    '{0}：有两个节点产生同一个值 {1}（第二个是 {2}），文件已损坏，请重新导出模型。',
  '{0}: the node {1} waits for its own result (the graph has a cycle), so it cannot be computed; export the model again.':
    '{0}：节点 {1} 依赖自己的结果（计算图有环），无法计算，请重新导出模型。',
  '{0}: no node makes the output {1}, so the file is damaged; export the model again.':
    '{0}：没有节点产生输出 {1}，文件已损坏，请重新导出模型。',
  '{0}: the node {1} ({2}) reads {3}, which nothing makes, so the file is damaged; export the model again.':
    '{0}：节点 {1}（{2}）读取 {3}，而没有节点产生它，文件已损坏，请重新导出模型。',
  '{0}: tensor {1} is said to lie at byte {2} with {3} bytes where its shape needs {4}, so the file is damaged; export the model again.':
    '{0}：张量 {1} 记为从第 {2} 字节起共 {3} 字节，而其形状需要 {4} 字节，文件已损坏，请重新导出模型。',
  '{0} and no {1}': '{0}和{1}',
  'has no {0}': '没有 {0}',
  'takes {0}': '需要输入 {0}',
  '{0} {1}, so it cannot be joined; export the model with Optimum (`optimum-cli export onnx --task text2text-generation`).':
    '{0} {1}，因此无法拼接，请用 Optimum 导出模型（`optimum-cli export onnx --task text2text-generation`）。',
  '{0} and {1} are not of one model: {2}; put the two files of one export together.':
    '{0} 和 {1} 不属于同一个模型：{2}，请把同一次导出的两个文件放在一起。',
  'their operator sets are {0} and {1}': '算子集分别是 {0} 和 {1}',
  'their embeddings are [{0}] and [{1}]': '词嵌入的形状分别是 [{0}] 和 [{1}]',
  'the embedding they share differs': '共用的词嵌入不一致',
  '{0} answered {1} {2}; check the connection and try again.': '{0} 返回了 {1} {2}，请检查网络后再试。',
  'A classification needs at least two labels and there is one, "{0}"; check the label column.':
    '分类至少需要两种标签，而这里只有“{0}”一种，请检查标签列。',
  'A classification needs at least two labels and there are none; check the label column.':
    '分类至少需要两种标签，而这里一种也没有，请检查标签列。',
  'The last layer {0} of the classifier of {1} starts anew, as {2} asks.':
    '按 {2} 的要求，{1} 分类头的最后一层 {0} 重新开始训练。',
  'The classifier of {0} has 1 output and the data needs {1}, so its last layer {2} starts anew.':
    '{0} 的分类头有 1 个输出，而数据需要 {1} 个，因此它的最后一层 {2} 重新初始化。',
  'The classifier of {0} has {1} outputs and the data needs {2}, so its last layer {3} starts anew.':
    '{0} 的分类头有 {1} 个输出，而数据需要 {2} 个，因此它的最后一层 {3} 重新初始化。',
  '{0} has no input attention_mask, which the mean over a text\'s tokens needs; set {1} to "first" or export the model with it.':
    '{0} 没有输入 attention_mask，而求各词元的平均需要它，请把 {1} 设为“first”，或导出带有它的模型。',
  '1 tensor of the old head ({0}) is not needed here and is left out.':
    '原有输出头（{0}）的 1 个张量在此用不到，已略去。',
  '{0} tensors of the old head ({1}) are not needed here and are left out.':
    '原有输出头（{1}）的 {0} 个张量在此用不到，已略去。',
  'with a classifier that is not a linear layer': '分类头不是线性层',
  'without a head': '没有任何头',
  'for question answering': '用于问答',
  'for labelling tokens': '用于词元标注',
  'for filling masks': '用于填空',
  'for text to text': '用于文本到文本',
  'for something else': '用于其他任务',
  "the mean of the text's tokens": '各词元的平均',
  'the first token': '第一个词元',
  '{0} was exported {1}, so it gets a fresh classifier over {2}.':
    '{0} 导出时没有合适的分类头（{1}），因此在{2}之上新建一个。',
  "{0}: the encoder's last hidden state cannot be told from the outputs {1}, nor from the graph; give one of them the name last_hidden_state.":
    '{0}：从输出 {1} 和计算图中都看不出编码器的最后隐藏状态，请把其中一个命名为 last_hidden_state。',
  "The width of {0}'s hidden states is not known; put the model's config.json (hidden_size) beside it.":
    '不知道 {0} 的隐藏状态有多宽，请把模型的 config.json（hidden_size）放在旁边。',
  '{0} has no config.json, so family, labels and heads are read off the graph.':
    '{0} 里没有 config.json，模型类型、标签和头数从计算图中推断。',
  '{0} stores half-precision weights; they are trained as float32.':
    '{0} 存的是半精度权重，训练时按 float32 计算。',
  'There is no {0} in {1}; check the path.': '{1} 里没有 {0}，请检查路径。',
  '{0} holds no model.onnx; export the model to ONNX (`optimum-cli export onnx`) and give that folder.':
    '{0} 里没有 model.onnx，请把模型导出为 ONNX（`optimum-cli export onnx`），再选择导出的文件夹。',
  '{0} holds no model.onnx but {1}; name the one to use.':
    '{0} 里没有 model.onnx，但有 {1}，请指明要用哪一个。',
  'config.json of {0} is not JSON; download it again.': '{0} 的 config.json 不是 JSON，请重新下载。',
  'config.json of {0} does not hold an object; download it again.':
    '{0} 的 config.json 里不是一个对象，请重新下载。',
  '{0} {1}; {2}.': '{0} {1}，请{2}。',
  'put {0} or {1} of the same export beside it': '把同一次导出的 {0} 或 {1} 放在旁边',
  'holds {0} but no decoder that starts without cached keys and values':
    '里有 {0}，但没有不依赖缓存键值的解码器',
  'holds {0} without its decoder': '里有 {0}，却没有对应的解码器',
  'holds {0} without its encoder': '里有 {0}，却没有对应的编码器',
  'put {0} of the same export beside it': '把同一次导出的 {0} 放在旁边',
  '{0} has no language-model head, which the task "maskedLm" answers with; export the model for filling masks (`--task fill-mask`) or choose the task "classification".':
    '{0} 没有“maskedLm”任务所需的语言模型头，请以填空任务导出模型（`--task fill-mask`），或把任务改为“classification”。',
  'The language-model head of {0} answers, by one word for each of {1}.':
    '由 {0} 的语言模型头作答，{1} 各对应一个词。',
  '{0}: its language-model head is not the linear layers that the task "maskedLm" needs; export the model with Optimum (`--task fill-mask`).':
    '{0}：它的语言模型头不是“maskedLm”任务所需的线性层，请用 Optimum 导出模型（`--task fill-mask`）。',
  '{0}: both branches of {1} continue from cached keys and values, and training starts without; put decoder_model.onnx of the same export beside it.':
    '{0}：{1} 的两个分支都要接着缓存的键值计算，而训练从没有缓存开始，请把同一次导出的 decoder_model.onnx 放在旁边。',
  '{0}: attribute {1} of the {2} node {3} is of kind {4}, which is not supported; export the model without it.':
    '{0}：{2} 节点 {3} 的属性 {1} 属于不支持的 {4} 类型，请导出不含它的模型。',
  '{0}: tensor {1} is stored as {2}, which cannot be trained on; use the float32 or float16 export of the model.':
    '{0}：张量 {1} 以 {2} 存储，无法训练，请使用模型的 float32 或 float16 导出。',
  '{0} keeps its weights in {1}, which is missing; put that file beside it.':
    '{0} 的权重存放在 {1} 中，而该文件不在，请把它放在旁边。',
  'a file it does not name': '没有指明的文件',
  '{0} is cut short: tensor {1} of {2} ends at byte {3} of {4}; download it again.':
    '{0} 被截断：{2} 的张量 {1} 应到第 {3} 字节，而文件只有 {4} 字节，请重新下载。',
  '{0} names no ONNX operator set: it is damaged, export it again.':
    '{0} 没有声明 ONNX 算子集，文件已损坏，请重新导出。',
  '{0} is not a whole ONNX model ({1} bytes): it is cut short or of another kind, download or export it again.':
    '{0} 不是完整的 ONNX 模型（{1} 字节），可能被截断或是别的文件，请重新下载或导出。',
  '{0} is not a whole ONNX model: it holds no graph; download or export it again.':
    '{0} 不是完整的 ONNX 模型：里面没有计算图，请重新下载或导出。',
  '{0} stores sparse weights, which are not supported; export it with dense ones.':
    '{0} 存的是稀疏权重，不支持，请以稠密权重导出。',
  '{0}: the constant {1} holds {2}, which is not a number; export the model without it.':
    '{0}：常量 {1} 存的是 {2}，不是数字，请导出不含它的模型。',
  nothing: '空内容',
  '{0}: {1} is not a tensor ({2}); only tensors go in and out.':
    '{0}：{1} 不是张量（{2}），输入和输出只能是张量。',
  '{0}: {1} has element type {2}, which is not supported.': '{0}：{1} 的元素类型是 {2}，不支持。',
  'use the float32 or float16 export of the same model (usually model.onnx or model_fp16.onnx)':
    '改用同一模型的 float32 或 float16 导出（通常是 model.onnx 或 model_fp16.onnx）',
  'export the model without ONNX Runtime’s graph optimisation': '在不做 ONNX Runtime 图优化的情况下导出模型',
  'uses operator set {0}, and only {1} to {2} are supported': '使用算子集 {0}，而这里只支持 {1} 到 {2}',
  'export it again with an operator set in that range, such as 18': '用该范围内的算子集（如 18）重新导出',
  'multiplies by weights of 4 bits or so (q4), which cannot be trained':
    '使用 4 位左右的量化权重（q4），无法训练',
  'is part of 8-bit quantisation (int8 or uint8), whose weights cannot be trained':
    '属于 8 位量化（int8 或 uint8），其权重无法训练',
  'is a function that the model defines itself': '是模型自己定义的函数',
  'export the model with its functions inlined': '把函数内联后再导出模型',
  'is an operator of ONNX Runtime’s own, made by its optimiser': '是 ONNX Runtime 优化器产生的专有算子',
  'is an operator of the domain {0}': '是 {0} 域的算子',
  'export the model with ONNX’s own operators': '用 ONNX 自带的算子导出模型',
  '{0}: the node {1} ({2})': '{0}：节点 {1}（{2}）',
  '{0} is not a whole safetensors file: {1}; save or download it again.':
    '{0}不是完整的 safetensors 文件：{1}，请重新保存或下载。',
  'it has {0} bytes': '它只有 {0} 字节',
  'it does not begin with a header length': '开头不是文件头的长度',
  'its header needs {0} bytes and {1} are there': '文件头需要 {0} 字节，而只有 {1} 字节',
  'its header is not JSON': '文件头不是 JSON',
  'its header is not an object': '文件头不是一个对象',
  'tensor {0} has no dtype': '张量 {0} 没有类型',
  'tensor {0} has dtype {1}, which is not known here': '张量 {0} 的类型 {1} 在这里不认识',
  'tensor {0} has no shape': '张量 {0} 没有形状',
  'tensor {0} has no place in the file': '张量 {0} 在文件中没有位置',
  'tensor {0} ends at byte {1} of {2}, so the file is cut short':
    '张量 {0} 应到第 {1} 字节，而只有 {2} 字节，文件被截断了',
  'tensor {0} has {1} bytes, which is not {2} [{3}]': '张量 {0} 有 {1} 字节，与 {2} [{3}] 不符',
  'its metadata are not texts by name': '它的元数据不是按名称给出的文本',
  'download or export it again': '重新下载或导出',
  'is a Git LFS pointer, not the model': '只是 Git LFS 指针，不是模型本身',
  'run `git lfs pull` or download the file itself': '运行 `git lfs pull`，或下载文件本身',
  'is a web page (HTML), not a model': '是网页（HTML），不是模型',
  'download the file itself, not the page about it': '下载文件本身，而不是介绍它的网页',
  'is a zip archive': '是 zip 压缩包',
  'unpack it and give the .onnx file or the folder inside': '解压后选择其中的 .onnx 文件或文件夹',
  'is gzip-compressed': '是 gzip 压缩文件',
  'decompress it first': '先解压',
  'is a Keras HDF5 file': '是 Keras 的 HDF5 文件',
  'is a GGUF file': '是 GGUF 文件',
  'is in ONNX Runtime’s ORT format': '是 ONNX Runtime 的 ORT 格式',
  'give the .onnx file it was made from': '选择生成它的 .onnx 文件',
  'is a safetensors file: weights without a graph': '是 safetensors 文件，只有权重没有计算图',
  'is JSON, not a model': '是 JSON，不是模型',
  'give the .onnx file': '选择 .onnx 文件',
  'export the model to ONNX (`optimum-cli export onnx`) and give that':
    '把模型导出为 ONNX（`optimum-cli export onnx`）后再选择',
  'it has no data.pkl': '其中没有 data.pkl',
  'it has no storage {0}, or of a type that is not read': '其中没有存储 {0}，或它的类型不受支持',
  'it holds no table of tensors': '其中没有张量表',
  '{0} is not a whole table of tensors as torch.save writes it ({1}); save the adapter again, with safe_serialization=True':
    '{0} 不是 torch.save 写出的完整张量表（{1}），请用 safe_serialization=True 重新保存适配器',
  'it has a tensor without a shape': '其中有没有形状的张量',
  'it has a tensor that is not contiguous': '其中有不连续存放的张量',
  '{0} is no tensor': '{0} 不是张量',
  '{0} is longer than its storage': '{0} 超出了它的存储',
  'it is no zip, as PyTorch before 1.6 wrote it': '它不是 zip，而是 PyTorch 1.6 之前的格式',
  'its {0} is compressed': '其中的 {0} 经过压缩',
  "The model's weights take {0} GB and one ONNX file holds {1} GB here; save the trained tensors as safetensors instead.":
    '模型的权重有 {0} GB，而这里一个 ONNX 文件最多存 {1} GB，请改为把训练的张量存为 safetensors。',
  'it is cut short at byte {0}': '在第 {0} 字节处被截断',
  'it takes a value where there is none': '在没有值的地方取值',
  'it takes values where there are none': '在没有值的地方取多个值',
  'it adds to what is no table and no list': '向既不是表也不是列表的对象添加内容',
  'it calls {0}': '调用了 {0}',
  'it calls what is no function': '调用了不是函数的对象',
  'it has the instruction 0x{0}, which no table of tensors needs': '含有张量表用不到的指令 0x{0}',
  '{0}: tensor {1} is said to have the shape [{2}{3}], which none has, so the file is damaged; export the model again.':
    '{0}：张量 {1} 所声明的形状 [{2}{3}] 不可能存在，说明文件已损坏，请重新导出模型。',
} satisfies Table;
