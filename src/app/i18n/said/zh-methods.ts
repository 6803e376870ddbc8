/** What methods, and starting them from what is there, say, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const methods: Phrases = {
  '{path}.type: "{type}" needs {=needs}, which this model does not have; choose another method.':
    '{path}.type：“{type}”需要{needs}，而此模型没有，请换一种方法。',
  'attention and feed-forward with residuals around them': '带残差连接的注意力层和前馈层',
  'attention layers and an "attention_mask" input': '注意力层和名为“attention_mask”的输入',
  'attention of the kind "{place}"': '“{place}”类的注意力',
  'linear layers outside its head': '分类头之外的线性层',
  'normalisations outside its head': '分类头之外的归一化层',
  'a word embedding in which "input_ids" are looked up': '以“input_ids”查表的词嵌入',
  'transformer layers': 'Transformer 层',
  'a head': '分类头或语言模型头',
  '{path}.type: it attaches to linear layers, and this model has none outside its head; choose another method.':
    '{path}.type：它作用于线性层，而此模型在分类头之外没有线性层，请换一种方法。',
  '{path}.type: "{type}" trains nothing that the model\'s output depends on; choose another method.':
    '{path}.type：“{type}”训练的内容不影响模型输出，请换一种方法。',
  '{path}: "{target}" is not a valid regular expression; correct it.':
    '{path}：“{target}”不是合法的正则表达式，请改正。',
  '{path}: "{target}" matches no linear layer of this model; its roles are {roles}.':
    '{path}：“{target}”在此模型中匹配不到任何线性层，可用的位置有 {roles}。',
  '{path}: got no target; name at least one, such as "q".': '{path}：没有给出作用位置，请至少写一个，如“q”。',
  '{path}.rank: got {rank}, larger than the {matrix} matrix of "{module}"; choose at most {most}.':
    '{path}.rank：给出了 {rank}，大于“{module}”的矩阵（{matrix}），请不要超过 {most}。',
  '{path}.layers: got {layers}, and the model has {count} layers; choose at most {most}.':
    '{path}.layers：给出了 {layers}，而模型只有 {count} 层，请不要超过 {most}。',
  '{path}.budget: got {budget}, too little for even the smallest linear layer of this model; raise it.':
    '{path}.budget：{budget} 连此模型最小的线性层都容不下，请调大。',
  "{path}.virtualTokens: got {tokens}, which leaves no room for text in the model's {limit} positions; choose at most {most} for texts of data.maxLength {length}.":
    '{path}.virtualTokens：{tokens} 个虚拟词元占满了模型的 {limit} 个位置，文本放不下；data.maxLength 为 {length} 时请不要超过 {most}。',
  'data.maxLength is {length} but the model has positions for {positions} tokens beside {virtual} virtual tokens; set data.maxLength to at most {most}.':
    'data.maxLength 为 {length}，但除去 {virtual} 个虚拟词元，模型只有 {positions} 个位置，请把 data.maxLength 设为不超过 {most}。',
  'data.maxLength is {length} but the model has positions for {positions} tokens; set data.maxLength to at most {most}.':
    'data.maxLength 为 {length}，但模型只有 {positions} 个位置，请把 data.maxLength 设为不超过 {most}。',
  'data.maxLength is {length}, which leaves no room beside {special} special tokens; raise it.':
    'data.maxLength 为 {length}，除去 {special} 个特殊词元就放不下文本了，请调大。',
  '{path}: "{first}" and "{second}" both train "{name}"; leave one of them out or give them different targets.':
    '{path}：“{first}”和“{second}”都要训练“{name}”，请去掉其中一个，或给它们不同的作用位置。',
  'method: got an empty list; name at least one method.': 'method：列表是空的，请至少写一种方法。',
  '{path}: "{role}" is the role of none of the linears in method.targets; add it there or leave it out.':
    '{path}：method.targets 里的线性层都不在位置“{role}”，请把它加进去，或在这里去掉。',
  '{path}.initialization: got "{start}", but an earlier method has already split the weight of "{module}"; choose "default".':
    '{path}.initialization：给出了“{start}”，但前面的方法已经拆分过“{module}”的权重，请选择“default”。',
  '{path}.projection: prefixes at named places are learned as they are; leave projection or placements out.':
    '{path}.projection：指明位置的前缀是直接学习的，请去掉 projection 或 placements。',
  '{path}: got "{place}", and a prefix goes to {places}; name some of these.':
    '{path}：给出了“{place}”，而前缀可放在 {places}，请从中选择。',
  '{path}: two methods put virtual tokens before the text, which can be done once; leave "prompt" or "ptuning" out.':
    '{path}：有两种方法都要在文本前加虚拟词元，只能加一次，请去掉“prompt”或“ptuning”。',
  '{path}.encoderDropout: got {value}, but the "mlp" encoder has no dropout; leave it at 0 or choose "lstm".':
    '{path}.encoderDropout：给出了 {value}，但“mlp”编码器没有 Dropout，请保持为 0 或选择“lstm”。',
  'model.task: got "text2text", and {model} has no decoder to write a text with; choose a T5, or the task "classification".':
    'model.task：给出了“text2text”，但 {model} 没有能写出文本的解码器，请选择 T5，或把任务改为“classification”。',
  '{model} has no language-model head, which the task "maskedLm" answers with; export the model for filling masks (`--task fill-mask`) or choose the task "classification".':
    '{model} 没有“maskedLm”任务所需的语言模型头，请以填空任务导出模型（`--task fill-mask`），或把任务改为“classification”。',

  '{name} holds no adapter: choose its zip, or its adapter_config.json or delta_config.json together with its weights.':
    '{name} 里没有适配器：请选择它的 zip，或 adapter_config.json（或 delta_config.json）连同权重文件。',
  'method.init: the adapter "{name}" is not open here; choose its files under the options of its method.':
    'method.init：适配器“{name}”没有在这里打开，请在方法的选项里选择它的文件。',
  'The adapter {name} is not a whole zip; save or download it again.':
    '适配器 {name} 不是完整的 zip，请重新保存或下载。',

  'stages: the page compares methods side by side; use the command line for stages.':
    'stages：网页并排比较各种方法；分阶段训练请使用命令行。',
  'compare: got nothing; list at least one method.': 'compare：是空的，请至少列出一种方法。',
  '{path}: got "{got}", but "{loaded}" is loaded; {=remedy}.':
    '{path}：给出了“{got}”，而已加载的是“{loaded}”，请{remedy}。',
  '{path}: got "{got}", but nothing is loaded; {=remedy}.':
    '{path}：给出了“{got}”，但什么都没有加载，请{remedy}。',
  'choose the model above': '在上方选择模型',
  'choose the file above': '在上方选择文件',
};
