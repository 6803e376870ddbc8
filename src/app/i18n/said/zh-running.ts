/** What the device, training, storage, links and zips say, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const running: Phrases = {
  'This browser has no WebGPU: use a current Chrome, Edge, Firefox or Safari, over https or on localhost.':
    '此浏览器没有 WebGPU：请使用新版 Chrome、Edge、Firefox 或 Safari，并通过 https 或 localhost 打开。',
  'WebGPU found no adapter: update the graphics driver, or start the browser with software rendering enabled.':
    'WebGPU 没有找到可用的显卡：请更新显卡驱动，或在启用软件渲染的情况下启动浏览器。',
  'The adapter refused to open a device ({reason}): reload and try again.':
    '显卡拒绝打开设备（{reason}）：请刷新页面后再试。',
  'The GPU device was lost ({reason}): what was trained up to the last checkpoint is kept, resume the run from there.':
    'GPU 设备丢失（{reason}）：到最近一个检查点为止的训练结果已保留，可以从那里继续。',
  'The GPU device was closed: open the model again to go on.': 'GPU 设备已关闭：请重新打开模型。',
  'There is no WebGPU device; open it again or reload the page.': '没有 WebGPU 设备，请重新打开或刷新页面。',
  'The buffer {id} needs {size} but this adapter allows {most}: {=remedy}.':
    '缓冲区 {id} 需要 {size}，而此显卡最多允许 {most}，请{remedy}。',
  'The buffer {id} of {size} could not be allocated ({why}): {=remedy}.':
    '无法分配 {size} 的缓冲区 {id}（{why}），请{remedy}。',
  'choose a smaller batch size or maximum length, a method that trains fewer weights, or fewer runs at once':
    '减小批大小或最大词元数，换一种训练权重更少的方法，或减少同时进行的运行',
  'The tensor "{name}" takes {size} MiB but this GPU binds at most {most} MiB at once; lower the batch size or the maximum length, or choose a smaller model.':
    '张量“{name}”需要 {size} MiB，而此 GPU 一次最多绑定 {most} MiB，请减小批大小或最大词元数，或换一个更小的模型。',
  'The buffer for {id} takes {size} MiB but this GPU allows at most {most} MiB a buffer; lower the batch size or the maximum length, or choose a smaller model.':
    '{id} 的缓冲区需要 {size} MiB，而此 GPU 每个缓冲区最多 {most} MiB，请减小批大小或最大词元数，或换一个更小的模型。',
  'The tensor "{name}" takes {size} bytes but this GPU binds at most {most} at once; train it with a method that leaves it frozen, or use another GPU.':
    '张量“{name}”有 {size} 字节，而此 GPU 一次最多绑定 {most} 字节，请选择让它保持冻结的方法，或换一块 GPU。',

  'the {=what} became {amount} at step {step}; lower training.optimizer.learningRate ({rate}) or lengthen the warm-up':
    '{what}在第 {step} 步变成了 {amount}，请降低学习率（{rate}）或延长预热',
  'the {=what} became {amount} at step {step}; set training.optimizer.warmupInit, or a learningRate of your own':
    '{what}在第 {step} 步变成了 {amount}，请设置 training.optimizer.warmupInit，或自己指定学习率',
  '{=why}; no weights from before it could be kept': '{why}；此前没有可保留的权重',
  loss: '损失',
  gradient: '梯度',
  'gradient norm': '梯度范数',
  'An ONNX file is made from the base model, which is not open here: choose the model and the data of this comparison, then ask again.':
    'ONNX 文件要由基础模型生成，而它没有在这里打开：请选择此对比所用的模型和数据，然后再试。',
  'The ONNX file computes something else in onnxruntime-web (largest difference {difference}); keep the adapter instead, and report the model it was made of.':
    'ONNX 文件在 onnxruntime-web 中的计算结果不同（最大相差 {difference}），请改用适配器，并报告所用的模型。',
  'A comparison is running; wait for its end, then ask again.': '对比正在进行，请等它结束后再提问。',
  'A comparison is running; stop it before starting another.': '对比正在进行，请先停止再开始新的。',
  'Nothing has been trained yet; start a comparison first.': '还没有训练过任何内容，请先开始一次对比。',
  'The run "{run}" has not ended yet; stop it or wait for its end.':
    '运行“{run}”还没有结束，请停止它或等它结束。',
  'The run "{run}" left no usable weights; train it again.': '运行“{run}”没有留下可用的权重，请重新训练。',
  'The run "{run}" left no usable weights; {=why}.': '运行“{run}”没有留下可用的权重：{why}。',
  'No run has left usable weights yet; wait for one to end.': '还没有运行留下可用的权重，请等其中一个结束。',
  'This engine stores nothing; start a new comparison.': '这里没有存储，请新建一次对比。',
  'train it again': '重新训练',
  'the worker could not be loaded; reload the page': '无法加载后台线程，请刷新页面',

  'The browser’s storage is full, so {what} is not stored yet; it is tried again until it is: delete old comparisons in the history to make room, or download the results and leave this page open until then.':
    '浏览器存储空间已满，{what} 还没有保存；会一直重试直到存好。请在历史记录中删除旧的对比以腾出空间，或先下载结果，并在存好之前不要关闭本页面。',
  'The browser refused to store {what} ({why}); it is tried again until it is stored: leave this page open until then, or download the results.':
    '浏览器拒绝保存 {what}（{why}）；会一直重试直到存好，在此之前请不要关闭本页面，或先下载结果。',
  'The comparison is being saved, but its data and model files could not be ({=why}); opening it later will ask for them by name.':
    '这次对比正在保存，但数据和模型文件未能保存（{why}）；以后打开时会按名称请你选择它们。',
  'The comparison is being saved, but its data and model files could not be ({why}); opening it later will ask for them by name.':
    '这次对比正在保存，但数据和模型文件未能保存（{why}）；以后打开时会按名称请你选择它们。',
  'storage is full': '存储空间已满',
  'The stored runs were written by a newer version of the studio; reload the page to get it.':
    '已保存的运行来自更新的版本，请刷新页面以获取新版。',
  'This browser window keeps no data, so runs last only as long as the page; download what you want to keep.':
    '此浏览器窗口不保存数据，运行记录只在页面打开期间存在，请下载需要保留的内容。',
  'This browser window keeps no files, so runs last only as long as the page; download what you want to keep.':
    '此浏览器窗口不保存文件，运行记录只在页面打开期间存在，请下载需要保留的内容。',
  'This comparison is no longer stored; it was deleted in another tab.':
    '这次对比已不在存储中，它在另一个标签页里被删除了。',
  'This comparison is being trained in another tab; go on there, or stop it there first.':
    '这次对比正在另一个标签页中训练，请到那里继续，或先在那里停止。',
  'This comparison was trained on {model}, and another model is loaded; choose that one under Model, then try again.':
    '这次对比是用 {model} 训练的，而现在加载的是另一个模型，请在“模型”里选择它后再试。',
  'This comparison was trained on {file} and {other}, and other rows are loaded; choose that under Data, then try again.':
    '这次对比是用 {file} 和 {other} 训练的，而现在加载的是别的数据，请在“数据”里选择它们后再试。',
  'This comparison was trained on {files}, and other rows are loaded; choose that under Data, then try again.':
    '这次对比是用 {files} 训练的，而现在加载的是别的数据，请在“数据”里选择它后再试。',
  'The checkpoint of this run was written by another version of the studio; start a new run from its settings.':
    '此运行的检查点来自另一个版本，请用它的设置新建一次运行。',

  'The comparison in this link cannot be opened: {=why}.': '无法打开链接里的对比：{why}。',
  'it was made by a newer version of the studio; reload the page to get that':
    '它由更新的版本生成，请刷新页面以获取新版',
  'it was cut off or changed on the way; ask for it again': '链接在途中被截断或改动，请重新索取',
  'it is far too long; ask for it again': '链接过长，请重新索取',
  '{file} cannot be opened: {=why}.': '无法打开 {file}：{why}。',
  'it is a zip of something else; choose one that the history of the studio has saved':
    '这是别的 zip，请选择由历史记录保存的 zip',
  'it was saved by a newer version of the studio (format {format}, this page reads up to {version}); reload the page to get the newest version':
    '它由更新的版本保存（格式 {format}，本页面最多读取 {version}），请刷新页面以获取新版',
  'in its comparison.json {=wrong}; save it again where it came from':
    '其中的 comparison.json 里 {wrong}，请在原来的地方重新保存',
  '{field} is missing or not as the studio writes it': '{field} 缺失或不是本软件写入的内容',
  '{field} does not read ({=reason})': '{field} 无法读取（{reason}）',
  'compare: got {#count} methods; expected at most {#most}': 'compare：给出了 {count} 个方法，最多 {most} 个',
  'of a run {=wrong}': '某个运行的 {wrong}',
  'it is nested too deep': '嵌套层数过多',
  'the run "{run}" does not belong in it; save it again where it came from':
    '其中的运行“{run}”不属于这次对比，请在原来的地方重新保存',
  'the record of the run "{run}" does not read; save it again where it came from':
    '运行“{run}”的记录无法读取，请在原来的地方重新保存',
  'The stored comparison {name} cannot be read: {=why}; save it as a file or delete it in the history.':
    '保存的对比 {name} 无法读取：{why}。可在历史记录里把它存为文件或删除。',
  'it is a zip64; save it as a plain zip': '它是 zip64，请存为普通 zip',
  'it has {count} files where at most {most} are read; choose one that the history of the studio has saved':
    '它含 {count} 个文件，最多读取 {most} 个，请选择由历史记录保存的 zip',
  'the file {name} stands in it twice; save it again': '文件 {name} 在其中出现了两次，请重新保存',
  'the name {name} in it {=why}; choose one that the history of the studio has saved':
    '其中的文件名 {name} {why}，请选择由历史记录保存的 zip',
  'is empty': '为空',
  'is longer than {count} characters': '超过 {count} 个字符',
  'has control characters': '含有控制字符',
  'is absolute': '是绝对路径',
  'leads out of its folder': '指向文件夹之外',
  'it is encrypted; save it without a password': '它已加密，请不设密码重新保存',
  'it is compressed by method {method}, which is not read here; save it as a plain zip':
    '它使用了这里不支持的压缩方法 {method}，请存为普通 zip',
  'the run "{run}" is missing in it; save it again where it came from':
    '其中缺少运行“{run}”，请在原来的地方重新保存',
  '{name} of the run "{run}" is not whole; save it again where it came from':
    '运行“{run}”的 {name} 不完整，请在原来的地方重新保存',
  'line {line} of the metrics of the run "{run}" does not read; save it again where it came from':
    '运行“{run}”的指标第 {line} 行无法读取，请在原来的地方重新保存',
  'its {name} does not read; save it again where it came from':
    '其中的 {name} 无法读取，请在原来的地方重新保存',
  'it would unpack to more than {size} MB; choose another': '解压后会超过 {size} MB，请换一个',
  'it is no zip, or not a whole one; save or download it again': '它不是 zip，或不完整，请重新保存或下载',
};
