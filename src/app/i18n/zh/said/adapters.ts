/** Saved adapters and checkpoints, in Chinese. */
import type { Table } from './table.ts';

export const adapters = {
  '{0} that has no peft_type': '没有 peft_type 的{0}',
  '{0}: none of the prompts resembles it ({1}); let {2} be "equal", or name other prompts.':
    '{0}：没有一个提示与它相似（{1}）；请把{2}设为“equal”，或换别的提示。',
  'has no format': '没有 format',
  'has {0} tasks where this run has {1}; let {2} be averageSourceTasks, exactSourceTask or onlySourceShared':
    '有 {0} 个任务，而此运行有 {1} 个；请把{2}设为 averageSourceTasks、exactSourceTask 或 onlySourceShared',
  'has {0} tasks, counted from 0, and {1} is {2}': '有 {0} 个任务（从 0 起编号），而{1}是 {2}',
  '{0} {1}.': '{0} {1}。',
  'the adapter folder of this run has no {0}; train again': '此运行的适配器文件夹里没有 {0}，请重新训练',
  'architecture {0} where "{1}" has {2}': 'architecture 是 {0}，而“{1}”应为 {2}',
  'architecture {0} where "{1}" is a union of {2} methods': 'architecture 是 {0}，而“{1}”是 {2} 种方法的联合',
  'architecture {0} where "{1}" is a bottleneck adapter': 'architecture 是 {0}，而“{1}”是瓶颈适配器',
  '{0} {1} where {2} makes it {3}': '{0} 是 {1}，而按 {2} 应为 {3}',
  'attn_matrices {0}, where "{1}" has {2}': 'attn_matrices 是 {0}，而“{1}”应为 {2}',
  '{0} {1}, which "{2}" does not have here': '{0} 是 {1}，而这里的“{2}”没有它',
  'phm_layer {0}, where {1} "{2}" has {3}': 'phm_layer 是 {0}，而{1}“{2}”要求 {3}',
  'residual_before_ln {0}, where "pfeiffer" has true': 'residual_before_ln 是 {0}，而“pfeiffer”为 true',
  'leave_out {0}, which "{1}" does not have here': 'leave_out 是 {0}，而这里的“{1}”没有它',
  '{0}: {1} has pickled weights (pytorch_adapter.bin), which are not read here; save the adapter again with use_safetensors=True':
    '{0}：{1} 的权重是 pickle 格式（pytorch_adapter.bin），这里不读取，请用 use_safetensors=True 重新保存适配器',
  '{0}: {1} has no {2}; choose a folder that has one': '{0}：{1} 里没有 {2}，请选择含有它的文件夹',
  'a PEFT adapter': 'PEFT 适配器',
  'an AdapterHub adapter': 'AdapterHub 适配器',
  'a delta of this studio': '本工作室的格式',
  '{0} is not valid JSON; save the adapter again': '{0} 不是合法的 JSON，请重新保存适配器',
  'has no tensor {0}': '里没有张量 {0}',
  'has {0} of type {1} and shape [{2}] where uint8 [{3}] is needed':
    '里的 {0} 类型为 {1}、形状为 [{2}]，而需要 uint8 [{3}]',
  '{0} has peft_type {1}: {2}; merge it into its base model in PEFT (merge_and_unload), export that, and tune the exported model':
    '{0} 的 peft_type 为 {1}：{2}；请在 PEFT 中把它合并进基础模型（merge_and_unload），导出后再微调导出的模型',
  'it multiplies each weight by an orthogonal matrix, where a method here adds to what the weight gives':
    '它用正交矩阵去乘每个权重，而这里的方法是在权重的输出上相加',
  "it holds a few coefficients of each weight's change in a transform of the whole matrix":
    '它保存的是每个权重的改变量经整个矩阵变换后的少数系数',
  'it adds one small block of numbers again and again along each weight': '它沿每个权重反复加上同一小块数',
  'it puts low-rank factors together from a bank of vectors that all layers share':
    '它用各层共用的向量库拼出低秩因子',
  'it trains chosen rows of the embedding table, which no method here does by themselves':
    '它训练嵌入表中选定的几行，这里没有单独这样做的方法',
  "{0} has num_transformer_submodules 2: PEFT trains it with a second prompt before the decoder's text and writes texts without that, so that nothing gives the answers of both; start from one that was trained with 1":
    '{0} 的 num_transformer_submodules 为 2：PEFT 训练时会在解码器的文本前再放一个提示，生成文本时却不放，没有哪种计算能同时与两者一致；请从用 1 训练的适配器开始',
  'no method here computes what it does': '这里没有与其计算相同的方法',
  'has a rank_pattern that is no table from modules to the triplets that are left':
    '的 rank_pattern 不是从模块到所剩三元组的表',
  'has a rank_pattern whose {0} is no list of true and false, one a triplet':
    '的 rank_pattern 中 {0} 不是每个三元组一个 true 或 false 的列表',
  'has no tensor {0}, of which its rank_pattern tells': '缺少其 rank_pattern 提到的张量 {0}',
  'has {0} of shape [{1}] where its rank_pattern leaves {2} of {3} triplets':
    '里的 {0} 形状为 [{1}]，而其 rank_pattern 在 {3} 个三元组中留下 {2} 个',
  'has {0} indices and {1} values of {2}': '里 {2} 有 {0} 个下标和 {1} 个值',
  'has index {0} of {1}, which is not a place of its own among {2}':
    '里 {1} 的下标 {0} 重复、乱序或超出 {2} 个位置',
  'has mask_type {0} and random_seed {1}, from which its places cannot be found again':
    '的 mask_type 为 {0}、random_seed 为 {1}，无法由此重新得到它的位置',
  'has the tensor {0} (and {1} more), which this method on this model does not train':
    '里有张量 {0}（另有 {1} 个），而此方法在此模型上不训练它',
  'has the tensor {0}, which this method on this model does not train':
    '里有张量 {0}，而此方法在此模型上不训练它',
  '{0}: {1} has no {2}, only the rows that its encoder gave; train those directly with {3}':
    '{0}：{1} 里没有 {2}，只有编码器给出的各行，请用 {3} 直接训练它们',
  '{0}: {1} holds no decoder of prompts; start from a run of "ipt", or name prompts in {2}.':
    '{0}：{1} 中没有提示的解码器，请从“ipt”的运行开始，或在 {2} 中指定提示。',
  "has a prompt of width {0}, and the model's embeddings have {1}":
    '的提示宽度为 {0}，而模型的嵌入宽度为 {1}',
  '{0}: {1} holds one prompt, and a subspace needs two or more; name prompts of several tasks, or of several seeds.':
    '{0}：{1} 只有一个提示，而子空间需要两个或更多，请指定多个任务或多个随机种子的提示。',
  'has a prompt of {0} tokens where {1} has {2}': '的提示有 {0} 个词元，而 {1} 有 {2} 个',
  'has a prompt of width {0} where {1} has {2}': '的提示宽度为 {0}，而 {1} 的为 {2}',
  'was trained on another base model than {0}': '的基础模型与 {0} 的不同',
  'has a prompt of {0} tokens where {1} is {2}': '的提示有 {0} 个词元，而 {1} 为 {2}',
  '{0}: all {1} prompts are the same, so they span nothing; name prompts of several tasks, or of several seeds.':
    '{0}：全部 {1} 个提示都相同，张不成子空间，请指定多个任务或多个随机种子的提示。',
  '{0}: got {1}, and the {2} prompts span {3} around their mean; choose at most that, or name more prompts.':
    '{0}：得到 {1}，而 {2} 个提示围绕其均值只张成 {3} 维，请选择不超过它的值，或指定更多提示。',
  '{0}: {1} holds no prompt; name the adapter folders of runs of "prompt", "ptuning", "multitaskPrompt" or "ipt".':
    '{0}：{1} 中没有提示，请指定“prompt”“ptuning”“multitaskPrompt”或“ipt”运行的适配器文件夹。',
  'is no prompt': '不是提示',
  'has no {0} and {1} that fit its prompt': '没有与其提示相符的 {0} 与 {1}',
  '{0}: {1} {2}; name prompts of one length, trained on this model.':
    '{0}：{1} {2}，请指定长度相同、在此模型上训练的提示。',
  '{0} {1}; start from an adapter of the same method and model':
    '{0} {1}，请从同一方法、同一模型的适配器开始',
  '{0} was trained on another base model (weights {1}, here {2}); use the model it was trained on, or take it all the same with {3} or --force':
    '{0} 是在另一个基础模型上训练的（权重 {1}，这里是 {2}），请使用它训练时的模型，或用 {3} 或 --force 强行使用',
  'is that of {0}, and "{1}" is kept as {2}': '属于{0}，而“{1}”存为{2}',
  'an AdapterHub folder': 'AdapterHub 文件夹',
  'has {0}': '的 {0}',
  'a PEFT adapter folder': 'PEFT 适配器文件夹',
  'a folder that has one': '含有它的文件夹',
  '{0} (peft_type {1})': '{0}（peft_type 为 {1}）',
  '{0}: {1} has no {2}; choose {3}': '{0}：{1} 里没有 {2}，请选择{3}',
  'has format {0} where {1} is read': '的格式是 {0}，而这里读取的是 {1}',
  'holds several methods, each in its own sub-folder ({0})': '里有多种方法，各在自己的子文件夹中（{0}）',
  '{0} is {1}': '{0} 为 {1}',
  'has no {0} where {1}': '里没有 {0}，而 {1}',
  'has {0} {1} where {2}': '里是 {0} {1}，而 {2}',
  'has no {0}, which PEFT takes for {1}, where {2} is {3}': '里没有 {0}，PEFT 会取 {1}，而 {2} 为 {3}',
  'has {0} {1}, which is no number': '的 {0} 为 {1}，不是数',
  'has {0} {1} where {2} is {3}': '里是 {0} {1}，而 {2} 为 {3}',
  "has num_transformer_submodules {0} where this model's prefix has {1}":
    '的 num_transformer_submodules 是 {0}，而此模型的前缀是 {1}',
  '{0} was trained with bias "lora_only" and has none of these biases (such as {1}): some versions of PEFT did not save them; save it again with a newer PEFT, or set bias to "none" in its adapter_config.json to go on with the base model\'s':
    '{0} 以 bias "lora_only" 训练，却没有保存这些偏置（例如 {1}）：某些版本的 PEFT 不会保存它们。请用更新的 PEFT 重新保存，或在 adapter_config.json 中把 bias 设为 "none"，改用基础模型的偏置',
  'has {0} {1} for {2} where {3} makes it {4}': '的 {0} 给 {2} 的值是 {1}，而按 {3} 应为 {4}',
  'has init_lora_weights {0} where {1} is "{2}"': '的 init_lora_weights 是 {0}，而 {1} 为“{2}”',
  'has {0} of shape [{1}] where [{2}] is needed': '里 {0} 的形状是 [{1}]，而需要 [{2}]',
  'has {0} in {1}': '的 {1} 里有 {0}',
  '{0} {1}; merge the adapter into its base model in PEFT, or start from one without it':
    '{0} {1}。请在 PEFT 中把适配器合并到基础模型，或换一个没有这项的适配器',
  'the checkpoint': '检查点',
  'The checkpoint of this run was written by another version of the studio; start a new run from its settings.':
    '此运行的检查点来自另一个版本，请用它的设置新建一次运行。',
  'has {0} {1}, which is not read here': '的 {0} 为 {1}，这里不支持',
  'has init_lora_weights {0}, which changes the base weights in a way that is not repeated here':
    '的 init_lora_weights 为 {0}，它改动基础权重的方式在这里无法重现',
  '{0} has a {1} that is no table from modules to numbers above 0; save the adapter again':
    '{0} 的 {1} 不是从模块到数字的表，请重新保存适配器',
  '{0} has {1} patterns in {2}, and at most {3} are read; name the modules there that differ from the rest':
    '{0} 的 {2} 中有 {1} 个模式，最多只读 {3} 个，请只写出与众不同的模块',
  'a config that is no object': '的 config 不是对象',
  '{0} has the pattern "{1}" in {2}, which is not read here; name the modules there without lookaround or backreferences':
    '{0} 的 {2} 中有这里不支持的模式“{1}”，请改用不含环视和反向引用的写法',
  '{0} holds no adapter: choose its zip, or its adapter_config.json or delta_config.json together with its weights.':
    '{0} 里没有适配器：请选择它的 zip，或 adapter_config.json（或 delta_config.json）连同权重文件。',
  '{0}: the adapter "{1}" is not open here; choose its files under the options of its method.':
    '{0}：适配器“{1}”没有在这里打开，请在方法的选项里选择它的文件。',
  'The adapter {0} is not a whole zip; save or download it again.':
    '适配器 {0} 不是完整的 zip，请重新保存或下载。',
  'has {0} in {1} where {2} gives {3}': '的 {1} 里是 {0}，而 {2} 给出的是 {3}',
  '{0}: the head that {1} brings is left out and starts anew, as {2} asks.':
    '{0}：按 {2} 的要求，{1} 带来的头不取用，头重新开始。',
  '{0}: the head that {1} brings is that of another task, so the delta is taken and the head starts fresh.':
    '{0}：{1} 带来的头属于另一个任务，因此只取其增量，头从新开始。',
  '{0}: {1} brings a head, which this task has no place for; the delta is taken without it.':
    '{0}：{1} 带来一个头，而此任务没有放它的地方，因此只取其增量。',
  '{0}: {1} brings no head, so the delta is taken and the head starts fresh.':
    '{0}：{1} 没有带来头，因此只取其增量，头从新开始。',
  'holds no adapter': '里没有适配器',
  'give the folder of a run or of a PEFT adapter': '请给出训练结果或 PEFT 适配器的文件夹',
  'has peft_type {0}': '的 peft_type 是 {0}',
  'is that of {0}': '属于{0}',
  'has no two factors of rank {0} for {1}': '没有 {1} 的两个秩为 {0} 的因子',
  'save the adapter again': '请重新保存适配器',
  'has no factors of a LoRA': '没有 LoRA 的因子',
  'make a LoRA of it first with delta convert': '请先用 delta convert 把它变成 LoRA',
  'has use_dora: true, which is no sum of changes': '设有 use_dora: true，那不是若干改变之和',
  'has init_lora_weights {0}, whose base weights are others': '的 init_lora_weights 是 {0}，其基础权重已不同',
  'has bias {0}, and biases have no factors': '的 bias 是 {0}，而偏置没有因子',
  'train with "bias": "none"': '请用 "bias": "none" 训练',
  'merge such adapters in PEFT': '请在 PEFT 中合并这样的适配器',
  'was trained on another base model ({0}) than {1} ({2})': '的基础模型（{0}）与 {1} 的（{2}）不同',
  'merge adapters of one model': '请合并同一模型的适配器',
  'does not change {0}, which {1} does': '不改变 {0}，而 {1} 改变它',
  'train both with the same targets': '请用相同的目标训练两者',
  'has {0} with {1} inputs and {2} outputs where {3} has {4} and {5}':
    '的 {0} 有 {1} 个输入和 {2} 个输出，而 {3} 有 {4} 和 {5} 个',
  'has rank {0} for {1} where {2} has {3}': '中 {1} 的秩是 {0}，而 {2} 中是 {3}',
  'merge them with --how svd, which takes any ranks': '请用 --how svd 合并，它不要求秩相同',
  'has another head than {0} ({1})': '的分类头与 {0} 的不同（{1}）',
  'merge adapters of one task, or of the same classes': '请合并同一任务或相同类别的适配器',
  '--rank: got {0}, and {1} is a matrix of {2} by {3}; choose at most {4}.':
    '--rank：给出的是 {0}，而 {1} 是 {2}×{3} 的矩阵，请最多选 {4}。',
  '"{0}" changed no matrix of the model, so there is nothing to make a LoRA of; keep the adapter as it is.':
    '“{0}”没有改变模型的任何矩阵，因此无从变成 LoRA，请保留原来的适配器。',
  '{0}: "{1}" changes {2}, which is no sum of a matrix and a change that a LoRA could hold; keep the adapter as it is, or write the whole model with delta export --format onnx.':
    '{0}：“{1}”改变的 {2} 不能写成矩阵与 LoRA 所能容纳的改变之和，请保留原来的适配器，或用 delta export --format onnx 写出整个模型。',
  'an AdapterHub fusion': 'AdapterHub 的融合',
  'the folder of a fusion': '融合的文件夹',
  '{0} holds no adapter; name the folder of a run of the method "adapter", or one that AdapterHub saved':
    '{0} 里没有适配器，请给出用“adapter”方法训练的结果文件夹，或 AdapterHub 保存的文件夹',
  '{0} is that of {1}, and a fusion is over bottleneck adapters in AdapterHub\'s layout; name folders of the method "adapter"':
    '{0} 属于{1}，而融合针对 AdapterHub 布局的瓶颈适配器，请给出“adapter”方法的文件夹',
  '{0} has {1}; a fusion cannot take it': '{0} 中 {1}，融合不能使用它',
  '{0} adapters where {1} names {2}': '有 {0} 个适配器，而 {1} 给出了 {2} 个',
  '{0}: {1} has pickled weights (pytorch_model_adapter_fusion.bin), which are not read here; save the fusion again with use_safetensors=True':
    '{0}：{1} 的权重是 pickle 格式（pytorch_model_adapter_fusion.bin），这里不读取，请用 use_safetensors=True 重新保存融合',
} satisfies Table;
