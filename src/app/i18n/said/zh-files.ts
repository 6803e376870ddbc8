/** What reading ONNX, safetensors and saved adapters says, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const files: Phrases = {
  '{file}: tensor {name} should have {expected} bytes ({type}) but has {bytes}; the file is damaged or incomplete, download it again.':
    '{file}：张量 {name} 应有 {expected} 字节（{type}），实际有 {bytes} 字节，文件已损坏或不完整，请重新下载。',
  '{file}: tensor {name} is stored as {type}, which cannot be trained on; use the float32 or float16 export of the model.':
    '{file}：张量 {name} 以 {type} 存储，无法训练，请使用模型的 float32 或 float16 导出。',
  '{file}: attribute {attribute} of the {op} node {node} is of kind {kind}, which is not supported; export the model without it.':
    '{file}：{op} 节点 {node} 的属性 {attribute} 属于不支持的 {kind} 类型，请导出不含它的模型。',
  '{file} stores sparse weights, which are not supported; export it with dense ones.':
    '{file} 存的是稀疏权重，不支持，请以稠密权重导出。',
  '{file}: the constant {node} holds {~what}, which is not a number; export the model without it.':
    '{file}：常量 {node} 存的是 {what}，不是数字，请导出不含它的模型。',
  nothing: '空内容',
  '{file}: {name} is not a tensor ({kind}); only tensors go in and out.':
    '{file}：{name} 不是张量（{kind}），输入和输出只能是张量。',
  '{file}: {name} has element type {type}, which is not supported.':
    '{file}：{name} 的元素类型是 {type}，不支持。',
  "The model's weights take {size} GB and one ONNX file holds {most} GB here; save the trained tensors as safetensors instead.":
    '模型的权重有 {size} GB，而这里一个 ONNX 文件最多存 {most} GB，请改为把训练的张量存为 safetensors。',
  '{url} answered {status}; check the connection and try again.': '{url} 返回了 {status}，请检查网络后再试。',

  '{~file} is not a whole safetensors file: {=why}; save or download it again.':
    '{file}不是完整的 safetensors 文件：{why}，请重新保存或下载。',
  'the checkpoint': '检查点',
  'it has {#bytes} bytes': '它只有 {bytes} 字节',
  'it does not begin with a header length': '开头不是文件头的长度',
  'its header needs {bytes} bytes and {there} are there': '文件头需要 {bytes} 字节，而只有 {there} 字节',
  'its header is not JSON': '文件头不是 JSON',
  'its header is not an object': '文件头不是一个对象',
  'tensor {name} has dtype {dtype}, which is not known here': '张量 {name} 的类型 {dtype} 在这里不认识',
  'tensor {name} has no shape': '张量 {name} 没有形状',
  'tensor {name} has no place in the file': '张量 {name} 在文件中没有位置',
  'tensor {name} ends at byte {end} of {size}, so the file is cut short':
    '张量 {name} 应到第 {end} 字节，而只有 {size} 字节，文件被截断了',
  'tensor {name} has {bytes} bytes, which is not {type}': '张量 {name} 有 {bytes} 字节，与 {type} 不符',

  '{path} has no tensor {name}; start from an adapter of the same method and model':
    '{path} 里没有张量 {name}，请从同一方法、同一模型的适配器开始',
  '{path} has the tensor {name}, which this method on this model does not train; start from an adapter of the same method and model':
    '{path} 里有张量 {name}，而此方法在此模型上不训练它，请从同一方法、同一模型的适配器开始',
  '{path} has the tensor {name} (and {count} more), which this method on this model does not train; start from an adapter of the same method and model':
    '{path} 里有张量 {name}（另有 {count} 个），而此方法在此模型上不训练它，请从同一方法、同一模型的适配器开始',
  '{path} has {tensor} of shape {got} where {wanted} is needed; start from an adapter of the same method and model':
    '{path} 里 {tensor} 的形状是 {got}，而需要 {wanted}，请从同一方法、同一模型的适配器开始',
  '{path} has {value} in {tensor}; start from an adapter of the same method and model':
    '{path} 的 {tensor} 里有 {value}，请从同一方法、同一模型的适配器开始',
  '{path} has format {got} where {wanted} is read; start from an adapter of the same method and model':
    '{path} 的格式是 {got}，而这里读取的是 {wanted}，请从同一方法、同一模型的适配器开始',
  '{path} holds several methods, each in its own sub-folder ({folders}); start from an adapter of the same method and model':
    '{path} 里有多种方法，各在自己的子文件夹中（{folders}），请从同一方法、同一模型的适配器开始',
  // The field comes before its value in PEFT's files and after it in ours.
  '{path} has {one} {other} where {option} is {wanted}; start from an adapter of the same method and model':
    '{path} 里是 {one} {other}，而 {option} 为 {wanted}，请从同一方法、同一模型的适配器开始',
  '{path} has no {field} where {option} is {wanted}; start from an adapter of the same method and model':
    '{path} 里没有 {field}，而 {option} 为 {wanted}，请从同一方法、同一模型的适配器开始',
  "{path} has num_transformer_submodules {got} where this model's prefix has {wanted}; start from an adapter of the same method and model":
    '{path} 的 num_transformer_submodules 是 {got}，而此模型的前缀是 {wanted}，请从同一方法、同一模型的适配器开始',
  '{path} has architecture {got} where "adapter" is a bottleneck adapter; start from an adapter of the same method and model':
    '{path} 的 architecture 是 {got}，而“adapter”是瓶颈适配器，请从同一方法、同一模型的适配器开始',
  '{path} has {field} {got} where {option} makes it {wanted}; start from an adapter of the same method and model':
    '{path} 的 {field} 是 {got}，而按 {option} 应为 {wanted}，请从同一方法、同一模型的适配器开始',
  '{path} has {field} {got}, which "adapter" does not have here; start from an adapter of the same method and model':
    '{path} 的 {field} 是 {got}，而这里的“adapter”没有它，请从同一方法、同一模型的适配器开始',
  '{path} has residual_before_ln {got}, where "pfeiffer" has true; start from an adapter of the same method and model':
    '{path} 的 residual_before_ln 是 {got}，而“pfeiffer”为 true，请从同一方法、同一模型的适配器开始',
  '{path} is that of {=kind}, and "{type}" is kept as {=other}; start from an adapter of the same method and model':
    '{path} 属于{kind}，而“{type}”存为{other}，请从同一方法、同一模型的适配器开始',
  '{path} is that of {=kind} (peft_type {peft}), and "{type}" is kept as {=other}; start from an adapter of the same method and model':
    '{path} 属于{kind}（peft_type 为 {peft}），而“{type}”存为{other}，请从同一方法、同一模型的适配器开始',
  'a PEFT adapter': 'PEFT 适配器',
  'an AdapterHub adapter': 'AdapterHub 适配器',
  'a delta of this studio': '本工作室的格式',
  '{path} was trained on another base model (weights {saved}, here {here}); use the model it was trained on, or take it all the same with method.initForce or --force':
    '{path} 是在另一个基础模型上训练的（权重 {saved}，这里是 {here}），请使用它训练时的模型，或用 method.initForce 或 --force 强行使用',
  '{path} is not valid JSON; save the adapter again': '{path} 不是合法的 JSON，请重新保存适配器',
  'method.init: {adapter} has no {file}; choose {=instead}':
    'method.init：{adapter} 里没有 {file}，请选择{instead}',
  'a folder that has one': '含有它的文件夹',
  'an AdapterHub folder': 'AdapterHub 文件夹',
  'a PEFT adapter folder': 'PEFT 适配器文件夹',
  'method.init: {adapter} has no {file}, only the rows that its encoder gave; train those directly with {option}':
    'method.init：{adapter} 里没有 {file}，只有编码器给出的各行，请用 {option} 直接训练它们',
  'method.init: {adapter} has pickled weights (pytorch_adapter.bin), which are not read here; save the adapter again with use_safetensors=True':
    'method.init：{adapter} 的权重是 pickle 格式（pytorch_adapter.bin），这里不读取，请用 use_safetensors=True 重新保存适配器',
  'the adapter folder of this run has no {file}; train again':
    '此运行的适配器文件夹里没有 {file}，请重新训练',
  '{adapter} holds no stage of this run; train again.': '{adapter} 里没有此运行的任何阶段，请重新训练。',
  '{source} is not the model this run was trained on: its weights differ; put that model back, or take this one all the same with --force.':
    '{source} 不是此运行训练时的模型：权重不同，请换回那个模型，或用 --force 强行使用。',

  '{file} is not a whole table of tensors as torch.save writes it ({reason}); save the adapter again, with safe_serialization=True.':
    '{file} 不是 torch.save 写出的完整张量表（{reason}），请用 safe_serialization=True 重新保存适配器。',
  '{file} was trained with bias "lora_only" and has none of these biases (such as {name}): some versions of PEFT did not save them; save it again with a newer PEFT, or set bias to "none" in its adapter_config.json to go on with the base model\'s.':
    '{file} 以 bias "lora_only" 训练，却没有保存这些偏置（例如 {name}）：某些版本的 PEFT 不会保存它们。请用更新的 PEFT 重新保存，或在 adapter_config.json 中把 bias 设为 "none"，改用基础模型的偏置。',
  '{file} {=problem}; merge the adapter into its base model in PEFT, or start from one without it.':
    '{file} {problem}。请在 PEFT 中把适配器合并到基础模型，或换一个没有这项的适配器。',
  'has {field} {value}, which is not read here': '的 {field} 为 {value}，这里不支持',
  'has init_lora_weights {value}, which changes the base weights in a way that is not repeated here':
    '的 init_lora_weights 为 {value}，它改动基础权重的方式在这里无法重现',
  '{file} has a {field} that is no table from modules to numbers; save the adapter again.':
    '{file} 的 {field} 不是从模块到数字的表，请重新保存适配器。',
  '{file} has the pattern "{pattern}" in {field}, which is not read here; name the modules there without lookaround or backreferences.':
    '{file} 的 {field} 中有这里不支持的模式“{pattern}”，请改用不含环视和反向引用的写法。',
};
