/** What reading models says, from a folder or a hub, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const model: Phrases = {
  'There is no model yet; choose one first.': '还没有模型，请先选择一个。',
  'There is no {file} in {source}; check the path.': '{source} 里没有 {file}，请检查路径。',
  '{source} holds no model.onnx; export the model to ONNX (`optimum-cli export onnx`) and give that folder.':
    '{source} 里没有 model.onnx，请把模型导出为 ONNX（`optimum-cli export onnx`），再选择导出的文件夹。',
  '{source} holds no model.onnx but {models}; name the one to use.':
    '{source} 里没有 model.onnx，但有 {models}，请指明要用哪一个。',
  'config.json of {source} is not JSON; download it again.':
    '{source} 的 config.json 不是 JSON，请重新下载。',
  'config.json of {source} does not hold an object; download it again.':
    '{source} 的 config.json 里不是一个对象，请重新下载。',
  'the first token': '第一个词元',
  '{source} has no config.json, so family, labels and heads are read off the graph.':
    '{source} 里没有 config.json，模型类型、标签和头数从计算图中推断。',
  '{file} and {other} stores half-precision weights; they are trained as float32.':
    '{file} 和 {other} 存的是半精度权重，训练时按 float32 计算。',
  '{file} stores half-precision weights; they are trained as float32.':
    '{file} 存的是半精度权重，训练时按 float32 计算。',
  "{source} has neither tokenizer.json nor vocab.txt; put the model's tokenizer.json beside it.":
    '{source} 里既没有 tokenizer.json 也没有 vocab.txt，请把模型的 tokenizer.json 放在旁边。',
  "vocab.txt has no token {token}; give the model's tokenizer.json instead.":
    'vocab.txt 里没有词元 {token}，请改用模型的 tokenizer.json。',
  'tokenizer.json cannot be read ({why}); use one that the tokenizers library wrote.':
    '无法读取 tokenizer.json（{why}），请使用 tokenizers 库写出的文件。',
  'The model of tokenizer.json has a dropout of {rate}, which splits words at random; set it to null.':
    'tokenizer.json 的模型设有 dropout {rate}，会随机切分词语，请把它设为 null。',
  'A pattern of tokenizer.json takes too long on the text {text}; leave the text out, or use a tokenizer whose patterns have no repetition within a repetition.':
    'tokenizer.json 里有一个模式在文本 {text} 上耗时过长，请去掉这段文本，或改用模式中没有重复套重复的分词器。',
  'The tokenizer cannot read the text {text} ({why}); leave the text out, or use the tokenizer.json that belongs to the model.':
    '分词器无法读取文本 {text}（{why}），请去掉这段文本，或使用与模型配套的 tokenizer.json。',
  "The tokenizer has the id {id} but the model's vocabulary ends at {last}; use the tokenizer.json that belongs to the model.":
    '分词器里有编号 {id}，但模型的词表只到 {last}，请使用与模型配套的 tokenizer.json。',
  '{file} is not valid JSON; download it again.': '{file} 不是合法的 JSON，请重新下载。',
  '{file} does not hold a JSON object; download it again.': '{file} 里不是 JSON 对象，请重新下载。',
  '{file} names no ONNX operator set: it is damaged, export it again.':
    '{file} 没有声明 ONNX 算子集，文件已损坏，请重新导出。',
  '{file} is not a whole ONNX model ({bytes} bytes): it is cut short or of another kind, download or export it again.':
    '{file} 不是完整的 ONNX 模型（{bytes} 字节），可能被截断或是别的文件，请重新下载或导出。',
  '{file} is not a whole ONNX model: it holds no graph; download or export it again.':
    '{file} 不是完整的 ONNX 模型：里面没有计算图，请重新下载或导出。',
  'a file it does not name': '没有指明的文件',
  '{file} keeps its weights in {~place}, which is missing; put that file beside it.':
    '{file} 的权重存放在 {place} 中，而该文件不在，请把它放在旁边。',
  '{place} is cut short: tensor {name} of {file} ends at byte {end} of {size}; download it again.':
    '{place} 被截断：{file} 的张量 {name} 应到第 {end} 字节，而文件只有 {size} 字节，请重新下载。',
  '{file} {=what}; {=remedy}.': '{file} {what}，请{remedy}。',
  '{file}: the node {node} ({op}) {=what}; {=remedy}.': '{file}：节点 {node}（{op}）{what}，请{remedy}。',
  'is empty': '是空文件',
  'is a Git LFS pointer, not the model': '只是 Git LFS 指针，不是模型本身',
  'is a web page (HTML), not a model': '是网页（HTML），不是模型',
  'is a zip archive': '是 zip 压缩包',
  'is gzip-compressed': '是 gzip 压缩文件',
  'is a Keras HDF5 file': '是 Keras 的 HDF5 文件',
  'is a GGUF file': '是 GGUF 文件',
  'is in ONNX Runtime’s ORT format': '是 ONNX Runtime 的 ORT 格式',
  'is a safetensors file: weights without a graph': '是 safetensors 文件，只有权重没有计算图',
  'is JSON, not a model': '是 JSON，不是模型',
  'uses operator set {opset}, and only {oldest} to {newest} are supported':
    '使用算子集 {opset}，而这里只支持 {oldest} 到 {newest}',
  'multiplies by weights of 4 bits or so (q4), which cannot be trained':
    '使用 4 位左右的量化权重（q4），无法训练',
  'is part of 8-bit quantisation (int8 or uint8), whose weights cannot be trained':
    '属于 8 位量化（int8 或 uint8），其权重无法训练',
  'is a function that the model defines itself': '是模型自己定义的函数',
  'is an operator of ONNX Runtime’s own, made by its optimiser': '是 ONNX Runtime 优化器产生的专有算子',
  'is an operator of the domain {domain}': '是 {domain} 域的算子',
  'holds {file} but no decoder that starts without cached keys and values':
    '里有 {file}，但没有不依赖缓存键值的解码器',
  'holds {file} without its decoder': '里有 {file}，却没有对应的解码器',
  'holds {file} without its encoder': '里有 {file}，却没有对应的编码器',
  'put {file} of the same export beside it': '把同一次导出的 {file} 放在旁边',
  'put {file} or {other} of the same export beside it': '把同一次导出的 {file} 或 {other} 放在旁边',
  'download or export it again': '重新下载或导出',
  'run `git lfs pull` or download the file itself': '运行 `git lfs pull`，或下载文件本身',
  'download the file itself, not the page about it': '下载文件本身，而不是介绍它的网页',
  'unpack it and give the .onnx file or the folder inside': '解压后选择其中的 .onnx 文件或文件夹',
  'decompress it first': '先解压',
  'give the .onnx file it was made from': '选择生成它的 .onnx 文件',
  'give the .onnx file': '选择 .onnx 文件',
  'export the model to ONNX (`optimum-cli export onnx`) and give that':
    '把模型导出为 ONNX（`optimum-cli export onnx`）后再选择',
  'use the float32 or float16 export of the same model (usually model.onnx or model_fp16.onnx)':
    '改用同一模型的 float32 或 float16 导出（通常是 model.onnx 或 model_fp16.onnx）',
  'export the model without ONNX Runtime’s graph optimisation': '在不做 ONNX Runtime 图优化的情况下导出模型',
  'export the model with its functions inlined': '把函数内联后再导出模型',
  'export the model with ONNX’s own operators': '用 ONNX 自带的算子导出模型',
  'export it again with an operator set in that range, such as 18': '用该范围内的算子集（如 18）重新导出',
  '{file}: no attention was found in the graph, so there are no layers to tune; export a transformer with Optimum or torch.onnx.':
    '{file}：计算图中没有找到注意力层，因而没有可微调的层，请用 Optimum 或 torch.onnx 导出一个 Transformer。',
  'The classifier of {file} has {outputs} output[s] and the data needs {needed}, so its last layer {layer} starts anew.':
    '{file} 的分类头有 {outputs} 个输出，而数据需要 {needed} 个，因此它的最后一层 {layer} 重新初始化。',
  'The last layer {layer} of the classifier of {file} starts anew, as model.head asks.':
    '按 model.head 的要求，{file} 分类头的最后一层 {layer} 重新开始训练。',
  '{file} has no input attention_mask, which the mean over a text\'s tokens needs; set model.pooling to "first" or export the model with it.':
    '{file} 没有输入 attention_mask，而求各词元的平均需要它，请把 model.pooling 设为“first”，或导出带有它的模型。',
  "{file}: the encoder's last hidden state cannot be told from the outputs {outputs}; export the model for feature extraction (`--task feature-extraction`) or text classification.":
    '{file}：从输出 {outputs} 中看不出编码器的最后隐藏状态，请为特征提取（`--task feature-extraction`）或文本分类导出模型。',
  "The width of {file}'s hidden states is not known; put the model's config.json (hidden_size) beside it.":
    '不知道 {file} 的隐藏状态有多宽，请把模型的 config.json（hidden_size）放在旁边。',
  '{file} was exported {=how}, so it gets a fresh classifier over {=reads}.':
    '{file} 导出时没有合适的分类头（{how}），因此在{reads}之上新建一个。',
  'It leaves out {count} tensor[s] that this does not read, of {modules}.':
    '没有用到其中的 {count} 个张量（属于 {modules}）。',
  'with a classifier that is not a linear layer': '分类头不是线性层',
  'without a head': '没有任何头',
  'for question answering': '用于问答',
  'for labelling tokens': '用于词元标注',
  'for filling masks': '用于填空',
  'for something else': '用于其他任务',
  'for text to text': '用于文本到文本',
  "the mean of the text's tokens": '各词元的平均',

  '"{id}" is no hub id; write owner/name, with @revision if another than main is meant.':
    '“{id}”不是 hub 上的名称，请写成 owner/name，若不用 main 分支再加 @revision。',
  'The endpoint "{endpoint}" is no web address; write one such as {example}.':
    '“{endpoint}”不是网址，请写成类似 {example} 的地址。',
  '{name} has no ONNX file (looked for {~files}); it is empty: choose a repository with an ONNX export.':
    '{name} 里没有 ONNX 文件（查找过 {files}）；它是空的，请选择带有 ONNX 导出的仓库。',
  '{name} has no ONNX file (looked for {~files}); it {=holds}: choose a repository with an ONNX export.':
    '{name} 里没有 ONNX 文件（查找过 {files}）；它{holds}，请选择带有 ONNX 导出的仓库。',
  'holds {names}': '包含 {names}',
  'model.onnx, onnx/model.onnx, or encoder_model.onnx with decoder_model.onnx':
    'model.onnx、onnx/model.onnx，或 encoder_model.onnx 与 decoder_model.onnx',
  'The download of {name} was cancelled; what has arrived is kept.':
    '已取消下载 {name}，已收到的部分会保留。',
  '{host} cannot be reached; check the connection, or set another endpoint (such as https://hf-mirror.com).':
    '无法连接 {host}，请检查网络，或改用其他地址（如 https://hf-mirror.com）。',
  '{host} has no model {name} at revision {revision}; check the spelling of owner, name and revision.':
    '{host} 上没有模型 {name}（版本 {revision}），请检查所有者、名称和版本是否拼写正确。',
  '{host} does not open {name} to everyone (it is gated or private, or does not exist); download it with your account and choose its folder.':
    '{host} 没有公开 {name}（受限、私有或不存在），请用你的账号下载后选择其文件夹。',
  '{host} answered {status} for {name}; try again later.': '{host} 对 {name} 返回了 {status}，请稍后再试。',
  '{file} of {name} arrived damaged twice (its hash is another than {host} lists); try again later, or set another endpoint.':
    '{name} 的 {file} 两次下载都损坏（哈希与 {host} 列出的不符），请稍后再试，或改用其他地址。',
  '{host} answered {sha} as the commit of {name}, which is no git commit; use another endpoint.':
    '{host} 给出的 {name} 的提交号是 {sha}，这不是 git 提交号，请改用其他地址。',
  '{host} lists {path} as a file of {name}, which is no path inside its folder; use another endpoint.':
    '{host} 把 {path} 列为 {name} 的文件，而它不是该文件夹内的路径，请改用其他地址。',
  "{host} listed the files of {name} in another form than the hub's (at {where}); set an endpoint that speaks the hub's API.":
    '{host} 列出 {name} 的文件时用的格式与 hub 不同（在 {where} 处），请换一个支持 hub 接口的地址。',
  "{host} sent the listing of {name} on to another address; set an endpoint that speaks the hub's API.":
    '{host} 把 {name} 的文件列表转到了另一个地址，请换一个支持 hub 接口的地址。',
  "{host} answered with something that is no JSON; set an endpoint that speaks the hub's API.":
    '{host} 的回答不是 JSON，请换一个支持 hub 接口的地址。',
  "{host} lists more files of {name} than any model has; set an endpoint that speaks the hub's API.":
    '{host} 为 {name} 列出的文件多得不像模型，请换一个支持 hub 接口的地址。',
  '{host} sent nothing for {seconds} s; check the connection and load the model again to go on from where it stopped.':
    '{host} 已有 {seconds} 秒没有发来数据，请检查网络后重新加载模型，从中断处继续。',
  '{host} sent a web page in place of {~what} (perhaps of a sign-in or a proxy); open its address in a browser, then load the model again.':
    '{host} 发来的是网页而不是 {what}（可能来自登录页或代理），请先在浏览器中打开该地址，再重新加载模型。',
  'the files of {name}': '{name} 的文件列表',
  '{host} sent more of {file} than the {bytes} bytes it lists; try again later, or set another endpoint.':
    '{host} 发来的 {file} 超过它列出的 {bytes} 字节，请稍后再试，或改用其他地址。',
  "The browser cannot keep the model's files ({why}); reload the page and try again, or download the model and choose its folder.":
    '浏览器无法保存模型文件（{why}），请刷新页面后再试，或下载模型后选择其文件夹。',
  'The download of {file} broke off at {have} of {size} MB; load the model again to go on from there.':
    '{file} 下载到 {have} / {size} MB 时中断，重新加载模型即可从此处继续。',
  'The browser has no room left for the model; delete runs from the history or free disk space, then try again.':
    '浏览器没有空间存放模型了，请在历史记录中删除一些运行，或腾出磁盘空间后再试。',
  "The page's security policy lets it connect neither to {host} nor to where that sends downloads on; start the studio with `npm start -- --hub {origin}`, or download the model and choose its folder.":
    '本页的安全策略不允许连接 {host} 及其转往的下载地址，请用 `npm start -- --hub {origin}` 启动，或下载模型后选择其文件夹。',
  "{endpoint} answered without the commit of {name}; set an endpoint that speaks the hub's API.":
    '{endpoint} 的回答里没有 {name} 的提交号，请换一个支持 hub 接口的地址。',
};
