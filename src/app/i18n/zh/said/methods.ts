/** Methods and what they need of a model, in Chinese. */
import type { Table } from './table.ts';

export const methods = {
  '{0}: the attentions have prefixes already; leave one of "prefix", "mam" and "unipelt" out.':
    '{0}：注意力层已有前缀；“prefix”“mam”“unipelt”请只留一个。',
  'an "attention_mask" input': '名为“attention_mask”的输入',
  '{0}: got {1}, and the model is {2} wide, which leaves the adapters no width; choose at most {3}.':
    '{0}：得到 {1}，而模型宽度为 {2}，适配器将没有宽度；请选择不大于 {3} 的值。',
  'attention and feed-forward with residuals around them': '带残差连接的注意力层和前馈层',
  '{0}: got an empty list; name at least one method.': '{0}：列表是空的，请至少写一种方法。',
  '{0}: "{1}" and "{2}" both train "{3}"; leave one of them out or give them different targets.':
    '{0}：“{1}”和“{2}”都要训练“{3}”，请去掉其中一个，或给它们不同的作用位置。',
  '{0}: "{1}" is the role of none of the linears in {2}; add it there or leave it out.':
    '{0}：{2} 里的线性层都不在位置“{1}”，请把它加进去，或在这里去掉。',
  '{0}: got {1}, larger than the {2} × {3} matrix of "{4}"; choose at most {5}.':
    '{0}：给出了 {1}，大于“{4}”的矩阵（{2} × {3}），请不要超过 {5}。',
  '{0}: got "{1}", but an earlier method has already split the weight of "{2}"; choose "default".':
    '{0}：给出了“{1}”，但前面的方法已经拆分过“{2}”的权重，请选择“default”。',
  '{0}: prefixes at named places are learned as they are; leave {1} or {2} out.':
    '{0}：指明位置的前缀是直接学习的，请去掉 {1} 或 {2}。',
  '{0}: got "{1}", and a prefix goes to {2}; name some of these.':
    '{0}：给出了“{1}”，而前缀可放在 {2}，请从中选择。',
  'attention of the kind "{0}"': '“{0}”类的注意力',
  'attention layers and an "attention_mask" input': '注意力层和名为“attention_mask”的输入',
  '{0}: got {1}, but the "mlp" encoder has no dropout; leave it at 0 or choose "lstm".':
    '{0}：给出了 {1}，但“mlp”编码器没有 Dropout，请保持为 0 或选择“lstm”。',
  '{0}: "{1}" needs {2}, which this model does not have; choose another method.':
    '{0}：“{1}”需要{2}，而此模型没有，请换一种方法。',
  'linear layers outside its head': '分类头之外的线性层',
  'normalisations outside its head': '分类头之外的归一化层',
  'transformer layers': 'Transformer 层',
  '{0}: got {1}, and the model has {2} layers; choose at most {3}.':
    '{0}：给出了 {1}，而模型只有 {2} 层，请不要超过 {3}。',
  '{0}: got {1}, too little for even the smallest linear layer of this model; raise it.':
    '{0}：{1} 连此模型最小的线性层都容不下，请调大。',
  '{0}: "{1}" is not a valid regular expression; correct it.': '{0}：“{1}”不是合法的正则表达式，请改正。',
  '{0}: it attaches to linear layers, and this model has none outside its head; choose another method.':
    '{0}：它作用于线性层，而此模型在分类头之外没有线性层，请换一种方法。',
  '{0}: "{1}" matches no linear layer of this model; its roles are {2}.':
    '{0}：“{1}”在此模型中匹配不到任何线性层，可用的位置有 {2}。',
  '{0}: got no target; name at least one, such as "q".': '{0}：没有给出作用位置，请至少写一个，如“q”。',
  'a word embedding in which "input_ids" are looked up': '以“input_ids”查表的词嵌入',
  '{0}: two methods put virtual tokens before the text, which can be done once; leave one of them out.':
    '{0}：有两种方法都要在文本前加虚拟词元，只能加一次，请去掉其中一种。',
  'a head': '分类头或语言模型头',
  '{0}: got 0; choose a whole number from 1 on, or -1 for one near the square root.':
    '{0}：得到 0，请选择从 1 起的整数，或用 -1 取接近平方根的数。',
  "{0}: got {1}, more than {2}; the paper's are 256 to 1024.":
    '{0}：得到 {1}，超过 {2}，论文中用 256 到 1024。',
  "{0}: got {1}, which does not divide the model's width of {2}; choose a divisor such as {3}.":
    '{0}：得到 {1}，不能整除模型宽度 {2}，请选择它的约数，例如 {3}。',
  '{0}: got {1}, which makes the adapters {2} wide, and {3} {4} must divide that; choose {5}, which makes them {6} wide, or other factors.':
    '{0}：收到 {1}，适配器宽度为 {2}，须能被{3} {4} 整除；请选 {5}（宽度为 {6}），或改用其他因子数。',
  '{0}: got {1}, more than the {2} weights that it would move; choose at most that.':
    '{0}：{1} 超过了它要移动的 {2} 个权重，请不要超过这个数。',
  '{0}: got {1}, of which {2} takes {3} as factors of the layers; choose more than that.':
    '{0}：给出了 {1}，其中{2}要用 {3} 个作各层的系数，请取更大的值。',
  '{0}: got {1}, more than the {2} of {3}; the budget falls from there, so choose at most that.':
    '{0}：得到 {1}，大于{3}的 {2}，预算从那里往下降，请选择不超过它的值。',
  "{0}: {1} steps before the budget falls and {2} after it leave none of the run's {3}; choose fewer, or train longer.":
    '{0}：预算下降前 {1} 步、下降后 {2} 步，训练的 {3} 步就用完了，请减少它们，或训练更久。',
  '{0}: got {1}, which makes {2} entries of the {3} × {4} matrix of "{5}", more than it has; choose at most {6}.':
    '{0}：{1} 要求“{5}”的 {3} × {4} 矩阵有 {2} 个元素，超出了它的总数，请不要超过 {6}。',
  '{0}: got {1}, below every score at the start (−0.02 and above); raise it.':
    '{0}：{1} 低于开始时的全部分数（−0.02 及以上），请调大。',
  '{0}: the weight of "{1}" has been replaced by an earlier method; leave one of them out.':
    '{0}：“{1}”的权重已被前面的方法替换，请去掉其中一种。',
  'weights outside its head': '分类头之外的权重',
  '{0}: got {1}, and the run has {2} steps in all; choose fewer than that, so that some come before gates are fixed.':
    '{0}：给出了 {1}，而整次运行只有 {2} 步，请取更小的值，使固定门之前还有步数。',
  '{0} {1}, where adapters here have another': '{0} 为 {1}，与这里的适配器不同',
  'phm_layer true: it is a Compacter, whose factors a fusion does not take':
    'phm_layer 为 true：这是 Compacter，融合不接受它的因子',
  '{0}: fusion is over two trained adapters or more, and {1} are named; add folders of earlier runs of the method "adapter".':
    '{0}：融合需要两个或更多已训练的适配器，现在给出了 {1} 个，请添加先前用“adapter”方法训练的结果文件夹。',
  '{0}: {1} is named twice; leave out one of them, since a fusion chooses between adapters that differ.':
    '{0}：{1} 出现了两次，请去掉一个，因为融合是在不同的适配器之间选择。',
  '{0}: the adapters of {1} stand beside their sub-layer (placement "{2}"), and a fusion is over adapters behind it; train them with the placement "pfeiffer", "ffn" or "both".':
    '{0}：{1} 的适配器与子层并行（placement 为“{2}”），而融合只用于子层之后的适配器，请用“pfeiffer”“ffn”或“both”重新训练。',
  '{0}: the adapters of {1} have the placement "{2}" and those of {3} "{4}"; all of a fusion stand in the same places, so train one of them again.':
    '{0}：{1} 的适配器的 placement 为“{2}”，{3} 的为“{4}”；同一融合中的适配器必须位于相同位置，请重新训练其中之一。',
} satisfies Table;
