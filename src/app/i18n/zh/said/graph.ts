/** A model's graph on its way to a training program, in Chinese. */
import type { Table } from './table.ts';

export const graph = {
  'it has fewer inputs than it needs': '它的输入少于所需',
  '{0} reads {1}, which nothing in it computes before; export the model again.':
    '{0} 读取 {1}，而在此之前没有节点计算它，请重新导出模型。',
  'its inputs or attributes are not those of this operator': '它的输入或属性不符合该算子',
  'one projection makes its queries, keys and values': '它的查询、键、值出自同一个投影',
  'Node "{0}" ({1}) lies between the loss and a trained tensor but {2}; choose a method that trains only what comes after it.':
    '节点“{0}”（{1}）处在损失与所训练的张量之间，但它{2}，请选择只训练它之后部分的方法。',
  'has no gradient': '没有梯度',
  'The model\'s output "{0}" has shape [{1}]; {2}, so give the model another head or choose another task.':
    '模型的输出“{0}”形状是 [{1}]，而{2}，请给模型换一个头，或换一个任务。',
  'a regression needs [batch, 1]': '回归需要 [batch, 1]',
  'a classification needs [batch, labels]': '分类需要 [batch, labels]',
  'its bias has shape [{0}], not one number for each query and key':
    '的偏置形状是 [{0}]，而不是每对查询和键各一个数',
  'is not the end of the program': '不在程序的末尾',
  'is a fused form that is made after differentiation': '是求导之后才有的融合形式',
  'multiplies a transposed stack by one matrix, which has no gradient here':
    '把转置的一叠矩阵与一个矩阵相乘，这里没有它的梯度',
  '{0}: no attention was found in the graph, so there are no layers to tune: choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.':
    '{0}：计算图中没有找到注意力层，因而没有可微调的层，请改用 BERT、RoBERTa、XLM-RoBERTa、DistilBERT、MPNet、ELECTRA、ALBERT 或 T5。',
  'its feed-forward part was not found': '没有找到它的前馈部分',
  'its attention has no query or output projection': '它的注意力没有查询或输出投影',
  'its attention is not added back to its input': '它的注意力没有加回到输入上',
  '{0}: {1} is not a transformer layer we recognise, for {2}; choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.':
    '{0}：{1} 不是可识别的 Transformer 层，因为{2}，请改用 BERT、RoBERTa、XLM-RoBERTa、DistilBERT、MPNet、ELECTRA、ALBERT 或 T5。',
  'Index {0} is outside {1}, which has {2} rows: use the tokenizer that belongs to the model, and a {3} that its positions allow.':
    '编号 {0} 超出了 {1} 的 {2} 行：请使用与模型配套的分词器，并让 {3} 不超过它的位置数。',
  'has no additive bias that says what comes before what': '没有表明先后顺序的加性偏置',
  'Node "{0}" ({1}) of the decoder {2}, so texts cannot be generated with it; export the model with Optimum.':
    '解码器的节点“{0}”（{1}）{2}，因此无法用它生成文本，请用 Optimum 导出模型。',
  'The decoder reads nothing of {0} than its tokens, so texts cannot be generated with it; export the model with Optimum.':
    '解码器没有读取 {0} 的词元，因此无法用它生成文本，请用 Optimum 导出模型。',
  'The decoder reads more of {0} than its tokens, so texts cannot be generated with it; export the model with Optimum.':
    '解码器读取的不只是 {0} 的词元，因此无法用它生成文本，请用 Optimum 导出模型。',
  '{0}: node {1} uses {2}, which is unknown.': '{0}：节点 {1} 使用了不认识的 {2}。',
  'shapes {0} do not broadcast': '形状 {0} 不能广播',
  "element type {0} is not one of ONNX's numeric types": '元素类型 {0} 不是 ONNX 的数值类型',
  'input {0} is missing': '缺少第 {0} 个输入',
  '[{0}] is not the shape of a matrix': '[{0}] 不是矩阵的形状',
  '[{0}] names an axis twice': '[{0}] 中有重复的轴',
  '[{0}] does not end in a power of two': '[{0}] 的最后一维不是 2 的幂',
  'it takes a tensor and the numbers that are added to it': '它需要一个张量和要加上的数',
  'input {0} is empty, and a number is needed': '第 {0} 个输入为空，此处需要一个数',
  'axis {0} is outside a tensor of rank {1}': '第 {0} 轴超出了 {1} 维张量',
  'index {0} is outside an axis of {1}': '编号 {0} 超出了大小为 {1} 的轴',
  'indices of shape [{0}] do not name places of shape [{1}]':
    '形状为 [{0}] 的编号不能指向形状 [{1}] 中的位置',
  'batch_dims other than 0 are not known': 'batch_dims 只能为 0',
  'a reduction of updates is not known': '不支持对更新做归约',
  'operator {0} is not known': '不认识算子 {0}',
  '[{0}] times [{1}] has no meaning': '[{0}] 乘以 [{1}] 没有意义',
  'shape [{0}] cannot be reshaped to [{1}]': '形状 [{0}] 不能变为 [{1}]',
  'its result would have {0} axes, and at most {1} are known': '结果会有 {0} 个轴，最多只支持 {1} 个',
  'its result would have the shape [{0}]': '结果的形状会是 [{0}]',
  'its result would have the shape [{0}], which no device holds': '结果的形状会是 [{0}]，没有设备容得下',
  '[{0}] is not an order of the axes of a tensor of rank {1}': '[{0}] 不是 {1} 阶张量各轴的一种排列',
  'no slice of shape [{0}] goes from [{1}] to [{2}] in steps of [{3}]':
    '形状 [{0}] 不能从 [{1}] 到 [{2}] 按步长 [{3}] 切片',
  '[{0}] is not the shape of a tensor': '[{0}] 不是张量的形状',
  '[{0}] does not repeat shape [{1}]': '[{0}] 不能重复形状 [{1}]',
  'no range goes from {0} to {1} in steps of {2}': '无法以步长 {2} 从 {0} 数到 {1}',
  '[{0}] does not pad shape [{1}]': '[{0}] 不能用来填充形状 [{1}]',
  'an axis of {0} is not split into {1} parts of [{2}]': '长度为 {0} 的轴不能分成大小为 [{2}] 的 {1} 段',
  'it would make {0} numbers before training, where at most {1} are worked out for a model of this size':
    '训练之前它就要算出 {0} 个数，而这种大小的模型最多算 {1} 个',
  'with it more than {0} numbers would be worked out before training, more than a model of this size needs':
    '算上它，训练之前要算出的数超过 {0} 个，超出了这种大小的模型所需',
  'axis {0} of shape [{1}] is not of size one': '形状 [{1}] 的第 {0} 轴大小不为 1',
  'its value is not a tensor or a number': '它的值不是张量或数字',
  'shapes [{0}] and [{1}] do not join along axis {2}': '形状 [{0}] 和 [{1}] 不能沿第 {2} 轴拼接',
  'padding mode {0} is not one we have': '不支持填充方式 {0}',
  'is an operator Delta Studio does not know': '是 Delta Studio 不认识的算子',
  'it cannot combine shapes [{0}] and [{1}]': '形状 [{0}] 和 [{1}] 不能结合',
  'the model has {0} positions and the texts {1} tokens': '模型有 {0} 个位置，而文本有 {1} 个词元',
  '{0}: node {1} ({2}) fails: {3}; choose a smaller {4}.':
    '{0}：节点 {1}（{2}）无法计算：{3}，请把 {4} 调小。',
  'has an exponent that is not a constant number': '的指数不是常数',
  'is only supported as max(x, 0)': '只支持 max(x, 0) 这一种形式',
  'turns computed floats into integers, which have no kernel': '把算出的浮点数转成整数，没有对应的计算核',
  'reads by computed floats': '按算出的浮点数取值',
  'reads places of axis {0} that are not a constant range': '读取的是第 {0} 轴上不连续或不固定的位置',
  '{0}: {1} has {2} rows and position {3} is asked for; choose a smaller {4}.':
    '{0}：{1} 有 {2} 行，而要读取位置 {3}，请把 {4} 调小。',
  'joins shapes [{0}] and [{1}], which do not fit': '要拼接的形状 [{0}] 和 [{1}] 不相配',
  'slices with a step of {0}, which has no kernel': '以步长 {0} 切片，没有对应的计算核',
  'slices nothing out of shape [{0}]': '从形状 [{0}] 中什么也没有切出',
  'multiplies by a vector': '与向量相乘',
  'multiplies [{0}] by [{1}], which do not fit': '要相乘的 [{0}] 与 [{1}] 不相配',
  'multiplies batches of different sizes': '要相乘的两批大小不同',
  'normalises more than the last axis': '归一化的不只是最后一轴',
  'runs over axis {0}, not the last': '沿第 {0} 轴而非最后一轴计算',
  'tests computed floats other than a softmax': '检查的是 softmax 以外算出的浮点数',
  '{0}: input {1} takes floats; export the model with token ids as its inputs.':
    '{0}：输入 {1} 接收浮点数，请导出以词元编号为输入的模型。',
  'takes {0} from the data, so its result has no fixed shape': '从数据中取 {0}，结果没有固定的形状',
  '{0}: node {1} ({2}) {3}; it cannot be trained yet: choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.':
    '{0}：节点 {1}（{2}）{3}，目前还不能训练，请改用 BERT、RoBERTa、XLM-RoBERTa、DistilBERT、MPNet、ELECTRA、ALBERT 或 T5。',
  '{0}: node {1} ({2}) is not valid: {3}; export the model again.':
    '{0}：节点 {1}（{2}）不合法：{3}，请重新导出模型。',
  "belongs to the operator set {0}, which is not ONNX's": '属于 ONNX 之外的算子集 {0}',
  'clips computed values elsewhere than at the bounds of half precision':
    '把算出的值截断在半精度界限以外的地方',
  'is an operator without a kernel': '是没有计算核的算子',
  '{0}: tensor {1} should have {2} bytes ({3} [{4}]) but has {5}; the file is damaged or incomplete, download it again.':
    '{0}：张量 {1} 应有 {2} 字节（{3} [{4}]），实际有 {5} 字节，文件已损坏或不完整，请重新下载。',
  'The weight "{0}" takes {1} MiB but this GPU allows at most {2} MiB in one piece, whatever the batch size; choose "f16-base" for {3}, which halves it, or run it on the processor (the adapter wasm).':
    '权重“{0}”占 {1} MiB，而此 GPU 一次最多只允许 {2} MiB，与批大小无关；请把{3}设为“f16-base”（占用减半），或在处理器上运行（设备 wasm）。',
  'The weight "{0}" takes {1} MiB but this GPU allows at most {2} MiB in one piece, whatever the batch size; run it on the processor (the adapter wasm), or choose a model with a smaller vocabulary.':
    '权重“{0}”占 {1} MiB，但这块 GPU 一整块最多允许 {2} MiB，与批次大小无关；请改用处理器运行（适配器 wasm），或选择词表更小的模型。',
  'The attention {0} has heads of {1} values, and this GPU takes so many in multiples of 4 only: run it on the processor (the adapter wasm).':
    '注意力 {0} 的每个头有 {1} 个数，这块 GPU 对这么宽的头只支持 4 的倍数：请改用处理器运行（适配器 wasm）。',
  'The matmul {0} ({1} × {2} × {3}) needs more than {4} workgroups in one dimension: choose a smaller batch size.':
    '矩阵乘法 {0}（{1} × {2} × {3}）在一个维度上需要超过 {4} 个工作组：请减小批大小。',
  "The attention {0} has {1} keys, too many for the processor's kernels: choose a smaller maximum length, or a GPU.":
    '注意力 {0} 有 {1} 个键，处理器的计算核容不下，请减小最大长度，或者使用 GPU。',
  'The tensor "{0}" takes {1} MiB but this GPU binds at most {2} MiB at once; lower the batch size or the maximum length, or choose a smaller model.':
    '张量“{0}”需要 {1} MiB，而此 GPU 一次最多绑定 {2} MiB，请减小批大小或最大词元数，或换一个更小的模型。',
  'The buffer for {0} takes {1} MiB but this GPU allows at most {2} MiB a buffer; lower the batch size or the maximum length, or choose a smaller model.':
    '{0} 的缓冲区需要 {1} MiB，而此 GPU 每个缓冲区最多 {2} MiB，请减小批大小或最大词元数，或换一个更小的模型。',
  'puts computed values into something else than constant zeros': '把算出的值放进了不是常数零的张量',
  'puts two values in one place': '把两个值放在了同一位置',
  'compares computed floats with something else than a constant number':
    '把算出的浮点数与不是常数的东西作比较',
} satisfies Table;
