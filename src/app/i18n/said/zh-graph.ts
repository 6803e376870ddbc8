/** What the model's graph says on its way to a training program, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const graph: Phrases = {
  '{model}: {layer} is not a transformer layer we recognise, for {=why}; export the model with Optimum or torch.onnx and without graph optimisation.':
    '{model}：{layer} 不是可识别的 Transformer 层，因为{why}，请用 Optimum 或 torch.onnx 导出模型，且不做图优化。',
  'its feed-forward part was not found': '没有找到它的前馈部分',
  'its attention has no query or output projection': '它的注意力没有查询或输出投影',
  'its attention is not added back to its input': '它的注意力没有加回到输入上',
  '{model}: input {input} takes floats; export the model with token ids as its inputs.':
    '{model}：输入 {input} 接收浮点数，请导出以词元编号为输入的模型。',
  '{model}: node {node} ({op}) {=what}; export the model as a plain encoder with the standard exporters (Optimum or torch.onnx), without quantisation or fused operators.':
    '{model}：节点 {node}（{op}）{what}，请用标准工具（Optimum 或 torch.onnx）把模型导出为普通的编码器，不要量化，也不要融合算子。',
  'takes {name} from the data, so its result has no fixed shape': '从数据中取 {name}，结果没有固定的形状',
  'is an operator Delta Studio does not know': '是 Delta Studio 不认识的算子',
  'is an operator without a kernel': '是没有计算核的算子',
  "belongs to the operator set {domain}, which is not ONNX's": '属于 ONNX 之外的算子集 {domain}',
  'has an exponent that is not a constant number': '的指数不是常数',
  'is only supported as max(x, 0)': '只支持 max(x, 0) 这一种形式',
  'turns computed floats into integers, which have no kernel': '把算出的浮点数转成整数，没有对应的计算核',
  'reads by computed floats': '按算出的浮点数取值',
  'reads places of axis {axis} that are not a constant range': '读取的是第 {axis} 轴上不连续或不固定的位置',
  'joins shapes {one} and {other}, which do not fit': '要拼接的形状 {one} 和 {other} 不相配',
  'slices with a step of {step}, which has no kernel': '以步长 {step} 切片，没有对应的计算核',
  'slices nothing out of shape {shape}': '从形状 {shape} 中什么也没有切出',
  'multiplies by a vector': '与向量相乘',
  'multiplies {one} by {other}, which do not fit': '要相乘的 {one} 与 {other} 不相配',
  'multiplies batches of different sizes': '要相乘的两批大小不同',
  'normalises more than the last axis': '归一化的不只是最后一轴',
  'runs over axis {axis}, not the last': '沿第 {axis} 轴而非最后一轴计算',
  'tests computed floats other than a softmax': '检查的是 softmax 以外算出的浮点数',

  '{model}: node {node} ({op}) fails: {=what}; choose a smaller maxLength.':
    '{model}：节点 {node}（{op}）无法计算：{what}，请把 maxLength 调小。',
  'it cannot combine shapes {one} and {other}': '形状 {one} 和 {other} 不能结合',
  'the model has {positions} positions and the texts {length} tokens':
    '模型有 {positions} 个位置，而文本有 {length} 个词元',
  '{model}: {table} has {rows} rows and position {position} is asked for; choose a smaller maxLength.':
    '{model}：{table} 有 {rows} 行，而要读取位置 {position}，请把 maxLength 调小。',
  'Index {index} is outside {table}, which has {rows} rows: use the tokenizer that belongs to the model, and a maxLength that its positions allow.':
    '编号 {index} 超出了 {table} 的 {rows} 行：请使用与模型配套的分词器，并让 maxLength 不超过它的位置数。',

  '{model}: node {node} ({op}) is not valid: {~why}; export the model again.':
    '{model}：节点 {node}（{op}）不合法：{why}，请重新导出模型。',
  '{model}: node {node} uses {op}, which is unknown.': '{model}：节点 {node} 使用了不认识的 {op}。',
  'operator {op} is not known': '不认识算子 {op}',
  "element type {type} is not one of ONNX's numeric types": '元素类型 {type} 不是 ONNX 的数值类型',
  'input {index} is missing': '缺少第 {index} 个输入',
  'axis {axis} is outside a tensor of rank {rank}': '第 {axis} 轴超出了 {rank} 维张量',
  'shape {from} cannot be reshaped to {to}': '形状 {from} 不能变为 {to}',
  'axis {axis} of shape {shape} is not of size one': '形状 {shape} 的第 {axis} 轴大小不为 1',
  '{one} times {other} has no meaning': '{one} 乘以 {other} 没有意义',
  'shapes {shapes} do not broadcast': '形状 {shapes} 不能广播',
  'shapes {one} and {other} do not broadcast': '形状 {one} 和 {other} 不能广播',
  'index {index} is outside an axis of {size}': '编号 {index} 超出了大小为 {size} 的轴',
  'batch_dims other than 0 are not known': 'batch_dims 只能为 0',
  'a reduction of updates is not known': '不支持对更新做归约',
  'its value is not a tensor or a number': '它的值不是张量或数字',
  'shapes {one} and {other} do not join along axis {axis}': '形状 {one} 和 {other} 不能沿第 {axis} 轴拼接',
  'padding mode {mode} is not one we have': '不支持填充方式 {mode}',

  'Node "{node}" ({op}) lies between the loss and a trained tensor but {=why}; choose a method that trains only what comes after it.':
    '节点“{node}”（{op}）处在损失与所训练的张量之间，但它{why}，请选择只训练它之后部分的方法。',
  'has no gradient': '没有梯度',
  'is a fused form that is made after differentiation': '是求导之后才有的融合形式',
  'multiplies a transposed stack by one matrix, which has no gradient here':
    '把转置的一叠矩阵与一个矩阵相乘，这里没有它的梯度',
  'its bias has shape {shape}, not one number for each query and key':
    '的偏置形状是 {shape}，而不是每对查询和键各一个数',
  'is not the end of the program': '不在程序的末尾',
  'The model\'s output "{output}" has shape {shape}; {=needs}, so give the model another head or choose another task.':
    '模型的输出“{output}”形状是 {shape}，而{needs}，请给模型换一个头，或换一个任务。',
  'a regression needs [batch, 1]': '回归需要 [batch, 1]',
  'a classification needs [batch, labels]': '分类需要 [batch, labels]',
  'The attention {node} has heads of {size} values and our kernels take multiples of 4: use a model with such heads.':
    '注意力 {node} 的每个头有 {size} 个数，而我们的计算核需要 4 的倍数：请换一个这样的模型。',
  'The matmul {node} ({sizes}) needs more than {most} workgroups in one dimension: choose a smaller batch size.':
    '矩阵乘法 {node}（{sizes}）在一个维度上需要超过 {most} 个工作组：请减小批大小。',
};
